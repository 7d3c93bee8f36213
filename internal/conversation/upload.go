package conversation

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// UploadID is the id of a file that is not part of a message yet.
type UploadID = id.Of[uploadKind]

type uploadKind struct{}

func (uploadKind) Prefix() string { return "upl" }

// Upload is a file that was handed in before its message.
type Upload struct {
	ID   UploadID
	Name string
	Type string
	Size int64
	Blob string
}

// AddUpload notes a file that whoever acts has put into the blob store.
func AddUpload(ctx context.Context, tx *db.Tx, u Upload) (Upload, error) {
	actor := team.From(ctx)
	if !actor.Can(team.Reply) && !actor.Can(team.Note) {
		return u, team.Allow(ctx, team.Note)
	}
	return addUpload(ctx, tx, actor.String(), u)
}

func addUpload(ctx context.Context, tx *db.Tx, owner string, u Upload) (Upload, error) {
	u.ID = UploadID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO conversation_upload (id, actor, name, type, size, blob, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		u.ID, owner, u.Name, u.Type, u.Size, u.Blob, tx.Now())
	return u, err
}

// mostWaiting is how many files of one outsider may wait for their message.
const mostWaiting = 20

// AddUploadFrom notes a file of somebody who has no account: a channel, which
// knows him, says who he is. Only the same owner can use it.
func AddUploadFrom(ctx context.Context, tx *db.Tx, owner string, u Upload) (Upload, error) {
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM conversation_upload WHERE actor = $1`, owner)
	if err != nil {
		return u, err
	}
	if n >= mostWaiting {
		return u, problem.New(problem.Limited, "Send the files that are there first.")
	}
	return addUpload(ctx, tx, owner, u)
}

// TakeUploadsFrom turns uploads of an owner into files of a message.
func TakeUploadsFrom(ctx context.Context, tx *db.Tx, owner string, ids []UploadID) ([]Attachment, error) {
	return useUploads(ctx, tx, owner, ids)
}

// takeUploads turns uploads of whoever acts into files of a message.
func takeUploads(ctx context.Context, tx *db.Tx, ids []UploadID) ([]Attachment, error) {
	return useUploads(ctx, tx, team.From(ctx).String(), ids)
}

func useUploads(ctx context.Context, tx *db.Tx, owner string, ids []UploadID) ([]Attachment, error) {
	var files []Attachment
	for _, id := range ids {
		f, err := db.One(ctx, tx, func(r db.Row) (f Attachment, err error) { return f, r.Scan(&f.Name, &f.Type, &f.Size, &f.Blob) },
			`DELETE FROM conversation_upload WHERE id = $1 AND actor = $2 RETURNING name, type, size, blob`, id, owner)
		if err == db.ErrNoRow {
			return nil, problem.For("attachments", "A file is gone. Attach it again.")
		}
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// Handed are those of some uploads that whoever acts has handed in and not used yet.
func Handed(ctx context.Context, tx *db.Tx, ids []UploadID) (list []Upload, err error) {
	for _, id := range ids {
		u, err := db.One(ctx, tx, func(r db.Row) (u Upload, err error) { return u, r.Scan(&u.ID, &u.Name, &u.Type, &u.Size, &u.Blob) },
			`SELECT id, name, type, size, blob FROM conversation_upload WHERE id = $1 AND actor = $2`, id, team.From(ctx).String())
		if err == db.ErrNoRow {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, nil
}

// DropUploads forgets uploads that were never used, made before a time. Their
// blobs are swept with all that nothing points to.
func DropUploads(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM conversation_upload WHERE created_at < $1`, before)
	return err
}

// UsesBlob says whether a file of a message or an upload is kept in a blob.
func UsesBlob(ctx context.Context, tx *db.Tx, key string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM conversation_attachment WHERE blob = $1
		UNION ALL SELECT 1 FROM conversation_upload WHERE blob = $1`, key)
}

// Blobs lists the blobs of every file of a message and every upload.
func Blobs(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) },
		`SELECT blob FROM conversation_attachment UNION SELECT blob FROM conversation_upload ORDER BY 1`)
}
