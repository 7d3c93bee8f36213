package folder

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
)

// Batch is what was read from files.
type Batch struct {
	Entries []Entry
	Refused []Line // files that are no part of any entry, and why

	shelves  map[string]map[i18n.Locale]head // what is said about categories, by their path
	pictures map[string]*picture             // by their path
}

// Line is what is to be said about a file.
type Line struct {
	Path string
	Why  *problem.Error
}

// Entry is the files of one article.
type Entry struct {
	Key    string // what the article is called among the files: its translationKey, else where it lies
	Shelf  string // the path of its category; "" is none
	Texts  []Text
	Says   Says
	Sum    string // of all that its files say
	Remark []*problem.Error
}

// Says is what the files say about the article in all languages. What is "" or zero they do not say.
type Says struct {
	Audience knowledge.Audience
	Segment  string
	Issue    knowledge.Issue
	Owner    string // address
	Review   time.Time
	Archived bool
	Updated  time.Time
}

// Text is what one file says.
type Text struct {
	Path   string
	Locale i18n.Locale
	Live   bool // readers shall see it
	Words  knowledge.Words
	Former []string // addresses

	named bool // its head says the address, not only its name
	key   string
	shelf string
	head  head
}

// Read reads what files say. Whatever is wrong with a file is said of that file; the others are read.
func Read(files []File) (*Batch, error) {
	b := &Batch{shelves: map[string]map[i18n.Locale]head{}, pictures: map[string]*picture{}}
	var texts []Text
	var all int
	top := prefix(files)
	for _, f := range files {
		switch {
		case unseen(f.Path):
		case f.Bad != nil:
			b.refuse(f.Path, f.Bad)
		case isPicture(f.Path):
			b.pictures[f.Path] = &picture{File: f}
		case isAbout(f.Path):
			b.refuse(f.Path, problem.New(problem.Invalid, "It is about the folder, not an article."))
		case !isMarkdown(f.Path):
			b.refuse(f.Path, problem.New(problem.Invalid, "It is neither Markdown nor a picture."))
		default:
			content, err := f.read(maxText)
			if all += len(content); all > maxTexts {
				return nil, problem.New(problem.Invalid, "The articles have more than %d MB together. Take them in parts.", maxTexts>>20)
			}
			if err == nil {
				var t Text
				if t, err = b.text(f.Path, strings.TrimPrefix(f.Path, top), content); err == nil && t.Path != "" {
					texts = append(texts, t)
				}
			}
			if err != nil {
				b.refuse(f.Path, told(err))
			}
		}
	}
	b.gather(texts)
	return b, nil
}

func (b *Batch) refuse(path string, why *problem.Error) {
	b.Refused = append(b.Refused, Line{path, why})
}

// prefix is the folder that everything lies in, as archives often have one. A folder with articles of its own is a category.
func prefix(files []File) (top string) {
	for {
		next := ""
		for _, f := range files {
			if unseen(f.Path) || f.Bad != nil || !isMarkdown(f.Path) || isAbout(f.Path) {
				continue
			}
			first, rest, deeper := strings.Cut(strings.TrimPrefix(f.Path, top), "/")
			if !deeper || next != "" && next != first || !strings.Contains(rest, "/") && !slices.Contains(wrappers, first) {
				return top
			}
			next = first
		}
		if _, language := i18n.Parse(next); next == "" || language {
			return top
		}
		top += next + "/"
	}
}

// wrappers are folders that site generators keep articles in: no categories.
var wrappers = []string{"docs", "content", "articles", "_posts"}

var (
	suffix  = regexp.MustCompile(`^(.*)\.([A-Za-z]{2}(?:-[A-Za-z]{2,4})?)$`)
	dated   = regexp.MustCompile(`^\d{4}-\d\d-\d\d-(.+)$`)
	heading = regexp.MustCompile(`^\s*# +([^\n]+?)[ #]*(?:\n+|$)`)
)

