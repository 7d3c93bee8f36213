package desk

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/notice"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// Bell is what whoever acts was told and has not read; nil for who is nobody.
func Bell(ctx context.Context, tx *db.Tx) (*ui.Bell, error) {
	me := team.From(ctx).Person
	if me == 0 {
		return nil, nil
	}
	list, err := notice.Unread(ctx, tx)
	if err != nil {
		return nil, err
	}
	// Who is called must see it even if the page was just being loaded: a hint to a person is lost then, what stands in the log is not.
	b := &ui.Bell{Topic: "person:" + me.String() + " oncall"}
	seen, called := map[string]bool{}, map[string]bool{}
	var calls []notice.Notice
	for _, n := range list {
		if n.Subject == "" || !seen[n.Subject] {
			b.Unread++
		}
		seen[n.Subject] = true
		if n.Act != "" && n.Urgent && !called[n.Act] {
			called[n.Act] = true
			calls = append(calls, n)
		}
	}
	if len(calls) == 0 {
		return b, nil
	}
	if err := notice.Entitle(ctx, tx, calls); err != nil {
		return nil, err
	}
	for _, n := range calls {
		b.Calls = append(b.Calls, ui.Call{Text: n.Say(ctx), Title: n.Title, URL: n.Link, Act: n.Act, Ask: n.Ask(ctx), Since: n.At})
	}
	c, err := notice.Chosen(ctx, tx)
	b.Sound = c.Sound
	return b, err
}
