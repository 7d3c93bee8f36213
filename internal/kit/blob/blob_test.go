package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"baraji/internal/kit/blob"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

func TestFolder(t *testing.T) {
	suite(t, func(t *testing.T) blob.Store { return open(t, filepath.Join(t.TempDir(), "files")) })
}

func TestBucket(t *testing.T) {
	suite(t, func(t *testing.T) blob.Store {
		address, transport := bucket(t, true)
		return openWith(t, strings.Replace(address, "/files", "/files/desk", 1), transport)
	})
}

func open(t *testing.T, address string) blob.Store {
	t.Helper()
	return openWith(t, address, http.DefaultTransport)
}

func openWith(t *testing.T, address string, transport http.RoundTripper) blob.Store {
	t.Helper()
	s, err := blob.OpenURL(address, transport)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// bucket starts an S3 server and gives the address of an empty bucket in it. Without TLS minio-go signs in chunks, which
// this server does not take apart in long files.
func bucket(t *testing.T, secure bool) (string, http.RoundTripper) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("files"); err != nil {
		t.Fatal(err)
	}
	handler := gofakes3.New(backend).Server()
	srv, scheme := httptest.NewUnstartedServer(handler), "http"
	if secure {
		srv.StartTLS()
		scheme = "https"
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	return "s3://KEY:SECRET@" + strings.TrimPrefix(srv.URL, scheme+"://") + "/files?region=us-east-1&tls=" + strconv.FormatBool(secure), srv.Client().Transport
}

func TestABucketWithoutTLS(t *testing.T) {
	address, transport := bucket(t, false)
	s := openWith(t, address, transport)
	for _, content := range []string{"", "x", strings.Repeat("long ", 300_000)} {
		f := put(t, s, content)
		if got := read(t, s, f.Key); string(got) != content || f.Size != int64(len(content)) {
			t.Errorf("%d bytes came back of %d", len(got), len(content))
		}
	}
}

// suite is what every store promises.
func suite(t *testing.T, make func(*testing.T) blob.Store) {
	t.Run("what is put can be read", func(t *testing.T) {
		s := make(t)
		for _, size := range []int{0, 1, 1000, 1 << 20, 8<<20 - 1, 8 << 20, 8<<20 + 1, 20 << 20} {
			content := noise(size)
			f, err := s.Put(t.Context(), io.MultiReader(bytes.NewReader(content))) // no Len, no Seek: as from the network
			if err != nil {
				t.Fatalf("%d bytes: %v", size, err)
			}
			sum := sha256.Sum256(content)
			if f.Size != int64(size) || f.SHA256 != hex.EncodeToString(sum[:]) || !f.Key.Valid() {
				t.Errorf("%d bytes: %+v", size, f)
			}
			if got := read(t, s, f.Key); !bytes.Equal(got, content) {
				t.Errorf("%d bytes: %d came back, or others", size, len(got))
			}
		}
	})
	t.Run("parts can be read", func(t *testing.T) {
		s := make(t)
		f := put(t, s, "0123456789")
		r, err := s.Open(t.Context(), f.Key)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if n, err := r.Seek(0, io.SeekEnd); n != 10 || err != nil {
			t.Errorf("its end is at %d, %v", n, err)
		}
		r.Seek(7, io.SeekStart)
		if b, err := io.ReadAll(r); string(b) != "789" || err != nil {
			t.Errorf("read %q, %v", b, err)
		}
	})
	t.Run("what is deleted is gone", func(t *testing.T) {
		s := make(t)
		f := put(t, s, "x")
		for range 2 {
			if err := s.Delete(t.Context(), f.Key); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Open(t.Context(), f.Key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("open: %v", err)
		}
	})
	t.Run("every file is listed once", func(t *testing.T) {
		s := make(t)
		var want []blob.Key
		for range 60 {
			want = append(want, put(t, s, "content").Key)
		}
		if got := keys(t, s); !slices.Equal(got, sorted(want)) {
			t.Errorf("%d listed, %d put", len(got), len(want))
		}
		for e, err := range s.Each(t.Context()) {
			if err != nil || e.Size != 7 || time.Since(e.Changed).Abs() > time.Hour {
				t.Errorf("%+v %v", e, err)
			}
			break
		}
	})
	t.Run("a reader that fails leaves nothing", func(t *testing.T) {
		s := make(t)
		broken := errors.New("line is dead")
		for _, size := range []int{0, 5, 9 << 20} {
			_, err := s.Put(t.Context(), io.MultiReader(bytes.NewReader(noise(size)), failing{broken}))
			if !errors.Is(err, broken) {
				t.Errorf("after %d bytes: %v", size, err)
			}
		}
		if got := keys(t, s); len(got) != 0 {
			t.Errorf("left: %v", got)
		}
	})
	t.Run("a context that ends leaves nothing", func(t *testing.T) {
		s := make(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Put(ctx, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
			t.Errorf("put: %v", err)
		}
		if got := keys(t, s); len(got) != 0 {
			t.Errorf("left: %v", got)
		}
	})
	t.Run("no key leads out", func(t *testing.T) {
		s := make(t)
		for _, k := range badKeys {
			if _, err := s.Open(t.Context(), k); !errors.Is(err, blob.ErrKey) {
				t.Errorf("open %q: %v", k, err)
			}
			if err := s.Delete(t.Context(), k); !errors.Is(err, blob.ErrKey) {
				t.Errorf("delete %q: %v", k, err)
			}
		}
		if _, err := s.Open(t.Context(), blob.NewKey()); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("a key of nobody: %v", err)
		}
	})
	t.Run("many at once", func(t *testing.T) {
		s := make(t)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 5 {
					content := noise(10_000)
					f, err := s.Put(context.Background(), bytes.NewReader(content))
					if err != nil {
						t.Error(err)
						return
					}
					if !bytes.Equal(read(t, s, f.Key), content) {
						t.Error("another's content")
					}
				}
			})
		}
		wg.Wait()
		if got := keys(t, s); len(got) != 40 {
			t.Errorf("%d files", len(got))
		}
	})
}

