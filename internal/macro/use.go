package macro

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Written is what a macro puts into what is being written.
type Written struct {
	Macro
	Text    string // with its placeholders filled
	Uploads []conversation.Upload
}

// Choose makes of a macro what goes into an answer or a note about a subject: a conversation or a customer, by its id; "" is nobody yet.
func Choose(ctx context.Context, tx *db.Tx, id ID, subject string, l i18n.Locale) (w Written, err error) {
	if w.Macro, err = Get(ctx, tx, id); err != nil {
		return w, err
	}
	if w.Text, err = automation.About(ctx, tx, subject).Fill(w.Macro.Text.In(l)); err != nil {
		return w, err
	}
	for _, f := range w.Files {
		u, err := conversation.AddUpload(ctx, tx, conversation.Upload{Name: f.Name, Type: f.Type, Size: f.Size, Blob: f.Blob})
		if err != nil {
			return w, err
		}
		w.Uploads = append(w.Uploads, u)
	}
	return w, nil
}

// Choice is one of the macros that were chosen, as it was shown, with those of its actions that are still wanted.
type Choice struct {
	Macro   ID
	Version int
	Acts    []int // places, from 0
}

// String is the choice as a form carries it; [ParseChoices] reads it.
func (c Choice) String() string { return c.Macro.String() + "." + strconv.Itoa(c.Version) }

// Act is one of its actions as a form carries it.
func (c Choice) Act(i int) string { return c.String() + "." + strconv.Itoa(i) }

// ParseChoices reads what a form carries: macros, and of them actions. What stands there twice is meant once.
func ParseChoices(macros, acts []string) (list []Choice, err error) {
	for _, s := range macros {
		c, _, ok := parse(s)
		if !ok {
			return nil, errForm()
		}
		if !slices.ContainsFunc(list, c.same) {
			list = append(list, c)
		}
	}
	for _, s := range acts {
		c, at, ok := parse(s)
		i := slices.IndexFunc(list, c.same)
		if !ok || at < 0 || i < 0 {
			return nil, errForm()
		}
		if !slices.Contains(list[i].Acts, at) {
			list[i].Acts = append(list[i].Acts, at)
		}
	}
	return list, nil
}

func errForm() error {
	return problem.New(problem.Invalid, "This form is not the one that was sent.")
}

func (c Choice) same(o Choice) bool { return c.Macro == o.Macro && c.Version == o.Version }

// parse reads mac_….version or mac_….version.place; without a place it is -1.
func parse(s string) (c Choice, at int, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return c, 0, false
	}
	key, err := id.Read[ID](parts[0])
	if err != nil {
		return c, 0, false
	}
	c.Macro, at = key, -1
	if c.Version, err = strconv.Atoi(parts[1]); err != nil {
		return c, 0, false
	}
	if len(parts) == 3 {
		if at, err = strconv.Atoi(parts[2]); err != nil || at < 0 {
			return c, 0, false
		}
	}
	return c, at, true
}

// All chooses a macro with everything that it does.
func (m Macro) All() Choice {
	c := Choice{Macro: m.ID, Version: m.Version}
	for i := range m.Acts {
		c.Acts = append(c.Acts, i)
	}
	return c
}

// Use does in a conversation what was chosen, as whoever acts, and counts it. With an error nothing of it may stay.
func Use(ctx context.Context, tx *db.Tx, talk conversation.ID, list []Choice) error {
	if len(list) == 0 {
		return nil
	}
	if _, err := conversation.Get(ctx, tx, talk); err != nil {
		return err
	}
	var acts []automation.Act
	for _, c := range list {
		more, err := c.acts(ctx, tx)
		if err != nil {
			return err
		}
		acts = append(acts, more...)
		if err := c.count(ctx, tx, talk); err != nil {
			return err
		}
	}
	slices.SortStableFunc(acts, func(a, b automation.Act) int { return cmp.Compare(givesAway(a), givesAway(b)) })
	_, err := automation.NewCase(ctx, tx, event.Event{Subject: talk.String()}, team.From(ctx).Person).Perform(ctx, acts)
	return err
}

// givesAway says how late an action has to come: one who gives a conversation to another team may not see it any more.
func givesAway(a automation.Act) int {
	return 1 + slices.Index([]string{"assign", "team"}, a.Do)
}

// acts are the actions that are wanted, if they are still those that were shown.
func (c Choice) acts(ctx context.Context, tx *db.Tx) (acts []automation.Act, err error) {
	m, err := Get(ctx, tx, c.Macro)
	if err != nil {
		return nil, err
	}
	if m.Version != c.Version {
		return nil, problem.New(problem.Conflict, "The macro “%s” was changed in the meantime. Choose it again.", m.Name)
	}
	for _, i := range c.Acts {
		if i < 0 || i >= len(m.Acts) {
			return nil, errForm()
		}
		acts = append(acts, m.Acts[i])
	}
	return acts, nil
}

func (c Choice) count(ctx context.Context, tx *db.Tx, talk conversation.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE macro SET used = used + 1, used_at = $2 WHERE id = $1`, c.Macro, tx.Now()); err != nil {
		return err
	}
	return event.Record(ctx, tx, Used{c.Macro, talk})
}
