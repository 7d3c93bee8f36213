package contact

import "baraji/internal/kit/id"

// ID is the id of a customer.
type ID = id.Of[contactKind]

type contactKind struct{}

func (contactKind) Prefix() string { return "con" }

// CompanyID is the id of a company.
type CompanyID = id.Of[companyKind]

type companyKind struct{}

func (companyKind) Prefix() string { return "cmp" }
