package app

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/migrations"
)

// A backup is a gzipped tar: about.json, the key file, the database as one
// consistent moment (a SQLite file, or every table as lines of JSON), and the
// files. The database comes before the files, so every file that it knows is in
// the backup or was deleted since; files that it does not know do no harm.

type about struct {
	Version string    `json:"version"`
	Engine  string    `json:"engine"`
	At      time.Time `json:"at"`
}

// Backup writes everything into one file, also while the desk runs.
func Backup(ctx context.Context, c Config, file string) error {
	if _, err := os.Stat(file); err == nil {
		return problem.New(problem.Conflict, "%s is there already. Choose another name.", file)
	}
	return quietly(ctx, c, func(ctx context.Context, a *App) error {
		tmp := file + ".part"
		f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("write backup: %w", err)
		}
		defer os.Remove(tmp)
		defer f.Close()
		if err := a.backupTo(ctx, f); err != nil {
			return fmt.Errorf("write backup: %w", err)
		}
		if err := f.Sync(); err != nil {
			return fmt.Errorf("write backup: %w", err)
		}
		return os.Rename(tmp, file)
	})
}

func (a *App) backupTo(ctx context.Context, w io.Writer) error {
	z := gzip.NewWriter(w)
	t := tar.NewWriter(z)
	head, err := json.Marshal(about{a.Config.Version, string(a.DB.Engine()), a.DB.Now()})
	if err != nil {
		return err
	}
	if err := put(t, "about.json", head); err != nil {
		return err
	}
	if key, err := os.ReadFile(filepath.Join(a.Config.Data, secret.FileName)); err == nil {
		if err := put(t, secret.FileName, key); err != nil {
			return err
		}
	}
	if err := a.backupDatabase(ctx, t); err != nil {
		return err
	}
	for e, err := range a.Blobs.Each(ctx) {
		if err != nil {
			return err
		}
		if err := a.backupFile(ctx, t, e.Key); err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}

func put(t *tar.Writer, name string, data []byte) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(data)), Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	_, err := t.Write(data)
	return err
}

func (a *App) backupDatabase(ctx context.Context, t *tar.Writer) error {
	dir, err := os.MkdirTemp(a.Config.Data, "backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "database")
	if err := a.DB.Dump(ctx, file); err != nil {
		return err
	}
	return putFile(t, "database", file)
}

func putFile(t *tar.Writer, name, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	_, err = io.Copy(t, f)
	return err
}

func (a *App) backupFile(ctx context.Context, t *tar.Writer, key blob.Key) error {
	f, err := a.Blobs.Open(ctx, key)
	if errors.Is(err, blob.ErrNotFound) {
		return nil // deleted in the meantime
	}
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: "files/" + string(key), Mode: 0o600, Size: size, Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	_, err = io.Copy(t, f)
	return err
}

// Restore puts a backup into an empty place: an empty data folder, and an empty
// database where that is PostgreSQL.
func Restore(ctx context.Context, c Config, file string) error {
	c = c.filled()
	if entries, err := os.ReadDir(c.Data); err == nil && len(entries) > 0 {
		return problem.New(problem.Conflict, "The folder %s is not empty. Restore into an empty one.", c.Data)
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return problem.New(problem.Invalid, "%s is not a backup.", file)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	if err := c.restoreFrom(ctx, tar.NewReader(z)); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

func (c Config) restoreFrom(ctx context.Context, t *tar.Reader) error {
	var head about
	d, err := (&App{Config: c}).dialler(c.networks)
	if err != nil {
		return err
	}
	files, err := (&App{Config: c}).openBlobs(d)
	if err != nil {
		return err
	}
	for {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch {
		case h.Name == "about.json":
			if err := json.NewDecoder(t).Decode(&head); err != nil {
				return err
			}
			if (head.Engine == string(db.Postgres)) != (c.Database != "") {
				return problem.New(problem.Conflict, "This backup is of a %s database. Give --database accordingly.", head.Engine)
			}
		case h.Name == secret.FileName:
			if err := write(filepath.Join(c.Data, secret.FileName), t); err != nil {
				return err
			}
		case h.Name == "database":
			if err := c.restoreDatabase(ctx, t); err != nil {
				return err
			}
		case strings.HasPrefix(h.Name, "files/"):
			if _, err := files.PutAs(ctx, blob.Key(strings.TrimPrefix(h.Name, "files/")), t); err != nil {
				return err
			}
		}
	}
	if head.Engine == "" {
		return problem.New(problem.Invalid, "This is not a backup.")
	}
	return nil
}

func write(file string, r io.Reader) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	return f.Sync()
}

func (c Config) restoreDatabase(ctx context.Context, r io.Reader) error {
	if c.Database == "" {
		return write(filepath.Join(c.Data, "baraji.db"), r)
	}
	d, err := db.Open(ctx, c.Database, db.Options{Now: c.Now})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		return err
	}
	return d.Load(ctx, r)
}
