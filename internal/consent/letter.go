package consent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// LetterID is the id of a letter.
type LetterID = id.Of[letterKind]

type letterKind struct{}

func (letterKind) Prefix() string { return "csl" }

// The kinds of letter.
const (
	receipt  = "receipt"
	question = "question"
)

// Letter is a mail about consent.
type Letter struct {
	To      string
	Subject string
	Text    string
	Off     string // the address that a POST withdraws consent at (RFC 8058); "": there is nothing to withdraw
}

// Parts are what letters need of the program.
type Parts struct {
	DB   *db.DB
	Jobs *job.Runner
	Keys *secret.Keys
	Send func(context.Context, Letter) error // uses the network
	URL  string                              // ours, without a slash at the end
}

// Consents mails receipts, and asks again when consent grows old.
type Consents struct{ Parts }

// post is the job that mails what waits.
type post struct{}

// JobKind names the job.
func (post) JobKind() string { return "consent.post" }

// New makes the letters go out.
func New(p Parts) *Consents {
	c := &Consents{p}
	job.Handle(p.Jobs, job.Kind{Pool: "mail out", Limit: time.Hour, Tries: 20}, func(ctx context.Context, run *job.Run, _ post) error { return c.post(team.AsSystem(ctx), run) })
	job.Every(p.Jobs, "consent.tend", job.Kind{}, job.Interval(6*time.Hour), func(ctx context.Context, run *job.Run) error {
		ctx = team.AsSystem(ctx)
		return p.DB.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			r, err := GetRules(ctx, tx)
			if err == nil && r.ByItself {
				_, err = Ask(ctx, tx)
			}
			return err
		})
	})
	return c
}

// OnGave has a receipt mailed to who agreed.
func (c *Consents) OnGave(ctx context.Context, tx *db.Tx, f Gave) error {
	return owe(ctx, tx, f.ID, f.How)
}

// OnWithdrew has a receipt mailed to who took it back.
func (c *Consents) OnWithdrew(ctx context.Context, tx *db.Tx, f Withdrew) error {
	return owe(ctx, tx, f.ID, f.How)
}

// owe writes down that a receipt is to be mailed. Whoever is in an old list was told when they agreed.
func owe(ctx context.Context, tx *db.Tx, e ID, how How) error {
	r, err := GetRules(ctx, tx)
	if err != nil || r.NoReceipts || how == ByImport {
		return err
	}
	there, err := db.Exists(ctx, tx, `SELECT 1 FROM consent WHERE id = $1`, e)
	if err != nil || !there { // erased since
		return err
	}
	return write(ctx, tx, receipt, e)
}

// write writes letters down and has them mailed. One that could not be mailed is tried again.
func write(ctx context.Context, tx *db.Tx, kind string, entries ...ID) error {
	for some := range slices.Chunk(entries, 200) {
		var a db.Args
		q := `INSERT INTO consent_letter (id, consent_id, kind, state, at) VALUES `
		for n, e := range some {
			if n > 0 {
				q += `, `
			}
			q += `(` + a.Add(LetterID(tx.NewID())) + `, ` + a.Add(e) + `, ` + a.Add(kind) + `, 'waiting', ` + a.Add(tx.Now()) + `)`
		}
		q += ` ON CONFLICT (consent_id, kind) DO UPDATE SET state = 'waiting', tries = 0, at = excluded.at WHERE consent_letter.state = 'failed'`
		if _, err := tx.Exec(ctx, q, a.List()...); err != nil {
			return fmt.Errorf("write letters about consent: %w", err)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return job.Add(ctx, tx, post{}, job.Options{Lane: "consent.post"})
}

const (
	mostFailures = 5 // one after another: then it is not the addresses
	mostTries    = 5
)

// waiting is a letter that is to be mailed.
type waiting struct {
	ID    LetterID
	Kind  string
	Entry ID
	Tries int
}

// post mails one letter after another.
func (c *Consents) post(ctx context.Context, run *job.Run) error {
	var failed error
	for row := 0; row < mostFailures; {
		var w waiting
		var l Letter
		err := c.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if w, err = next(ctx, tx); err == nil {
				l, err = c.compose(ctx, tx, w)
			}
			return err
		})
		if errors.Is(err, db.ErrNoRow) {
			break
		}
		if err != nil {
			return err
		}
		state := "dropped"
		if l.To != "" {
			if err := c.Send(ctx, l); err != nil {
				state, failed, row = "failed", err, row+1
			} else {
				state, row = "sent", 0
			}
		}
		if err := c.DB.Write(ctx, func(tx *db.Tx) error { return c.mark(ctx, tx, w, state) }); err != nil {
			return err
		}
	}
	if failed != nil {
		left, err := c.left(ctx)
		if err != nil || left {
			return errors.Join(err, failed)
		}
	}
	return c.DB.Write(ctx, func(tx *db.Tx) error { return run.Finish(ctx, tx) })
}

