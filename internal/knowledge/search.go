package knowledge

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/token"

	"golang.org/x/text/unicode/norm"
)

// Hit is a page that a search found.
type Hit struct {
	Page
	Score   float64
	Heads   []token.Hit // where in the title the words stand
	Excerpt token.Cutting
	found   []string // the words that it was found by
}

// excerptLength is how much of a text a hit shows, in letters.
const excerptLength = 140

// Search finds what a reader sees in a language, the best first. All words must be there, with their spaces, endings, keyboards and
// synonyms taken lightly; if that finds nothing, one letter of a word in the title may be wrong; if that finds nothing, some of
// the words must be there.
func Search(ctx context.Context, tx *db.Tx, l i18n.Locale, query string, limit int) ([]Hit, error) {
	return search(ctx, tx, l, query, limit, true)
}

func search(ctx context.Context, tx *db.Tx, l i18n.Locale, query string, limit int, whole bool) ([]Hit, error) {
	synonyms, err := Synonyms(ctx, tx)
	if err != nil {
		return nil, err
	}
	groups := asked(query, synonyms)
	if len(groups) == 0 {
		return nil, nil
	}
	steps := []step{{}, {near: true}, {near: true, some: true}}
	if !whole {
		steps = steps[2:]
	}
	for _, s := range steps {
		found, err := s.find(ctx, tx, l, groups, limit)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}

// Known are the open problems that a customer's words may be about, the likeliest first: at least one word stands in the title, and two
// of them in the article.
func Known(ctx context.Context, tx *db.Tx, l i18n.Locale, words string, limit int) ([]Hit, error) {
	synonyms, err := Synonyms(ctx, tx)
	if err != nil {
		return nil, err
	}
	groups := asked(words, synonyms)
	if len(groups) == 0 {
		return nil, nil
	}
	found, err := step{some: true, issue: Open}.find(ctx, tx, l, groups, limit)
	return slices.DeleteFunc(found, func(h Hit) bool { return h.Score < inTitle || len(h.found) < min(2, len(groups)) }), err
}

// step is one way of looking: with a wrong letter, with some of the words, only among problems in a state.
type step struct {
	near, some bool
	issue      Issue
}

// candidates is how many texts are read to rank them: those with a word in the title first.
const candidates = 40

func (s step) find(ctx context.Context, tx *db.Tx, l i18n.Locale, groups []group, limit int) ([]Hit, error) {
	ids, err := s.candidates(ctx, tx, l, groups, titleTable)
	if err == nil && len(ids) < limit { // titles alone do not fill the list
		var more []VersionID
		more, err = s.candidates(ctx, tx, l, groups, searchTable)
		ids = append(ids, slices.DeleteFunc(more, func(id VersionID) bool { return slices.Contains(ids, id) })...)
	}
	if err != nil {
		return nil, err
	}
	// The texts themselves are read only of those that are left: most of a library may hold a common word.
	list, err := versionsOf(ctx, tx, ids)
	return s.rank(list, groups, limit), err
}

// candidates are the versions that hold the words by one of the indexes, those with most of them in the title first.
func (s step) candidates(ctx context.Context, tx *db.Tx, l i18n.Locale, groups []group, table string) ([]VersionID, error) {
	var a db.Args
	where := `t.locale = ` + a.Add(l) + ` AND ` + Visible(ctx, &a)
	if s.issue != NoIssue {
		where += ` AND a.issue = ` + a.Add(s.issue)
	}
	var heads []string
	for _, g := range groups {
		if len(groups) > 1 && (s.some || table != titleTable) {
			heads = append(heads, `CASE WHEN `+fulltext.Any(tx, &a, titleTable, "t.live_id", append(g.queries(), g.near...))+` THEN 1 ELSE 0 END`)
		}
	}
	order := `a.reads DESC, a.id DESC`
	if len(heads) > 0 {
		order = strings.Join(heads, ` + `) + ` DESC, ` + order
	}
	ids, err := db.All(ctx, tx, func(r db.Row) (id VersionID, err error) { return id, r.Scan(&id) }, `SELECT t.live_id FROM knowledge_text t JOIN knowledge_article a ON a.id = t.article_id
		WHERE `+where+` AND (`+s.holds(tx, &a, groups, table)+`) ORDER BY `+order+db.Limit(candidates), a.List()...)
	if err != nil {
		return nil, fmt.Errorf("look for articles: %w", err)
	}
	return ids, nil
}

// holds is the condition for what is worth ranking, as one question to an index. A word that stands nearly in a title and nowhere
// exactly leaves so few that ranking finds whether the other words are there.
func (s step) holds(tx *db.Tx, a *db.Args, groups []group, table string) string {
	const id = "t.live_id"
	var every [][]token.Query
	var words, near []token.Query
	for _, g := range groups {
		queries := g.queries()
		if s.near && table == titleTable {
			queries = append(queries, g.near...)
		}
		every, words, near = append(every, queries), append(words, queries...), append(near, g.near...)
	}
	switch {
	case s.some && table == titleTable:
		return fulltext.Any(tx, a, table, id, words)
	case s.some:
		return fulltext.Any(tx, a, table, id, words) + ` OR ` + fulltext.Any(tx, a, titleTable, id, near)
	case s.near && table != titleTable:
		return fulltext.Any(tx, a, titleTable, id, near)
	}
	return fulltext.Every(tx, a, table, id, every)
}

// versionsOf reads published versions as pages, in the order given. Who may see them was asked before.
func versionsOf(ctx context.Context, tx *db.Tx, ids []VersionID) ([]Page, error) {
	var a db.Args
	list, err := db.All(ctx, tx, scanPage, `SELECT `+pageWords+pageFrom+`v.id IN `+db.In(&a, ids), a.List()...)
	slices.SortFunc(list, func(x, y Page) int { return cmp.Compare(slices.Index(ids, x.Version), slices.Index(ids, y.Version)) })
	return list, err
}

func (s step) rank(list []Page, groups []group, limit int) []Hit {
	var hits []Hit
	for _, p := range list {
		if h, ok := s.score(p, groups); ok {
			hits = append(hits, h)
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	if s.some && len(hits) > 0 {
		least := hits[0].Score / 3
		hits = slices.DeleteFunc(hits, func(h Hit) bool { return h.Score < least })
	}
	hits = hits[:min(len(hits), limit)]
	for i := range hits {
		hits[i].mark()
	}
	return hits
}

// Weights of where a word stands.
const (
	inTitle, inSummary, inText = 10, 4, 1
	first                      = 1  // at the beginning of the title
	nearly                     = .5 // with one letter wrong
)

func (s step) score(p Page, groups []group) (Hit, bool) {
	title, summary, plain := look(p.Title), look(p.Summary), &looked{open: lower(p.Plain)}
	h := Hit{Page: p}
	missing := 0
	for _, g := range groups {
		best, mark := 0., ""
		for _, v := range g.variants {
			score := v.weight * (inTitle*min(title.count(v.text), 1) + inSummary*min(summary.count(v.text), 1) + inText*math.Log1p(plain.count(v.text)))
			if strings.HasPrefix(title.open, v.text) {
				score += v.weight * first
			}
			if score > best {
				best, mark = score, v.text
			}
		}
		if best == 0 && s.near {
			best, mark = g.nearest(p)
		}
		if best == 0 {
			missing++
			continue
		}
		h.found = append(h.found, mark)
		h.Score += best
	}
	if missing == len(groups) || missing > 0 && !s.some {
		return h, false
	}
	h.Score += math.Log1p(float64(p.Reads)) / 10
	return h, true
}

// mark finds what to show of a hit: its summary if the words stand there, else the part of its text where they do.
func (h *Hit) mark() {
	words := make([]string, len(h.found))
	for i, w := range h.found {
		words[i] = w + "*"
	}
	q := token.Parse(strings.Join(words, " "))
	h.Heads = q.Hits(h.Title)
	text := h.Plain
	if h.Summary != "" && (len(q.Hits(h.Summary)) > 0 || len(q.Hits(h.Plain)) == 0) {
		text = h.Summary
	}
	h.Excerpt = token.Excerpt(text, q, excerptLength)
}

// looked is a text as it is searched: as it stands, and, where that does not hold a word, without the spaces between Korean words.
type looked struct{ open, closed string }

func look(text string) *looked {
	return &looked{open: lower(norm.NFC.String(strings.Join(strings.Fields(text), " ")))}
}

// lower is strings.ToLower, which takes its time with Korean letters, though they have no small ones.
func lower(text string) string {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == 0xEA && i+1 < len(text) && text[i+1] >= 0xB0, 0xEB <= c && c <= 0xED: // a Hangul syllable
			i += 2
		case 'A' <= c && c <= 'Z' || c >= 0x80:
			return strings.ToLower(text)
		}
	}
	return text
}

// count is how often a word, or the beginning of one, stands in the text.
func (l *looked) count(word string) float64 {
	if n := occurrences(l.open, word); n > 0 || word[0] < 0x80 {
		return float64(n)
	}
	if l.closed == "" {
		l.closed = closed(l.open)
	}
	return float64(occurrences(l.closed, closed(word)))
}

func occurrences(text, word string) (n int) {
	for at := 0; n < 20; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return n
		}
		if start := at + i; !inWord(text, start, word) {
			n++
		}
		at += i + len(word)
	}
	return n
}

// inWord says whether a Latin word begins in the middle of another.
func inWord(text string, start int, word string) bool {
	if start == 0 || word[0] >= 0x80 {
		return false
	}
	c := text[start-1]
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}
