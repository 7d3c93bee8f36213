package macro

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const (
	most        = 2000 // that live
	mostFiles   = 10
	longestName = 100
	longestWord = 30
	longestText = 10_000
	// Kept is how long a deleted macro can be brought back.
	Kept = 30 * 24 * time.Hour
)

// Actions are those that a macro can take: all but answering, which is what its text is for.
func Actions() []automation.Action {
	return slices.DeleteFunc(slices.Clone(automation.Actions), func(a automation.Action) bool { return answers(a.Key) || asks(a.Key) })
}

// answers says whether an action writes to the customer.
func answers(do string) bool { return do == "reply" || do == "write" }

// asks says whether it asks another system, which is for rules: whoever uses a macro would not see where customers' data goes.
func asks(do string) bool { return do == "http" }

// check tidies a macro and finds what is wrong. Actions are called by their place: acts.1.tag.
func (m *Macro) check(ctx context.Context, tx *db.Tx) error {
	var c problem.Check
	m.Name, m.Shortcut = strings.Join(strings.Fields(m.Name), " "), strings.TrimPrefix(strings.TrimSpace(m.Shortcut), "/")
	c.That(m.Name != "", "name", "Give it a name.")
	c.That(len([]rune(m.Name)) <= longestName, "name", "At most %d characters.", longestName)
	c.That(!strings.ContainsFunc(m.Shortcut, func(r rune) bool { return unicode.IsSpace(r) || r == '/' }), "shortcut", "A shortcut is one word.")
	c.That(len([]rune(m.Shortcut)) <= longestWord, "shortcut", "At most %d characters.", longestWord)
	m.Text = tidy(m.Text)
	c.That(m.Text.Fits(longestText), "text", "At most %d characters.", longestText)
	c.That(len(m.Text) > 0 || len(m.Acts) > 0 || len(m.Files) > 0, "text", "Write a text, or choose what is to be done.")
	c.That(len(m.Files) <= mostFiles, "files", "At most %d files.", mostFiles)
	c.That(slices.Contains(Fors, m.For), "for", "Choose who has it.")
	if err := m.checkTeam(ctx, tx, &c); err != nil {
		return err
	}
	for i, a := range m.Acts {
		c.That(!answers(a.Do), fmt.Sprintf("acts.%d.do", i), "What is answered is the text of the macro.")
		c.That(!asks(a.Do), fmt.Sprintf("acts.%d.do", i), "There is no action “%s”.", a.Do)
	}
	if len(m.Acts) > 0 {
		if err := automation.CheckActs(ctx, tx, &c, m.Acts, "acts"); err != nil {
			return err
		}
	}
	return c.Err()
}

func tidy(t i18n.Text) i18n.Text {
	out := i18n.Text{}
	for _, l := range i18n.Locales() {
		if s := strings.TrimSpace(strings.ReplaceAll(t[l], "\r\n", "\n")); s != "" {
			out[l] = s
		}
	}
	return out
}

func (m *Macro) checkTeam(ctx context.Context, tx *db.Tx, c *problem.Check) error {
	if m.For != OfTeam {
		m.Team = 0
		return nil
	}
	_, err := team.GetTeam(ctx, tx, m.Team)
	if problem.KindOf(err) == problem.NotFound {
		c.That(false, "team", "Choose a team.")
		return nil
	}
	return err
}

// Given is a macro as somebody writes it: Files are those that stay (or are taken over from another macro), Uploads new ones.
type Given struct {
	Name     string
	Shortcut string
	For      For
	Team     team.TeamID
	Content
	Keep    []FileID
	Uploads []UploadID
}

// Make makes a macro.
func Make(ctx context.Context, tx *db.Tx, g Given) (ID, error) {
	m := Macro{ID: ID(tx.NewID()), Version: 1, Person: team.From(ctx).Person}
	m.take(g)
	if err := m.allow(ctx); err != nil {
		return 0, err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM macro WHERE deleted_at IS NULL`)
	if err != nil {
		return 0, err
	}
	if n >= most {
		return 0, problem.New(problem.Conflict, "There are %d macros: that is as many as there can be.", most)
	}
	if m.Files, err = given(ctx, tx, g); err != nil {
		return 0, err
	}
	if err := m.check(ctx, tx); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO macro (id, name, shortcut, scope, team_id, person_id, body, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
		m.ID, m.Name, m.Shortcut, m.For, m.Team, m.Person, m.body(), m.Version, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("store a macro: %w", err)
	}
	if err := m.storeFiles(ctx, tx); err != nil {
		return 0, err
	}
	return m.ID, event.Record(ctx, tx, Made{m.ID, m.For, m.Team})
}

func (m *Macro) take(g Given) {
	m.Name, m.Shortcut, m.For, m.Team, m.Content = g.Name, g.Shortcut, g.For, g.Team, g.Content
	m.Acts = slices.Clone(g.Acts)
}

// Change makes a macro say and do something else. What becomes one's own belongs to whoever makes it so.
func Change(ctx context.Context, tx *db.Tx, id ID, g Given) error {
	m, err := ToChange(ctx, tx, id)
	if err != nil {
		return err
	}
	if m.For != Mine && g.For == Mine {
		m.Person = team.From(ctx).Person
	}
	m.take(g)
	if err := m.allow(ctx); err != nil {
		return err
	}
	if m.Files, err = given(ctx, tx, g); err != nil {
		return err
	}
	if err := m.check(ctx, tx); err != nil {
		return err
	}
	m.Version++
	_, err = tx.Exec(ctx, `UPDATE macro SET name = $2, shortcut = $3, scope = $4, team_id = $5, person_id = $6, body = $7, version = $8, updated_at = $9 WHERE id = $1`,
		id, m.Name, m.Shortcut, m.For, m.Team, m.Person, m.body(), m.Version, tx.Now())
	if err != nil {
		return fmt.Errorf("change macro %s: %w", id, err)
	}
	if err := m.storeFiles(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, Changed{id, m.Version})
}

// Delete takes a macro away; for some time it can be brought back.
func Delete(ctx context.Context, tx *db.Tx, id ID) error {
	if _, err := ToChange(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE macro SET deleted_at = $2 WHERE id = $1`, id, tx.Now()); err != nil {
		return err
	}
	return event.Record(ctx, tx, Deleted{id})
}

// Restore brings a deleted macro back.
func Restore(ctx context.Context, tx *db.Tx, id ID) error {
	m, err := find(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.allow(ctx); err != nil {
		return err
	}
	if m.DeletedAt.IsZero() {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE macro SET deleted_at = NULL WHERE id = $1`, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, Restored{id})
}

// Forget takes away for good what was deleted before a time.
func Forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM macro WHERE deleted_at < $1`, before)
	return err
}
