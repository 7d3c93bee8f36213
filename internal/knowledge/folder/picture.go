package folder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"

	"golang.org/x/text/unicode/norm"
)

// picture is a file that articles show.
type picture struct {
	File
	looked bool
	bad    *problem.Error // why it cannot be taken
	sum    string
	kind   string
	size   int64
	here   []knowledge.PictureID // pictures here that look the same
}

// destination is where a link or a picture in Markdown leads.
var destination = regexp.MustCompile(`\]\((<[^<>\n]+>|[^()<>\s]+)`)

// rewrite is the text of a file with what name says in the place of the pictures that are among the files. "" leaves it.
func (b *Batch) rewrite(t Text, name func(*picture) string) string {
	return destination.ReplaceAllStringFunc(t.Words.Body, func(m string) string {
		if p := b.pictures[target(t.Path, m)]; p != nil {
			if s := name(p); s != "" {
				return "](" + s
			}
		}
		return m
	})
}

// target is the file that a destination in a file means; "" if none.
func target(from, match string) string {
	to := strings.Trim(strings.TrimPrefix(match, "]("), "<>")
	if read, err := url.PathUnescape(to); err == nil {
		to = read
	}
	if strings.Contains(to, "://") || !isPicture(to) {
		return ""
	}
	to = norm.NFC.String(to)
	if strings.HasPrefix(to, "/") {
		return strings.TrimPrefix(path.Clean(to), "/")
	}
	return path.Join(path.Dir(from), to)
}

// shown are the pictures of a text that are among the files, and the paths of those that are not.
func (b *Batch) shown(t Text) (list []*picture, missing []string) {
	for _, m := range destination.FindAllString(t.Words.Body, -1) {
		to := target(t.Path, m)
		switch p := b.pictures[to]; {
		case p != nil && !slices.Contains(list, p):
			list = append(list, p)
		case p == nil && to != "" && !slices.Contains(missing, to):
			missing = append(missing, to)
		}
	}
	return list, missing
}

// look reads the pictures of articles, and finds those that are here already.
func (b *Batch) look(ctx context.Context, d *db.DB, files blob.Store, entries []Entry) error {
	for _, e := range entries {
		for _, t := range e.Texts {
			list, _ := b.shown(t)
			for _, p := range list {
				if err := p.look(ctx, d, files); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (p *picture) look(ctx context.Context, d *db.DB, files blob.Store) error {
	if p.looked {
		return nil
	}
	p.looked = true
	content, err := p.read(maxPicture)
	if err != nil {
		p.bad = told(err)
		return nil
	}
	if p.kind = http.DetectContentType(content); !knowledge.PictureType(p.kind) {
		p.bad = problem.New(problem.Invalid, "It is no picture: PNG, JPEG, GIF or WebP.")
		return nil
	}
	p.sum, p.size = sumOf(content), int64(len(content))
	var like []knowledge.Picture
	err = d.Read(ctx, func(tx *db.Tx) (err error) { like, err = knowledge.PicturesOf(ctx, tx, p.size); return err })
	for _, o := range like {
		content, err := contentOf(ctx, files, o)
		if err != nil {
			return err
		}
		if content != nil && sumOf(content) == p.sum {
			p.here = append(p.here, o.ID)
		}
	}
	return err
}

// contentOf is a picture here; nil if its file is gone.
func contentOf(ctx context.Context, files blob.Store, p knowledge.Picture) ([]byte, error) {
	f, err := files.Open(ctx, blob.Key(p.Blob))
	if errors.Is(err, blob.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxPicture<<2))
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// called is how a text here calls a picture: as it does already, else as the oldest that looks the same is called.
func (p *picture) called(now string) string {
	shows := knowledge.Pictures(now)
	for _, id := range p.here {
		if slices.Contains(shows, id) {
			return id.String()
		}
	}
	if len(p.here) == 0 {
		return ""
	}
	return p.here[0].String()
}
