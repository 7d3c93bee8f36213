package knowledge

import (
	"context"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/web/ui"
)

func stateWord(ctx context.Context, s knowledge.State) string {
	if s == knowledge.AnyState {
		return t(ctx, "state_all")
	}
	return t(ctx, "state_"+string(s))
}

func audienceWord(ctx context.Context, a knowledge.Audience) string {
	return t(ctx, "audience_"+strings.ReplaceAll(string(a), "-", "_"))
}

func audienceTone(a knowledge.Audience) string {
	if a == knowledge.Everybody {
		return "good"
	}
	return "accent"
}

func audienceOptions(ctx context.Context) (list []ui.Option) {
	for _, a := range knowledge.Audiences {
		list = append(list, ui.Option{Value: string(a), Label: audienceWord(ctx, a)})
	}
	return list
}

func issueOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Label: t(ctx, "issue_none")}, {Value: string(knowledge.Open), Label: t(ctx, "issue_open")}, {Value: string(knowledge.Fixed), Label: t(ctx, "issue_fixed")}}
}

func titleOr(ctx context.Context, title string) string {
	if title == "" {
		return t(ctx, "untitled")
	}
	return title
}

// unsaid says whether readers do not see all that was written.
func unsaid(x knowledge.Article) bool {
	for _, text := range x.Texts {
		if text.Published() && text.Dirty {
			return true
		}
	}
	return false
}

func due(ctx context.Context, x knowledge.Article) bool {
	return !x.ReviewAt.IsZero() && !x.ReviewAt.After(i18n.Of(ctx).Now)
}

// share is how many of a hundred found it helpful.
func share(v knowledge.Votes) string {
	if v.Share() < 0 {
		return "–"
	}
	return strconv.Itoa(v.Share()) + "%"
}

func day(ctx context.Context, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(i18n.Of(ctx).Zone).Format(time.DateOnly)
}

// remark is what the check of the language says, in words.
func remark(ctx context.Context, r knowledge.Remark) string {
	text := r.Text
	if rs := []rune(text); len(rs) > 48 {
		text = string(rs[:47]) + "…"
	}
	return t(ctx, "remark_"+r.Kind, "text", text, "use", r.Use)
}

func ease(ctx context.Context, score int) string {
	switch {
	case score >= 80:
		return t(ctx, "easy")
	case score >= 50:
		return t(ctx, "middling")
	}
	return t(ctx, "hard")
}

// versionURL shows one version beside the draft.
func versionURL(v knowledge.Version) string {
	return articleURL(v.Article) + "/versions?locale=" + string(v.Locale) + "&version=" + v.ID.String()
}

func lineClass(mark byte) string {
	switch mark {
	case '+':
		return "diff__line diff__line--new"
	case '-':
		return "diff__line diff__line--gone"
	}
	return "diff__line"
}

func lineWord(ctx context.Context, mark byte) string {
	switch mark {
	case '+':
		return t(ctx, "line_new")
	case '-':
		return t(ctx, "line_gone")
	}
	return ""
}

// inLanguage is a word of this area in another language than the page's.
func inLanguage(ctx context.Context, l i18n.Locale, key string) string {
	reader := i18n.Of(ctx)
	reader.Locale = l
	return t(i18n.With(ctx, reader), key)
}

// localesFrom are the languages, that of the reader first.
func localesFrom(first i18n.Locale) []i18n.Locale {
	list := []i18n.Locale{first}
	for _, l := range i18n.Locales() {
		if l != first {
			list = append(list, l)
		}
	}
	return list
}

// versionViews are the languages whose versions there are.
func versionViews(ctx context.Context, p history) (list []ui.Link) {
	for _, l := range localesFrom(i18n.Of(ctx).Locale) {
		list = append(list, ui.Link{Label: l.Name(), URL: articleURL(p.ID) + "/versions?locale=" + string(l), Current: p.Locale == l})
	}
	return list
}
