package folder

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// Outcome is what becomes of the files of an article.
type Outcome string

// The outcomes.
const (
	New     Outcome = "new"
	Changed Outcome = "changed"
	Same    Outcome = "same"    // nothing is different
	Edited  Outcome = "edited"  // it was changed here since the files were written: left alone unless one says otherwise
	Refused Outcome = "refused" // it cannot be taken: the remarks say why
)

// Outcomes lists them in the order of the page.
var Outcomes = []Outcome{New, Changed, Edited, Refused, Same}

// Item is what would become of one entry.
type Item struct {
	Entry
	Outcome Outcome
	Article knowledge.ID // the article that it is about; 0: a new one
	Title   string
	Was     knowledge.Audience // "" if it is new
	Will    knowledge.Audience
	Publish []i18n.Locale // what readers will see a new version of
	Fields  []string      // what is different, as knowledge.Changed calls it
	Shelves []string      // paths of categories that have to be made

	was   knowledge.Whole
	edit  knowledge.Edit // all but the texts
	live  []said         // to be published
	draft []said         // to be kept as drafts
}

// said is a text with its words as they would stand here.
type said struct {
	Text
	will knowledge.Words
}

// Widens says that more people may read it than before, or that a new article is for everybody.
func (i Item) Widens() bool {
	return i.Outcome != New && slices.Index(knowledge.Audiences, i.Will) < slices.Index(knowledge.Audiences, i.Was)
}

// Options are what whoever takes articles in decides.
type Options struct {
	Drafts bool                // publish nothing
	Edited bool                // also what was changed here since
	Only   map[string]bool     // keys of entries; nil is all
	Told   func(done, all int) // hears how far it is; may be nil
}

// Plan says what would become of the articles, and writes nothing.
func (b *Batch) Plan(ctx context.Context, d *db.DB, files blob.Store, o Options) (list []Item, err error) {
	for part := range slices.Chunk(b.Entries, 100) {
		if err := b.look(ctx, d, files, part); err != nil {
			return nil, err
		}
		var items []Item
		err := d.Read(ctx, func(tx *db.Tx) (err error) { items, err = b.plan(ctx, tx, part, o); return err })
		if err != nil {
			return nil, err
		}
		list = append(list, items...)
	}
	return list, nil
}

// desk is what is here, as far as some entries need it.
type desk struct {
	articles map[knowledge.ID]knowledge.Whole
	origins  map[string]knowledge.ID
	at       map[knowledge.Address]knowledge.ID
	shelves  map[string]knowledge.CategoryID // by the last part of their path
	owners   map[string]team.ID              // by address
}

func (b *Batch) plan(ctx context.Context, tx *db.Tx, entries []Entry, o Options) ([]Item, error) {
	here, err := lookAround(ctx, tx, entries)
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(entries))
	for i, e := range entries {
		e.Sum = b.sum(e)
		items[i] = b.item(e, here, o)
	}
	return items, nil
}

func lookAround(ctx context.Context, tx *db.Tx, entries []Entry) (here desk, err error) {
	var keys []string
	slugs := map[i18n.Locale][]string{}
	ids := map[knowledge.ID]bool{}
	here.owners = map[string]team.ID{}
	for _, e := range entries {
		keys = append(keys, e.Key)
		if own, err := id.Read[knowledge.ID](e.Key); err == nil {
			ids[own] = true
		}
		for _, t := range e.Texts {
			slugs[t.Locale] = append(slugs[t.Locale], t.Words.Slug)
		}
		here.owners[e.Says.Owner] = 0
	}
	if here.origins, err = knowledge.FromOrigins(ctx, tx, keys...); err != nil {
		return here, err
	}
	here.at = map[knowledge.Address]knowledge.ID{}
	for l, list := range slugs {
		found, err := knowledge.AtAddresses(ctx, tx, l, list...)
		if err != nil {
			return here, err
		}
		maps.Copy(here.at, found)
	}
	for _, found := range here.origins {
		ids[found] = true
	}
	for _, found := range here.at {
		ids[found] = true
	}
	articles, err := knowledge.Wholes(ctx, tx, slices.Collect(maps.Keys(ids))...)
	if err != nil {
		return here, err
	}
	here.articles = map[knowledge.ID]knowledge.Whole{}
	for _, a := range articles {
		here.articles[a.ID] = a
	}
	if here.shelves, err = shelvesHere(ctx, tx); err != nil {
		return here, err
	}
	return here, here.findOwners(ctx, tx)
}

