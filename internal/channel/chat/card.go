package chat

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// Card is what a visitor says of himself.
type Card struct {
	Name, Email, Language, Page string
}

// begin meets a stranger who is about to say something for the first time. Who presses a button is not asked anything yet.
func (c *Chat) begin(ctx context.Context, tx *db.Tx, in inbox.Inbox, who Caller, w Words) (v Visitor, token, opening string, err error) {
	unasked := false
	if who.Proof == "" {
		s, err := SettingsOf(ctx, tx, in.ID)
		if err != nil {
			return v, "", "", err
		}
		if opening, err = s.asked(w); err != nil && w.Press != "" && !s.Proven {
			unasked, opening, err = true, "", nil
		}
		if err != nil {
			return v, "", "", err
		}
		if err := room(ctx, tx, in); err != nil {
			return v, "", "", err
		}
	}
	v, token, err = c.meet(ctx, tx, in, who, w.Card, unasked)
	return v, token, opening, err
}

// introduce takes what a visitor says of himself who only pressed buttons so far, and what he answered, in words that stand before
// his own.
func (c *Chat) introduce(ctx context.Context, tx *db.Tx, in inbox.Inbox, v *Visitor, w Words) (opening string, err error) {
	s, err := SettingsOf(ctx, tx, in.ID)
	if err != nil {
		return "", err
	}
	if opening, err = s.asked(w); err != nil {
		return "", err
	}
	v.Name, v.Email, v.Unasked = w.Name, w.Email, false
	if _, err := tx.Exec(ctx, `UPDATE chat_visitor SET name = $2, email = $3, unasked = FALSE WHERE id = $1`, v.ID, v.Name, v.Email); err != nil {
		return "", err
	}
	_, _, err = contact.Resolve(ctx, tx, v.claims(w.Language))
	return opening, err
}

// claims are what a stranger says of himself.
func (v Visitor) claims(language string) contact.Sender {
	return contact.Sender{Channel: Channel, Handle: v.ID.String(), Name: v.Name, Email: v.Email, Language: language, Unproven: true}
}

// asked says whether a stranger told what this widget asks of one, and what he answered to its questions, in words that stand
// before his own.
func (s Settings) asked(w Words) (answered string, err error) {
	if s.Proven {
		return "", errIdentity
	}
	var k problem.Check
	k.That(!s.AskName || w.Name != "", "name", "Tell us your name.")
	k.That(!s.AskEmail || w.Email != "", "email", "Tell us where we can write to you.")
	for i, q := range s.Ask {
		answer := ""
		if i < len(w.Answers) {
			answer = tidy(w.Answers[i], 200)
		}
		k.That(!q.Required || answer != "", "ask", "Answer this first: %s", q.In(w.Language))
		if answer != "" {
			answered += q.In(w.Language) + ": " + answer + "\n"
		}
	}
	return answered, k.Err()
}

// room says whether another stranger may begin to write in this widget today.
func room(ctx context.Context, tx *db.Tx, in inbox.Inbox) error {
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM chat_visitor WHERE inbox_id = $1 AND created_at > $2 AND external_id = ''`, in.ID, tx.Now().AddDate(0, 0, -1))
	if err == nil && n >= maxOpenDay {
		err = problem.New(problem.Limited, "Too much is going on here at the moment. Try again later.")
	}
	return err
}
