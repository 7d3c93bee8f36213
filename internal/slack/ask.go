package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"baraji/internal/kit/dial"
)

// Home is where Slack's Web API is.
const Home = "https://slack.com/api/"

const (
	patience   = 15 * time.Second
	mostAnswer = 8 << 20 // of a page of channels or of history
	longestSay = 60
)

// answered is what every answer of Slack begins with.
type answered struct {
	OK    bool   `json:"ok"`
	Error string `json:"error"`
	More  struct {
		Cursor string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// read asks something of a method that reads: Slack takes forms there, and no JSON.
func (s *Slack) read(ctx context.Context, token, method string, form url.Values, out any) (http.Header, error) {
	return s.ask(ctx, token, method, "application/x-www-form-urlencoded", []byte(form.Encode()), out)
}

// write asks something of a method that writes.
func (s *Slack) write(ctx context.Context, token, method string, in, out any) error {
	body, err := json.Marshal(in)
	if err == nil {
		_, err = s.ask(ctx, token, method, "application/json; charset=utf-8", body, out)
	}
	return err
}

// ask asks Slack once. No error of HTTP leaves here; what Slack refuses is a [Refusal].
func (s *Slack) ask(ctx context.Context, token, method, kind string, body []byte, out any) (http.Header, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.API+method, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("User-Agent", "Baraji/"+s.Version)
	resp, err := s.client.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err() // we are stopping, which is no fault of Slack
		}
		return nil, &Refusal{Why: Why(dial.FaultOf(err))}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, &Refusal{Why: whyOfStatus(resp.StatusCode), Said: resp.Status[:3], After: dial.RetryAfter(resp.Header.Get("Retry-After"), s.Clock())}
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return nil, &Refusal{Why: Cut}
	}
	return resp.Header, judge(text, resp.Header, s.Clock(), out)
}

func judge(text []byte, head http.Header, now time.Time, out any) error {
	var a answered
	if json.Unmarshal(text, &a) != nil {
		return &Refusal{Why: Ill, Said: "no_json"}
	}
	if !a.OK {
		return &Refusal{Why: whyOf(a.Error), Said: word(a.Error), After: dial.RetryAfter(head.Get("Retry-After"), now)}
	}
	if out != nil && json.Unmarshal(text, out) != nil {
		return &Refusal{Why: Ill, Said: "other_json"}
	}
	return nil
}

// word is how Slack calls something, as far as it is a word: it is shown and logged.
func word(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r == '_' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	return s[:min(len(s), longestSay)]
}
