package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const (
	tokenSeal   = "slack.token"
	signingSeal = "slack.signing"
)

// Given is what one says to connect a workspace.
type Given struct {
	Token   string // xoxb-…
	Signing string
	Options Options
}

var (
	tokens   = regexp.MustCompile(`^xoxb-[A-Za-z0-9-]{10,300}$`)
	signings = regexp.MustCompile(`^[A-Za-z0-9]{16,200}$`)
)

func (g *Given) check() error {
	g.Token, g.Signing = strings.TrimSpace(g.Token), strings.TrimSpace(g.Signing)
	var c problem.Check
	c.That(!strings.HasPrefix(g.Token, "xoxp-") && !strings.HasPrefix(g.Token, "xapp-"), "token", "This is another sort of token. The one that is needed is called Bot User OAuth Token and begins with xoxb-.")
	c.That(strings.HasPrefix(g.Token, "xoxp-") || strings.HasPrefix(g.Token, "xapp-") || tokens.MatchString(g.Token), "token", "Paste the whole Bot User OAuth Token: it begins with xoxb-.")
	c.That(signings.MatchString(g.Signing), "signing", "Paste the whole Signing Secret: letters and digits, as Slack shows it under Basic Information.")
	return c.Err()
}

// Probe asks Slack what a token opens. It speaks over the network: no transaction may be open.
func (s *Slack) Probe(ctx context.Context, g *Given) (Found, error) {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return Found{}, err
	}
	if err := g.check(); err != nil {
		return Found{}, err
	}
	f, err := s.probe(ctx, g.Token)
	if err != nil {
		return f, explain(err)
	}
	if lacking := f.Lacking(); len(lacking) > 0 {
		return f, problem.For("token", "The app lacks scopes: %s. Add them under OAuth & Permissions, install the app again, and paste the new token.", strings.Join(lacking, ", "))
	}
	return f, nil
}

// explain says to people why a token was not taken.
func explain(err error) error {
	r := refusalOf(err)
	switch {
	case r == nil:
		return err
	case r.Said == "no_bot":
		return problem.For("token", "This token is no bot's. The one that is needed is called Bot User OAuth Token and begins with xoxb-.")
	case r.Why == Token:
		return problem.For("token", "Slack does not take this token: it was revoked, or a letter is missing. Copy it again from OAuth & Permissions.")
	case r.Why == Rate:
		return problem.New(problem.Conflict, "Slack asks for a pause. Try again in a minute.")
	case r.Why == Refused, r.Why == Scope:
		return problem.For("token", "Slack answered “%s”.", r.Said)
	}
	return problem.New(problem.Conflict, "Slack could not be reached. Try again in a minute; if it stays so, look whether this server may reach slack.com.")
}

// Lacking are the scopes that we need and the token has not. A token that tells none has them all.
func (f Found) Lacking() (list []string) {
	for _, scope := range Scopes {
		if len(f.Scopes) > 0 && !slices.Contains(f.Scopes, scope) {
			list = append(list, scope)
		}
	}
	return list
}

// Connect keeps what a workspace is reached with. One that is connected gets a new token; another one takes its place.
func (s *Slack) Connect(ctx context.Context, tx *db.Tx, g Given, f Found) error {
	was, err := Get(ctx, tx)
	if err != nil {
		return err
	}
	if err := g.check(); err != nil {
		return err
	}
	if was.ID != 0 && was.Key != f.Key {
		if err := forget(ctx, tx, was); err != nil {
			return err
		}
	}
	options, err := json.Marshal(g.Options)
	if err != nil {
		return err
	}
	id := ID(tx.NewID())
	id, err = db.Value[ID](ctx, tx, `INSERT INTO slack (id, place, workspace, name, url, bot, bot_name, scopes, token, signing, options, connected_by, connected_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (place) DO UPDATE SET workspace = excluded.workspace, name = excluded.name, url = excluded.url, bot = excluded.bot, bot_name = excluded.bot_name, scopes = excluded.scopes, token = excluded.token, signing = excluded.signing,
		options = excluded.options, connected_by = excluded.connected_by, connected_at = excluded.connected_at, trouble = '', said = '', trouble_at = NULL, held_until = NULL, refused = 0, refused_at = NULL RETURNING id`,
		id, f.Key, clip(f.Name, 200), clip(f.URL, 300), f.Bot, clip(f.BotName, 200), strings.Join(f.Scopes, ","), s.Keys.Seal(tokenSeal, []byte(g.Token)), s.Keys.Seal(signingSeal, []byte(g.Signing)), string(options), team.From(ctx).Person, tx.Now())
	if err != nil {
		return fmt.Errorf("connect Slack: %w", err)
	}
	if err := event.Record(ctx, tx, Connected{id}); err != nil {
		return err
	}
	return s.begin(ctx, tx)
}

