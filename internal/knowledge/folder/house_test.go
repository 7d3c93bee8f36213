package folder_test

import (
	"archive/zip"
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/knowledge/folder"
	"baraji/internal/team"
)

// place is a desk with articles and an editor.
type place struct {
	*dbtest.Desk
	t      testing.TB
	editor context.Context
	blobs  blob.Store
}

func newPlace(t testing.TB, desk *dbtest.Desk) *place {
	store, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &place{desk, t, team.With(t.Context(), team.Actor{Person: 7, Rights: []team.Right{team.ReadArticles, team.EditArticles}}), store}
}

func each(t *testing.T, fn func(t *testing.T, p *place)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, newPlace(t, desk)) })
}

func (p *place) do(fn func(ctx context.Context, tx *db.Tx) error) {
	p.t.Helper()
	if err := p.Write(p.editor, func(tx *db.Tx) error { return fn(p.editor, tx) }); err != nil {
		p.t.Fatal(err)
	}
}

// picture hands in a picture and returns what it is called.
func (p *place) picture(content string) (id knowledge.PictureID) {
	p.t.Helper()
	kept, err := p.blobs.Put(p.editor, strings.NewReader(content))
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = knowledge.AddPicture(ctx, tx, knowledge.Picture{Blob: string(kept.Key), Type: "image/png", Size: kept.Size})
		return err
	})
	return id
}

func png(n string) string { return "\x89PNG\r\n\x1a\n" + n }

// writes makes an article and publishes those languages.
func (p *place) writes(e knowledge.Edit, publish ...i18n.Locale) (id knowledge.ID) {
	p.t.Helper()
	if e.Audience == "" {
		e.Audience = knowledge.Everybody
	}
	p.do(func(ctx context.Context, tx *db.Tx) (err error) {
		if id, err = knowledge.Create(ctx, tx, knowledge.Draft{Locale: i18n.Korean}); err != nil {
			return err
		}
		if _, err = knowledge.Save(ctx, tx, id, e); err != nil || len(publish) == 0 {
			return err
		}
		return knowledge.Publish(ctx, tx, id, false, publish...)
	})
	return id
}

func (p *place) edits(id knowledge.ID, l i18n.Locale, w knowledge.Words) {
	p.t.Helper()
	p.do(func(ctx context.Context, tx *db.Tx) error {
		a, err := knowledge.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = knowledge.Save(ctx, tx, id, knowledge.Edit{Category: a.Category, Owner: a.Owner, Audience: a.Audience, Segment: a.Segment, Issue: a.Issue, ReviewAt: a.ReviewAt,
			Texts: map[i18n.Locale]knowledge.Words{l: w}})
		return err
	})
}

// files are the contents of files by their paths.
type files map[string]string

func (p *place) exports() files {
	p.t.Helper()
	list := files{}
	x, err := folder.Export(p.editor, p.DB, p.blobs, func(path string, _ time.Time, content []byte) error {
		if _, twice := list[path]; twice {
			p.t.Errorf("%s was written twice", path)
		}
		list[path] = string(content)
		return nil
	}, nil)
	if err != nil || len(x.Remarks) > 0 {
		p.t.Fatal(err, x.Remarks)
	}
	return list
}

func zipped(t testing.TB, f files) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, path := range slices.Sorted(maps.Keys(f)) {
		w, err := z.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(f[path]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func batch(t testing.TB, f files) *folder.Batch {
	t.Helper()
	b := zipped(t, f)
	list, err := folder.Zip(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := folder.Read(list)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (p *place) plans(f files) []folder.Item {
	p.t.Helper()
	list, err := batch(p.t, f).Plan(p.editor, p.DB, p.blobs, folder.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	return list
}

func (p *place) takes(f files, o folder.Options) folder.Result {
	p.t.Helper()
	r, err := batch(p.t, f).Take(p.editor, p.DB, p.blobs, o)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// outcomes are those of a plan by the article's first file.
func outcomes(items []folder.Item) map[string]folder.Outcome {
	m := map[string]folder.Outcome{}
	for _, i := range items {
		m[i.Texts[0].Path] = i.Outcome
	}
	return m
}

func (p *place) all() (list []knowledge.Whole) {
	p.t.Helper()
	p.do(func(ctx context.Context, tx *db.Tx) error {
		ids, err := knowledge.After(ctx, tx, 0, 1000)
		if err != nil {
			return err
		}
		list, err = knowledge.Wholes(ctx, tx, ids...)
		return err
	})
	return list
}
