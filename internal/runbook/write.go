package runbook

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/oncall"
	"baraji/internal/routing"
	"baraji/internal/team"
)

const (
	maxTitle = 150
	maxText  = 4000
	maxSteps = 40
	maxWords = 50
)

// Make writes a new one.
func Make(ctx context.Context, tx *db.Tx, c Content) (ID, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return 0, err
	}
	c, err := c.checked(ctx, tx)
	if err != nil {
		return 0, err
	}
	there, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM runbook WHERE archived_at IS NULL`)
	if err != nil {
		return 0, err
	}
	if there >= most {
		return 0, problem.New(problem.Conflict, "There are %d already, which nobody looks through. Put some away first.", most)
	}
	id := ID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO runbook (id, kind, version, body, created_by, created_at, updated_by, updated_at) VALUES ($1, $2, 1, $3, $4, $5, $4, $5)`,
		id, c.Kind, c.json(), team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("write a runbook: %w", err)
	}
	if err := c.keep(ctx, tx, id, 1); err != nil {
		return 0, err
	}
	return id, event.Record(ctx, tx, Made{id})
}

// Change writes it anew. version is what was changed; 0: whatever there is. It refuses to write over what somebody else has saved
// meanwhile.
func Change(ctx context.Context, tx *db.Tx, id ID, version int, c Content) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	was, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if version != 0 && version != was.Version {
		return overtaken()
	}
	if c, err = c.checked(ctx, tx); err != nil || c.json() == was.json() {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE runbook SET kind = $3, version = version + 1, body = $4, updated_by = $5, updated_at = $6 WHERE id = $1 AND version = $2`,
		id, was.Version, c.Kind, c.json(), team.From(ctx).Person, tx.Now())
	if err != nil {
		return err
	}
	if n == 0 {
		return overtaken()
	}
	if err := c.keep(ctx, tx, id, was.Version+1); err != nil {
		return err
	}
	return event.Record(ctx, tx, Changed{id, was.Version + 1})
}

func overtaken() error {
	return problem.New(problem.Conflict, "Somebody else has saved this runbook meanwhile. Copy what you wrote, load the page again and put it in.")
}

func (c Content) json() string {
	b, _ := json.Marshal(c) // strings and numbers
	return string(b)
}

func (c Content) keep(ctx context.Context, tx *db.Tx, id ID, number int) error {
	_, err := tx.Exec(ctx, `INSERT INTO runbook_version (id, runbook_id, number, body, person_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.NewID(), id, number, c.json(), team.From(ctx).Person, tx.Now())
	return err
}

// Restore brings an old version back, as a new one.
func Restore(ctx context.Context, tx *db.Tx, id ID, number int) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	list, err := Versions(ctx, tx, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(v Version) bool { return v.Number == number })
	if i < 0 {
		return problem.New(problem.NotFound, "There is no such version.")
	}
	return Change(ctx, tx, id, 0, list[i].Content)
}

// Archive puts one away, or brings it back.
func Archive(ctx context.Context, tx *db.Tx, id ID, away bool) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	b, err := Get(ctx, tx, id)
	if err != nil || away == !b.ArchivedAt.IsZero() {
		return err
	}
	at, fact := time.Time{}, event.Fact(Unarchived{id})
	if away {
		at, fact = tx.Now(), Archived{id}
	}
	if _, err := tx.Exec(ctx, `UPDATE runbook SET archived_at = $2 WHERE id = $1`, id, at); err != nil {
		return err
	}
	return event.Record(ctx, tx, fact)
}

