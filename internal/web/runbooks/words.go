package runbooks

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"baraji/internal/conversation"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/runbook"
	"baraji/internal/web/ui"
)

// shown is a text as its readers see it.
func shown(ctx context.Context, text i18n.Text) templ.Component {
	l := i18n.Of(ctx).Locale
	return templ.Raw(knowledge.HTML(l, text.In(l)))
}

// said is a text in the reader's language, else in the other.
func said(ctx context.Context, text i18n.Text) string { return text.In(i18n.Of(ctx).Locale) }

// languageOf is the language of what is shown, where that is not the page's.
func languageOf(ctx context.Context, text i18n.Text) string {
	l := i18n.Of(ctx).Locale
	if text[l] != "" || text.In(l) == "" {
		return string(l)
	}
	for _, other := range i18n.Locales() {
		if text[other] != "" {
			return string(other)
		}
	}
	return string(l)
}

func number(n int) string { return strconv.Itoa(n) }

func tabs(ctx context.Context, p shelf) []ui.Link {
	return []ui.Link{{Label: t(ctx, "guides"), URL: p.url("guides"), Current: p.Show == "guides", Count: p.Guides},
		{Label: t(ctx, "known"), URL: p.url("known"), Current: p.Show == "known", Count: p.Open, Hot: true},
		{Label: t(ctx, "show_archived"), URL: p.url("archived"), Current: p.Show == "archived"}}
}

// conditions say in words which conversations a runbook is for.
func conditions(ctx context.Context, c runbook.Content) (list []string) {
	if c.When.Type != "" {
		list = append(list, i18n.T(ctx, "inbox.type_"+c.When.Type))
	}
	if c.When.Severity != "" {
		list = append(list, i18n.T(ctx, "inbox.severity_"+c.When.Severity))
	}
	if c.When.Stage != "" {
		list = append(list, i18n.T(ctx, "common.stage_"+strings.ReplaceAll(c.When.Stage, "-", "_")))
	}
	for _, s := range []string{c.When.Tier, c.When.Tag, c.When.Channel} {
		if s != "" {
			list = append(list, s)
		}
	}
	if c.When.Language != "" {
		list = append(list, c.When.Language.Name())
	}
	for _, w := range c.Words {
		list = append(list, t(ctx, "word", "word", w))
	}
	return list
}

// stateWord is what a known error is: open, or fixed in a version.
func stateWord(ctx context.Context, c runbook.Content) string {
	switch {
	case !c.Fixed:
		return t(ctx, "open")
	case c.FixedIn != "":
		return t(ctx, "fixed_since", "version", c.FixedIn)
	}
	return t(ctx, "is_fixed")
}

func stateTone(c runbook.Content) string {
	if c.Fixed {
		return "good"
	}
	return "warn"
}

// helpedWord is how often it helped.
func helpedWord(ctx context.Context, f runbook.Figures) string {
	if f.Closed == 0 {
		return t(ctx, "no_figure")
	}
	return i18n.Percent(ctx, f.Helped())
}

// stuck says whether somebody ever stuck.
func stuck(f runbook.Figures) bool {
	_, n := f.Worst()
	return n > 0
}

// worstWord is where it stuck most often: step 3, twice.
func worstWord(ctx context.Context, c runbook.Content, f runbook.Figures) string {
	key, n := f.Worst()
	if n == 0 {
		return t(ctx, "no_figure")
	}
	for i, s := range c.Steps {
		if s.Key == key {
			return t(ctx, "worst", "step", i+1, "n", n)
		}
	}
	return t(ctx, "worst_gone", "n", n)
}

// elseWord says what comes when a step did not help.
func elseWord(ctx context.Context, c runbook.Content, s runbook.Step) string {
	switch s.Else {
	case runbook.HandOver:
		return t(ctx, "else_hand_over")
	case runbook.GoTo:
		for i, o := range c.Steps {
			if o.Key == s.To {
				return t(ctx, "else_step", "n", i+1)
			}
		}
	}
	return ""
}

func elseOptions(ctx context.Context, list []runbook.Step, i int) []ui.Option {
	next := t(ctx, "else_next")
	if i+1 == len(list) {
		next = t(ctx, "else_none")
	}
	out := []ui.Option{{Label: next}}
	for k, s := range list {
		if k != i {
			out = append(out, ui.Option{Value: "step " + number(s.Key), Label: t(ctx, "else_step", "n", k+1)})
		}
	}
	return append(out, ui.Option{Value: string(runbook.HandOver), Label: t(ctx, "else_hand_over")})
}

func anyOf(ctx context.Context, prefix string, values []string) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "any")}}
	for _, v := range values {
		if v != "" {
			list = append(list, ui.Option{Value: v, Label: i18n.T(ctx, prefix+v)})
		}
	}
	return list
}

func typeOptions(ctx context.Context) []ui.Option {
	return anyOf(ctx, "inbox.type_", conversation.Types)
}

func severityOptions(ctx context.Context) []ui.Option {
	return anyOf(ctx, "inbox.severity_", conversation.Severities)
}

func sheetTitle(ctx context.Context, s sheet) string {
	switch {
	case s.ID == 0 && s.Given.Kind == runbook.Known:
		return t(ctx, "new_known")
	case s.ID == 0:
		return t(ctx, "new")
	}
	return t(ctx, "edit")
}

func (s sheet) path() string {
	if s.ID == 0 {
		return "/runbooks/new"
	}
	return path(s.ID) + "/edit"
}

func (s sheet) back() string {
	if s.ID == 0 {
		return "/runbooks"
	}
	return path(s.ID)
}

// languagesFrom are the languages, the reader's first.
func languagesFrom(ctx context.Context) []i18n.Locale {
	list := []i18n.Locale{i18n.Of(ctx).Locale}
	for _, l := range i18n.Locales() {
		if l != list[0] {
			list = append(list, l)
		}
	}
	return list
}

func first(n int, wrong string) string {
	if n > 0 {
		return ""
	}
	return wrong
}

// runWord is how a run went: solved, or where it stuck.
func runWord(ctx context.Context, r runbook.Run) string {
	if n := r.Number(r.Stuck); n > 0 && r.State != runbook.Solved {
		return t(ctx, "stuck_at", "n", n)
	}
	return t(ctx, "state_"+string(r.State))
}

func runTone(s runbook.State) string {
	switch s {
	case runbook.Solved:
		return "good"
	case runbook.Running:
		return "moon"
	}
	return "warn"
}

func subject(ctx context.Context, c conversation.Conversation) string {
	if c.Subject == "" {
		return i18n.T(ctx, "inbox.no_subject")
	}
	return c.Subject
}

func fieldID(name string, l i18n.Locale) string {
	return "f-" + strings.ReplaceAll(name, ".", "-") + "-" + string(l)
}

func stepsHint(ctx context.Context, s sheet) string {
	if s.Given.Kind == runbook.Known {
		return t(ctx, "steps_known_hint")
	}
	return t(ctx, "steps_hint")
}