func shelvesHere(ctx context.Context, tx *db.Tx) (map[string]knowledge.CategoryID, error) {
	tree, err := knowledge.Categories(ctx, tx)
	found := map[string]knowledge.CategoryID{}
	for _, c := range tree {
		found[c.Slug] = c.ID
		for _, u := range c.Under {
			found[u.Slug] = u.ID
		}
	}
	return found, err
}

func (here *desk) findOwners(ctx context.Context, tx *db.Tx) error {
	delete(here.owners, "")
	for address := range here.owners {
		p, err := team.ByEmail(ctx, tx, address)
		if err != nil && told(err) == nil {
			return err
		}
		here.owners[address] = p.ID
	}
	return nil
}

// item finds out what becomes of an entry.
func (b *Batch) item(e Entry, here desk, o Options) Item {
	i := Item{Entry: e, Title: e.Texts[0].Words.Title}
	i.Remark = slices.Clone(e.Remark)
	if err := i.find(here); err != nil {
		i.Outcome = Refused
		i.Remark = append(i.Remark, err)
		return i
	}
	i.overlay(here)
	b.say(&i, o)
	i.decide()
	return i
}

func (i *Item) note(format *problem.Error) { i.Remark = append(i.Remark, format) }

// find finds the article that an entry is about: by its own id, by the files it was taken from before, by an address.
func (i *Item) find(here desk) *problem.Error {
	own, err := id.Read[knowledge.ID](i.Key)
	if _, ok := here.articles[own]; ok && err == nil {
		i.Article = own
	} else if from, ok := here.origins[i.Key]; ok {
		i.Article = from
	}
	for _, t := range i.Texts {
		at, taken := here.at[knowledge.Address{Locale: t.Locale, Slug: t.Words.Slug}]
		switch {
		case !taken || at == i.Article:
		case i.Article == 0:
			i.Article = at
		case t.named:
			return problem.New(problem.Conflict, "Its address “%s” is another article's: “%s”.", t.Words.Slug, here.articles[at].Title(t.Locale))
		}
	}
	i.was = here.articles[i.Article]
	return nil
}

// overlay puts what the files say about the article over what it is.
func (i *Item) overlay(here desk) {
	w := i.was
	i.edit = knowledge.Edit{Category: w.Category, Owner: w.Owner, Audience: or(w.Audience, knowledge.Everybody), Segment: w.Segment, Issue: or(i.Says.Issue, w.Issue), ReviewAt: w.ReviewAt}
	if i.Says.Audience != "" {
		i.edit.Audience, i.edit.Segment = i.Says.Audience, i.Says.Segment
	}
	if !i.Says.Review.IsZero() {
		i.edit.ReviewAt = i.Says.Review
	}
	if i.Says.Owner != "" {
		if owner := here.owners[i.Says.Owner]; owner != 0 {
			i.edit.Owner = owner
		} else {
			i.note(problem.New(problem.Invalid, "Its owner %s does not work here.", i.Says.Owner))
		}
	}
	if found := here.shelves[last(i.Shelf)]; found != 0 {
		i.edit.Category = found
	} else if i.Shelf != "" {
		if up := parent(i.Shelf); up != "" && here.shelves[up] == 0 {
			i.Shelves = append(i.Shelves, up)
		}
		i.Shelves = append(i.Shelves, i.Shelf)
	}
	i.Was, i.Will = w.Audience, i.edit.Audience
	mark := func(different bool, field string) {
		if different {
			i.Fields = append(i.Fields, field)
		}
	}
	mark(i.edit.Category != w.Category || len(i.Shelves) > 0, "category")
	mark(i.edit.Owner != w.Owner, "owner")
	mark(i.edit.Audience != w.Audience || i.edit.Segment != w.Segment, "audience")
	mark(i.edit.Issue != w.Issue, "issue")
	mark(!i.edit.ReviewAt.Equal(w.ReviewAt), "review")
	mark(i.Says.Archived && w.ArchivedAt.IsZero(), "archived")
}

