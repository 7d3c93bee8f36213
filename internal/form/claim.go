package form

import (
	"context"
	"errors"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ClaimID is the id of a claim.
type ClaimID = id.Of[claimKind]

type claimKind struct{}

func (claimKind) Prefix() string { return "fcl" }

// Claim is an answer that is meant for an own field of a customer whom the firm knew already, or of a company. Whoever sent it has not proven
// to be him, so it changes nothing: somebody of the team takes it, or leaves it.
type Claim struct {
	ID           ClaimID
	Contact      contact.ID
	Conversation conversation.ID
	Of           contact.Holder
	Key          string // of the own field
	Value        string
	Was          string // what stands there now
	Label        Text   // of the own field

	company contact.CompanyID
}

// Judged says that somebody took a claim, or left it.
type Judged struct {
	ID      ClaimID    `json:"id"`
	Contact contact.ID `json:"contact"`
	Field   string     `json:"field"`
	Taken   bool       `json:"taken"`
}

// EventKind names the fact.
func (Judged) EventKind() string { return "form.claim_judged" }

// Subject is the customer.
func (f Judged) Subject() string { return f.Contact.String() }

const (
	longestClaim = 500 // letters; an own field holds no more
	mostClaims   = 20  // that are shown of a customer
)

var errNoClaim = problem.New(problem.NotFound, "This is not there any more.")

// fill puts answers into own fields, as far as they fit there: those of the conversation, and those of a customer whom nobody knew before.
// Of everybody else they are claims.
func (d Definition) fill(ctx context.Context, tx *db.Tx, s Submission, known bool) error {
	for _, f := range d.Asked(s.Answers) {
		of, key, ok := f.fills()
		value := strings.Join(s.Answers[f.Key], ", ")
		if !ok || value == "" {
			continue
		}
		var err error
		switch {
		case of == AsField:
			err = conversation.SetValues(ctx, tx, s.Conversation, map[string]string{key: value})
		case of == AsContact && !known:
			err = contact.SetValues(ctx, tx, s.Contact, map[string]string{key: value})
		case len([]rune(value)) <= longestClaim:
			err = claim(ctx, tx, s.ID, contact.Holder(strings.TrimSuffix(of, ":")), key, value)
		}
		if err != nil && problem.KindOf(err) != problem.Invalid { // the field is gone, or of another kind: the answer stands in the message
			return err
		}
	}
	return nil
}

func claim(ctx context.Context, tx *db.Tx, s SubmissionID, of contact.Holder, key, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO form_claim (id, submission_id, holder, field, value) VALUES ($1, $2, $3, $4, $5)`, tx.NewID(), s, of, key, value)
	return err
}

const claimColumns = `m.id, s.contact_id, s.conversation_id, m.holder, m.field, m.value, p.company_id`

const claimTables = ` FROM form_claim m JOIN form_submission s ON s.id = m.submission_id JOIN conversation c ON c.id = s.conversation_id JOIN contact p ON p.id = s.contact_id WHERE `

func scanClaim(r db.Row) (c Claim, err error) {
	return c, r.Scan(&c.ID, &c.Contact, &c.Conversation, &c.Of, &c.Key, &c.Value, &c.company)
}

// ClaimsOf are the claims about a customer that say something new, for somebody who may take them.
func ClaimsOf(ctx context.Context, tx *db.Tx, who contact.ID) (list []Claim, err error) {
	if !mayJudge(ctx) {
		return nil, nil
	}
	var a db.Args
	all, err := db.All(ctx, tx, scanClaim, `SELECT `+claimColumns+claimTables+`s.contact_id = `+a.Add(who)+` AND `+conversation.Visible(ctx, &a, "c")+` ORDER BY m.id`+db.Limit(mostClaims), a.List()...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return fresh(ctx, tx, all)
}

// mayJudge: what customers say of themselves is hidden from those who see everything masked.
func mayJudge(ctx context.Context) bool {
	who := team.From(ctx)
	return who.Can(team.EditContacts) && who.Can(team.ReadContacts) && !who.Masked
}

// fresh drops what stands there already, and what is meant for a field that is gone, or for a company of somebody who has none.
func fresh(ctx context.Context, tx *db.Tx, all []Claim) (list []Claim, err error) {
	p, err := contact.Whole(ctx, tx, all[0].Contact)
	if err != nil {
		return nil, err
	}
	firm := map[string]string{}
	if p.Company != 0 {
		if firm, err = contact.CompanyValues(ctx, tx, p.Company); err != nil {
			return nil, err
		}
	}
	owns, err := Owns(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		c.Was = map[contact.Holder]map[string]string{contact.OfContact: p.Values, contact.OfCompany: firm}[c.Of][c.Key]
		for _, o := range owns {
			if o.As == string(c.Of)+":"+c.Key {
				c.Label = o.Label
			}
		}
		if c.Label != nil && c.Was != c.Value && (c.Of == contact.OfContact || p.Company != 0) {
			list = append(list, c)
		}
	}
	return list, nil
}

// Take lets a claim count: it is written where it belongs, as by whoever takes it.
func Take(ctx context.Context, tx *db.Tx, id ClaimID) error {
	c, err := judge(ctx, tx, id, true)
	if err != nil {
		return err
	}
	set := map[string]string{c.Key: c.Value}
	if c.Of == contact.OfContact {
		return contact.SetValues(ctx, tx, c.Contact, set)
	}
	if c.company == 0 {
		return problem.New(problem.Conflict, "This customer belongs to no company.")
	}
	return contact.SetCompanyValues(ctx, tx, c.company, set)
}

// Leave drops a claim.
func Leave(ctx context.Context, tx *db.Tx, id ClaimID) error {
	_, err := judge(ctx, tx, id, false)
	return err
}

// judge takes a claim off the list, if whoever acts may see the conversation that it came with.
func judge(ctx context.Context, tx *db.Tx, id ClaimID, taken bool) (c Claim, err error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return c, err
	}
	if !mayJudge(ctx) {
		return c, errNoClaim
	}
	var a db.Args
	c, err = db.One(ctx, tx, scanClaim, `SELECT `+claimColumns+claimTables+`m.id = `+a.Add(id)+` AND `+conversation.Visible(ctx, &a, "c"), a.List()...)
	if errors.Is(err, db.ErrNoRow) {
		return c, errNoClaim
	}
	if err != nil {
		return c, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM form_claim WHERE id = $1`, id); err != nil {
		return c, err
	}
	return c, event.Record(ctx, tx, Judged{c.ID, c.Contact, c.Key, taken})
}
