package notice

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

// DeliveryID is the id of a delivery.
type DeliveryID = id.Of[deliveryKind]

type deliveryKind struct{}

func (deliveryKind) Prefix() string { return "ndl" }

// State says what became of a delivery; its word is "notice.state_" + the state. See the package comment.
type State string

// The states.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Seen    State = "seen"
	Failed  State = "failed"
	None    State = "none"
)

// Delivery is one way by which a notice went.
type Delivery struct {
	Notice ID
	Way    Way
	State  State
	Error  string
	At     time.Time // when it became so, or will go
}

// tries is how often a delivery is tried.
const tries = 8

// deliver is the job of one delivery.
type deliver struct {
	Delivery DeliveryID `json:"delivery"`
}

func (deliver) JobKind() string { return "notice.deliver" }

func note(ctx context.Context, tx *db.Tx, n Notice, way Way, b BrowserID, state State, at time.Time) (DeliveryID, error) {
	d := DeliveryID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO notice_delivery (id, notice_id, way, browser_id, state, at) VALUES ($1, $2, $3, $4, $5, $6)`, d, n.ID, way, b, state, at)
	return d, err
}

// Deliveries says how notices went out, in one question.
func Deliveries(ctx context.Context, tx *db.Tx, ids ...ID) (map[ID][]Delivery, error) {
	out := map[ID][]Delivery{}
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var d Delivery
		err := r.Scan(&d.Notice, &d.Way, &d.State, &d.Error, db.Time(&d.At))
		out[d.Notice] = append(out[d.Notice], d)
		return err
	}, `SELECT notice_id, way, state, error, at FROM notice_delivery WHERE notice_id IN `+db.In(&a, ids)+` ORDER BY id`, a.List()...)
}

// parcel is everything that one delivery needs.
type parcel struct {
	way     Way
	state   State
	notice  Notice
	who     person
	browser BrowserID
	sealed  string // the browser's
	firm    string // the firm's address in Slack
	direct  bool   // they are told directly there
	message message
}

// deliver sends one notice by one way.
func (s *Notices) deliver(ctx context.Context, run *job.Run, j deliver) error {
	var p parcel
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { p, err = s.parcel(ctx, tx, j.Delivery); return err })
	if errors.Is(err, db.ErrNoRow) {
		return nil // the notice, the person or the browser is gone
	}
	if err != nil {
		return err
	}
	if p.state != Waiting {
		return nil
	}
	if !p.notice.ReadAt.IsZero() {
		return s.done(ctx, run, j, p, Seen, nil)
	}
	if now := s.DB.Now(); !p.notice.Urgent && p.who.Quiet.Holds(now, p.who.zone) { // the clock was put back, or he chose other hours since
		return job.Later(p.who.Quiet.After(now, p.who.zone))
	}
	if p.direct {
		return s.hand(ctx, run, j, p)
	}
	err = s.by(ctx, p)
	switch {
	case err == nil:
		return s.done(ctx, run, j, p, Sent, nil)
	case errors.Is(err, errGone), errors.Is(err, errRefused), run.Attempt+1 >= tries:
		return s.done(ctx, run, j, p, Failed, err)
	}
	return err
}

func (s *Notices) by(ctx context.Context, p parcel) error {
	switch p.way {
	case Mail:
		return s.Mail(ctx, p.who.Email, p.who.Name, p.message.subject(), p.message.mail())
	case Push:
		sub, err := s.subscription(p.sealed)
		if err != nil {
			return errors.Join(errRefused, err)
		}
		return s.push(ctx, sub, p.message)
	case Slack:
		if p.who.slack != "" {
			return s.slack(ctx, p.who.slack, "", p.message)
		}
		return s.slack(ctx, p.firm, p.who.Name, p.message)
	}
	return errRefused
}

func (s *Notices) parcel(ctx context.Context, tx *db.Tx, d DeliveryID) (p parcel, err error) {
	var at ID
	err = db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&at, &p.way, &p.browser, &p.state, &p.sealed) }, `
		SELECT d.notice_id, d.way, d.browser_id, d.state, COALESCE(b.sealed, '') FROM notice_delivery d LEFT JOIN notice_browser b ON b.id = d.browser_id WHERE d.id = $1`, d)
	if err != nil {
		return p, err
	}
	if p.notice, err = Get(ctx, tx, at); err != nil {
		return p, err
	}
	if p.who, err = reader(ctx, tx, p.notice.Person); err != nil {
		return p, err
	}
	if p.way == Push && p.sealed == "" {
		return p, db.ErrNoRow
	}
	if p.firm, err = firmSlack(ctx, tx); err != nil {
		return p, err
	}
	if p.way == Slack && p.who.slack == "" {
		if p.direct, err = s.Direct.knows(ctx, tx, p.who.ID); err != nil {
			return p, err
		}
	}
	if p.way == Slack && p.who.slack == "" && p.firm == "" && !p.direct {
		return p, db.ErrNoRow
	}
	p.message, err = s.word(ctx, tx, p.notice, p.who)
	return p, err
}

// done writes down what became of a delivery, with the end of its job.
func (s *Notices) done(ctx context.Context, run *job.Run, j deliver, p parcel, state State, why error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		text := ""
		if why != nil {
			text = why.Error()
		}
		if _, err := tx.Exec(ctx, `UPDATE notice_delivery SET state = $2, error = $3, at = $4 WHERE id = $1`, j.Delivery, state, text, tx.Now()); err != nil {
			return err
		}
		if p.way != Push {
			return nil
		}
		if !errors.Is(why, errGone) {
			if state != Sent {
				return nil
			}
			_, err := tx.Exec(ctx, `UPDATE notice_browser SET told_at = $2 WHERE id = $1`, p.browser, tx.Now())
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM notice_browser WHERE id = $1`, p.browser); err != nil {
			return err
		}
		return event.Record(team.AsSystem(ctx), tx, BrowserGone{Person: p.notice.Person, Browser: p.browser, Unknown: true})
	})
}

