package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

// Most is how much one request of Slack may hold, in bytes.
const Most = 256 << 10

// tolerance is how far the time of a signature may be off: Slack says five minutes.
const tolerance = 5 * time.Minute

// Why something is not taken.
var (
	ErrUnknown = errors.New("no workspace is connected")
	ErrProof   = errors.New("nothing proves that Slack sends")
	ErrBody    = errors.New("nothing that Slack sends")
)

// InID is the id of something that Slack tells.
type InID = id.Of[inKind]

type inKind struct{}

func (inKind) Prefix() string { return "sli" }

// told is what Slack tells, as far as we look at it: one of the two is there.
type told struct {
	Press *pressed `json:"press,omitempty"`
	Words *wrote   `json:"words,omitempty"`
}

// pressed is that somebody pressed a button.
type pressed struct {
	User   string `json:"user"`
	Room   string `json:"room"`
	TS     string `json:"ts"` // of the message
	What   string `json:"what"`
	Post   string `json:"post"`
	Answer string `json:"answer"` // where an answer is taken
}

// wrote is what somebody wrote in a thread.
type wrote struct {
	User   string   `json:"user"`
	Room   string   `json:"room"`
	Thread string   `json:"thread"`
	TS     string   `json:"ts"`
	Text   string   `json:"text"`
	Files  []string `json:"files,omitempty"`
}

// Take keeps what Slack tells, and has it done; press says at which of the two addresses it came. challenge is to be answered with, where Slack
// asks whether we are there. It is kept when Take returns; what came before is not kept twice.
func (s *Slack) Take(ctx context.Context, press bool, head http.Header, body []byte) (challenge string, err error) {
	var w Workspace
	if err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { w, err = load(ctx, tx); return err }); err != nil {
		return "", fmt.Errorf("find the workspace: %w", err)
	}
	if w.ID == 0 {
		return "", ErrUnknown
	}
	signing, err := s.Keys.Unseal(signingSeal, w.signing)
	if err != nil {
		return "", err
	}
	if !proven(string(signing), head, body, s.Clock()) {
		return "", s.refuse(ctx, w)
	}
	if press {
		return "", s.takePress(ctx, w, body)
	}
	return s.takeEvent(ctx, w, body)
}

// proven verifies the signature, in constant time.
func proven(signing string, head http.Header, body []byte, now time.Time) bool {
	at := head.Get("X-Slack-Request-Timestamp")
	sec, err := strconv.ParseInt(at, 10, 64)
	if err != nil || now.Sub(time.Unix(sec, 0)).Abs() > tolerance {
		return false
	}
	given, err := hex.DecodeString(strings.TrimPrefix(head.Get("X-Slack-Signature"), "v0="))
	if err != nil || !strings.HasPrefix(head.Get("X-Slack-Signature"), "v0=") {
		return false
	}
	mac := hmac.New(sha256.New, []byte(signing))
	mac.Write([]byte("v0:" + at + ":"))
	mac.Write(body)
	return hmac.Equal(given, mac.Sum(nil))
}