// checked is what is kept: tidied, with a key for each step. Fields are called by place: steps.0, steps.0.to.
func (c Content) checked(ctx context.Context, tx *db.Tx) (Content, error) {
	var k problem.Check
	if c.Kind == "" {
		c.Kind = Guide
	}
	k.That(slices.Contains(Kinds, c.Kind), "kind", "There is no kind “%s” of runbook.", string(c.Kind))
	c.Title, c.About, c.Cause, c.Workaround = line(c.Title), tidy(c.About), tidy(c.Cause), tidy(c.Workaround)
	c.FixedIn, c.Words = strings.TrimSpace(c.FixedIn), routing.Tidy(c.Words)
	k.That(c.Title.In(i18n.English) != "", "title", "Enter a title.")
	k.That(c.Title.Fits(maxTitle), "title", "At most %d characters.", maxTitle)
	for name, t := range map[string]i18n.Text{"about": c.About, "cause": c.Cause, "workaround": c.Workaround} {
		k.That(t.Fits(maxText), name, "At most %d characters.", maxText)
	}
	k.That(len([]rune(c.FixedIn)) <= 60, "fixed_in", "At most %d characters.", 60)
	k.That(len(c.Words) <= maxWords, "words", "At most %d words.", maxWords)
	for _, w := range c.Words {
		k.That(len([]rune(w)) >= 2 && len([]rune(w)) <= 60, "words", "“%s” is no word that could say something: it needs 2 to 60 letters.", w)
	}
	c.When.Check(&k, "")
	switch c.Kind {
	case Known:
		k.That(len(c.Steps) > 0 || c.Workaround.In(i18n.English) != "", "workaround", "Say how one gets by until it is fixed, or write steps.")
		if !c.Fixed {
			c.FixedIn = ""
		}
	default:
		c.Cause, c.Workaround, c.Fixed, c.FixedIn = nil, nil, false, ""
		k.That(len(c.Steps) > 0, "steps", "Write at least one step.")
	}
	k.That(len(c.Steps) <= maxSteps, "steps", "At most %d steps. Make two runbooks of it.", maxSteps)
	c.Steps = keyed(c.Steps)
	for i := range c.Steps {
		if err := c.checkStep(ctx, tx, &k, i); err != nil {
			return c, err
		}
	}
	return c, k.Err()
}

func (c Content) checkStep(ctx context.Context, tx *db.Tx, k *problem.Check, i int) error {
	s, at := &c.Steps[i], "steps."+strconv.Itoa(i)
	s.Text, s.ArticleTitle, s.ServiceName = tidy(s.Text), nil, ""
	k.That(s.Text.In(i18n.English) != "", at, "Say what to do.")
	k.That(s.Text.Fits(maxText), at, "At most %d characters.", maxText)
	k.That(slices.Contains(Elses, s.Else), at+".else", "Choose what comes when it did not help.")
	if s.Else != GoTo {
		s.To = 0
	}
	k.That(s.Else != GoTo || s.To != s.Key && slices.ContainsFunc(c.Steps, func(o Step) bool { return o.Key == s.To }), at+".else", "Choose another step of this runbook.")
	if s.Article != 0 {
		if _, err := knowledge.Get(ctx, tx, s.Article); problem.KindOf(err) == problem.NotFound {
			k.That(false, at+".article", "There is no such article.")
		} else if err != nil {
			return err
		}
	}
	if s.Service != 0 {
		if _, err := oncall.GetService(ctx, tx, s.Service); problem.KindOf(err) == problem.NotFound {
			k.That(false, at+".service", "There is no such service.")
		} else if err != nil {
			return err
		}
	}
	return nil
}

// keyed gives a key to each step that has none yet, or one that another has.
func keyed(steps []Step) []Step {
	out, next := slices.Clone(steps), 1
	used := map[int]bool{}
	for _, s := range out {
		next = max(next, s.Key+1)
	}
	for i := range out {
		if out[i].Key <= 0 || used[out[i].Key] {
			out[i].Key, next = next, next+1
		}
		used[out[i].Key] = true
	}
	return out
}

// line is a text in one line, tidy one without space around it; what is empty is not kept.
func line(t i18n.Text) i18n.Text {
	return each(t, func(s string) string { return strings.Join(strings.Fields(s), " ") })
}

func tidy(t i18n.Text) i18n.Text {
	return each(t, func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) })
}

func each(t i18n.Text, do func(string) string) i18n.Text {
	var out i18n.Text
	for _, l := range i18n.Locales() {
		if s := do(t[l]); s != "" {
			if out == nil {
				out = i18n.Text{}
			}
			out[l] = s
		}
	}
	return out
}
