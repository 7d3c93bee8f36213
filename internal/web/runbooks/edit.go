package runbooks

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/knowledge"
	"baraji/internal/oncall"
	"baraji/internal/runbook"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// sheet is the form of a runbook, new or not.
type sheet struct {
	ID       runbook.ID // none: it is new
	Version  int        // that is changed
	Given    runbook.Content
	Articles []ui.Option
	Services []ui.Option
	Trouble  ui.Trouble
}

const mostArticles = 300 // that are offered

// choices reads what the form offers.
func (s *sheet) choices(ctx context.Context, tx *db.Tx) error {
	list, err := knowledge.List(ctx, tx, knowledge.Filter{State: knowledge.Live, Limit: mostArticles})
	if err != nil {
		return err
	}
	s.Articles = []ui.Option{{Label: t(ctx, "no_article")}}
	for _, a := range list {
		title := i18n.Text{}
		for l, text := range a.Texts {
			title[l] = text.Title
		}
		s.Articles = append(s.Articles, ui.Option{Value: a.ID.String(), Label: title.In(i18n.Of(ctx).Locale)})
	}
	slices.SortStableFunc(s.Articles[1:], func(a, b ui.Option) int { return cmp.Compare(a.Label, b.Label) })
	s.Services = []ui.Option{{Label: t(ctx, "no_service")}}
	services, err := oncall.Services(ctx, tx)
	for _, of := range services {
		s.Services = append(s.Services, ui.Option{Value: of.ID.String(), Label: of.Name})
	}
	return err
}

func (a area) newForm(w http.ResponseWriter, r *http.Request) error {
	s := sheet{Given: runbook.Content{Kind: runbook.Guide, Steps: []runbook.Step{{Key: 1}}}}
	if r.URL.Query().Get("kind") == string(runbook.Known) {
		s.Given = runbook.Content{Kind: runbook.Known}
	}
	return a.render(w, r, http.StatusOK, s)
}

func (a area) render(w http.ResponseWriter, r *http.Request, status int, s sheet) error {
	if err := a.Read(r, s.choices); err != nil {
		return err
	}
	ui.Render(w, r, status, editPage(s))
	return nil
}

func (a area) editForm(w http.ResponseWriter, r *http.Request) error {
	key, err := runbookID(r)
	if err != nil {
		return err
	}
	var s sheet
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) error {
		b, err := runbook.Get(ctx, tx, key)
		s = sheet{ID: key, Version: b.Version, Given: b.Content}
		return err
	})
	if err != nil {
		return err
	}
	return a.render(w, r, http.StatusOK, s)
}

// save is POST /runbooks/new and /runbooks/{id}/edit: it is kept, or a button changed the form.
func (a area) save(w http.ResponseWriter, r *http.Request) error {
	var s sheet
	if r.PathValue("id") != "" {
		key, err := runbookID(r)
		if err != nil {
			return err
		}
		err = a.Read(r, func(ctx context.Context, tx *db.Tx) error {
			b, err := runbook.Get(ctx, tx, key)
			s = sheet{ID: key, Given: b.Content} // what the form does not show stays
			return err
		})
		if err != nil {
			return err
		}
	}
	s.take(r)
	if s.press(r.FormValue("do")) {
		return a.render(w, r, http.StatusOK, s)
	}
	made := s.ID
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if s.ID != 0 {
			return runbook.Change(ctx, tx, s.ID, s.Version, s.Given)
		}
		made, err = runbook.Make(ctx, tx, s.Given)
		return err
	})
	if err == nil {
		ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), "saved")}, path(made))
		return nil
	}
	if s.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.render(w, r, s.Trouble.Status, s)
}

const mostTyped = 60 // steps that a form may hold

// take reads what was typed.
func (s *sheet) take(r *http.Request) {
	g := &s.Given
	s.Version, _ = strconv.Atoi(r.FormValue("version"))
	g.Kind = runbook.Kind(r.FormValue("kind"))
	g.Title, g.About, g.Cause, g.Workaround = desk.Text(r, "title"), desk.Text(r, "about"), desk.Text(r, "cause"), desk.Text(r, "workaround")
	g.Fixed, g.FixedIn = r.FormValue("fixed") != "", r.FormValue("fixed_in")
	g.When.Type, g.When.Severity, g.When.Tier, g.When.Tag = r.FormValue("type"), r.FormValue("severity"), r.FormValue("tier"), r.FormValue("tag")
	g.Words, g.Steps = strings.Split(r.FormValue("words"), ","), nil
	n, _ := strconv.Atoi(r.FormValue("n"))
	for i := range max(0, min(n, mostTyped)) {
		at := strconv.Itoa(i) + "."
		step := runbook.Step{Text: desk.Text(r, at+"text")}
		step.Key, _ = strconv.Atoi(r.FormValue(at + "key"))
		step.Article, _ = id.Read[knowledge.ID](r.FormValue(at + "article"))
		step.Service, _ = id.Read[oncall.ServiceID](r.FormValue(at + "service"))
		step.Else, step.To = elseOf(r.FormValue(at + "else"))
		g.Steps = append(g.Steps, step)
	}
}

// elseOf reads what comes when a step did not help: "", "hand_over", "step 3".
func elseOf(text string) (runbook.Else, int) {
	what, key, _ := strings.Cut(text, " ")
	to, _ := strconv.Atoi(key)
	return runbook.Else(what), to
}

func elseValue(s runbook.Step) string {
	if s.Else == runbook.GoTo {
		return string(s.Else) + " " + strconv.Itoa(s.To)
	}
	return string(s.Else)
}

// press does what a button of the form says; false: the form is to be saved.
func (s *sheet) press(do string) bool {
	what, text, _ := strings.Cut(do, " ")
	i, err := strconv.Atoi(text)
	steps := s.Given.Steps
	known := err == nil && i >= 0 && i < len(steps)
	switch {
	case what == "step":
		next := 1
		for _, one := range steps {
			next = max(next, one.Key+1)
		}
		s.Given.Steps = append(steps, runbook.Step{Key: next})
	case what == "drop" && known:
		s.Given.Steps = slices.Delete(steps, i, i+1)
	case what == "up" && known && i > 0:
		steps[i-1], steps[i] = steps[i], steps[i-1]
	case what == "down" && known && i+1 < len(steps):
		steps[i], steps[i+1] = steps[i+1], steps[i]
	default:
		return false
	}
	return true
}
