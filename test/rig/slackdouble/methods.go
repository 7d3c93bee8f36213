package slackdouble

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// in is what a method is told, from a form or from JSON.
type in struct {
	form url.Values
	json map[string]json.RawMessage
}

func (i in) text(name string) string {
	if i.json == nil {
		return i.form.Get(name)
	}
	var s string
	json.Unmarshal(i.json[name], &s)
	return s
}

type out map[string]any

func refuse(code string) out { return out{"ok": false, "error": code} }

// method is one of the Web API.
type method struct {
	scope string
	forms bool // it takes forms only: Slack reads no JSON there
	do    func(d *Double, i in) out
}

var methods = map[string]method{
	"auth.test":             {"", true, (*Double).authTest},
	"chat.postMessage":      {"chat:write", false, (*Double).postMessage},
	"chat.update":           {"chat:write", false, (*Double).update},
	"chat.delete":           {"chat:write", false, (*Double).remove},
	"chat.postEphemeral":    {"chat:write", false, (*Double).ephemeral},
	"conversations.list":    {"channels:read", true, (*Double).list},
	"conversations.history": {"channels:history", true, (*Double).history},
	"conversations.replies": {"channels:history", true, (*Double).replies},
	"conversations.join":    {"channels:join", false, (*Double).join},
	"conversations.open":    {"im:write", false, (*Double).open},
	"users.info":            {"users:read", true, (*Double).info},
	"users.lookupByEmail":   {"users:read.email", true, (*Double).lookup},
}

func (d *Double) serve(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r.URL.Path == "/answer" {
		d.answer(w, r)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	d.calls[name]++
	p := d.next(name)
	if p != nil && p.do != nil && p.do(w) {
		return
	}
	o := d.call(name, r)
	if p != nil && p.lost {
		panic(http.ErrAbortHandler) // the connection ends without an answer
	}
	w.Header().Set("X-OAuth-Scopes", d.Scopes)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(o)
}

func (d *Double) fault(format string, args ...any) {
	d.faults = append(d.faults, fmt.Sprintf(format, args...))
}

func (d *Double) call(name string, r *http.Request) out {
	m, known := methods[name]
	if !known || r.Method != http.MethodPost {
		d.fault("%s %s", r.Method, r.URL.Path)
		return refuse("unknown_method")
	}
	if strings.Contains(r.URL.RawQuery, "xoxb") {
		d.fault("%s: the token stands in the address", name)
	}
	switch r.Header.Get("Authorization") {
	case "Bearer " + d.Token:
	case "":
		return refuse("not_authed")
	default:
		return refuse("invalid_auth")
	}
	if m.scope != "" && !slices.Contains(strings.Split(d.Scopes, ","), m.scope) {
		return out{"ok": false, "error": "missing_scope", "needed": m.scope, "provided": d.Scopes}
	}
	i, ok := d.read(name, m, r)
	if !ok {
		return refuse("invalid_arguments")
	}
	o := m.do(d, i)
	if o["ok"] == nil {
		o["ok"] = true
	}
	return o
}

func (d *Double) read(name string, m method, r *http.Request) (i in, ok bool) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return i, false
	}
	switch kind := r.Header.Get("Content-Type"); {
	case kind == "application/x-www-form-urlencoded":
		i.form, err = url.ParseQuery(string(body))
	case kind == "application/json; charset=utf-8" && !m.forms:
		err = json.Unmarshal(body, &i.json)
	default:
		d.fault("%s with %q", name, kind)
		return i, false
	}
	return i, err == nil
}

func (d *Double) authTest(in) out {
	return out{"url": "https://dalbit.slack.example/", "team": d.Name, "user": "baraji", "team_id": d.Key, "user_id": d.Bot, "bot_id": "B0BARAJI", "is_enterprise_install": false}
}

