package secret

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// FileName is the key file's name in the data folder.
const FileName = "secret.key"

// Open reads the key of a data folder, and makes it if there is none yet. A key that cannot be read or has the wrong
// size is an error, never a reason to make a new one: that would silently lock away every stored password.
func Open(dir string) (*Keys, error) {
	path := filepath.Join(dir, FileName)
	keys, err := read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	if err := create(dir, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make key file %s: %w", path, err)
	}
	return read(path) // what another process made a moment earlier counts for both
}

func read(path string) (*Keys, error) {
	key, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	keys, err := New(key)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return keys, nil
}

// create writes the key beside its place and links it in: a crash or a second process never sees half a key, and the
// link fails where a key already is.
func create(dir, path string) error {
	tmp, err := os.CreateTemp(dir, FileName+".*") // 0600 and O_EXCL by definition
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := fill(tmp); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		return linkless(path, err)
	}
	return syncDir(dir)
}

// linkless makes the key on a file system without hard links.
func linkless(path string, cause error) error {
	if errors.Is(cause, fs.ErrExist) {
		return cause
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := fill(file); err != nil {
		file.Close()
		os.Remove(path)
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func fill(file *os.File) error {
	key := make([]byte, Size)
	rand.Read(key) // never fails: crypto/rand ends the program instead
	if _, err := file.Write(key); err != nil {
		return err
	}
	return file.Sync()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
