package slackdouble

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Request is what the workspace tells an app, as it goes over the line. It can be sent again, or changed before.
type Request struct {
	Path, Kind, Body string
	At               time.Time
	Signature        string
	Retry            int
}

// sign makes a request as Slack signs it.
func (d *Double) sign(path, kind, body string) Request {
	r := Request{Path: path, Kind: kind, Body: body, At: d.clock()}
	mac := hmac.New(sha256.New, []byte(d.Signing))
	fmt.Fprintf(mac, "v0:%d:%s", r.At.Unix(), body)
	r.Signature = "v0=" + hex.EncodeToString(mac.Sum(nil))
	return r
}

// Send sends it, and says what was answered.
func (r Request) Send(app string) (status int, body string, err error) {
	q, err := http.NewRequest(http.MethodPost, app+r.Path, strings.NewReader(r.Body))
	if err != nil {
		return 0, "", err
	}
	q.Header.Set("Content-Type", r.Kind)
	q.Header.Set("X-Slack-Request-Timestamp", fmt.Sprint(r.At.Unix()))
	q.Header.Set("X-Slack-Signature", r.Signature)
	if r.Retry > 0 {
		q.Header.Set("X-Slack-Retry-Num", fmt.Sprint(r.Retry))
		q.Header.Set("X-Slack-Retry-Reason", "http_timeout")
	}
	resp, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// Press is somebody who presses a button of a message.
func (d *Double) Press(user, channel, ts, action string) Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	value := ""
	for _, b := range d.Channel(channel).message(ts).Blocks {
		for _, x := range b.Buttons {
			if x.Action == action {
				value = x.Value
			}
		}
	}
	return d.press(user, channel, ts, action, value)
}

// PressValue is the same with another value than the button has.
func (d *Double) PressValue(user, channel, ts, action, value string) Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.press(user, channel, ts, action, value)
}

func (d *Double) press(user, channel, ts, action, value string) Request {
	payload, _ := json.Marshal(out{"type": "block_actions", "user": out{"id": user, "team_id": d.Key}, "api_app_id": "A0BARAJI", "team": out{"id": d.Key, "domain": "dalbit"},
		"container": out{"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": false}, "channel": out{"id": channel}, "trigger_id": d.stamp(),
		"response_url": d.URL + "/answer?user=" + user + "&channel=" + channel, "actions": []out{{"type": "button", "block_id": "b", "action_id": action, "value": value, "action_ts": d.stamp()}}})
	return d.sign("/in/slack/actions", "application/x-www-form-urlencoded", url.Values{"payload": {string(payload)}}.Encode())
}

// Said is what somebody writes.
type Said struct {
	User, Channel, Thread, Text string
	Subtype                     string
	Files                       []string
}

// Say is somebody who writes. It stands there, and the app is told.
func (d *Double) Say(s Said) Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := &Message{TS: d.stamp(), Thread: s.Thread, User: s.User, Text: s.Text}
	if c := d.Channel(s.Channel); c != nil {
		c.Messages = append(c.Messages, m)
	}
	e := out{"type": "message", "user": s.User, "text": s.Text, "ts": m.TS, "channel": s.Channel, "event_ts": m.TS, "channel_type": "channel"}
	if s.Thread != "" {
		e["thread_ts"] = s.Thread
	}
	if s.Subtype != "" {
		e["subtype"] = s.Subtype
	}
	if s.User == d.Bot {
		e["bot_id"] = "B0BARAJI"
	}
	var files []out
	for _, f := range s.Files {
		files = append(files, out{"id": "F1", "name": f, "url_private": "https://files.slack.example/" + f})
	}
	if files != nil {
		e["files"] = files
	}
	return d.event(e)
}

// Tell is an event of another sort.
func (d *Double) Tell(kind string) Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.event(out{"type": kind})
}

func (d *Double) event(e out) Request {
	body, _ := json.Marshal(out{"token": "old", "team_id": d.Key, "api_app_id": "A0BARAJI", "event": e, "type": "event_callback", "event_id": "Ev" + d.stamp(), "event_time": d.clock().Unix()})
	return d.sign("/in/slack/events", "application/json", string(body))
}

// Challenge asks whether the app is there.
func (d *Double) Challenge(word string) Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	body, _ := json.Marshal(out{"token": "old", "challenge": word, "type": "url_verification"})
	return d.sign("/in/slack/events", "application/json", string(body))
}

// answer takes what an app says at a response_url.
func (d *Double) answer(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Type    string `json:"response_type"`
		Replace bool   `json:"replace_original"`
		Text    string `json:"text"`
	}
	body, _ := io.ReadAll(r.Body)
	if json.Unmarshal(body, &in) != nil || in.Text == "" {
		d.fault("an answer that is none: %s", body)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	d.whispers = append(d.whispers, Whisper{r.URL.Query().Get("user"), r.URL.Query().Get("channel"), "", in.Text})
	fmt.Fprint(w, "ok")
}
