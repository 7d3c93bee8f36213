package blob

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"
)

// What can be wrong with a file.
var (
	ErrNotFound = errors.New("blob: no such file")
	ErrFull     = errors.New("blob: no space left")
	ErrKey      = errors.New("blob: not a key")
)

// Key names a file: 32 characters a–z and 2–7, 160 random bits. Whoever knows a key may still not read the file: that is
// decided by the row that holds it.
type Key string

// NewKey makes a key.
func NewKey() Key {
	b := make([]byte, 20)
	rand.Read(b)
	return Key(strings.ToLower(base32.StdEncoding.EncodeToString(b)))
}

// Valid tells whether this is a key and nothing else: no path, no dot, no slash.
func (k Key) Valid() bool {
	if len(k) != 32 {
		return false
	}
	return strings.Trim(string(k), "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// path spreads the files over 1,024 folders of 1,024.
func (k Key) path() string { return string(k[:2]) + "/" + string(k[2:4]) + "/" + string(k) }

func (k Key) check() error {
	if !k.Valid() {
		return fmt.Errorf("%w: %q", ErrKey, string(k[:min(len(k), 40)]))
	}
	return nil
}

// File is what was put.
type File struct {
	Key    Key
	Size   int64
	SHA256 string // of the content, in hex
}

// Entry is a file as the store lists it.
type Entry struct {
	Key     Key
	Size    int64
	Changed time.Time // when it was put, by the store's clock
}

// Store keeps files. All its methods may be used by many goroutines.
type Store interface {
	// Put reads to the end and keeps what it read. After an error there is no file, not half of one; a full disk is
	// [ErrFull]. When it returns, the file survives a power cut.
	Put(ctx context.Context, r io.Reader) (File, error)
	// PutAs is Put under a key that is known already: for restoring a backup.
	PutAs(ctx context.Context, key Key, r io.Reader) (File, error)
	// Open reads a file; [ErrNotFound] if there is none.
	Open(ctx context.Context, key Key) (io.ReadSeekCloser, error)
	// Delete removes a file. One that is not there is fine.
	Delete(ctx context.Context, key Key) error
	// Each walks over all files in no particular order, for garbage collection, check and backup. An error ends it.
	Each(ctx context.Context) iter.Seq2[Entry, error]
}

// OpenURL opens a folder by its path, or a bucket by s3://ACCESS:SECRET@host:port/bucket/prefix?region=…&tls=false.
// Without keys in the address, those of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are used. The transport is kit/dial's.
func OpenURL(address string, transport http.RoundTripper) (Store, error) {
	if strings.HasPrefix(address, "s3://") {
		return openS3(address, transport)
	}
	if address == "" || strings.Contains(address, "://") {
		return nil, fmt.Errorf("open files: %q is neither a folder nor s3://…", address)
	}
	return OpenFolder(address)
}

// patient stops reading when the context ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}
