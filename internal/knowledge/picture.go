package knowledge

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Picture is a picture that somebody of the team has handed in for articles.
type Picture struct {
	ID   PictureID
	Blob string
	Type string
	Size int64
}

// AddPicture notes a picture that lies in the blob store. In Markdown it stands as ![what it shows](pic_…).
func AddPicture(ctx context.Context, tx *db.Tx, p Picture) (PictureID, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return 0, err
	}
	p.ID = PictureID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO knowledge_picture (id, blob, type, size, person_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)`, p.ID, p.Blob, p.Type, p.Size, team.From(ctx).Person, tx.Now())
	return p.ID, err
}

// GetPicture returns a picture to whoever reads: the team has all of them, customers those of versions that they see.
func GetPicture(ctx context.Context, tx *db.Tx, id PictureID) (Picture, error) {
	var a db.Args
	query := `SELECT p.id, p.blob, p.type, p.size FROM knowledge_picture p WHERE p.id = ` + a.Add(id)
	if !team.From(ctx).Can(team.ReadArticles) {
		query += ` AND EXISTS (SELECT 1 FROM knowledge_picture_use u JOIN knowledge_text t ON t.live_id = u.version_id JOIN knowledge_article a ON a.id = t.article_id
			WHERE u.picture_id = p.id AND ` + Visible(ctx, &a) + `)`
	}
	p, err := db.One(ctx, tx, scanPicture, query, a.List()...)
	if errors.Is(err, db.ErrNoRow) {
		return p, problem.New(problem.NotFound, "This picture cannot be had.")
	}
	return p, err
}

func scanPicture(r db.Row) (p Picture, err error) {
	return p, r.Scan(&p.ID, &p.Blob, &p.Type, &p.Size)
}

// PictureType says whether browsers can be handed this as a picture. SVG is a document that may hold scripts, so it is none.
func PictureType(kind string) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, kind)
}

// PicturePath is where readers find a picture.
func PicturePath(l i18n.Locale, p PictureID) string {
	return "/hc/" + string(l) + "/picture/" + p.String()
}

// WithPicturesAt is the page's text with its pictures under another address, for readers whom the help centre does not know.
func (p Page) WithPicturesAt(path string) string {
	return strings.ReplaceAll(p.HTML, `src="/hc/`+string(p.Locale)+`/picture/`, `src="`+path)
}

var pictureName = regexp.MustCompile(`\]\((pic_[0-9a-z]{13})`)

// Pictures lists the pictures that a text shows.
func Pictures(body string) (list []PictureID) {
	for _, m := range pictureName.FindAllStringSubmatch(body, -1) {
		if p, err := id.Read[PictureID](m[1]); err == nil && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// UsesBlob says whether a picture is kept in a blob.
func UsesBlob(ctx context.Context, tx *db.Tx, key string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM knowledge_picture WHERE blob = $1`, key)
}

// Blobs lists the blobs of every picture.
func Blobs(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT blob FROM knowledge_picture ORDER BY blob`)
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}
