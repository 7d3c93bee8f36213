package assistant

import (
	"context"
	"strconv"
	"strings"

	"baraji/internal/assistant"
	"baraji/internal/conversation"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

func stateWord(ctx context.Context, s assistant.State) string { return t(ctx, "state_"+string(s)) }

func outcomeWord(ctx context.Context, o assistant.Outcome) string {
	return t(ctx, "outcome_"+string(o))
}

func outcomeTone(o assistant.Outcome) string {
	switch o {
	case assistant.Answered:
		return "good"
	case assistant.Choices:
		return "moon"
	}
	return "line"
}

// targetWord is what a lesson leads to, in words.
func targetWord(ctx context.Context, titles map[assistant.Target]string, to assistant.Target) string {
	if to.None {
		return t(ctx, "none_of_ours")
	}
	if title, ok := titles[to]; ok {
		return title
	}
	return t(ctx, "gone")
}

func targetURL(to assistant.Target) string {
	if to.Answer != 0 {
		return answerURL(to.Answer)
	}
	return "/knowledge/articles/" + to.Article.String()
}

func targetID(to assistant.Target) string {
	if to.Answer != 0 {
		return to.Answer.String()
	}
	return to.Article.String()
}

// sureWord says how sure the assistant is of what it proposes.
func sureWord(ctx context.Context, l assistant.Lesson) string {
	if l.Likely >= 1 {
		return t(ctx, "inserted")
	}
	return t(ctx, "likely", "share", i18n.Percent(ctx, l.Likely))
}

func (p pile) talk(l assistant.Lesson) (conversation.Conversation, bool) {
	c, ok := p.Talks[l.Conversation]
	return c, ok && l.Conversation != 0
}

// proposed says whether one may accept it as it is.
func proposed(l assistant.Lesson) bool { return l.Known() || l.IsDraft() }

func localeOptions() (list []ui.Option) {
	for _, l := range i18n.Locales() {
		list = append(list, ui.Option{Value: string(l), Label: l.Name()})
	}
	return list
}

func audienceOptions(ctx context.Context) (list []ui.Option) {
	for _, a := range knowledge.Audiences {
		list = append(list, ui.Option{Value: string(a), Label: i18n.T(ctx, "knowledge.audience_"+strings.ReplaceAll(string(a), "-", "_"))})
	}
	return list
}

func (p closely) otherOptions(ctx context.Context) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "choose_answer")}}
	for _, n := range p.Answers {
		list = append(list, ui.Option{Value: n.ID.String(), Label: n.Title})
	}
	return list
}

// title is what the new answer would be called.
func (p closely) title() string {
	if p.Lesson.Title != "" {
		return p.Lesson.Title
	}
	return p.Text
}

// met says whether a share reaches what it is held against.
func met(share float64, ok bool, target float64) string {
	switch {
	case !ok:
		return ""
	case share >= target:
		return "good"
	}
	return "warn"
}

func lessonURL(id assistant.LessonID) string { return "/assistant/lessons/" + id.String() }

func sureTone(l assistant.Lesson) string {
	if l.Likely >= 1 {
		return "good"
	}
	return "line"
}

func stateTone(s assistant.State) string {
	switch s {
	case assistant.Waiting:
		return "moon"
	case assistant.Accepted:
		return "good"
	}
	return "line"
}

// parts are the pages of the area.
func parts(ctx context.Context, here string) (list []ui.Link) {
	for _, p := range []struct{ name, url string }{{"learning", "/assistant"}, {"answers", "/assistant/answers"}, {"flows", "/assistant/flows"}, {"try", "/assistant/try"},
		{"models", "/assistant/models"}, {"results", "/assistant/results"}} {
		if p.name == "results" && !ui.Of(ctx).Can(string(team.ReadConversations)) {
			continue
		}
		list = append(list, ui.Link{Label: t(ctx, "part_"+p.name), URL: p.url, Current: p.name == here})
	}
	return list
}

func meter(share float64) string { return strconv.FormatFloat(share, 'f', 3, 64) }

func modelHeads(ctx context.Context) []ui.Head {
	return []ui.Head{{Label: t(ctx, "model"), Number: true}, {Label: t(ctx, "trained_at")}, {Label: t(ctx, "ways"), Number: true}, {Label: t(ctx, "answers_n"), Number: true},
		{Label: t(ctx, "articles_n"), Number: true}, {Label: t(ctx, "right"), Number: true}, {Label: t(ctx, "answered"), Number: true}, {Label: t(ctx, "precision"), Number: true},
		{Label: t(ctx, "took"), Number: true}, {Label: t(ctx, "serving"), Hidden: true}}
}

func (p outcome) links(ctx context.Context) (list []ui.Link) {
	for _, n := range periods {
		list = append(list, ui.Link{Label: t(ctx, "days", "n", n), URL: "/assistant/results?days=" + strconv.Itoa(n), Current: n == p.Days})
	}
	return list
}

// row is one line of the figures: together, while somebody is there, after hours.
type row struct {
	label, about string
	numbers      [3]int
}

func (p outcome) rows(ctx context.Context) (list []row) {
	for _, r := range []struct {
		name string
		of   func(assistant.Figures) int
	}{
		{"visits", func(f assistant.Figures) int { return f.Visits }},
		{"solved", func(f assistant.Figures) int { return f.Solved }},
		{"quiet", func(f assistant.Figures) int { return f.Quiet }},
		{"handed", func(f assistant.Figures) int { return f.Handed }},
		{"young", func(f assistant.Figures) int { return f.Young }},
		{"tickets", func(f assistant.Figures) int { return f.Tickets }},
		{"helped", func(f assistant.Figures) int { return f.Helped }},
		{"not", func(f assistant.Figures) int { return f.Not }},
	} {
		list = append(list, row{t(ctx, "row_"+r.name), t(ctx, "row_"+r.name+"_about"), [3]int{r.of(p.All), r.of(p.Open), r.of(p.After)}})
	}
	return list
}

// states are the states of lessons, as ways to see the list.
func (p pile) states(ctx context.Context) (list []ui.Link) {
	for _, s := range assistant.States {
		list = append(list, ui.Link{Label: stateWord(ctx, s), URL: stateURL(s), Count: p.Counts[s], Current: s == p.State})
	}
	return list
}

// plain is what Markdown says, without its marks.
func plain(markdown string) string { return html.ToText(html.FromMarkdown(markdown)) }
