package portal

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
)

// SharesCompany says whether the people of a company see each other's conversations.
func SharesCompany(ctx context.Context, tx *db.Tx, id contact.CompanyID) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM portal_company WHERE company_id = $1`, id)
}

// ShareCompany lets the people of a company see each other's conversations, or no longer.
func ShareCompany(ctx context.Context, tx *db.Tx, id contact.CompanyID, on bool) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	if _, err := contact.OneCompany(ctx, tx, id); err != nil {
		return err
	}
	query := `DELETE FROM portal_company WHERE company_id = $1`
	if on {
		query = `INSERT INTO portal_company (company_id) VALUES ($1) ON CONFLICT (company_id) DO NOTHING`
	}
	n, err := tx.Exec(ctx, query, id)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Shared{id, on})
}
