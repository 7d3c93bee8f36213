package campaign

import (
	"context"
	"time"

	"baraji/internal/consent"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
)

// forGood is until when the link in a mail works. Mails are kept for years, and whoever wants no more of them has to be let go; that it never changes makes
// the same mail the same bytes.
var forGood = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

const leavePurpose = "campaign.leave"

// LeavePath is where a recipient takes themselves off; whole makes it an address.
func (m *Campaigns) LeavePath(r RecipientID, whole bool) string {
	path := "/off/" + r.String() + "/" + m.Keys.Link(leavePurpose, r.String(), forGood)
	if whole {
		return m.URL + path
	}
	return path
}

// Open says whose a link is.
func (m *Campaigns) Open(ctx context.Context, tx *db.Tx, who, token string) (Recipient, Campaign, error) {
	key, err := id.Read[RecipientID](who)
	if err != nil || m.Keys.CheckLink(leavePurpose, key.String(), token, tx.Now()) != nil {
		return Recipient{}, Campaign{}, dead()
	}
	r, err := recipient(ctx, tx, key)
	if problem.KindOf(err) == problem.NotFound {
		return r, Campaign{}, dead()
	}
	if err != nil {
		return r, Campaign{}, err
	}
	c, err := load(ctx, tx, r.Campaign)
	return r, c, err
}

func dead() error {
	return problem.New(problem.NotFound, "This link does not work. We may know nothing of you any more, and then you get no mail either.")
}

// Leave lets a customer go: from advertising by taking back their consent, from notices by a note of our own.
func Leave(ctx context.Context, tx *db.Tx, r Recipient, c Campaign) error {
	return leave(ctx, tx, r, c, consent.ByLink, false)
}

func leave(ctx context.Context, tx *db.Tx, r Recipient, c Campaign, how consent.How, spam bool) error {
	if c.Purpose == consent.Advertising {
		if err := consent.Withdraw(ctx, tx, r.Contact, "", consent.Advertising, how, r.ID.String()); err != nil {
			return err
		}
	} else if _, err := tx.Exec(ctx, `INSERT INTO campaign_left (contact_id, recipient_id, at) VALUES ($1, $2, $3) ON CONFLICT (contact_id) DO NOTHING`, r.Contact, r.ID, tx.Now()); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE campaign_recipient SET left_at = $2 WHERE id = $1 AND left_at IS NULL`, r.ID, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Unsubscribed{c.ID, r.ID, r.Contact, spam})
}