// text reads one file. A zero Text is one about a category.
func (b *Batch) text(full, name string, content []byte) (t Text, err error) {
	if !utf8.Valid(content) || strings.ContainsRune(string(content), 0) {
		return t, problem.New(problem.Invalid, "It is not text in UTF-8.")
	}
	top, body, err := cut(string(content))
	if err != nil {
		return t, err
	}
	h, err := read(top)
	if err != nil {
		return t, err
	}
	dir, base := path.Split(strings.TrimSuffix(name, path.Ext(name)))
	dir = strings.Trim(dir, "/")
	language := h.Locale
	if m := suffix.FindStringSubmatch(base); m != nil {
		base = m[1]
		language = or(language, m[2])
	}
	if first, rest, _ := strings.Cut(dir, "/"); first != "" {
		if _, ok := i18n.Parse(first); ok {
			dir, language = rest, or(language, first)
		}
	}
	base = strings.TrimSuffix(base, ".draft")
	l, known := i18n.Parse(language)
	if language == "" {
		l, known = guess(body+h.Title), true
	}
	if !known {
		return t, problem.New(problem.Invalid, "“%s” is none of the languages here: %s.", language, "en, ko")
	}
	if base == "_index" {
		b.aboutShelf(dir, l, h)
		return Text{}, nil
	}
	if base == "index" && dir != "" {
		dir, base = path.Split(dir)
		dir = strings.Trim(dir, "/")
	}
	if m := dated.FindStringSubmatch(base); m != nil {
		base = m[1]
	}
	t = Text{Path: full, Locale: l, head: h, named: h.Slug != "", key: or(h.Key, path.Join(dir, base)), Former: h.Aliases}
	if h.Title == "" {
		if m := heading.FindStringSubmatch(body); m != nil {
			h.Title, body = m[1], body[len(m[0]):]
		}
	}
	if t.shelf = shelf(dir); t.shelf == "" {
		t.shelf = shelf(h.Category)
	}
	t.Live = h.Status == published
	t.Words = knowledge.Words{Title: or(h.Title, base), Summary: h.Summary, Body: body, Slug: or(h.Slug, base)}
	return t, t.check()
}

func (t *Text) check() error {
	w := t.Words.Tidy()
	switch {
	case utf8.RuneCountInString(oneLine(t.Words.Title)) > utf8.RuneCountInString(w.Title):
		return problem.New(problem.Invalid, "A title has at most %d letters.", 120)
	case utf8.RuneCountInString(oneLine(t.Words.Summary)) > utf8.RuneCountInString(w.Summary):
		return problem.New(problem.Invalid, "A summary has at most %d letters.", 300)
	case len(t.Words.Body) > html.MaxMarkdown+1: // the last line has an end
		return problem.New(problem.Invalid, "An article has at most %d KB. Make two of it.", html.MaxMarkdown>>10)
	case t.Live && strings.TrimSpace(w.Body) == "":
		return problem.New(problem.Invalid, "It is published, but says nothing.")
	case !slices.Contains([]string{"", published, draft}, t.head.Status):
		return problem.New(problem.Invalid, "“%s” is no status: write draft or published.", t.head.Status)
	case t.head.Audience != "" && !slices.Contains(knowledge.Audiences, knowledge.Audience(t.head.Audience)):
		return problem.New(problem.Invalid, "“%s” is no audience: write public, signed-in, segment or internal.", t.head.Audience)
	case t.head.Audience == string(knowledge.Segment) && t.head.Segment == "":
		return problem.New(problem.Invalid, "It is for a segment, but does not say for which.")
	case !slices.Contains([]string{"", "open", "fixed"}, t.head.Issue):
		return problem.New(problem.Invalid, "“%s” is no state of a known problem: write open or fixed.", t.head.Issue)
	}
	t.Words = w
	return nil
}

