package incident

import (
	"context"
	"encoding/json"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
)

// PartOf is what incidents know of people: what they were told, and the companies that they are looked for in. What was said
// to somebody stands in his conversations.
func PartOf() contact.Part {
	return contact.Part{Name: "incident", Move: moveTo, Back: moveBack, MoveCompany: moveCompany, BackCompany: backCompany, Export: export, Erase: erase}
}

// moveTo gives what one was told to the other, unless the other was told the same.
func moveTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID) (json.RawMessage, error) {
	ids, err := db.All(ctx, tx, func(r db.Row) (id NoticeID, err error) { return id, r.Scan(&id) }, `UPDATE incident_notice SET contact_id = $2 WHERE contact_id = $1
		AND update_id NOT IN (SELECT n.update_id FROM incident_notice n WHERE n.contact_id = $2) RETURNING id`, lose, keep)
	if err != nil {
		return nil, err
	}
	return json.Marshal(ids)
}

func moveBack(ctx context.Context, tx *db.Tx, lose, keep contact.ID, memo json.RawMessage) error {
	var ids []NoticeID
	if err := json.Unmarshal(memo, &ids); err != nil {
		return err
	}
	return db.PointBack(ctx, tx, "incident_notice", "contact_id", lose, keep, ids)
}

func moveCompany(ctx context.Context, tx *db.Tx, lose, keep contact.CompanyID) (json.RawMessage, error) {
	ids, err := db.Repoint[ReachID](ctx, tx, "incident_reach", "company_id", lose, keep)
	if err != nil {
		return nil, err
	}
	return json.Marshal(ids)
}

func backCompany(ctx context.Context, tx *db.Tx, lose, keep contact.CompanyID, memo json.RawMessage) error {
	var ids []ReachID
	if err := json.Unmarshal(memo, &ids); err != nil {
		return err
	}
	return db.PointBack(ctx, tx, "incident_reach", "company_id", lose, keep, ids)
}

type exported struct {
	Told []told `json:"told"`
}

type told struct {
	Incident i18n.Text `json:"incident"`
	Text     i18n.Text `json:"text"`
	At       string    `json:"at"`
}

func export(ctx context.Context, tx *db.Tx, id contact.ID) (any, error) {
	out := exported{[]told{}}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var title, text string
		var u Update
		if err := r.Scan(&title, &text, db.Time(&u.At)); err != nil {
			return err
		}
		var x told
		var err error
		if x.Incident, err = readText(title); err != nil {
			return err
		}
		x.Text, err = readText(text)
		x.At = u.At.Format("2006-01-02T15:04:05.000Z")
		out.Told = append(out.Told, x)
		return err
	}, `SELECT i.title, u.text, n.at FROM incident_notice n JOIN incident_update u ON u.id = n.update_id JOIN incident i ON i.id = u.incident_id
		WHERE n.contact_id = $1 AND n.state = 'told' ORDER BY n.id`, id)
}

// erase takes away that he was told, and his subscription.
func erase(ctx context.Context, tx *db.Tx, id contact.ID, addresses []contact.Address) error {
	if _, err := tx.Exec(ctx, `DELETE FROM incident_notice WHERE contact_id = $1`, id); err != nil {
		return err
	}
	for _, a := range addresses {
		if a.Kind != contact.Email {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM incident_subscriber WHERE email = $1`, a.Value); err != nil {
			return err
		}
	}
	return nil
}