// say compares the texts.
func (b *Batch) say(i *Item, o Options) {
	for _, t := range i.Texts {
		now := i.was.Texts[t.Locale]
		kept := knowledge.Words{Title: now.Title, Summary: now.Summary, Body: now.Body, Slug: now.Slug}
		live, seen := i.was.Live[t.Locale]
		will := t.Words
		if !t.named && (now.Slug != "" || !now.Empty()) {
			will.Slug = now.Slug
		}
		will.Body = b.rewrite(t, func(p *picture) string { return p.called(now.Body + live.Body) })
		for _, f := range t.Former {
			if s := former(f); s != "" && s != will.Slug && !slices.Contains(i.was.Former[t.Locale], s) && s != live.Slug {
				i.Fields = append(i.Fields, string(t.Locale)+".aliases")
				break
			}
		}
		b.remarkPictures(i, t)
		switch {
		case seen && will == live && t.Live, will == kept && (!t.Live || o.Drafts) && !slices.Contains(i.Publish, t.Locale):
		case t.Live && !o.Drafts:
			i.live = append(i.live, said{t, will})
			i.Publish = append(i.Publish, t.Locale)
			i.Fields = append(i.Fields, different(t.Locale, live, will)...)
		default:
			i.draft = append(i.draft, said{t, will})
			i.Fields = append(i.Fields, different(t.Locale, kept, will)...)
		}
	}
}

func (b *Batch) remarkPictures(i *Item, t Text) {
	list, missing := b.shown(t)
	for _, p := range missing {
		i.note(problem.New(problem.Invalid, "The picture %s is not there.", p))
	}
	for _, p := range list {
		if p.bad != nil {
			i.note(p.bad)
			i.note(problem.New(problem.Invalid, "The picture %s is left out.", p.Path))
		}
	}
}

func different(l i18n.Locale, a, b knowledge.Words) (fields []string) {
	for _, f := range []struct {
		name string
		not  bool
	}{{"title", a.Title != b.Title}, {"summary", a.Summary != b.Summary}, {"body", a.Body != b.Body}, {"slug", a.Slug != b.Slug}} {
		if f.not {
			fields = append(fields, string(l)+"."+f.name)
		}
	}
	return fields
}

// decide says what the comparison means. What was changed here since the files were written, as far as can be known, is left alone.
func (i *Item) decide() {
	w := i.was
	switch {
	case i.Article == 0:
		i.Outcome = New
	case len(i.Fields) == 0:
		i.Outcome = Same
	case w.Import.Origin != "" && w.Import.Edition == w.Edition:
		i.Outcome = Changed
	case w.Import.Sum == i.Sum, w.UpdatedAt.After(i.Says.Updated.Add(time.Millisecond)):
		i.Outcome = Edited
	default:
		i.Outcome = Changed
	}
	slices.Sort(i.Fields)
	i.Fields = slices.Compact(i.Fields)
}

// former is the address in an old path: /hc/en/a/old, old, /docs/old/.
func former(path string) string {
	return knowledge.Slug(last(strings.TrimSuffix(strings.Trim(path, "/"), ".html")))
}

func last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func parent(path string) string {
	up, _, _ := strings.Cut(path, "/")
	if up == path {
		return ""
	}
	return up
}
