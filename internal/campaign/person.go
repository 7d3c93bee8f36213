package campaign

import (
	"context"
	"encoding/json"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Part is what campaigns have of a customer.
func Part() contact.Part {
	return contact.Part{Name: "campaign", Move: moveTo, Back: backTo, Export: export, Erase: erase, Line: personLine}
}

const rows = contact.Rows[RecipientID]("campaign_recipient")

// moved is what a merge moved.
type moved struct {
	Rows json.RawMessage `json:"rows"`
	Left bool            `json:"left,omitempty"` // that they want no notices was noted with the one who was merged, and with them alone
}

// moveTo takes mails along. Whoever was in a campaign twice gets it once: that is seen when it is their turn.
func moveTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID) (json.RawMessage, error) {
	list, err := rows.Move(ctx, tx, lose, keep)
	if err != nil {
		return nil, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO campaign_left (contact_id, recipient_id, at) SELECT $2, recipient_id, at FROM campaign_left WHERE contact_id = $1 ON CONFLICT (contact_id) DO NOTHING`, lose, keep)
	if err != nil {
		return nil, err
	}
	return json.Marshal(moved{list, n > 0})
}

func backTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID, memo json.RawMessage) error {
	var m moved
	if err := json.Unmarshal(memo, &m); err != nil {
		return err
	}
	if m.Left {
		if _, err := tx.Exec(ctx, `DELETE FROM campaign_left WHERE contact_id = $1`, keep); err != nil {
			return err
		}
	}
	return rows.Back(ctx, tx, lose, keep, m.Rows)
}

type exported struct {
	Campaign string            `json:"campaign"`
	Address  string            `json:"address,omitempty"`
	Fate     Fate              `json:"state"`
	Why      string            `json:"why,omitempty"`
	Values   map[string]string `json:"values,omitempty"`
	Sent     string            `json:"sent,omitempty"`
	Replied  string            `json:"replied,omitempty"`
	Left     string            `json:"left,omitempty"`
}

func iso(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}

func export(ctx context.Context, tx *db.Tx, who contact.ID) (any, error) {
	list, err := db.All(ctx, tx, scanRecipient, `SELECT `+recipientColumns+` FROM campaign_recipient r WHERE r.contact_id = $1 ORDER BY r.id`, who)
	if err != nil {
		return nil, err
	}
	var ids []ID
	for _, r := range list {
		ids = append(ids, r.Campaign)
	}
	names, err := Names(ctx, tx, ids)
	out := make([]exported, len(list))
	for i, r := range list {
		r = r.shown(ctx)
		out[i] = exported{names[r.Campaign], r.Address, r.Fate, r.Why, r.filled, iso(r.SentAt), iso(r.RepliedAt), iso(r.LeftAt)}
	}
	return out, err
}

func erase(ctx context.Context, tx *db.Tx, who contact.ID, _ []contact.Address) error {
	for _, stmt := range []string{`DELETE FROM campaign_recipient WHERE contact_id = $1`, `DELETE FROM campaign_left WHERE contact_id = $1`, `DELETE FROM campaign_forecast WHERE contact_id = $1`} {
		if _, err := tx.Exec(ctx, stmt, who); err != nil {
			return err
		}
	}
	return nil
}

// personLine shows each mail at the moment when it left. Kind is "campaign.mail".
func personLine(ctx context.Context, tx *db.Tx, who contact.ID, before time.Time, limit int) ([]contact.Entry, error) {
	if team.Allow(ctx, team.ReadContacts) != nil {
		return nil, nil
	}
	return db.All(ctx, tx, func(r db.Row) (e contact.Entry, err error) {
		var id RecipientID
		err = r.Scan(&id, &e.Title, db.Time(&e.At))
		e.Kind, e.Ref, e.Icon = "campaign.mail", id.String(), "send"
		return e, err
	}, `SELECT r.id, c.name, r.sent_at FROM campaign_recipient r JOIN campaign c ON c.id = r.campaign_id WHERE r.contact_id = $1 AND r.sent_at < $2 AND r.state IN ('sent', 'unconfirmed', 'bounced')
		ORDER BY r.sent_at DESC, r.id DESC`+db.Limit(limit), who, before)
}

// OnMerged takes what was answered along to the conversation that lives on.
func OnMerged(ctx context.Context, tx *db.Tx, f conversation.Merged) error {
	_, err := tx.Exec(ctx, `UPDATE campaign_recipient SET conversation_id = $2 WHERE conversation_id = $1`, f.From, f.ID)
	return err
}

// OnDeleted lets a mail be without its answer.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	_, err := tx.Exec(ctx, `UPDATE campaign_recipient SET conversation_id = 0 WHERE conversation_id = $1`, f.ID)
	return err
}