// room finds a channel that we may write in; why is Slack's word otherwise.
func (d *Double) room(id string) (c *Channel, why string) {
	c = d.Channel(id)
	switch {
	case c == nil:
		return nil, "channel_not_found"
	case c.Private && !c.Member && c.Direct == "":
		return nil, "channel_not_found"
	case c.Archived:
		return nil, "is_archived"
	case !c.Member && c.Direct == "":
		return nil, "not_in_channel"
	}
	return c, ""
}

func (c *Channel) message(ts string) *Message {
	for _, m := range c.Messages {
		if m.TS == ts && !m.Deleted {
			return m
		}
	}
	return nil
}

func (d *Double) postMessage(i in) out {
	c, why := d.room(i.text("channel"))
	if why != "" {
		return refuse(why)
	}
	thread := i.text("thread_ts")
	if head := c.message(thread); thread != "" && (head == nil || head.Thread != "") {
		if head != nil {
			d.fault("thread_ts is that of a line")
		}
		return refuse("thread_not_found")
	}
	m := &Message{TS: d.stamp(), Thread: thread, User: d.Bot, Text: i.text("text")}
	if why := d.fill(m, i); why != "" {
		return refuse(why)
	}
	c.Messages = append(c.Messages, m)
	return out{"channel": c.ID, "ts": m.TS, "message": out{"type": "message", "text": m.Text, "ts": m.TS, "bot_id": "B0BARAJI"}}
}

// fill reads what both postMessage and update are told.
func (d *Double) fill(m *Message, i in) (why string) {
	var blocks []json.RawMessage
	if raw, has := i.json["blocks"]; has && json.Unmarshal(raw, &blocks) != nil {
		return "invalid_blocks_format"
	}
	list, fault := readBlocks(blocks)
	if fault != "" {
		d.fault("blocks: %s", fault)
		return "invalid_blocks"
	}
	if m.Text == "" && len(list) == 0 {
		return "no_text"
	}
	if m.Text == "" {
		d.fault("no text for notifications and screen readers")
	}
	if len(m.Text) > 40000 {
		return "msg_too_long"
	}
	m.Blocks = list
	if raw, has := i.json["metadata"]; has {
		var meta struct {
			Type    string         `json:"event_type"`
			Payload map[string]any `json:"event_payload"`
		}
		if json.Unmarshal(raw, &meta) != nil || meta.Type == "" || meta.Payload == nil {
			return "invalid_metadata_format"
		}
		m.Meta = fmt.Sprint(meta.Payload["post"])
	}
	return ""
}

func (d *Double) update(i in) out {
	c := d.Channel(i.text("channel"))
	if c == nil {
		return refuse("channel_not_found")
	}
	m := c.message(i.text("ts"))
	switch {
	case m == nil:
		return refuse("message_not_found")
	case m.User != d.Bot:
		return refuse("cant_update_message")
	}
	m.Text = i.text("text")
	if why := d.fill(m, i); why != "" {
		return refuse(why)
	}
	m.Edits++
	return out{"channel": c.ID, "ts": m.TS, "text": m.Text}
}

func (d *Double) remove(i in) out {
	c := d.Channel(i.text("channel"))
	if c == nil {
		return refuse("channel_not_found")
	}
	m := c.message(i.text("ts"))
	if m == nil {
		return refuse("message_not_found")
	}
	m.Deleted = true
	return out{"channel": c.ID, "ts": m.TS}
}

func (d *Double) ephemeral(i in) out {
	c, why := d.room(i.text("channel"))
	if why != "" {
		return refuse(why)
	}
	if d.user(i.text("user")) == nil {
		return refuse("user_not_in_channel")
	}
	d.whispers = append(d.whispers, Whisper{i.text("user"), c.ID, i.text("thread_ts"), i.text("text")})
	return out{"message_ts": d.stamp()}
}

