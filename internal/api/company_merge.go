package api

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// companyMerges is how two companies become one, and two again.
func companyMerges(rt *routes) {
	post(rt, "/companies/{id}/merge", "Make one company of two", mergeCompanies,
		about("`from` becomes the same company as this one, with its people, domains and conversations. Undo it with the `merge_id`."))
	post(rt, "/companies/{id}/undo", "Undo a merge into a company: the last one, or the one with `merge_id`", undoCompany)
	get(rt, "/companies/{id}/merges", "List the merges into a company that can be undone, the newest first", listCompanyMerges)
}

// companyJoining is which company goes into another.
type companyJoining struct {
	ID   string `path:"id"`
	Body struct {
		From string `json:"from" doc:"The company that goes into this one"`
	}
}

// JoinedCompany is a company after a merge.
type JoinedCompany struct {
	MergeID string  `json:"merge_id"`
	Company Company `json:"company"`
}

func mergeCompanies(ctx context.Context, tx *db.Tx, in *companyJoining) (JoinedCompany, error) {
	id, err := companyAt(ctx, in.ID, team.EditContacts)
	if err != nil {
		return JoinedCompany{}, err
	}
	if _, err := contact.OneCompany(ctx, tx, id); err != nil {
		return JoinedCompany{}, err
	}
	lose, err := named[contact.CompanyID]("from", in.Body.From)
	if err != nil {
		return JoinedCompany{}, err
	}
	m, err := contact.MergeCompanies(ctx, tx, id, lose)
	if err != nil {
		return JoinedCompany{}, err
	}
	o, err := wholeCompany(ctx, tx, id)
	return JoinedCompany{m.String(), o}, err
}

func undoCompany(ctx context.Context, tx *db.Tx, in *parting) (Company, error) {
	id, err := companyAt(ctx, in.ID, team.EditContacts)
	if err != nil {
		return Company{}, err
	}
	list, err := mergersOf(ctx, tx, id)
	if err != nil {
		return Company{}, err
	}
	for _, m := range list {
		if in.Body != nil && in.Body.MergeID != "" && m.ID.String() != in.Body.MergeID {
			continue
		}
		if err := contact.UnmergeCompanies(ctx, tx, m.ID); err != nil {
			return Company{}, err
		}
		return wholeCompany(ctx, tx, m.Lose)
	}
	return Company{}, problem.New(problem.Conflict, "There is nothing to undo.")
}

func mergersOf(ctx context.Context, tx *db.Tx, id contact.CompanyID) ([]contact.CompanyMerge, error) {
	o, err := contact.OneCompany(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return contact.CompanyMergers(ctx, tx, o.ID)
}

// CompanyMergeOf is a merge of companies that can be undone.
type CompanyMergeOf struct {
	ID   string `json:"id"`
	From string `json:"from" doc:"The company that went into this one"`
	At   stamp  `json:"at"`
}

func listCompanyMerges(ctx context.Context, tx *db.Tx, in *one) (page[CompanyMergeOf], error) {
	id, err := companyAt(ctx, in.ID, team.ReadContacts)
	if err != nil {
		return page[CompanyMergeOf]{}, err
	}
	l, err := mergersOf(ctx, tx, id)
	return all(l, func(m contact.CompanyMerge) CompanyMergeOf {
		return CompanyMergeOf{m.ID.String(), m.Lose.String(), stamp(m.At)}
	}), err
}