var badKeys = []blob.Key{"", ".", "..", "/", "../../../../etc/passwd", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "aa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaa/", "..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\x00",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", "unfinished", `..\..\..\..\..\..\..\..\..\..\x`, "가가가가가가가가가가aa"}

func TestTheFolderHoldsNothingElse(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir).(*blob.Folder)
	f := put(t, s, "x")
	os.WriteFile(filepath.Join(dir, "README"), []byte("by hand"), 0o600)
	os.WriteFile(filepath.Join(dir, "unfinished", "old"), []byte("crashed"), 0o600)
	os.Symlink("/etc/passwd", filepath.Join(dir, string(f.Key[:2]), string(f.Key[2:4]), string(f.Key[:4])+strings.Repeat("a", 28)))
	if got := keys(t, s); !slices.Equal(got, []blob.Key{f.Key}) {
		t.Errorf("listed %v", got)
	}
	if _, err := s.Open(t.Context(), f.Key[:4]+blob.Key(strings.Repeat("a", 28))); err == nil {
		t.Error("a link led out")
	}
	info, err := os.Stat(filepath.Join(dir, string(f.Key[:2]), string(f.Key[2:4]), string(f.Key)))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if n, err := s.Sweep(time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("swept what may be in the making: %d %v", n, err)
	}
	if n, err := s.Sweep(time.Now().Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	read(t, s, f.Key)
}

// T12: a real small disk. Needs the right to mount one.
func TestAFullDiskLeavesNoHalfFile(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=2m"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI must be able to mount a small disk: %v", err)
		}
		t.Skipf("SKIPPED: cannot mount a small disk to fill: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	s := open(t, filepath.Join(dir, "files")).(*blob.Folder)
	t.Cleanup(func() { s.Close() })
	kept := put(t, s, "kept")
	if _, err := s.Put(t.Context(), bytes.NewReader(noise(4<<20))); !errors.Is(err, blob.ErrFull) {
		t.Errorf("put: %v", err)
	}
	if got := keys(t, s); !slices.Equal(got, []blob.Key{kept.Key}) {
		t.Errorf("left %v", got)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "files", "unfinished")); len(left) != 0 {
		t.Errorf("half a file is left: %v", left)
	}
	put(t, s, strings.Repeat("there is room again ", 1000))
}

func TestAFullServiceSaysSo(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusInsufficientStorage) }))
	defer srv.Close()
	s := open(t, "s3://K:S@"+strings.TrimPrefix(srv.URL, "http://")+"/files?tls=false&region=x")
	if _, err := s.Put(t.Context(), strings.NewReader("x")); !errors.Is(err, blob.ErrFull) {
		t.Errorf("put: %v", err)
	}
}

func TestBucketCheck(t *testing.T) {
	address, transport := bucket(t, true)
	if err := openWith(t, address, transport).(*blob.Bucket).Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := openWith(t, strings.Replace(address, "/files?", "/other?", 1), transport).(*blob.Bucket).Check(t.Context()); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("a bucket that is not there: %v", err)
	}
}

func TestBadAddressesAreRefused(t *testing.T) {
	for _, a := range []string{"", "s3://", "s3://host", "s3://host/", "gs://x/y", "http://x", "s3://k:SECRET@%zz/x", "s3://k:SECRET@host"} {
		s, err := blob.OpenURL(a, http.DefaultTransport)
		if err == nil {
			t.Errorf("%q gave %v", a, s)
		} else if strings.Contains(err.Error(), "SECRET") {
			t.Errorf("the secret shows: %v", err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func noise(n int) []byte {
	b := make([]byte, n)
	rng := rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)})
	rng.Read(b)
	return b
}

func put(t *testing.T, s blob.Store, content string) blob.File {
	t.Helper()
	f, err := s.Put(t.Context(), strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func read(t *testing.T, s blob.Store, key blob.Key) []byte {
	t.Helper()
	r, err := s.Open(context.Background(), key)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Error(err)
	}
	return b
}

func keys(t *testing.T, s blob.Store) []blob.Key {
	t.Helper()
	var out []blob.Key
	for e, err := range s.Each(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Key)
	}
	return sorted(out)
}

func sorted(k []blob.Key) []blob.Key {
	slices.Sort(k)
	return k
}
