package slack

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// Parts is what talking to Slack needs from the rest of the program.
type Parts struct {
	DB      *db.DB
	Keys    *secret.Keys
	Jobs    *job.Runner
	Dial    *dial.Dialer
	Notices *notice.Notices
	Clock   func() time.Time // the machine's: Slack signs with its own
	URL     string           // how the desk is reached, without a slash at the end
	API     string           // where Slack is; "" is [Home]. Tests have one of their own.
	Version string
}

// Slack talks to it: one for each process.
type Slack struct {
	Parts
	client *http.Client
	answer string // the host at which answers to presses are taken
}

const (
	pool = "slack"
	// workers is how many channels and people are written to at once.
	workers = 8
)

// New makes it, takes over its jobs, and the notices that go to one person.
func New(p Parts) *Slack {
	s := &Slack{Parts: p, client: p.Dial.Once(patience), answer: "hooks.slack.com"}
	if s.API == "" {
		s.API = Home
	} else if u, err := url.Parse(s.API); err == nil {
		s.answer = u.Host
	}
	s.API = strings.TrimRight(s.API, "/") + "/"
	// What fails here is the database: what Slack does is written down with the post.
	job.Handle(p.Jobs, job.Kind{Pool: pool, Tries: 1 << 30, Wait: time.Second, Most: 10 * time.Second}, s.send)
	job.Handle(p.Jobs, job.Kind{Pool: pool, Tries: tries, Wait: 2 * time.Second, Most: time.Minute}, s.do)
	job.Handle(p.Jobs, job.Kind{Pool: pool, Tries: 5, Wait: 10 * time.Second, Most: 10 * time.Minute, Limit: 10 * time.Minute}, s.survey)
	job.Every(p.Jobs, "slack.round", job.Kind{Pool: pool, Limit: 10 * time.Minute}, job.Interval(6*time.Hour), func(ctx context.Context, run *job.Run) error { return s.survey(ctx, run, survey{}) })
	p.Jobs.Size(pool, workers)
	p.Notices.Direct = notice.Direct{Knows: s.knows, Hand: s.hand}
	db.Attach(p.DB, s)
	return s
}

// at is the workspace with its token, for the program itself; one whose ID is 0 where there is none.
func (s *Slack) at(ctx context.Context) (w Workspace, token string, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) { w, err = load(ctx, tx); return err })
	if err != nil || w.ID == 0 {
		return w, "", err
	}
	plain, err := s.Keys.Unseal(tokenSeal, w.token)
	if err != nil && w.Trouble == "" { // another installation's backup: the token is lost
		r := &Refusal{Why: Token, Said: "sealed"}
		w.Trouble = r.Why
		return w, "", s.DB.Write(ctx, func(tx *db.Tx) error { return s.trouble(team.AsSystem(ctx), tx, w, r) })
	}
	return w, string(plain), nil
}
