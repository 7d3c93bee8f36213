package campaign

import (
	"context"
	"errors"

	"baraji/internal/channel/email"
	"baraji/internal/consent"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// OnAnswered notes what came back to a mail: an answer, a report, a complaint.
func (m *Campaigns) OnAnswered(ctx context.Context, tx *db.Tx, f email.BulkAnswered) error {
	key, err := id.Read[RecipientID](f.Ref)
	if err != nil {
		return nil // a mail to try it
	}
	r, err := recipient(ctx, tx, key)
	if problem.KindOf(err) == problem.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := load(ctx, tx, r.Campaign)
	if err != nil {
		return err
	}
	switch f.Back {
	case email.Answered:
		return m.replied(ctx, tx, c, r, f)
	case email.Returned:
		return returned(ctx, tx, c, r, f)
	case email.Complained:
		return errors.Join(suppress(ctx, tx, r, consent.Complaint, ""), leave(ctx, tx, r, c, consent.ByMail, true))
	}
	return nil
}

// replied notes that the customer answered. Somebody else whom they handed the mail to is not them.
func (m *Campaigns) replied(ctx context.Context, tx *db.Tx, c Campaign, r Recipient, f email.BulkAnswered) error {
	if f.Contact != r.Contact {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE campaign_recipient SET replied_at = COALESCE(replied_at, $2), conversation_id = $3 WHERE id = $1`, r.ID, tx.Now(), f.Conversation)
	if err != nil || n == 0 || !r.RepliedAt.IsZero() {
		return err
	}
	if err := m.explain(ctx, tx, c, r, f.Conversation); err != nil {
		return err
	}
	return event.Record(ctx, tx, Replied{c.ID, r.ID, r.Contact, f.Conversation})
}

// explain says in a conversation what it answers, and where that can be read as the customer got it.
func (m *Campaigns) explain(ctx context.Context, tx *db.Tx, c Campaign, r Recipient, talk conversation.ID) error {
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return err
	}
	locale, known := i18n.Parse(firm.Language)
	if !known {
		locale = i18n.English
	}
	a := team.From(team.AsSystem(ctx))
	a.Name = firm.Name
	text := i18n.T(i18n.With(ctx, i18n.Reader{Locale: locale}), "campaigns.answers_campaign", "name", c.Name) + "\n" + m.URL + "/mails/" + r.ID.String()
	_, err = conversation.AddNote(team.With(ctx, a), tx, talk, conversation.Remark{Text: text})
	return err
}

// returned notes that a mail came back for good. An address that does not work is written to no more.
func returned(ctx context.Context, tx *db.Tx, c Campaign, r Recipient, f email.BulkAnswered) error {
	if r.Fate != Went && r.Fate != Unconfirmed && r.Fate != Goes {
		return nil
	}
	if err := r.becomes(ctx, tx, CameBack, f.Status); err != nil {
		return err
	}
	if f.Dead {
		if err := suppress(ctx, tx, r, consent.HardBounce, f.Status); err != nil {
			return err
		}
	}
	if err := event.Record(ctx, tx, Bounced{c.ID, r.ID, r.Contact}); err != nil {
		return err
	}
	return c.takeFright(ctx, tx)
}