// begin has everything read and sent that waits for a connection.
func (s *Slack) begin(ctx context.Context, tx *db.Tx) error {
	if err := job.Replace(ctx, tx, survey{}, job.Options{Key: survey{}.JobKind()}); err != nil {
		return err
	}
	targets, err := db.All(ctx, tx, func(r db.Row) (t string, err error) { return t, r.Scan(&t) }, `SELECT DISTINCT target FROM slack_post WHERE `+open)
	for _, t := range targets {
		if err := stir(ctx, tx, t); err != nil {
			return err
		}
	}
	return err
}

// Change says what may be said there from now on.
func Change(ctx context.Context, tx *db.Tx, o Options) error {
	w, err := Get(ctx, tx)
	if err != nil {
		return err
	}
	if w.ID == 0 {
		return problem.New(problem.Conflict, "Slack is not connected.")
	}
	if o == w.Options {
		return nil
	}
	if o.Pages != "" && o.Pages != w.Options.Pages {
		there, err := db.Exists(ctx, tx, `SELECT 1 FROM slack_channel WHERE workspace = $1 AND channel = $2`, w.Key, o.Pages)
		if err != nil {
			return err
		}
		if !there {
			return problem.For("pages", "There is no such channel.")
		}
	}
	options, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE slack SET options = $2 WHERE id = $1`, w.ID, string(options)); err != nil {
		return err
	}
	if o.Customers != w.Options.Customers { // what stands there is drawn anew: what may no longer be read goes
		if err := anew(ctx, tx, `workspace = $1 AND kind IN ('card', 'page')`, w.Key); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, OptionsChanged{w.ID})
}

// Test asks Slack whether the token is good, and notes what it says. It speaks over the network: no transaction may be open.
func (s *Slack) Test(ctx context.Context) error {
	w, token, err := s.key(ctx)
	if err != nil {
		return err
	}
	f, err := s.probe(ctx, token)
	r := refusalOf(err)
	if err != nil && r == nil {
		return err
	}
	if err == nil && f.Key != w.Key {
		r = &Refusal{Why: Token, Said: "another_workspace"}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if r != nil {
			if r.Why == Token {
				return s.trouble(team.AsSystem(ctx), tx, w, r)
			}
			return nil
		}
		if _, err := tx.Exec(ctx, `UPDATE slack SET trouble = '', said = '', trouble_at = NULL, name = $2, bot_name = $3, scopes = $4 WHERE id = $1`, w.ID, clip(f.Name, 200), clip(f.BotName, 200), strings.Join(f.Scopes, ",")); err != nil {
			return err
		}
		return s.begin(ctx, tx)
	})
	if err == nil && r != nil {
		err = explain(r)
	}
	return err
}

// key is the workspace with its token, for whoever may manage it.
func (s *Slack) key(ctx context.Context) (w Workspace, token string, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err := team.Allow(ctx, team.ManageTokens); err != nil {
			return err
		}
		w, err = must(ctx, tx)
		return err
	})
	if err != nil {
		return w, "", err
	}
	plain, err := s.Keys.Unseal(tokenSeal, w.token)
	if err != nil {
		err = problem.New(problem.Conflict, "The token cannot be opened with this installation's key. Paste it again.")
	}
	return w, string(plain), err
}

// Disconnect forgets the workspace with all that is known of it. What stands there stays.
func Disconnect(ctx context.Context, tx *db.Tx) error {
	w, err := Get(ctx, tx)
	if err != nil || w.ID == 0 {
		return err
	}
	if err := forget(ctx, tx, w); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM slack WHERE id = $1`, w.ID); err != nil {
		return err
	}
	return event.Record(ctx, tx, Disconnected{w.ID})
}

func forget(ctx context.Context, tx *db.Tx, w Workspace) error {
	if err := drop(ctx, tx, `workspace = $1 AND state IN ('waiting', 'sending')`, w.Key); err != nil { // those who wait for a delivery hear that it did not come
		return err
	}
	for _, table := range []string{`DELETE FROM slack_post WHERE workspace = $1`, `DELETE FROM slack_person WHERE workspace = $1`, `DELETE FROM slack_channel WHERE workspace = $1`} {
		if _, err := tx.Exec(ctx, table, w.Key); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `DELETE FROM slack_in`)
	return err
}