// pageOf is one page of a list: cursors are positions.
func pageOf(i in, most, all int) (from, to int, next string) {
	limit, err := strconv.Atoi(i.text("limit"))
	if err != nil || limit <= 0 || limit > most {
		limit = 100
	}
	from, _ = strconv.Atoi(strings.TrimPrefix(i.text("cursor"), "at:"))
	if to = min(from+limit, all); to < all {
		next = fmt.Sprint("at:", to)
	}
	return min(from, all), to, next
}

func (d *Double) list(i in) out {
	var seen []out
	for _, c := range d.channels {
		kind := "public_channel"
		if c.Private {
			kind = "private_channel"
		}
		hidden := c.Direct != "" || c.Private && !c.Member || c.Archived && i.text("exclude_archived") == "true"
		if hidden || !slices.Contains(strings.Split(i.text("types"), ","), kind) {
			continue
		}
		seen = append(seen, out{"id": c.ID, "name": c.Name, "is_channel": !c.Private, "is_private": c.Private, "is_member": c.Member, "is_archived": c.Archived})
	}
	from, to, next := pageOf(i, 1000, len(seen))
	return out{"channels": append([]out{}, seen[from:to]...), "response_metadata": out{"next_cursor": next}}
}

func (d *Double) history(i in) out {
	return d.past(i, func(m *Message) bool { return m.Thread == "" })
}

func (d *Double) replies(i in) out {
	head := i.text("ts")
	return d.past(i, func(m *Message) bool { return m.TS == head || m.Thread == head })
}

func (d *Double) past(i in, fits func(*Message) bool) out {
	c, why := d.room(i.text("channel"))
	if why != "" {
		return refuse(why)
	}
	var seen []out
	for _, m := range c.Messages {
		if m.Deleted || !fits(m) || m.TS < i.text("oldest") && m.TS != i.text("ts") {
			continue
		}
		o := out{"type": "message", "ts": m.TS, "text": m.Text, "user": m.User}
		if m.Meta != "" && i.text("include_all_metadata") == "true" {
			o["metadata"] = out{"event_type": "baraji_post", "event_payload": out{"post": m.Meta}}
		}
		seen = append(seen, o)
	}
	slices.Reverse(seen)
	from, to, next := pageOf(i, 999, len(seen))
	return out{"messages": append([]out{}, seen[from:to]...), "has_more": next != "", "response_metadata": out{"next_cursor": next}}
}

func (d *Double) join(i in) out {
	c := d.Channel(i.text("channel"))
	switch {
	case c == nil || c.Private:
		return refuse("channel_not_found")
	case c.Archived:
		return refuse("is_archived")
	}
	c.Member = true
	return out{"channel": out{"id": c.ID}}
}

func (d *Double) user(id string) *User {
	for _, u := range d.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (d *Double) open(i in) out {
	u := d.user(i.text("users"))
	if u == nil || u.Deleted {
		return refuse("user_not_found")
	}
	c := d.DirectOf(u.ID)
	if c == nil {
		c = &Channel{ID: "D" + u.ID, Direct: u.ID, Member: true}
		d.channels = append(d.channels, c)
	}
	return out{"channel": out{"id": c.ID}}
}

func (d *Double) shown(u *User) out {
	team := u.Team
	if team == "" {
		team = d.Key
	}
	return out{"user": out{"id": u.ID, "team_id": team, "name": strings.ToLower(u.Name), "real_name": u.Name, "deleted": u.Deleted, "is_bot": u.Bot, "is_email_confirmed": !u.Unconfirmed, "is_stranger": u.Team != "",
		"profile": out{"email": u.Email, "display_name": "", "real_name": u.Name}}}
}

func (d *Double) info(i in) out {
	if u := d.user(i.text("user")); u != nil {
		return d.shown(u)
	}
	return refuse("user_not_found")
}

func (d *Double) lookup(i in) out {
	for _, u := range d.users {
		if strings.EqualFold(u.Email, i.text("email")) && !u.Deleted && u.Email != "" {
			return d.shown(u)
		}
	}
	return refuse("users_not_found")
}