// shelf is the path of a category: two levels of addresses.
func shelf(dir string) string {
	var parts []string
	for part := range strings.SplitSeq(dir, "/") {
		if s := knowledge.Slug(part); s != "" && len(parts) < 2 {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "/")
}

func (b *Batch) aboutShelf(dir string, l i18n.Locale, h head) {
	at := shelf(dir)
	if b.shelves[at] == nil {
		b.shelves[at] = map[i18n.Locale]head{}
	}
	b.shelves[at][l] = h
}

// gather puts the files of one article together.
func (b *Batch) gather(texts []Text) {
	at := map[string]int{}
	type place struct {
		knowledge.Address
		live bool
	}
	taken := map[place]string{}
	for _, t := range texts {
		here := place{knowledge.Address{Locale: t.Locale, Slug: t.Words.Slug}, t.Live}
		if other, ok := taken[here]; ok {
			b.refuse(t.Path, problem.New(problem.Invalid, "It has the same address as %s.", other))
			continue
		}
		i, known := at[t.key]
		if !known {
			i = len(b.Entries)
			at[t.key] = i
			b.Entries = append(b.Entries, Entry{Key: t.key})
		}
		e := &b.Entries[i]
		if j := slices.IndexFunc(e.Texts, func(o Text) bool { return o.Locale == t.Locale && o.Live == t.Live }); j >= 0 {
			b.refuse(t.Path, problem.New(problem.Invalid, "It says the same article as %s in the same language.", e.Texts[j].Path))
			continue
		}
		taken[here] = t.Path
		e.Texts = append(e.Texts, t)
	}
	for i := range b.Entries {
		b.Entries[i].settle()
	}
}

// settle finds out what the files of an article say together. Where they differ, the narrower audience holds.
func (e *Entry) settle() {
	slices.SortStableFunc(e.Texts, func(a, b Text) int { return cmp.Compare(rank(a.Live), rank(b.Live)) }) // drafts are put over what is published
	for _, t := range e.Texts {
		e.Shelf = or(e.Shelf, t.shelf)
		e.Says.Issue = or(e.Says.Issue, knowledge.Issue(t.head.Issue))
		e.Says.Owner = or(e.Says.Owner, t.head.Owner)
		e.Says.Archived = e.Says.Archived || t.head.Archived
		if e.Says.Review.IsZero() {
			e.Says.Review = t.head.Review
		}
		if t.head.Updated.After(e.Says.Updated) {
			e.Says.Updated = t.head.Updated
		}
		a := knowledge.Audience(t.head.Audience)
		if a == "" {
			continue
		}
		if was := e.Says.Audience; was != "" && (was != a || e.Says.Segment != t.segment()) {
			e.Remark = append(e.Remark, problem.New(problem.Invalid, "Its files name different readers: the narrower ones hold."))
			if slices.Index(knowledge.Audiences, was) >= slices.Index(knowledge.Audiences, a) {
				continue
			}
		}
		e.Says.Audience, e.Says.Segment = a, t.segment()
	}
}

func rank(live bool) int {
	if live {
		return 0
	}
	return 1
}

func (t Text) segment() string {
	if t.head.Audience == string(knowledge.Segment) {
		return t.head.Segment
	}
	return ""
}

// sum is a digest of all that the files of an article say. Pictures must have been looked at.
func (b *Batch) sum(e Entry) string {
	h := sha256.New()
	out := json.NewEncoder(h)
	out.Encode(e.Key)
	out.Encode(e.Shelf)
	says := e.Says
	says.Updated = time.Time{} // when it was written down is no part of what it says
	out.Encode(says)
	for _, t := range e.Texts {
		out.Encode([]any{t.Locale, t.Live, t.Words.Title, t.Words.Summary, t.Words.Slug, t.Former})
		out.Encode(b.rewrite(t, func(p *picture) string { return p.sum }))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// guess is Korean if there is any Hangul.
func guess(text string) i18n.Locale {
	if strings.ContainsFunc(text, func(r rune) bool { return r >= '가' && r <= '힣' }) {
		return i18n.Korean
	}
	return i18n.English
}

func or[T comparable](a, b T) T {
	var none T
	if a == none {
		return b
	}
	return a
}
