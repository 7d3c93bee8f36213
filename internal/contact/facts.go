package contact

// Created says that a person is known since now.
type Created struct {
	ID      ID        `json:"id"`
	Company CompanyID `json:"company,omitempty"`
}

// Changed says which fields of a person were changed; own fields are "fields.<key>".
type Changed struct {
	ID     ID       `json:"id"`
	Fields []string `json:"fields"`
}

// StageChanged says that a person came into another stage.
type StageChanged struct {
	ID   ID    `json:"id"`
	From Stage `json:"from"`
	To   Stage `json:"to"`
}

// AddressAdded says that a person has one more address.
type AddressAdded struct {
	ID      ID        `json:"id"`
	Address AddressID `json:"address"`
	Kind    Kind      `json:"kind"`
}

// AddressRemoved says that an address is no longer a person's.
type AddressRemoved struct {
	ID      ID        `json:"id"`
	Address AddressID `json:"address"`
	Kind    Kind      `json:"kind"`
}

// AddressVerified says that a person has proved that an address is his.
type AddressVerified struct {
	ID      ID        `json:"id"`
	Address AddressID `json:"address"`
}

// NoteAdded says that somebody wrote a note on a person.
type NoteAdded struct {
	ID   ID     `json:"id"`
	Note NoteID `json:"note"`
}

// NoteChanged says that a note was edited or pinned.
type NoteChanged struct {
	ID   ID     `json:"id"`
	Note NoteID `json:"note"`
}

// NoteRemoved says that a note is gone.
type NoteRemoved struct {
	ID   ID     `json:"id"`
	Note NoteID `json:"note"`
}

// Blocked says that no mail is to go to a person any more.
type Blocked struct {
	ID ID `json:"id"`
}

// Unblocked says that mail may go to a person again.
type Unblocked struct {
	ID ID `json:"id"`
}

// Merged says that two contacts are one person. What other packages keep has
// moved already ([Part]).
type Merged struct {
	Merge MergeID `json:"merge"`
	Keep  ID      `json:"keep"`
	Lose  ID      `json:"lose"`
}

// Unmerged says that a merge was undone.
type Unmerged struct {
	Merge MergeID `json:"merge"`
	Keep  ID      `json:"keep"`
	Lose  ID      `json:"lose"`
}

// Viewed says that somebody looked at a person's data; once an hour.
type Viewed struct {
	ID   ID     `json:"id"`
	From string `json:"from"` // the network address of who looked
}

// Exported says that all data of a person were handed out.
type Exported struct {
	ID ID `json:"id"`
}

// Erased says that a person was taken away for good. Also are the ids of those
// who had been merged into him.
type Erased struct {
	ID   ID   `json:"id"`
	Also []ID `json:"also,omitempty"`
}

// CompanyCreated says that a company is known since now.
type CompanyCreated struct {
	ID CompanyID `json:"id"`
}

// CompanyChanged says which fields of a company were changed.
type CompanyChanged struct {
	ID     CompanyID `json:"id"`
	Fields []string  `json:"fields"`
}

// CompanyRemoved says that a company is gone; its people are not.
type CompanyRemoved struct {
	ID CompanyID `json:"id"`
}

// CompanyMerged says that two companies are one. What other packages keep has
// moved already ([Part]).
type CompanyMerged struct {
	Merge CompanyMergeID `json:"merge"`
	Keep  CompanyID      `json:"keep"`
	Lose  CompanyID      `json:"lose"`
}

// CompanyUnmerged says that a merge of companies was undone.
type CompanyUnmerged struct {
	Merge CompanyMergeID `json:"merge"`
	Keep  CompanyID      `json:"keep"`
	Lose  CompanyID      `json:"lose"`
}

// FieldDefined says that an own field was made or changed.
type FieldDefined struct {
	ID  FieldID `json:"id"`
	Key string  `json:"key"`
}

// FieldRemoved says that an own field is gone, with all its values.
type FieldRemoved struct {
	ID  FieldID `json:"id"`
	Key string  `json:"key"`
}

func (Created) EventKind() string         { return "contact.created" }
func (Changed) EventKind() string         { return "contact.changed" }
func (StageChanged) EventKind() string    { return "contact.stage_changed" }
func (AddressAdded) EventKind() string    { return "contact.address_added" }
func (AddressRemoved) EventKind() string  { return "contact.address_removed" }
func (AddressVerified) EventKind() string { return "contact.address_verified" }
func (NoteAdded) EventKind() string       { return "contact.note_added" }
func (NoteChanged) EventKind() string     { return "contact.note_changed" }
func (NoteRemoved) EventKind() string     { return "contact.note_removed" }
func (Blocked) EventKind() string         { return "contact.blocked" }
func (Unblocked) EventKind() string       { return "contact.unblocked" }
func (Merged) EventKind() string          { return "contact.merged" }
func (Unmerged) EventKind() string        { return "contact.unmerged" }
func (Viewed) EventKind() string          { return "contact.viewed" }
func (Exported) EventKind() string        { return "contact.exported" }
func (Erased) EventKind() string          { return "contact.erased" }
func (CompanyCreated) EventKind() string  { return "company.created" }
func (CompanyChanged) EventKind() string  { return "company.changed" }
func (CompanyRemoved) EventKind() string  { return "company.removed" }
func (CompanyMerged) EventKind() string   { return "company.merged" }
func (CompanyUnmerged) EventKind() string { return "company.unmerged" }
func (FieldDefined) EventKind() string    { return "contact.field_defined" }
func (FieldRemoved) EventKind() string    { return "contact.field_removed" }

// Subject is the id of what it happened to.
func (f Created) Subject() string         { return f.ID.String() }
func (f Changed) Subject() string         { return f.ID.String() }
func (f StageChanged) Subject() string    { return f.ID.String() }
func (f AddressAdded) Subject() string    { return f.ID.String() }
func (f AddressRemoved) Subject() string  { return f.ID.String() }
func (f AddressVerified) Subject() string { return f.ID.String() }
func (f NoteAdded) Subject() string       { return f.ID.String() }
func (f NoteChanged) Subject() string     { return f.ID.String() }
func (f NoteRemoved) Subject() string     { return f.ID.String() }
func (f Blocked) Subject() string         { return f.ID.String() }
func (f Unblocked) Subject() string       { return f.ID.String() }
func (f Merged) Subject() string          { return f.Keep.String() }
func (f Unmerged) Subject() string        { return f.Keep.String() }
func (f Viewed) Subject() string          { return f.ID.String() }
func (f Exported) Subject() string        { return f.ID.String() }
func (f Erased) Subject() string          { return f.ID.String() }
func (f CompanyCreated) Subject() string  { return f.ID.String() }
func (f CompanyChanged) Subject() string  { return f.ID.String() }
func (f CompanyRemoved) Subject() string  { return f.ID.String() }
func (f CompanyMerged) Subject() string   { return f.Keep.String() }
func (f CompanyUnmerged) Subject() string { return f.Keep.String() }
func (f FieldDefined) Subject() string    { return f.ID.String() }
func (f FieldRemoved) Subject() string    { return f.ID.String() }
