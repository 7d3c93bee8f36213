package knowledge

import "baraji/internal/kit/i18n"

// Created says that there is a new article, a draft.
type Created struct {
	ID ID `json:"id"`
}

// Changed says what of an article was changed: names of fields, "en.body" for a text's.
type Changed struct {
	ID     ID       `json:"id"`
	Fields []string `json:"fields"`
}

// Published says that a version of a text is what readers see since now.
type Published struct {
	ID      ID          `json:"id"`
	Locale  i18n.Locale `json:"locale"`
	Version VersionID   `json:"version"`
	Number  int         `json:"number"`
}

// Unpublished says that readers no longer see a text.
type Unpublished struct {
	ID     ID          `json:"id"`
	Locale i18n.Locale `json:"locale"`
}

// Archived says that an article was put away.
type Archived struct {
	ID ID `json:"id"`
}

// Unarchived says that an article was taken out again.
type Unarchived struct {
	ID ID `json:"id"`
}

// CategoryChanged says that a category was made or changed.
type CategoryChanged struct {
	ID CategoryID `json:"id"`
}

// CategoryRemoved says that a category is gone; it was empty.
type CategoryRemoved struct {
	ID CategoryID `json:"id"`
}

// SynonymsChanged says that the words that mean the same are others since now.
type SynonymsChanged struct{}

func (Created) EventKind() string         { return "knowledge.created" }
func (Changed) EventKind() string         { return "knowledge.changed" }
func (Published) EventKind() string       { return "knowledge.published" }
func (Unpublished) EventKind() string     { return "knowledge.unpublished" }
func (Archived) EventKind() string        { return "knowledge.archived" }
func (Unarchived) EventKind() string      { return "knowledge.unarchived" }
func (CategoryChanged) EventKind() string { return "knowledge.category_changed" }
func (CategoryRemoved) EventKind() string { return "knowledge.category_removed" }
func (SynonymsChanged) EventKind() string { return "knowledge.synonyms_changed" }

func (f Created) Subject() string         { return f.ID.String() }
func (f Changed) Subject() string         { return f.ID.String() }
func (f Published) Subject() string       { return f.ID.String() }
func (f Unpublished) Subject() string     { return f.ID.String() }
func (f Archived) Subject() string        { return f.ID.String() }
func (f Unarchived) Subject() string      { return f.ID.String() }
func (f CategoryChanged) Subject() string { return f.ID.String() }
func (f CategoryRemoved) Subject() string { return f.ID.String() }
func (SynonymsChanged) Subject() string   { return "knowledge" }