func (c *Consents) left(ctx context.Context) (left bool, err error) {
	return left, c.DB.Read(ctx, func(tx *db.Tx) error {
		left, err = db.Exists(ctx, tx, `SELECT 1 FROM consent_letter WHERE state = 'waiting'`)
		return err
	})
}

// next is the letter that waits longest of those that were tried least.
func next(ctx context.Context, tx *db.Tx) (waiting, error) {
	return db.One(ctx, tx, func(r db.Row) (w waiting, err error) { return w, r.Scan(&w.ID, &w.Kind, &w.Entry, &w.Tries) },
		`SELECT id, kind, consent_id, tries FROM consent_letter WHERE state = 'waiting' ORDER BY tries, id LIMIT 1`)
}

// mark writes down what became of a letter. Who was asked again and need not answer has confirmed by that.
func (c *Consents) mark(ctx context.Context, tx *db.Tx, w waiting, state string) error {
	if state == "failed" && w.Tries+1 < mostTries {
		_, err := tx.Exec(ctx, `UPDATE consent_letter SET tries = tries + 1 WHERE id = $1`, w.ID)
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE consent_letter SET state = $2, tries = tries + 1, at = $3 WHERE id = $1 AND state = 'waiting'`, w.ID, state, tx.Now())
	if err != nil || n == 0 || state != "sent" || w.Kind != question {
		return err
	}
	r, err := GetRules(ctx, tx)
	if err != nil || r.MustAnswer {
		return err
	}
	e, err := entry(ctx, tx, w.Entry)
	if err != nil {
		return err
	}
	return Confirm(ctx, tx, e.Contact, e.Address, e.Purpose, ByMail, w.ID.String())
}

func entry(ctx context.Context, tx *db.Tx, id ID) (Entry, error) {
	return db.One(ctx, tx, scan, `SELECT `+columns+` FROM consent e WHERE e.id = $1`, id)
}

// compose writes a letter; the zero Letter where there is nobody to mail it to any more, or nothing to ask.
func (c *Consents) compose(ctx context.Context, tx *db.Tx, w waiting) (l Letter, err error) {
	e, err := entry(ctx, tx, w.Entry)
	if err != nil {
		return l, err
	}
	address := e.Address
	if address == "" {
		if address, err = contact.Reach(ctx, tx, e.Contact, contact.Email); err != nil {
			return l, err
		}
	}
	why, err := May(ctx, tx, e.Contact, address, Notice)
	if err != nil || why != "" {
		return l, err
	}
	now, err := newest(ctx, tx, e.Contact, e.Address, e.Purpose)
	if err != nil || w.Kind == question && now.ID != e.ID {
		return l, err
	}
	return c.said(ctx, tx, w.Kind, e, address)
}

// said is what a letter says, in the language of who gets it.
func (c *Consents) said(ctx context.Context, tx *db.Tx, kind string, e Entry, address string) (l Letter, err error) {
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return l, err
	}
	who, err := contact.Get(ctx, tx, e.Contact)
	if err != nil {
		return l, err
	}
	rules, err := GetRules(ctx, tx)
	if err != nil {
		return l, err
	}
	link, err := c.link(ctx, tx, e.Contact, normal(address))
	if err != nil {
		return l, err
	}
	key := "consent." + kind + "_" + string(e.What)
	switch {
	case kind == question && rules.MustAnswer:
		key = "consent.question_answer"
	case kind == question:
		key = "consent.question"
	}
	rctx := reader(firm, who.Language, tx.Now())
	wording := e.Wording
	if wording == "" {
		wording = i18n.T(rctx, "consent.wording")
	}
	args := []any{"firm", firm.Name, "address", address, "at", i18n.Date(rctx, e.At), "what", wording, "link", link, "until", i18n.Date(rctx, rules.until(e.At))}
	l = Letter{To: address, Subject: i18n.T(rctx, key+"_subject", args...), Text: i18n.T(rctx, key+"_text", args...)}
	if e.What != IsWithdrawn {
		l.Off = link
	}
	return l, nil
}

// reader is who reads a letter: in their language, else in the firm's.
func reader(firm team.Firm, language string, now time.Time) context.Context {
	l, ok := i18n.Parse(language)
	if !ok {
		l, _ = i18n.Parse(firm.Language)
	}
	zone, err := time.LoadLocation(firm.Zone)
	if err != nil {
		zone = time.UTC
	}
	return i18n.With(context.Background(), i18n.Reader{Locale: l, Now: now, Zone: zone})
}

// Due is consent that has to be confirmed within a month, or should have been.
type Due struct {
	Entry
	Name string // of the customer
}

// DueFor says which consent has to be confirmed, what is oldest first, and how much of it there is.
func DueFor(ctx context.Context, tx *db.Tx, limit int) (list []Due, n int, err error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, 0, err
	}
	ids, err := due(ctx, tx, 100_000)
	if err != nil || len(ids) == 0 {
		return nil, 0, err
	}
	for _, one := range ids[:min(limit, len(ids))] {
		e, err := entry(ctx, tx, one)
		if err != nil {
			return nil, 0, err
		}
		who, err := contact.Get(ctx, tx, e.Contact)
		if err != nil {
			return nil, 0, err
		}
		if team.From(ctx).Masked {
			e = e.masked()
		}
		list = append(list, Due{e, who.Name})
	}
	return list, len(ids), nil
}

// due are the entries that nobody was asked about yet and that grow too old.
func due(ctx context.Context, tx *db.Tx, limit int) ([]ID, error) {
	r, err := GetRules(ctx, tx)
	if err != nil || r.ForEver {
		return nil, err
	}
	before := tx.Now().AddDate(-Years, 0, 0).Add(ahead)
	return db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) },
		`SELECT e.id FROM consent e JOIN contact c ON c.id = e.contact_id WHERE c.merged_into = 0 AND c.blocked = '' AND e.purpose = $1 AND e.at < $2 AND e.what <> 'withdrawn' AND NOT `+newer("e.address")+`
		AND NOT EXISTS (SELECT 1 FROM consent_letter l WHERE l.consent_id = e.id AND l.kind = 'question' AND l.state <> 'failed') ORDER BY e.at, e.id`+db.Limit(limit), Advertising, before)
}

// Ask mails everybody whose consent grows too old, and says how many that are. Those who were asked are not asked twice.
func Ask(ctx context.Context, tx *db.Tx) (int, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	ids, err := due(ctx, tx, 10_000)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if err := write(ctx, tx, question, ids...); err != nil {
		return 0, err
	}
	return len(ids), event.Record(ctx, tx, Asked{len(ids)})
}

// Letters says how many letters wait, and how many could not be mailed.
func Letters(ctx context.Context, tx *db.Tx) (waiting, failed int, err error) {
	err = db.Each(ctx, tx, func(r db.Row) error {
		var state string
		var n int
		err := r.Scan(&state, &n)
		switch state {
		case "waiting":
			waiting = n
		case "failed":
			failed = n
		}
		return err
	}, `SELECT state, COUNT(*) FROM consent_letter WHERE state IN ('waiting', 'failed') GROUP BY state`)
	return waiting, failed, err
}