// message is a notice in the words of its reader.
type message struct {
	firm    string
	text    string // the sentence
	title   string // what it is about
	link    string // whole address
	open    string // what a way to it is called
	answer  string // whole address at which he can answer without signing in; "" where nothing is to be answered
	ask     string // what the answer is called
	foot    string // how to get less of this
	tag     string // messages of one tag replace each other
	urgent  bool
	choices string
}

// word says a notice to its reader, with what he may see.
func (s *Notices) word(ctx context.Context, tx *db.Tx, n Notice, who person) (message, error) {
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return message{}, err
	}
	actor, err := team.ActorOf(ctx, tx, who.ID)
	if err != nil {
		return message{}, err
	}
	ctx = i18n.With(team.With(ctx, actor), i18n.Reader{Locale: i18n.Locale(who.Language), Zone: who.zone, Now: tx.Now()})
	one := []Notice{n}
	if err := Entitle(ctx, tx, one); err != nil {
		return message{}, err
	}
	m := message{firm: firm.Name, text: n.Say(ctx), title: one[0].Title, link: s.URL + n.Link, open: i18n.T(ctx, "notice.open"), ask: n.Ask(ctx),
		tag: cmp.Or(n.Subject, n.ID.String()), urgent: n.Urgent, foot: i18n.T(ctx, "notice.foot"), choices: s.URL + "/settings/notices"}
	if n.Act != "" {
		m.answer = s.URL + s.AnswerPath(n.ID, tx.Now())
	}
	return m, nil
}

func (m message) subject() string {
	if m.title == "" {
		return "[" + m.firm + "] " + m.text
	}
	return "[" + m.firm + "] " + m.text + ": " + m.title
}

func (m message) mail() string {
	text := m.text + "\n"
	if m.title != "" {
		text += m.title + "\n"
	}
	if m.answer != "" {
		text += "\n" + m.ask + ": " + m.answer + "\n"
	}
	return text + "\n" + m.open + ": " + m.link + "\n\n" + m.foot + " " + m.choices + "\n"
}

// payload is what the service worker reads (notices.js).
func (m message) payload() ([]byte, error) {
	p := map[string]any{"title": m.text, "body": m.title, "link": m.link, "tag": m.tag, "urgent": m.urgent}
	if m.answer != "" {
		p["answer"], p["ask"] = m.answer, m.ask
	}
	return json.Marshal(p)
}

// topic makes a service replace what a browser has not fetched yet by what is new (RFC 8030, 5.4): at most 32 letters.
func (m message) topic() string {
	sum := sha256.Sum256([]byte(m.tag))
	return base64.RawURLEncoding.EncodeToString(sum[:24])
}
