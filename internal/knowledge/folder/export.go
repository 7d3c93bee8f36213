package folder

import (
	"context"
	"path"
	"strings"
	"time"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// Put takes one file of an export. Its path has slashes.
type Put func(path string, changed time.Time, content []byte) error

// Exported is what an export wrote.
type Exported struct {
	Articles, Files int
	Remarks         []Line
}

// export is an export on its way.
type export struct {
	db      *db.DB
	files   blob.Store
	put     Put
	shelves map[knowledge.CategoryID]string // path
	owners  map[team.ID]string              // address
	names   map[knowledge.PictureID]string  // of the file
	written map[string]bool                 // paths
	Exported
}

// Export writes every article that the team has, also drafts and archived ones.
func Export(ctx context.Context, d *db.DB, files blob.Store, put Put, told func(done, all int)) (Exported, error) {
	x := export{db: d, files: files, put: put, shelves: map[knowledge.CategoryID]string{}, owners: map[team.ID]string{}, names: map[knowledge.PictureID]string{}, written: map[string]bool{}}
	var all int
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if all, err = knowledge.Count(ctx, tx, knowledge.AnyState); err != nil {
			return err
		}
		away, err := knowledge.Count(ctx, tx, knowledge.Away)
		all += away
		return err
	})
	if err != nil {
		return x.Exported, err
	}
	if err := x.putShelves(ctx); err != nil {
		return x.Exported, err
	}
	for after := knowledge.ID(0); ; {
		var list []knowledge.Whole
		err := d.Read(ctx, func(tx *db.Tx) error {
			ids, err := knowledge.After(ctx, tx, after, 50)
			if err != nil {
				return err
			}
			list, err = knowledge.Wholes(ctx, tx, ids...)
			return err
		})
		if err != nil || len(list) == 0 {
			return x.Exported, err
		}
		for _, w := range list {
			if err := x.article(ctx, w); err != nil {
				return x.Exported, err
			}
			x.Articles++
			if told != nil {
				told(x.Articles, max(all, x.Articles))
			}
		}
		after = list[len(list)-1].ID
	}
}

func (x *export) write(path string, at time.Time, content []byte) error {
	x.written[path] = true
	x.Files++
	return x.put(path, at, content)
}

// putShelves writes what the categories are called.
func (x *export) putShelves(ctx context.Context) error {
	var tree []knowledge.Category
	err := x.db.Read(ctx, func(tx *db.Tx) (err error) { tree, err = knowledge.Categories(ctx, tx); return err })
	if err != nil {
		return err
	}
	for _, c := range tree {
		if err := x.putShelf(c, c.Slug); err != nil {
			return err
		}
		for _, u := range c.Under {
			if err := x.putShelf(u, c.Slug+"/"+u.Slug); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *export) putShelf(c knowledge.Category, at string) error {
	x.shelves[c.ID] = at
	for _, l := range i18n.Locales() {
		if c.Name[l] == "" {
			continue
		}
		top, err := head{Title: c.Name[l], Summary: c.About[l], Locale: string(l), Icon: c.Icon, Rank: c.Rank}.write()
		if err != nil {
			return err
		}
		if err := x.write(at+"/_index."+string(l)+".md", time.Time{}, []byte(top)); err != nil {
			return err
		}
	}
	return nil
}

// article writes the files of one article.
func (x *export) article(ctx context.Context, w knowledge.Whole) error {
	owner, err := x.owner(ctx, w.Owner)
	if err != nil {
		return err
	}
	at := x.shelves[w.Category]
	h := head{Key: or(w.Import.Origin, w.ID.String()), Category: at, Audience: string(w.Audience), Segment: w.Segment, Issue: string(w.Issue), Owner: owner,
		Review: w.ReviewAt, Archived: !w.ArchivedAt.IsZero(), Updated: w.UpdatedAt}
	for _, l := range i18n.Locales() {
		t := w.Texts[l]
		words := knowledge.Words{Title: t.Title, Summary: t.Summary, Body: t.Body, Slug: t.Slug}
		live, seen := w.Live[l]
		h := h
		h.Locale = string(l)
		for _, slug := range w.Former[l] {
			h.Aliases = append(h.Aliases, knowledge.Path(l, slug))
		}
		name := x.name(at, l, words, w.ID)
		if seen {
			h.Status = published
			if err := x.text(ctx, at, name+"."+string(l)+".md", h, live); err != nil {
				return err
			}
		}
		if t.Empty() || seen && words == live {
			continue
		}
		if seen {
			name += ".draft"
		}
		h.Status = draft
		if err := x.text(ctx, at, name+"."+string(l)+".md", h, words); err != nil {
			return err
		}
	}
	return nil
}

// name is what the files of a text are called: its address. Where two would be called the same, the article's id is added.
func (x *export) name(at string, l i18n.Locale, w knowledge.Words, id knowledge.ID) string {
	name := or(or(w.Slug, knowledge.Slug(w.Title)), id.String())
	if !x.written[path.Join(at, name+"."+string(l)+".md")] {
		return name
	}
	if letters := []rune(name); len(letters) > 60 {
		name = string(letters[:60])
	}
	return name + "-" + knowledge.Slug(id.String())
}

func (x *export) text(ctx context.Context, at, name string, h head, w knowledge.Words) error {
	h.Title, h.Summary, h.Slug = w.Title, w.Summary, w.Slug
	body := w.Body
	for _, id := range knowledge.Pictures(body) {
		file, err := x.picture(ctx, at, id)
		if err != nil {
			return err
		}
		if file == "" {
			x.Remarks = append(x.Remarks, Line{path.Join(at, name), problem.New(problem.Invalid, "The picture %s is not there.", id.String())})
			continue
		}
		body = strings.ReplaceAll(body, "]("+id.String(), "](pictures/"+file)
	}
	top, err := h.write()
	if err != nil {
		return err
	}
	return x.write(path.Join(at, name), h.Updated, []byte(top+"\n"+body+"\n"))
}

// endings of pictures by their type.
var endings = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}

// picture writes a picture beside the articles of a category, and returns the name of its file; "" if the picture is gone.
func (x *export) picture(ctx context.Context, at string, id knowledge.PictureID) (string, error) {
	file := x.names[id]
	if file != "" && x.written[path.Join(at, "pictures", file)] {
		return file, nil
	}
	var p knowledge.Picture
	err := x.db.Read(ctx, func(tx *db.Tx) (err error) { p, err = knowledge.GetPicture(ctx, tx, id); return err })
	if problem.KindOf(err) == problem.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	content, err := contentOf(ctx, x.files, p)
	if err != nil || content == nil {
		return "", err
	}
	file = sumOf(content)[:16] + endings[p.Type]
	x.names[id] = file
	if at := path.Join(at, "pictures", file); !x.written[at] {
		return file, x.write(at, time.Time{}, content)
	}
	return file, nil
}

func (x *export) owner(ctx context.Context, id team.ID) (string, error) {
	if id == 0 {
		return "", nil
	}
	if address, known := x.owners[id]; known {
		return address, nil
	}
	var p team.Person
	err := x.db.Read(ctx, func(tx *db.Tx) (err error) { p, err = team.Get(ctx, tx, id); return err })
	if problem.KindOf(err) == problem.NotFound {
		err = nil
	}
	x.owners[id] = p.Email
	return p.Email, err
}
