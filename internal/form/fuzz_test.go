package form_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"baraji/internal/form"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/secret"
)

// Whatever is sent: it is taken or refused; what is taken holds no control characters, asks only what counts, and would be
// taken again as it is.
func FuzzRead(f *testing.F) {
	f.Add("Mina", "mina@customer.example", "lamp", "010-2345-6789", "2", "2026-01-31", "It flickers.")
	f.Add("\x00\u202e", "a@b.example\r\nBcc: c@d.example", "other", "+1 (555) 0100 x3", "1e9", "0000-00-00", "<script>")
	f.Add("나", "한글@도메인.한국", "lamp", "☎ 02-123-4567", "NaN", "2026-13-01", strings.Repeat("말", 30))
	d := repair()
	f.Fuzz(func(t *testing.T, name, email, kind, phone, pieces, bought, text string) {
		given := form.Answers{"name": {name}, "email": {email}, "kind": {kind, kind}, "phone": {phone}, "pieces": {pieces}, "bought": {bought}, "text": {text}, "which": {text},
			"agree": {"on"}, "nobody": {"asked"}}
		out, _, err := d.Read(given, nil)
		if err != nil {
			return
		}
		for key, list := range out {
			if _, ok := d.Field(key); !ok {
				t.Fatalf("an answer to %q, which is not asked", key)
			}
			for _, v := range list {
				if strings.ContainsFunc(v, func(r rune) bool {
					return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
				}) {
					t.Fatalf("%s holds %q", key, v)
				}
			}
		}
		if kind != "other" && out["which"] != nil {
			t.Fatal("what is not asked counts")
		}
		again, _, err := d.Read(out, nil)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(out) {
			t.Fatalf("%v becomes %v: %v", out, again, err)
		}
		_ = d.Letter(out, i18n.Korean)
	})
}

// No stamp but ours is taken.
func FuzzStamp(f *testing.F) {
	keys, err := secret.Parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
	if err != nil {
		f.Fatal(err)
	}
	forms, now := form.Stamps(keys), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	good := forms.Stamp(7, 1, now)
	f.Add(uint8(3), byte('x'), good)
	f.Add(uint8(58), byte('A'), good[:40])
	f.Fuzz(func(t *testing.T, at uint8, by byte, text string) {
		forged := []byte(good) // each process that fuzzes has made its own
		forged[int(at)%len(forged)] = by
		if _, err := forms.Unstamp(7, string(forged), now); (err == nil) != (string(forged) == good) {
			t.Fatalf("%q: %v", forged, err)
		}
		if _, err := forms.Unstamp(7, text, now); err == nil && len(text) != len(good) {
			t.Fatalf("%q is taken", text)
		}
	})
}
