package contact

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// CompanyMerge is one merge of two companies.
type CompanyMerge struct {
	ID       CompanyMergeID
	Keep     CompanyID
	Lose     CompanyID
	LoseName string
	At       time.Time
	Undone   time.Time
	moved    string
}

const companyMergeColumns = `m.id, m.keep_id, m.lose_id, COALESCE((SELECT o.name FROM contact_company o WHERE o.id = m.lose_id), ''), m.moved, m.at, m.undone_at`

func scanCompanyMerge(r db.Row) (m CompanyMerge, err error) {
	return m, r.Scan(&m.ID, &m.Keep, &m.Lose, &m.LoseName, &m.moved, db.Time(&m.At), db.Time(&m.Undone))
}

// CompanyMergers lists the merges into a company that are not undone, the newest first.
func CompanyMergers(ctx context.Context, tx *db.Tx, id CompanyID) ([]CompanyMerge, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanCompanyMerge, `SELECT `+companyMergeColumns+` FROM contact_company_merge m WHERE m.keep_id = $1 AND m.undone_at IS NULL ORDER BY m.id DESC`, id)
}

// UnmergeCompanies undoes a merge: what it moved goes back, what it filled in is emptied
// unless somebody has changed it since. What came later stays with keep.
func UnmergeCompanies(ctx context.Context, tx *db.Tx, id CompanyMergeID) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	m, err := db.One(ctx, tx, scanCompanyMerge, `SELECT `+companyMergeColumns+` FROM contact_company_merge m WHERE m.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.NotFound, "This merge is not there.")
	}
	if err != nil {
		return fmt.Errorf("read merge %s: %w", id, err)
	}
	if !m.Undone.IsZero() {
		return nil
	}
	k, err := loadCompany(ctx, tx, m.Keep)
	if err != nil {
		return err
	}
	if k.ID != m.Keep {
		return problem.New(problem.Conflict, "This company was merged again later. Undo that first.")
	}
	if err := m.undo(ctx, tx, k); err != nil {
		return fmt.Errorf("undo merge %s: %w", id, err)
	}
	return event.Record(ctx, tx, CompanyUnmerged{id, m.Keep, m.Lose})
}

func (m CompanyMerge) undo(ctx context.Context, tx *db.Tx, k Company) error {
	var did movedCompany
	if err := json.Unmarshal([]byte(m.moved), &did); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE contact_company_merge SET undone_at = $2, moved = '{}' WHERE id = $1`, m.ID, tx.Now()); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE contact_company SET merged_into = 0 WHERE id = $1`, m.Lose); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *db.Tx, CompanyMerge) error{did.peopleBack, did.domainsBack, did.valuesBack} {
		if err := step(ctx, tx, m); err != nil {
			return err
		}
	}
	if err := did.empty(ctx, tx, m, k); err != nil {
		return err
	}
	l, err := loadCompany(ctx, tx, m.Lose)
	if err != nil {
		return err
	}
	if err := indexCompany(ctx, tx, l); err != nil {
		return err
	}
	for _, p := range partsOf(tx) {
		if memo, ok := did.Parts[p.Name]; ok && p.BackCompany != nil {
			if err := p.BackCompany(ctx, tx, m.Lose, m.Keep, memo); err != nil {
				return fmt.Errorf("move %s back: %w", p.Name, err)
			}
		}
	}
	return nil
}

func (did movedCompany) peopleBack(ctx context.Context, tx *db.Tx, m CompanyMerge) error {
	var a db.Args
	_, err := tx.Exec(ctx, `UPDATE contact SET company_id = `+a.Add(m.Lose)+` WHERE company_id = `+a.Add(m.Keep)+` AND id IN `+db.In(&a, did.People), a.List()...)
	return err
}

func (did movedCompany) domainsBack(ctx context.Context, tx *db.Tx, m CompanyMerge) error {
	var a db.Args
	_, err := tx.Exec(ctx, `UPDATE contact_company_domain SET company_id = `+a.Add(m.Lose)+` WHERE company_id = `+a.Add(m.Keep)+` AND domain IN `+
		db.In(&a, did.Domains), a.List()...)
	return err
}

// valuesBack takes away what keep has from lose, unless it was changed since.
func (did movedCompany) valuesBack(ctx context.Context, tx *db.Tx, m CompanyMerge) error {
	var a db.Args
	keep, lose := a.Add(m.Keep), a.Add(m.Lose)
	_, err := tx.Exec(ctx, `DELETE FROM contact_value WHERE holder_id = `+keep+` AND field_id IN `+db.In(&a, did.Values)+`
		AND text = (SELECT o.text FROM contact_value o WHERE o.holder_id = `+lose+` AND o.field_id = contact_value.field_id)`, a.List()...)
	return err
}

// empty takes out of keep's row what the merge put in, and brings its words in line with its domains.
func (did movedCompany) empty(ctx context.Context, tx *db.Tx, m CompanyMerge, k Company) error {
	touched := !k.UpdatedAt.Equal(m.At)
	for _, f := range companyFields {
		for _, in := range did.Filled {
			if in.Name == f.name && f.get(k) == in.After {
				f.set(&k, in.Before)
			}
		}
	}
	var err error
	if k.Domains, err = domainsOf(ctx, tx, k.ID); err != nil {
		return err
	}
	if err := saveCompany(ctx, tx, k); err != nil || touched {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE contact_company SET guessed = $2, updated_at = $3 WHERE id = $1`, k.ID, did.Guessed, did.Updated)
	return err
}
