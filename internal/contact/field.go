package contact

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Holder says what an own field belongs to.
type Holder string

// The holders.
const (
	OfContact Holder = "contact"
	OfCompany Holder = "company"
)

// FieldType says what may stand in an own field.
type FieldType string

// The types.
const (
	TextField   FieldType = "text"   // one line, at most 500 characters
	NumberField FieldType = "number" // 1234.5, without signs between thousands
	DateField   FieldType = "date"   // 2026-01-31
	ChoiceField FieldType = "choice" // one of Choices
)

// Field is an own field that the firm has defined.
type Field struct {
	ID      FieldID
	Holder  Holder
	Key     string // how the API, filters and files call it; never changes
	English string // labels
	Korean  string
	Type    FieldType // never changes
	Choices []string
	Rank    int // its place on the page
}

const fieldColumns = `id, holder, key, label_en, label_ko, type, choices, rank`

func scanField(r db.Row) (f Field, err error) {
	var choices string
	err = r.Scan(&f.ID, &f.Holder, &f.Key, &f.English, &f.Korean, &f.Type, &choices, &f.Rank)
	if choices != "" {
		f.Choices = strings.Split(choices, "\n")
	}
	return f, err
}

// Fields lists the own fields of people or of companies, in their order.
func Fields(ctx context.Context, tx *db.Tx, h Holder) ([]Field, error) {
	return db.All(ctx, tx, scanField, `SELECT `+fieldColumns+` FROM contact_field WHERE holder = $1 ORDER BY rank, id`, h)
}

// DefineField makes an own field (ID none) or changes one's labels, choices and rank.
func DefineField(ctx context.Context, tx *db.Tx, f Field) (Field, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return f, err
	}
	if err := f.tidy(); err != nil {
		return f, err
	}
	if f.ID == 0 {
		return makeField(ctx, tx, f)
	}
	n, err := tx.Exec(ctx, `UPDATE contact_field SET label_en = $2, label_ko = $3, choices = $4, rank = $5 WHERE id = $1 AND holder = $6 AND key = $7 AND type = $8`,
		f.ID, f.English, f.Korean, strings.Join(f.Choices, "\n"), f.Rank, f.Holder, f.Key, f.Type)
	if err != nil {
		return f, fmt.Errorf("store field %s: %w", f.Key, err)
	}
	if n == 0 {
		return f, problem.New(problem.NotFound, "This field is not there, or has another key or type.")
	}
	return f, event.Record(ctx, tx, FieldDefined{f.ID, f.Key})
}

func makeField(ctx context.Context, tx *db.Tx, f Field) (Field, error) {
	f.ID = FieldID(tx.NewID())
	n, err := tx.Exec(ctx, `INSERT INTO contact_field (id, holder, key, label_en, label_ko, type, choices, rank, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (holder, key) DO NOTHING`,
		f.ID, f.Holder, f.Key, f.English, f.Korean, f.Type, strings.Join(f.Choices, "\n"), f.Rank, tx.Now())
	if err != nil {
		return f, fmt.Errorf("store field %s: %w", f.Key, err)
	}
	if n == 0 {
		return f, problem.For("key", "There is a field with this key already.")
	}
	return f, event.Record(ctx, tx, FieldDefined{f.ID, f.Key})
}

// RemoveField takes an own field away, with every value.
func RemoveField(ctx context.Context, tx *db.Tx, id FieldID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	f, err := db.One(ctx, tx, scanField, `SELECT `+fieldColumns+` FROM contact_field WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.NotFound, "This field is not there.")
	}
	if err != nil {
		return fmt.Errorf("read field %s: %w", id, err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM contact_field WHERE id = $1`, id); err != nil { // its values go with it
		return fmt.Errorf("remove field %s: %w", id, err)
	}
	return event.Record(ctx, tx, FieldRemoved{id, f.Key})
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (f *Field) tidy() error {
	f.English, f.Korean = clean(f.English, 100), clean(f.Korean, 100)
	if f.English == "" {
		f.English = f.Korean
	}
	if f.Korean == "" {
		f.Korean = f.English
	}
	var choices []string
	for _, c := range f.Choices {
		if c = clean(c, 100); c != "" && !slices.Contains(choices, c) {
			choices = append(choices, c)
		}
	}
	f.Choices = choices
	var check problem.Check
	check.That(f.Holder == OfContact || f.Holder == OfCompany, "holder", "Choose customers or companies.")
	check.That(keyForm.MatchString(f.Key), "key", "Enter a key of small letters, digits and underscores, such as plan_name.")
	check.That(f.English != "", "label", "Enter a label.")
	check.That(slices.Contains([]FieldType{TextField, NumberField, DateField, ChoiceField}, f.Type), "type", "Choose what the field holds.")
	check.That(f.Type != ChoiceField || len(f.Choices) > 0, "choices", "Enter at least one choice.")
	check.That(len(f.Choices) <= 200, "choices", "Enter at most 200 choices.")
	return check.Err()
}
