package secret_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/secret"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func keys(t testing.TB, fill byte) *secret.Keys {
	t.Helper()
	k, err := secret.New(bytes.Repeat([]byte{fill}, secret.Size))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestTheKeyFileIsMadeOnceAndKept(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	prints := make([]string, 8)
	for i := range prints {
		wg.Go(func() {
			k, err := secret.Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			prints[i] = k.Fingerprint()
		})
	}
	wg.Wait()
	for _, p := range prints {
		if p != prints[0] {
			t.Fatalf("processes that start together have different keys: %v", prints)
		}
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 1 {
		t.Errorf("%d files are left, want the key only", len(files))
	}
	info, err := os.Stat(filepath.Join(dir, secret.FileName))
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != secret.Size {
		t.Errorf("key file: %v %v", info, err)
	}
}

func TestABrokenKeyFileIsAnErrorAndStaysAsItIs(t *testing.T) {
	for _, size := range []int{0, 1, 31, 33, 64} {
		dir := t.TempDir()
		path := filepath.Join(dir, secret.FileName)
		if err := os.WriteFile(path, bytes.Repeat([]byte{7}, size), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := secret.Open(dir); err == nil {
			t.Errorf("a key of %d bytes was taken", size)
		}
		if got, _ := os.ReadFile(path); len(got) != size {
			t.Errorf("a key of %d bytes was overwritten", size)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, secret.FileName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Open(dir); err == nil {
		t.Error("an unreadable key was taken")
	}
	if _, err := secret.Open(filepath.Join(dir, "absent")); err == nil {
		t.Error("a key was made in a folder that is not there")
	}
}

func TestAKeyDoesNotShowItself(t *testing.T) {
	k := keys(t, 'K')
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		out := fmt.Sprintf(verb, k) + fmt.Sprintf(verb, *k)
		if strings.Contains(out, "KKKK") || strings.Contains(out, "4b4b4b") || strings.Contains(out, "75 75 75") {
			t.Errorf("%s shows the key: %s", verb, out)
		}
	}
}

func TestSignaturesKeepPurposesAndBordersApart(t *testing.T) {
	k := keys(t, 1)
	mac := k.Sign("a", []byte("ab"), []byte("c"))
	if !k.Verify("a", mac, []byte("ab"), []byte("c")) {
		t.Fatal("its own signature is refused")
	}
	for name, ok := range map[string]bool{
		"other purpose": k.Verify("b", mac, []byte("ab"), []byte("c")),
		"other borders": k.Verify("a", mac, []byte("a"), []byte("bc")),
		"one part":      k.Verify("a", mac, []byte("abc")),
		"cut":           k.Verify("a", mac[:16], []byte("ab"), []byte("c")),
		"empty":         k.Verify("a", nil, []byte("ab"), []byte("c")),
		"other key":     keys(t, 2).Verify("a", mac, []byte("ab"), []byte("c")),
	} {
		if ok {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestTagsSurviveMailAndNothingElse(t *testing.T) {
	k := keys(t, 1)
	for i := range 200 {
		id := fmt.Sprintf("cnv_%d", i)
		tag := k.Tag("reply", id)
		if len(tag) != 26 || !k.CheckTag("reply", tag, id) || !k.CheckTag("reply", strings.ToUpper(tag), id) {
			t.Fatalf("tag %q of %s is refused", tag, id)
		}
		if k.CheckTag("reply", tag, id+"0") || k.CheckTag("other", tag, id) || k.CheckTag("reply", "", id) {
			t.Fatalf("tag %q opens something else", tag)
		}
		for bit := range len(tag) * 8 {
			forged := flip(tag, bit)
			if !strings.EqualFold(forged, tag) && k.CheckTag("reply", forged, id) {
				t.Fatalf("forged %q is taken for %q", forged, tag)
			}
		}
	}
}

// T36: no bit of a public link can be changed, and it opens one object, for one purpose, for its time.
func TestLinksCannotBeForged(t *testing.T) {
	k := keys(t, 1)
	tried := 0
	for i := range 200 {
		object := fmt.Sprintf("att_%d", i)
		until := noon.Add(time.Duration(i+1) * time.Minute)
		token := k.Link("attachment", object, until)
		check := func(what string, want, got error) {
			t.Helper()
			if tried++; !errors.Is(got, want) {
				t.Fatalf("%s: %v, want %v", what, got, want)
			}
		}
		check("in time", nil, k.CheckLink("attachment", object, token, until.Add(-time.Second)))
		check("at its end", secret.ErrExpired, k.CheckLink("attachment", object, token, until))
		check("next object", secret.ErrForged, k.CheckLink("attachment", object+"0", token, noon))
		check("other purpose", secret.ErrForged, k.CheckLink("invite", object, token, noon))
		check("other key", secret.ErrForged, keys(t, 9).CheckLink("attachment", object, token, noon))
		for bit := range len(token) * 8 {
			check("flipped", secret.ErrForged, k.CheckLink("attachment", object, flip(token, bit), noon))
		}
		for n := range token {
			check("cut", secret.ErrForged, k.CheckLink("attachment", object, token[:n], noon))
			check("longer", secret.ErrForged, k.CheckLink("attachment", object, token[:n]+"\n"+token[n:], noon))
		}
	}
	t.Logf("%d tries", tried)
	if err := k.CheckLink("x", "y", k.Link("x", "y", time.Time{}), noon); !errors.Is(err, secret.ErrExpired) {
		t.Errorf("a link without an end: %v", err)
	}
}

func TestSealedThingsOpenOnlyUnchanged(t *testing.T) {
	k := keys(t, 1)
	for _, plain := range []string{"", "hunter2", "비밀번호 🔑", strings.Repeat("x", 5000)} {
		sealed := k.Seal("imap", []byte(plain))
		if sealed == k.Seal("imap", []byte(plain)) {
			t.Error("two seals look the same")
		}
		if len(plain) > 0 && strings.Contains(sealed, plain) {
			t.Error("the plain text shows")
		}
		if got, err := k.Unseal("imap", sealed); err != nil || string(got) != plain {
			t.Errorf("unseal: %q %v", got, err)
		}
		if _, err := k.Unseal("smtp", sealed); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("opened for another purpose: %v", err)
		}
		if _, err := keys(t, 2).Unseal("imap", sealed); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("opened with another key: %v", err)
		}
		for bit := range min(len(sealed)*8, 1000) {
			if _, err := k.Unseal("imap", flip(sealed, bit)); !errors.Is(err, secret.ErrSealed) {
				t.Fatalf("opened with bit %d flipped", bit)
			}
		}
	}
}

func TestParse(t *testing.T) {
	if _, err := secret.Parse(" QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE= \n"); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "hello", "QUFB", strings.Repeat("A", 43) + "="} {
		if _, err := secret.Parse(bad); err == nil || len(bad) > 4 && strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestTokensAreLongAndDifferent(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := secret.Token()
		if len(token) != 40 || seen[token] {
			t.Fatalf("token %q", token)
		}
		seen[token] = true
	}
	if secret.Hash("a") == secret.Hash("b") || len(secret.Hash("a")) != 64 {
		t.Error("hashes")
	}
}

func FuzzCheck(f *testing.F) {
	k := keys(f, 1)
	f.Add(k.Link("p", "o", noon))
	f.Add(k.Seal("p", []byte("x")))
	f.Fuzz(func(t *testing.T, token string) {
		if k.CheckLink("other", "o", token, noon) == nil {
			t.Error("forged")
		}
		if _, err := k.Unseal("other", token); err == nil {
			t.Error("opened")
		}
	})
}

func flip(s string, bit int) string {
	b := []byte(s)
	b[bit/8] ^= 1 << (bit % 8)
	return string(b)
}
