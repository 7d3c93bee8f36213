package conversation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// FieldID is the id of an own field.
type FieldID = id.Of[fieldKind]

type fieldKind struct{}

func (fieldKind) Prefix() string { return "cfd" }

// FieldTypes say what may stand in an own field: one line of text, a number, a day
// (2026-01-31), or one of its choices.
var FieldTypes = []string{"text", "number", "date", "choice"}

// Field is an own field of conversations that the firm has defined.
type Field struct {
	ID      FieldID
	Key     string // how the API, filters and files call it; never changes
	English string // labels
	Korean  string
	Type    string // never changes
	Choices []string
	Rank    int // its place on the page
}

// FieldDefined says that an own field was made or changed.
type FieldDefined struct {
	ID  FieldID `json:"id"`
	Key string  `json:"key"`
}

// FieldRemoved says that an own field is gone, with every value.
type FieldRemoved struct {
	ID  FieldID `json:"id"`
	Key string  `json:"key"`
}

// EventKind names the fact.
func (FieldDefined) EventKind() string { return "conversation.field_defined" }

// EventKind names the fact.
func (FieldRemoved) EventKind() string { return "conversation.field_removed" }

// Subject is the field.
func (f FieldDefined) Subject() string { return f.ID.String() }

// Subject is the field.
func (f FieldRemoved) Subject() string { return f.ID.String() }

const fieldColumns = `id, name, label_en, label_ko, type, choices, rank`

func scanField(r db.Row) (f Field, err error) {
	var choices string
	err = r.Scan(&f.ID, &f.Key, &f.English, &f.Korean, &f.Type, &choices, &f.Rank)
	if choices != "" {
		f.Choices = strings.Split(choices, "\n")
	}
	return f, err
}

// Fields lists the own fields of conversations, in their order.
func Fields(ctx context.Context, tx *db.Tx) ([]Field, error) {
	return db.All(ctx, tx, scanField, `SELECT `+fieldColumns+` FROM conversation_field ORDER BY rank, id`)
}

// DefineField makes an own field (ID none) or changes one's labels, choices and rank.
func DefineField(ctx context.Context, tx *db.Tx, f Field) (Field, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return f, err
	}
	if err := f.tidy(); err != nil {
		return f, err
	}
	choices, query := strings.Join(f.Choices, "\n"), `UPDATE conversation_field SET label_en = $3, label_ko = $4, choices = $6, rank = $7 WHERE id = $1 AND name = $2 AND type = $5`
	fresh := f.ID == 0
	if fresh {
		f.ID = FieldID(tx.NewID())
		query = `INSERT INTO conversation_field (id, name, label_en, label_ko, type, choices, rank) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING`
	}
	n, err := tx.Exec(ctx, query, f.ID, f.Key, f.English, f.Korean, f.Type, choices, f.Rank)
	switch {
	case err != nil:
		return f, fmt.Errorf("store field %s: %w", f.Key, err)
	case n == 0 && fresh:
		return f, problem.For("key", "There is a field with this key already.")
	case n == 0:
		return f, problem.New(problem.NotFound, "This field is not there, or has another key or type.")
	}
	return f, event.Record(ctx, tx, FieldDefined{f.ID, f.Key})
}

// RemoveField takes an own field away, with every value.
func RemoveField(ctx context.Context, tx *db.Tx, id FieldID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	key, err := db.Value[string](ctx, tx, `DELETE FROM conversation_field WHERE id = $1 RETURNING name`, id) // its values go with it
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.NotFound, "This field is not there.")
	}
	if err != nil {
		return fmt.Errorf("remove field %s: %w", id, err)
	}
	return event.Record(ctx, tx, FieldRemoved{id, key})
}

// Values are a conversation's own fields, by key, if whoever acts may see it.
func Values(ctx context.Context, tx *db.Tx, id ID) (map[string]string, error) {
	var a db.Args
	all := map[string]string{}
	return all, db.Each(ctx, tx, func(r db.Row) error {
		var key, value string
		err := r.Scan(&key, &value)
		all[key] = value
		return err
	}, `SELECT f.name, v.value FROM conversation_value v JOIN conversation_field f ON f.id = v.field_id JOIN conversation c ON c.id = v.conversation_id
		WHERE v.conversation_id = `+a.Add(id)+` AND `+Visible(ctx, &a, "c")+` ORDER BY f.rank, f.id`, a.List()...)
}

// SetValues fills in own fields of a conversation, by key; "" empties one.
func SetValues(ctx context.Context, tx *db.Tx, id ID, set map[string]string) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, id); err != nil || len(set) == 0 {
		return err
	}
	known, err := Fields(ctx, tx)
	if err != nil {
		return err
	}
	var names []string
	for _, key := range slices.Sorted(maps.Keys(set)) {
		i := slices.IndexFunc(known, func(f Field) bool { return f.Key == key })
		if i < 0 {
			return problem.For("fields."+key, "There is no such field.")
		}
		if err := known[i].put(ctx, tx, id, set[key]); err != nil {
			return err
		}
		names = append(names, "fields."+key)
	}
	if _, err := tx.Exec(ctx, `UPDATE conversation SET updated_at = $2 WHERE id = $1`, id, tx.Now()); err != nil {
		return err
	}
	return event.Record(ctx, tx, Changed{id, names})
}

func (f Field) put(ctx context.Context, tx *db.Tx, id ID, value string) error {
	value = strings.TrimSpace(value)
	if value == "" {
		_, err := tx.Exec(ctx, `DELETE FROM conversation_value WHERE conversation_id = $1 AND field_id = $2`, id, f.ID)
		return err
	}
	if err := f.fits(value); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO conversation_value (conversation_id, field_id, value) VALUES ($1, $2, $3)
		ON CONFLICT (conversation_id, field_id) DO UPDATE SET value = excluded.value`, id, f.ID, value)
	return err
}

// fits says what is wrong with a value.
func (f Field) fits(value string) error {
	name := "fields." + f.Key
	switch f.Type {
	case "number":
		if _, err := strconv.ParseFloat(value, 64); err != nil || strings.ContainsAny(value, "xXnNiI_") {
			return problem.For(name, "Enter a number.")
		}
	case "date":
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return problem.For(name, "Enter a day such as 2026-01-31.")
		}
	case "choice":
		if !contains(f.Choices, value) {
			return problem.For(name, "Choose one of the values of the field.")
		}
	default:
		if len([]rune(value)) > 500 || strings.ContainsAny(value, "\n\r") {
			return problem.For(name, "Enter one line of at most 500 characters.")
		}
	}
	return nil
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (f *Field) tidy() error {
	line := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if f.English, f.Korean = line(f.English), line(f.Korean); f.English == "" {
		f.English = f.Korean
	} else if f.Korean == "" {
		f.Korean = f.English
	}
	var choices []string
	for _, c := range f.Choices {
		if c = line(c); c != "" && !contains(choices, c) {
			choices = append(choices, c)
		}
	}
	f.Choices = choices
	var check problem.Check
	check.That(keyForm.MatchString(f.Key), "key", "Enter a key of small letters, digits and underscores, such as plan_name.")
	check.That(f.English != "" && len([]rune(f.English+f.Korean)) <= 200, "label", "Enter a label.")
	check.That(contains(FieldTypes, f.Type), "type", "Choose what the field holds.")
	check.That(f.Type != "choice" || len(f.Choices) > 0, "choices", "Enter at least one choice.")
	check.That(len(f.Choices) <= 200, "choices", "Enter at most 200 choices.")
	return check.Err()
}
