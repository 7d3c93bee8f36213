package team

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"baraji/internal/kit/problem"
)

func FuzzFoldEmail(f *testing.F) {
	for _, s := range []string{"a@b.example", " A@B.Example ", "x <a@b.example>", "서윤@x.example", "a@b@c", "\"a b\"@c.example", "a@[127.0.0.1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded, err := foldEmail(s)
		if err != nil {
			return
		}
		again, err := foldEmail(folded)
		if err != nil || again != folded {
			t.Errorf("%q is folded to %q, and that to %q (%v)", s, folded, again, err)
		}
		if strings.ContainsAny(folded, " \r\n<>,;") || strings.Count(folded, "@") != 1 {
			t.Errorf("%q passes as %q", s, folded)
		}
	})
}

func TestSource(t *testing.T) {
	for from, want := range map[string]string{
		"203.0.113.7":                "203.0.113.7",
		"203.0.113.7:4711":           "203.0.113.7",
		"::ffff:203.0.113.7":         "203.0.113.7",
		"[2001:db8:1:2:3:4:5:6]:443": "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1":       "2001:db8:1:2::/64",
		"fe80::1%eth0":               "fe80::/64",
		"":                           "unknown",
		"nonsense":                   "unknown",
	} {
		if got := source(from); got != want {
			t.Errorf("%q is %q, want %q", from, got, want)
		}
	}
}

func FuzzSource(f *testing.F) {
	f.Add("[fe80::1%eth0]:80")
	f.Fuzz(func(t *testing.T, s string) {
		got := source(s)
		if _, err := netip.ParsePrefix(got); err == nil || got == "unknown" {
			return
		}
		if _, err := netip.ParseAddr(got); err != nil {
			t.Errorf("%q is %q", s, got)
		}
	})
}

func TestPasswords(t *testing.T) {
	for _, good := range []string{"moonlight lamp", "달빛등불을켜요지금", "x7#kQ9!z", strings.Repeat("long one ", 20)} {
		if _, err := checkPassword(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "short", "1234567", "12345678", "password", "Password123!", "qwertyuiop", "aaaaaaaa", "abcabcabc", "비밀번호1234", "letmein!!", strings.Repeat("x y", 300)} {
		if _, err := checkPassword(bad); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
	// One syllable is the same whether a keyboard sends it whole or in parts.
	whole, _ := checkPassword("달빛 등불을 켜요")
	parts, _ := checkPassword("\u1103\u1161\u11af\u1107\u1175\u11be 등불을 켜요")
	if whole != parts || whole == "" {
		t.Errorf("%q and %q differ", whole, parts)
	}
}

// A flood of sign-ins takes up a few places and a short queue, and the rest is sent away.
func TestAFloodIsSentAway(t *testing.T) {
	s := newSlots()
	hold, done := make(chan struct{}), make(chan error)
	all := cap(s.waiting)
	for range all {
		go func() { done <- s.in(t.Context(), func() error { <-hold; return nil }) }()
	}
	for len(s.waiting) < all { // every one of them has come in; nothing else ends this
		select {
		case err := <-done:
			t.Fatal(err)
		default:
		}
	}
	if len(s.running) > cap(s.running) || cap(s.running) > 4 {
		t.Errorf("%d run at once", len(s.running))
	}
	var p *problem.Error
	if err := s.in(t.Context(), func() error { return nil }); !errors.As(err, &p) || p.Kind != problem.Limited || p.RetryAfter == 0 {
		t.Errorf("%v", err)
	}
	close(hold)
	for range all {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