// refuse counts what proved nothing; nothing else of it is kept.
func (s *Slack) refuse(ctx context.Context, w Workspace) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE slack SET refused = refused + 1, refused_at = $2 WHERE id = $1`, w.ID, tx.Now())
		return err
	})
	if err != nil {
		return fmt.Errorf("count what was refused: %w", err)
	}
	return ErrProof
}

// takePress reads a press of a button (block_actions): a form with JSON in its field payload.
func (s *Slack) takePress(ctx context.Context, w Workspace, body []byte) error {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ErrBody
	}
	var in struct {
		Type string `json:"type"`
		User struct {
			ID string `json:"id"`
		} `json:"user"`
		Team struct {
			ID string `json:"id"`
		} `json:"team"`
		Container struct {
			Room string `json:"channel_id"`
			TS   string `json:"message_ts"`
		} `json:"container"`
		Answer  string `json:"response_url"`
		Actions []struct {
			What string `json:"action_id"`
			Post string `json:"value"`
			At   string `json:"action_ts"`
		} `json:"actions"`
	}
	if json.Unmarshal([]byte(form.Get("payload")), &in) != nil {
		return ErrBody
	}
	if in.Type != "block_actions" || in.Team.ID != w.Key || len(in.Actions) != 1 || deeds[in.Actions[0].What] == nil {
		return s.heard(ctx, w) // a button that leads somewhere, or nothing of ours
	}
	a := in.Actions[0]
	p := pressed{in.User.ID, in.Container.Room, in.Container.TS, a.What, a.Post, in.Answer}
	return s.keep(ctx, w, fmt.Sprintf("press:%s:%s:%s:%s:%s:%s", p.Room, p.TS, p.User, p.What, p.Post, a.At), told{Press: &p})
}

// takeEvent reads what happened in Slack. Of all that is written in a channel only what stands in a thread of ours is kept.
func (s *Slack) takeEvent(ctx context.Context, w Workspace, body []byte) (challenge string, err error) {
	var in struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
		Team      string `json:"team_id"`
		ID        string `json:"event_id"`
		Event     struct {
			Type    string `json:"type"`
			Subtype string `json:"subtype"`
			User    string `json:"user"`
			Bot     string `json:"bot_id"`
			Room    string `json:"channel"`
			Thread  string `json:"thread_ts"`
			TS      string `json:"ts"`
			Text    string `json:"text"`
			Files   []struct {
				Name string `json:"name"`
			} `json:"files"`
		} `json:"event"`
	}
	if json.Unmarshal(body, &in) != nil || len(in.Challenge) > 500 || len(in.ID) > 200 {
		return "", ErrBody
	}
	if in.Type == "url_verification" {
		return in.Challenge, s.heard(ctx, w)
	}
	e := in.Event
	switch {
	case in.Type != "event_callback" || in.Team != w.Key || in.ID == "":
		return "", s.heard(ctx, w)
	case e.Type == "app_uninstalled", e.Type == "tokens_revoked":
		return "", s.lost(ctx, w, e.Type)
	case e.Type != "message" || e.Bot != "" || e.User == "" || e.User == w.Bot || e.Thread == "" || e.Thread == e.TS:
		return "", s.heard(ctx, w)
	case e.Subtype != "" && e.Subtype != "file_share" && e.Subtype != "thread_broadcast":
		return "", s.heard(ctx, w)
	}
	p := wrote{User: e.User, Room: e.Room, Thread: e.Thread, TS: e.TS, Text: e.Text}
	for _, f := range e.Files {
		p.Files = append(p.Files, oneLine(f.Name, 100))
	}
	return "", s.keep(ctx, w, "event:"+in.ID, told{Words: &p})
}

// heard notes that Slack reaches us, a few times an hour at most.
func (s *Slack) heard(ctx context.Context, w Workspace) error {
	if s.DB.Now().Sub(w.HeardAt) < 10*minute {
		return nil
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE slack SET heard_at = $2 WHERE id = $1`, w.ID, tx.Now())
		return err
	})
}

// lost notes that the app was taken out of the workspace.
func (s *Slack) lost(ctx context.Context, w Workspace, said string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.trouble(team.AsSystem(ctx), tx, w, &Refusal{Why: Token, Said: word(said)})
	})
}

// keep stores what Slack tells with its job, once; what is about none of our posts is not kept.
func (s *Slack) keep(ctx context.Context, w Workspace, once string, what told) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(once))
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := what.about(ctx, tx, w)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		if err != nil {
			return err
		}
		kind := "words"
		if what.Press != nil {
			kind = "press"
		}
		id := InID(tx.NewID())
		n, err := tx.Exec(ctx, `INSERT INTO slack_in (id, once, kind, body, state, at) VALUES ($1, $2, $3, $4, 'waiting', $5) ON CONFLICT (once) DO NOTHING`, id, hex.EncodeToString(sum[:]), kind, string(body), tx.Now())
		if err != nil || n == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE slack SET heard_at = $2 WHERE id = $1`, w.ID, tx.Now()); err != nil {
			return err
		}
		return job.Add(ctx, tx, do{id}, job.Options{Lane: p.ID.String()})
	})
	if err != nil {
		return fmt.Errorf("keep what Slack tells: %w", err)
	}
	return nil
}

// about is the post that it is about: the message whose button it is, or the head of the thread.
func (t told) about(ctx context.Context, tx *db.Tx, w Workspace) (Post, error) {
	if t.Words != nil {
		return standing(ctx, tx, w, t.Words.Room, t.Words.Thread)
	}
	p, err := standing(ctx, tx, w, t.Press.Room, t.Press.TS)
	if err == nil && p.ID.String() != t.Press.Post {
		return p, db.ErrNoRow // a button of one message in another
	}
	return p, err
}

func standing(ctx context.Context, tx *db.Tx, w Workspace, room, ts string) (Post, error) {
	return db.One(ctx, tx, scanPost, `SELECT `+postColumns+` FROM slack_post WHERE room = $1 AND ts = $2 AND ts <> '' AND workspace = $3 AND state = 'sent'`, room, ts, w.Key)
}

// actorOf names in the log who writes in Slack and does not work here.
func actorOf(ctx context.Context, user string) context.Context {
	return event.As(ctx, "slack:"+user)
}
