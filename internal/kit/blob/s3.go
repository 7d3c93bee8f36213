package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket is a store in a bucket of an S3-compatible service. Any number of nodes may share it.
type Bucket struct {
	client         *minio.Client
	bucket, prefix string
}

// partSize is what a file of unknown length is sent in, and what is held in memory for it. S3 takes at least 5 MiB, at
// most 10,000 parts: 80 GB.
const partSize = 8 << 20

func openS3(address string, transport http.RoundTripper) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("open files: the s3:// address cannot be read") // it may hold a secret: not shown
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || bucket == "" {
		return nil, fmt.Errorf("open files: %s needs a host and a bucket", u.Redacted())
	}
	keys := credentials.NewEnvAWS()
	if u.User != nil {
		secret, _ := u.User.Password()
		keys = credentials.NewStaticV4(u.User.Username(), secret, "")
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: keys, Secure: u.Query().Get("tls") != "false", Region: u.Query().Get("region"), Transport: transport,
	})
	if err != nil {
		return nil, fmt.Errorf("open files: %s: %w", u.Redacted(), err)
	}
	return &Bucket{client: client, bucket: bucket, prefix: prefix}, nil
}

// Check tells whether the bucket is there and may be used: for the start, and for the readiness probe.
func (b *Bucket) Check(ctx context.Context) error {
	ok, err := b.client.BucketExists(ctx, b.bucket)
	if err != nil {
		return fmt.Errorf("bucket %s: %w", b.bucket, err)
	}
	if !ok {
		return fmt.Errorf("bucket %s: %w", b.bucket, ErrNotFound)
	}
	return nil
}

// Put sends a file. What fits into one part goes in one request; the service shows a longer one only when it is whole.
func (b *Bucket) Put(ctx context.Context, r io.Reader) (File, error) {
	return b.PutAs(ctx, NewKey(), r)
}

// PutAs is Put under a key that is known already.
func (b *Bucket) PutAs(ctx context.Context, key Key, r io.Reader) (File, error) {
	if err := key.check(); err != nil {
		return File{}, err
	}
	file := File{Key: key}
	sum := sha256.New()
	counted := io.TeeReader(patient{ctx, r}, sum)
	first, err := io.ReadAll(io.LimitReader(counted, partSize))
	if err != nil {
		return File{}, fmt.Errorf("put file: %w", err)
	}
	body, size := io.Reader(bytes.NewReader(first)), int64(len(first))
	if size == partSize {
		body, size = io.MultiReader(body, counted), -1
	}
	info, err := b.client.PutObject(ctx, b.bucket, b.name(file.Key), body, size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", PartSize: partSize,
		DisableContentSha256: size == 0, // else minio-go sends an empty file without its length, which services refuse
	})
	if err != nil {
		return File{}, fmt.Errorf("put file: %w", b.explain(err, file.Key))
	}
	file.Size, file.SHA256 = info.Size, hex.EncodeToString(sum.Sum(nil))
	return file, nil
}

// Open reads a file. It asks for it at once, so that one that is missing is told here and not while reading.
func (b *Bucket) Open(ctx context.Context, key Key) (io.ReadSeekCloser, error) {
	if err := key.check(); err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.bucket, b.name(key), minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("open file: %w", b.explain(err, key))
	}
	if _, err := object.Stat(); err != nil {
		object.Close()
		return nil, fmt.Errorf("open file: %w", b.explain(err, key))
	}
	return object, nil
}

// Delete removes a file.
func (b *Bucket) Delete(ctx context.Context, key Key) error {
	if err := key.check(); err != nil {
		return err
	}
	err := b.explain(b.client.RemoveObject(ctx, b.bucket, b.name(key), minio.RemoveObjectOptions{}), key)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("delete file: %w", err)
	}
	return nil
}

// Each walks over the files below the prefix.
func (b *Bucket) Each(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop() // ends the listing when the caller has seen enough
		prefix := strings.TrimPrefix(b.prefix+"/", "/")
		for o := range b.client.ListObjects(ctx, b.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
			if o.Err != nil {
				yield(Entry{}, fmt.Errorf("list files: %w", o.Err))
				return
			}
			key := Key(path.Base(o.Key))
			if !key.Valid() || b.name(key) != o.Key {
				continue
			}
			if !yield(Entry{Key: key, Size: o.Size, Changed: o.LastModified}, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Entry{}, fmt.Errorf("list files: %w", err))
		}
	}
}

func (b *Bucket) name(key Key) string { return path.Join(b.prefix, key.path()) }

func (b *Bucket) explain(err error, key Key) error {
	if err == nil {
		return nil
	}
	switch r := minio.ToErrorResponse(err); {
	case r.Code == minio.NoSuchKey:
		return fmt.Errorf("%w: %s", ErrNotFound, key)
	case r.StatusCode == http.StatusInsufficientStorage, r.Code == "XMinioStorageFull", r.Code == "QuotaExceeded":
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
