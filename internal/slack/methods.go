package slack

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// Found is what a token opens.
type Found struct {
	Key, Name, URL string
	Bot, BotName   string
	Scopes         []string
}

// probe asks whose a token is (auth.test).
func (s *Slack) probe(ctx context.Context, token string) (f Found, err error) {
	var out struct {
		URL    string `json:"url"`
		Team   string `json:"team"`
		User   string `json:"user"`
		TeamID string `json:"team_id"`
		UserID string `json:"user_id"`
		BotID  string `json:"bot_id"`
	}
	head, err := s.read(ctx, token, "auth.test", nil, &out)
	if err != nil {
		return f, err
	}
	if out.BotID == "" {
		return f, &Refusal{Why: Refused, Said: "no_bot"}
	}
	return Found{out.TeamID, out.Team, out.URL, out.UserID, out.User, splitScopes(head.Get("X-OAuth-Scopes"))}, nil
}

func splitScopes(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// drawn is a message as Slack takes it.
type drawn struct {
	Text   string  `json:"text"` // what notifications and screen readers say
	Blocks []block `json:"blocks,omitempty"`
}

// sent is a message as we send it.
type sent struct {
	Channel string `json:"channel"`
	Thread  string `json:"thread_ts,omitempty"`
	TS      string `json:"ts,omitempty"`
	drawn
	Metadata    *metadata `json:"metadata,omitempty"`
	UnfurlLinks bool      `json:"unfurl_links"`
	UnfurlMedia bool      `json:"unfurl_media"`
}

// metadata says which post a message is: everybody in the workspace could read it, so it holds nothing else.
type metadata struct {
	Type    string `json:"event_type"`
	Payload struct {
		Post string `json:"post"`
	} `json:"event_payload"`
}

const metaType = "baraji_post"

func metaOf(id PostID) *metadata {
	m := &metadata{Type: metaType}
	m.Payload.Post = id.String()
	return m
}

// say posts a message and returns how Slack calls it.
func (s *Slack) say(ctx context.Context, token string, m sent) (room, ts string, err error) {
	var out struct {
		Channel string `json:"channel"`
		TS      string `json:"ts"`
	}
	err = s.write(ctx, token, "chat.postMessage", m, &out)
	return out.Channel, out.TS, err
}

// redraw says something else in the place of a message.
func (s *Slack) redraw(ctx context.Context, token string, m sent) error {
	return s.write(ctx, token, "chat.update", m, nil)
}

func (s *Slack) takeAway(ctx context.Context, token, room, ts string) error {
	return s.write(ctx, token, "chat.delete", map[string]string{"channel": room, "ts": ts}, nil)
}

// whisper says something that one person sees.
func (s *Slack) whisper(ctx context.Context, token, room, thread, user, text string) error {
	return s.write(ctx, token, "chat.postEphemeral", map[string]string{"channel": room, "thread_ts": thread, "user": user, "text": text}, nil)
}

func (s *Slack) join(ctx context.Context, token, room string) error {
	return s.write(ctx, token, "conversations.join", map[string]string{"channel": room}, nil)
}

// open finds the room in which one person is written to.
func (s *Slack) open(ctx context.Context, token, user string) (string, error) {
	var out struct {
		Channel struct {
			ID string `json:"id"`
		} `json:"channel"`
	}
	err := s.write(ctx, token, "conversations.open", map[string]string{"users": user}, &out)
	return out.Channel.ID, err
}

// pages is how much is read of a long list, at most: 40 pages of 200 are 8,000 channels.
const pages = 40

// find looks for a post that may have been said: by its id in what stands in the room, or in the thread, since it was first tried.
func (s *Slack) find(ctx context.Context, token, room, thread string, id PostID, since time.Time) (ts string, err error) {
	form := url.Values{"channel": {room}, "oldest": {stamp(since.Add(-skew))}, "inclusive": {"true"}, "include_all_metadata": {"true"}, "limit": {"200"}}
	method := "conversations.history"
	if thread != "" {
		method = "conversations.replies"
		form.Set("ts", thread)
	}
	for range pages {
		var out struct {
			answered
			Messages []struct {
				TS       string          `json:"ts"`
				Metadata json.RawMessage `json:"metadata"`
			} `json:"messages"`
		}
		if _, err := s.read(ctx, token, method, form, &out); err != nil {
			return "", err
		}
		for _, m := range out.Messages {
			var meta metadata
			if json.Unmarshal(m.Metadata, &meta) == nil && meta.Type == metaType && meta.Payload.Post == id.String() {
				return m.TS, nil
			}
		}
		if out.More.Cursor == "" {
			return "", nil
		}
		form.Set("cursor", out.More.Cursor)
	}
	return "", &Refusal{Why: Ill, Said: "too_much_history"}
}

// user is somebody in Slack.
type user struct {
	ID        string `json:"id"`
	Team      string `json:"team_id"`
	Name      string `json:"name"`
	RealName  string `json:"real_name"`
	Deleted   bool   `json:"deleted"`
	Bot       bool   `json:"is_bot"`
	Stranger  bool   `json:"is_stranger"`
	Confirmed bool   `json:"is_email_confirmed"`
	Profile   struct {
		Email   string `json:"email"`
		Display string `json:"display_name"`
	} `json:"profile"`
}

func (u user) called() string {
	for _, name := range []string{u.Profile.Display, u.RealName, u.Name} {
		if name = oneLine(name, 80); name != "" {
			return name
		}
	}
	return u.ID
}

func (s *Slack) user(ctx context.Context, token, id string) (user, error) {
	var out struct{ User user }
	_, err := s.read(ctx, token, "users.info", url.Values{"user": {id}}, &out)
	return out.User, err
}

func (s *Slack) userOf(ctx context.Context, token, email string) (user, error) {
	var out struct{ User user }
	_, err := s.read(ctx, token, "users.lookupByEmail", url.Values{"email": {email}}, &out)
	return out.User, err
}
