package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"syscall"
	"time"
)

// Folder is a store in the file system. It works inside an [os.Root], so even a link in it leads nowhere else.
type Folder struct{ root *os.Root }

const unfinished = "unfinished" // where files are written before they get their place

// OpenFolder opens a folder and makes it if need be.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open files: %w", err)
	}
	if err := root.MkdirAll(unfinished, 0o700); err != nil {
		return nil, fmt.Errorf("open files: %w", err)
	}
	return &Folder{root}, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Put writes beside, syncs, and moves the file to its place: there it is whole or not at all.
func (f *Folder) Put(ctx context.Context, r io.Reader) (File, error) {
	return f.PutAs(ctx, NewKey(), r)
}

// PutAs is Put under a key that is known already.
func (f *Folder) PutAs(ctx context.Context, key Key, r io.Reader) (File, error) {
	if err := key.check(); err != nil {
		return File{}, err
	}
	file := File{Key: key}
	tmp := unfinished + "/" + string(file.Key)
	err := f.write(tmp, &file, patient{ctx, r})
	if err == nil {
		err = f.place(tmp, file.Key.path())
	}
	if err != nil {
		f.root.Remove(tmp)
		return File{}, fmt.Errorf("put file: %w", full(err))
	}
	return file, nil
}

func (f *Folder) write(name string, file *File, r io.Reader) error {
	out, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	file.Size, err = io.Copy(io.MultiWriter(out, sum), r)
	if err == nil {
		err = out.Sync()
	}
	if closing := out.Close(); err == nil {
		err = closing
	}
	file.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return err
}

// place moves a file and makes the move and new folders last over a power cut. If that fails the file goes again, or
// it would stay where nobody knows its name.
func (f *Folder) place(tmp, name string) error {
	dir := path.Dir(name)
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := f.root.Rename(tmp, name); err != nil {
		return err
	}
	for _, d := range []string{dir, path.Dir(dir), "."} {
		if err := f.sync(d); err != nil {
			f.root.Remove(name)
			return err
		}
	}
	return nil
}

func (f *Folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Open reads a file.
func (f *Folder) Open(ctx context.Context, key Key) (io.ReadSeekCloser, error) {
	if err := key.check(); err != nil {
		return nil, err
	}
	file, err := f.root.Open(key.path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, key)
	}
	if err != nil {
		return nil, fmt.Errorf("open file: %w", err)
	}
	return file, nil
}

// Delete removes a file. Its folders stay: the next file may need them at this very moment.
func (f *Folder) Delete(ctx context.Context, key Key) error {
	if err := key.check(); err != nil {
		return err
	}
	if err := f.root.Remove(key.path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete file: %w", err)
	}
	return nil
}

// Each walks over the files. What somebody else put into the folder is passed over.
func (f *Folder) Each(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		err := fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			if err != nil || d.IsDir() && name == unfinished {
				return skip(d)
			}
			e, ok := entry(name, d)
			if ok && !yield(e, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Entry{}, fmt.Errorf("list files: %w", err))
		}
	}
}

func skip(d fs.DirEntry) error {
	if d != nil && d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func entry(name string, d fs.DirEntry) (Entry, bool) {
	key := Key(path.Base(name))
	if !key.Valid() || key.path() != name || !d.Type().IsRegular() {
		return Entry{}, false
	}
	info, err := d.Info()
	if err != nil {
		return Entry{}, false // deleted a moment ago
	}
	return Entry{Key: key, Size: info.Size(), Changed: info.ModTime()}, true
}

// Sweep removes what crashes left unfinished before a moment, and tells how many that were.
func (f *Folder) Sweep(before time.Time) (int, error) {
	dir, err := f.root.Open(unfinished)
	if err != nil {
		return 0, fmt.Errorf("sweep files: %w", err)
	}
	defer dir.Close()
	list, err := dir.ReadDir(-1)
	if err != nil {
		return 0, fmt.Errorf("sweep files: %w", err)
	}
	n := 0
	for _, d := range list {
		info, err := d.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue
		}
		if err := f.root.Remove(unfinished + "/" + d.Name()); err == nil {
			n++
		}
	}
	return n, nil
}

func full(err error) error {
	for _, e := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, e) {
			return fmt.Errorf("%w: %w", ErrFull, err)
		}
	}
	return err
}
