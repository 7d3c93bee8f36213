package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/campaign"
	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/incident"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/moment"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/outcall"
	"baraji/internal/promise"
	"baraji/internal/sequence"
	"baraji/internal/shift"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/internal/webhook"
	"baraji/test/rig/slackdouble"
)

// world is the interface over the real parts, with an administrator's token.
type world struct {
	*dbtest.Desk
	t      testing.TB
	server *server
	jobs   *job.Runner
	log    *event.Log
	door   *team.Door
	chat   *chat.Chat
	helper *assistant.Assistant
	hooks  *webhook.Hooks
	calls  *outcall.Calls
	intake *hookin.Hooks
	slack  *slack.Slack
	there  *slackdouble.Double
	admin  string
	file   string // in the blob store
	logged *bytes.Buffer
}

func newWorld(t testing.TB, desk *dbtest.Desk) *world {
	t.Helper()
	w := &world{Desk: desk, t: t, logged: &bytes.Buffer{}}
	keys, err := secret.New(bytes.Repeat([]byte{7}, secret.Size))
	if err != nil {
		t.Fatal(err)
	}
	db.Attach(desk.DB, keys)
	log := slog.New(slog.NewTextHandler(w.logged, nil))
	blobs, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f, err := blobs.Put(context.Background(), strings.NewReader("abc"))
	if err != nil {
		t.Fatal(err)
	}
	w.file = string(f.Key)
	w.jobs = job.NewRunner(desk.DB, log)
	w.log = event.NewLog(desk.DB, w.jobs)
	sequence.New(desk.DB, w.log, w.jobs, moment.New(desk.DB, w.jobs), log)
	w.door = team.NewDoor(desk.DB, keys, w.jobs, log, func(context.Context, team.Mail) error { return nil })
	mail := email.New(email.Parts{DB: desk.DB, Log: log, Keys: keys, Blobs: blobs, Jobs: w.jobs, Dial: dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})})
	w.chat = chat.New(keys, w.jobs, desk.DB, mail.Instead)
	w.helper = assistant.New(assistant.Parts{DB: desk.DB, Blobs: blobs, Jobs: w.jobs, Log: log, Clock: time.Now})
	contact.Use(desk.DB, mail.Part(), chat.Part(), Part(), assistant.Part(), conversation.Part())
	job.Handle(w.jobs, job.Kind{}, func(context.Context, *job.Run, shift.Tick) error { return nil })
	job.Handle(w.jobs, job.Kind{}, func(context.Context, *job.Run, oncall.Climb) error { return nil })
	job.Handle(w.jobs, job.Kind{}, func(context.Context, *job.Run, promise.Ring) error { return nil })
	job.Handle(w.jobs, job.Kind{}, func(context.Context, *job.Run, incident.Tell) error { return nil })
	notices := notice.New(notice.Parts{DB: desk.DB, Jobs: w.jobs, Clock: desk.Clock.Now, Dial: dial.New(dial.Options{Now: time.Now}), Changed: func(team.ID) {},
		Mail:  func(context.Context, string, string, string, string) error { return nil },
		About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
	job.Handle(w.jobs, job.Kind{}, func(ctx context.Context, _ *job.Run, k conversation.Wake) error {
		return desk.DB.Write(ctx, func(tx *db.Tx) error { return conversation.WakeUp(ctx, tx, k.Conversation) })
	})
	event.On(w.log, "deliver", func(ctx context.Context, tx *db.Tx, f conversation.Replied) error {
		return mail.OnReplied(team.AsSystem(ctx), tx, f)
	})
	w.hooks = webhook.New(webhook.Parts{DB: desk.DB, Log: log, Keys: keys, Jobs: w.jobs, Dial: dial.New(dial.Options{Now: time.Now}), Clock: time.Now, Kinds: [][]string{{"team", "team.token_made"}}})
	w.calls = outcall.New(outcall.Parts{DB: desk.DB, Keys: keys, Jobs: w.jobs, Dial: dial.New(dial.Options{Now: time.Now}), Clock: time.Now})
	w.there = slackdouble.New(desk.Clock.Now)
	t.Cleanup(w.there.Close)
	w.slack = slack.New(slack.Parts{DB: desk.DB, Keys: keys, Jobs: w.jobs, Notices: notices, Dial: dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}), Clock: time.Now, API: w.there.API()})
	w.intake = hookin.New(hookin.Parts{DB: desk.DB, Keys: keys, Jobs: w.jobs, Clock: desk.Clock.Now})
	w.server = newServer(Parts{DB: desk.DB, Door: w.door, Mail: mail, Chat: w.chat, Helper: w.helper, Hooks: w.hooks, Calls: w.calls, Intake: w.intake, Slack: w.slack,
		Many: campaign.New(campaign.Parts{DB: desk.DB, Log: log, Keys: keys, Jobs: w.jobs, Mail: mail, URL: "https://desk.example"}), Jobs: w.jobs, Events: w.log, Counts: conversation.NewCounter(desk.DB),
		Blobs: blobs, Log: log, Version: "test"})
	w.admin = w.token(team.Admin)
	return w
}

func (w *world) system() context.Context { return team.AsSystem(context.Background()) }

func (w *world) do(fn func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	if err := w.Write(w.system(), func(tx *db.Tx) error { return fn(w.system(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// token makes a token of its own with a role.
func (w *world) token(role string) (text string) {
	w.t.Helper()
	w.do(func(ctx context.Context, tx *db.Tx) (err error) {
		text, _, err = team.MakeToken(ctx, tx, "test "+role, role, 0)
		return err
	})
	return text
}

// reply is what came back.
type reply struct {
	*httptest.ResponseRecorder
	t testing.TB
}

// call sends a request; body may be nil, a string or anything that becomes JSON.
// headers are pairs.
func (w *world) call(token, method, path string, body any, headers ...string) reply {
	w.t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	case []byte:
		content = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	if !strings.HasPrefix(path, "/api/") {
		path = prefix + path
	}
	r := httptest.NewRequest(method, path, content)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	if rec.Code == http.StatusInternalServerError {
		w.t.Logf("%s %s: %s", method, path, w.logged)
	}
	return reply{rec, w.t}
}

// want checks the status and returns the JSON object.
func (r reply) want(status int) map[string]any {
	r.t.Helper()
	if r.Code != status {
		r.t.Fatalf("status %d, want %d: %s", r.Code, status, r.Body)
	}
	var v map[string]any
	if r.Body.Len() > 0 && strings.Contains(r.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(r.Body.Bytes(), &v); err != nil {
			r.t.Fatalf("%v in %s", err, r.Body)
		}
	}
	return v
}

// at follows a path of names through objects: "from.email".
func at(v any, path string) any {
	for _, name := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[name]
		case []any:
			i := 0
			fmt.Sscan(name, &i)
			if i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (w *world) opened(subject, email string) string {
	w.t.Helper()
	return w.call(w.admin, "POST", "/conversations", opening(subject, email)).want(201)["id"].(string)
}

func opening(subject, email string) map[string]any {
	return map[string]any{"subject": subject, "text": "Where is my lamp?", "from": map[string]any{"name": "Hana", "email": email}}
}

// sealed gives every event its place in the log.
func (w *world) sealed() {
	w.t.Helper()
	if err := w.log.Seal(w.system()); err != nil {
		w.t.Fatal(err)
	}
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, newWorld(t, desk)) })
}
