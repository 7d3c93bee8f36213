package macro

import (
	"context"
	"errors"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// FileID is the id of a file of a macro.
type FileID = id.Of[fileKind]

type fileKind struct{}

func (fileKind) Prefix() string { return "mfl" }

// UploadID is a file that was handed in for it.
type UploadID = conversation.UploadID

// File goes out with what is written with a macro.
type File struct {
	ID   FileID
	Name string
	Type string
	Size int64
	Blob string
}

const fileColumns = `f.id, f.name, f.type, f.size, f.blob`

func scanFile(r db.Row) (f File, err error) {
	return f, r.Scan(&f.ID, &f.Name, &f.Type, &f.Size, &f.Blob)
}

func files(ctx context.Context, tx *db.Tx, of ID) ([]File, error) {
	return db.All(ctx, tx, scanFile, `SELECT `+fileColumns+` FROM macro_file f WHERE f.macro_id = $1 ORDER BY f.place, f.id`, of)
}

// given are the files of a macro as it is written, old and new.
func given(ctx context.Context, tx *db.Tx, g Given) ([]File, error) {
	list, err := KeptFiles(ctx, tx, g)
	if err != nil {
		return nil, err
	}
	fresh, err := conversation.TakeUploadsFrom(ctx, tx, team.From(ctx).String(), g.Uploads)
	for _, f := range fresh {
		list = append(list, File{Name: f.Name, Type: f.Type, Size: f.Size, Blob: f.Blob})
	}
	return list, err
}

// KeptFiles are those that a macro had before, or that another one has which whoever acts may see.
func KeptFiles(ctx context.Context, tx *db.Tx, g Given) (list []File, err error) {
	for _, key := range g.Keep {
		var a db.Args
		f, err := db.One(ctx, tx, scanFile, `SELECT `+fileColumns+` FROM macro_file f JOIN macro m ON m.id = f.macro_id WHERE f.id = `+a.Add(key)+` AND `+visible(ctx, &a), a.List()...)
		if errors.Is(err, db.ErrNoRow) {
			return nil, problem.For("files", "A file is gone. Attach it again.")
		}
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func (m Macro) storeFiles(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM macro_file WHERE macro_id = $1`, m.ID); err != nil {
		return err
	}
	for i, f := range m.Files {
		_, err := tx.Exec(ctx, `INSERT INTO macro_file (id, macro_id, place, name, type, size, blob) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			FileID(tx.NewID()), m.ID, i, f.Name, f.Type, f.Size, f.Blob)
		if err != nil {
			return err
		}
	}
	return nil
}

// UsesBlob says whether a file of a macro lies in a blob.
func UsesBlob(ctx context.Context, tx *db.Tx, key string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM macro_file WHERE blob = $1`, key)
}

// Blobs lists the blobs of every file.
func Blobs(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT DISTINCT blob FROM macro_file ORDER BY blob`)
}
