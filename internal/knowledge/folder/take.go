package folder

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// Result is what became of the articles.
type Result struct {
	Items   []Item // as they were planned when their turn came
	Taken   int
	Failed  []Line // what could not be taken after all
	Refused []Line
}

// Take takes articles in, one after the other, each whole or not at all. When it ends early, doing it again goes on where it
// ended. The error is one of ours; what is wrong with an article is said in the result.
func (b *Batch) Take(ctx context.Context, d *db.DB, files blob.Store, o Options) (r Result, err error) {
	r.Refused = b.Refused
	var room int64 = maxNewPics
	for n, e := range b.Entries {
		if o.Told != nil {
			o.Told(n, len(b.Entries))
		}
		if o.Only != nil && !o.Only[e.Key] {
			continue
		}
		i, err := b.takeOne(ctx, d, files, e, o, &room)
		if why := told(err); why != nil {
			i.Outcome = Refused
			r.Failed = append(r.Failed, Line{e.Texts[0].Path, why})
		} else if err != nil {
			return r, fmt.Errorf("take %s: %w", e.Texts[0].Path, err)
		}
		if i.taken(o) {
			r.Taken++
		}
		r.Items = append(r.Items, i)
	}
	if o.Told != nil {
		o.Told(len(b.Entries), len(b.Entries))
	}
	return r, nil
}

// taken says whether an item is one that is taken.
func (i Item) taken(o Options) bool {
	return i.Outcome == New || i.Outcome == Changed || i.Outcome == Edited && o.Edited
}

func (b *Batch) takeOne(ctx context.Context, d *db.DB, files blob.Store, e Entry, o Options, room *int64) (i Item, err error) {
	items, err := (&Batch{Entries: []Entry{e}, shelves: b.shelves, pictures: b.pictures}).Plan(ctx, d, files, o)
	if err != nil || !items[0].taken(o) {
		return items[0], err
	}
	kept, err := b.keep(ctx, files, e, room)
	if err != nil {
		return items[0], err
	}
	made := map[*picture]knowledge.PictureID{}
	err = d.Write(ctx, func(tx *db.Tx) error {
		clear(made)
		for p, file := range kept {
			id, err := knowledge.AddPicture(ctx, tx, knowledge.Picture{Blob: string(file.Key), Type: p.kind, Size: file.Size})
			if err != nil {
				return err
			}
			made[p] = id
		}
		items, err := b.plan(ctx, tx, []Entry{e}, o)
		if i = items[0]; err != nil || !i.taken(o) {
			return err
		}
		return b.take(ctx, tx, &i, made)
	})
	if err == nil {
		for p, id := range made {
			p.here = append(p.here, id)
		}
	}
	return i, err
}

// keep puts the pictures that are not here yet into the store. Should the article not be taken after all, nothing points to them, and
// they are swept away.
func (b *Batch) keep(ctx context.Context, files blob.Store, e Entry, room *int64) (map[*picture]blob.File, error) {
	kept := map[*picture]blob.File{}
	for _, t := range e.Texts {
		list, _ := b.shown(t)
		for _, p := range list {
			if _, done := kept[p]; done || p.bad != nil || len(p.here) > 0 {
				continue
			}
			if *room -= p.size; *room < 0 {
				return nil, problem.New(problem.Invalid, "The new pictures have more than %d MB together. Take them in parts.", maxNewPics>>20)
			}
			content, err := p.read(maxPicture)
			if err != nil {
				return nil, err
			}
			if kept[p], err = files.Put(ctx, bytes.NewReader(content)); err != nil {
				return nil, err
			}
		}
	}
	return kept, nil
}

// take writes one article.
func (b *Batch) take(ctx context.Context, tx *db.Tx, i *Item, made map[*picture]knowledge.PictureID) (err error) {
	if i.Article == 0 {
		i.edit.Owner = cmp.Or(i.edit.Owner, team.From(ctx).Person)
		if i.Article, err = knowledge.Create(ctx, tx, knowledge.Draft{Locale: i.Texts[0].Locale}); err != nil {
			return err
		}
	}
	for _, at := range i.Shelves {
		if i.edit.Category, err = b.makeShelf(ctx, tx, at); err != nil {
			return err
		}
	}
	if len(i.live) > 0 {
		if err := b.publish(ctx, tx, i, made); err != nil {
			return err
		}
	}
	i.edit.Texts = b.words(i.draft, made)
	if _, err := knowledge.Save(ctx, tx, i.Article, i.edit); err != nil {
		return err
	}
	for _, t := range i.Texts {
		slugs := make([]string, len(t.Former))
		for n, f := range t.Former {
			slugs[n] = former(f)
		}
		others, err := knowledge.KeepAddresses(ctx, tx, i.Article, t.Locale, slugs...)
		if err != nil {
			return err
		}
		for _, o := range others {
			i.note(problem.New(problem.Conflict, "The old address “%s” is another article's and stays so.", o))
		}
	}
	if i.Says.Archived {
		if err := knowledge.Archive(ctx, tx, i.Article, true); err != nil {
			return err
		}
	}
	return knowledge.NoteImport(ctx, tx, i.Article, i.Key, i.Sum)
}

// publish publishes what the files publish. An archived article is taken out while it is.
func (b *Batch) publish(ctx context.Context, tx *db.Tx, i *Item, made map[*picture]knowledge.PictureID) error {
	away := !i.was.ArchivedAt.IsZero()
	if away {
		if err := knowledge.Archive(ctx, tx, i.Article, false); err != nil {
			return err
		}
	}
	i.edit.Texts = b.words(i.live, made)
	if _, err := knowledge.Save(ctx, tx, i.Article, i.edit); err != nil {
		return err
	}
	if err := knowledge.Publish(ctx, tx, i.Article, false, i.Publish...); err != nil || !away {
		return err
	}
	return knowledge.Archive(ctx, tx, i.Article, true)
}

// words are texts in which pictures that have just been made have their names.
func (b *Batch) words(texts []said, made map[*picture]knowledge.PictureID) map[i18n.Locale]knowledge.Words {
	all := map[i18n.Locale]knowledge.Words{}
	for _, s := range texts {
		t := s.Text
		t.Words = s.will
		s.will.Body = b.rewrite(t, func(p *picture) string {
			if id := made[p]; id != 0 {
				return id.String()
			}
			return ""
		})
		all[t.Locale] = s.will
	}
	return all
}

// makeShelf makes a category, or finds the one that somebody has made meanwhile.
func (b *Batch) makeShelf(ctx context.Context, tx *db.Tx, at string) (knowledge.CategoryID, error) {
	here, err := shelvesHere(ctx, tx)
	if err != nil || here[last(at)] != 0 {
		return here[last(at)], err
	}
	c := knowledge.Category{Slug: last(at), Parent: here[parent(at)], Name: map[i18n.Locale]string{}, About: map[i18n.Locale]string{}}
	for l, h := range b.shelves[at] {
		c.Name[l], c.About[l] = h.Title, h.Summary
		c.Icon, c.Rank = cmp.Or(c.Icon, h.Icon), cmp.Or(c.Rank, h.Rank)
	}
	if c.Called(i18n.English) == "" {
		c.Name[guess(c.Slug)] = strings.ReplaceAll(c.Slug, "-", " ")
	}
	return knowledge.SaveCategory(ctx, tx, c)
}
