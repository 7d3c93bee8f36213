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

// AddressID is the id of one address of a customer.
type AddressID = id.Of[addressKind]

type addressKind struct{}

func (addressKind) Prefix() string { return "adr" }

// NoteID is the id of a note on a customer.
type NoteID = id.Of[noteKind]

type noteKind struct{}

func (noteKind) Prefix() string { return "cno" }

// FieldID is the id of an own field.
type FieldID = id.Of[fieldKind]

type fieldKind struct{}

func (fieldKind) Prefix() string { return "cfd" }

// MergeID is the id of one merge of two customers.
type MergeID = id.Of[mergeKind]

type mergeKind struct{}

func (mergeKind) Prefix() string { return "cmg" }

// CompanyMergeID is the id of one merge of two companies.
type CompanyMergeID = id.Of[companyMergeKind]

type companyMergeKind struct{}

func (companyMergeKind) Prefix() string { return "omg" }
