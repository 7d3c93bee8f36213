package runbook

import (
	"context"
	"encoding/json"
	"slices"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// Start follows a runbook in a conversation. The same again is the run that is under way.
func Start(ctx context.Context, tx *db.Tx, talk conversation.ID, of ID) (Run, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Run{}, err
	}
	c, err := conversation.Survivor(ctx, tx, talk)
	if err != nil {
		return Run{}, err
	}
	b, err := Get(ctx, tx, of)
	if err != nil {
		return Run{}, err
	}
	had, err := Of(ctx, tx, c.ID)
	if err != nil {
		return Run{}, err
	}
	if i := slices.IndexFunc(had, func(r Run) bool { return r.Runbook == of && r.State == Running }); i >= 0 {
		return had[i], nil
	}
	if !b.ArchivedAt.IsZero() {
		return Run{}, problem.New(problem.Conflict, "This runbook was put away.")
	}
	s, err := b.snapshot(ctx, tx)
	if err != nil {
		return Run{}, err
	}
	body, err := json.Marshal(s)
	if err != nil {
		return Run{}, err
	}
	key := RunID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO runbook_run (id, runbook_id, version, conversation_id, state, body, ticks, started_by, started_at) VALUES ($1, $2, $3, $4, 'running', $5, '[]', $6, $7)`,
		key, b.ID, b.Version, c.ID, string(body), team.From(ctx).Person, tx.Now())
	if err != nil {
		return Run{}, err
	}
	if err := event.Record(ctx, tx, Started{c.ID, key, b.ID, b.Version}); err != nil {
		return Run{}, err
	}
	return GetRun(ctx, tx, key)
}

// snapshot is what a run keeps: what the steps lead to has its name, and a known error without steps has one, how one gets by.
func (b Runbook) snapshot(ctx context.Context, tx *db.Tx) (snapshot, error) {
	s := snapshot{b.Kind, b.Title, slices.Clone(b.Steps)}
	if len(s.Steps) == 0 {
		s.Steps = []Step{{Key: 1, Text: b.Workaround}}
	}
	return s, Name(ctx, tx, s.Steps)
}

// Name fills in what the articles and services of steps are called now.
func Name(ctx context.Context, tx *db.Tx, steps []Step) error {
	var articles []knowledge.ID
	services := false
	for _, s := range steps {
		if s.Article != 0 {
			articles = append(articles, s.Article)
		}
		services = services || s.Service != 0
	}
	for _, l := range i18n.Locales() {
		pages, err := knowledge.Cite(ctx, tx, l, articles)
		if err != nil {
			return err
		}
		for i := range steps {
			if p, ok := pages[steps[i].Article]; ok {
				steps[i].ArticleTitle = with(steps[i].ArticleTitle, p.Locale, p.Title)
			}
		}
	}
	if !services {
		return nil
	}
	list, err := oncall.Services(ctx, tx)
	for _, of := range list {
		for i := range steps {
			if steps[i].Service == of.ID {
				steps[i].ServiceName = of.Name
			}
		}
	}
	return err
}

func with(t i18n.Text, l i18n.Locale, s string) i18n.Text {
	if t == nil {
		t = i18n.Text{}
	}
	t[l] = s
	return t
}
