package runbook

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/routing"
	"baraji/internal/team"
)

// Suggestion is a runbook that may be the one.
type Suggestion struct {
	Runbook
	Rule  bool     // what it names fits
	Words []string // of its own that the customer used
}

// mostSuggested is how many are offered: one who is alone at night looks at three.
const mostSuggested = 3

// Suggest offers runbooks for a conversation that was read already: nothing to who may not read them.
func Suggest(ctx context.Context, tx *db.Tx, c conversation.Conversation) ([]Suggestion, error) {
	if !team.From(ctx).Can(team.ReadArticles) {
		return nil, nil
	}
	list, err := List(ctx, tx, Filter{})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	about, err := routing.About(ctx, tx, c)
	return suggest(list, about), err
}

// suggest ranks those that fit.
func suggest(list []Runbook, s routing.Subject) (out []Suggestion) {
	points := map[ID]int{}
	for _, b := range list {
		n, one := b.fits(s)
		if n > 0 {
			points[b.ID] = n
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b Suggestion) int { return cmp.Compare(points[b.ID], points[a.ID]) })
	return out[:min(len(out), mostSuggested)]
}

// What something counts. A word that the writer named says more than a type, and a word of the title less than either.
const (
	forWord   = 15
	forNamed  = 10
	forTitle  = 4
	fewTitles = 2 // words of a title that stand for nothing alone
)

// fits says how well it is the one; 0: it is not.
func (b Runbook) fits(s routing.Subject) (points int, out Suggestion) {
	out = Suggestion{Runbook: b}
	named := b.When.Named()
	if named > 0 && !b.When.Fits(s) {
		return 0, out
	}
	for _, w := range b.Words {
		if routing.Holds(s.Words, []string{w}) {
			out.Words = append(out.Words, w)
		}
	}
	titles := 0
	for _, w := range b.titleWords() {
		if routing.Holds(s.Words, []string{w}) {
			titles++
		}
	}
	out.Rule = named > 0 && (len(b.Words) == 0 || len(out.Words) > 0)
	if !out.Rule && len(out.Words) == 0 && titles < fewTitles {
		return 0, out
	}
	points = forWord*min(len(out.Words), 3) + forTitle*min(titles, 3)
	if out.Rule {
		points += forNamed * named
	}
	if b.Fixed { // who has the old version may still have it
		points = max(1, points-forNamed)
	}
	return points, out
}

// titleWords are the words of the title that say something, in both languages.
func (b Runbook) titleWords() (list []string) {
	for _, l := range i18n.Locales() {
		for _, w := range strings.FieldsFunc(strings.ToLower(b.Title[l]), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			long := 4
			if l == i18n.Korean {
				long = 2
			}
			if len([]rune(w)) >= long && !slices.Contains(list, w) {
				list = append(list, w)
			}
		}
	}
	return list
}
