package id_test

import (
	"encoding/json"
	"testing"
	"time"

	"baraji/internal/kit/id"
)

type lampKind struct{}

func (lampKind) Prefix() string { return "lmp" }

type lampID = id.Of[lampKind]

func TestIDsGrowAndKeepTheirTime(t *testing.T) {
	m := id.NewMaker(7)
	now := time.Date(2026, 11, 22, 1, 2, 3, 4e6, time.UTC)
	last := int64(0)
	for i := range 20000 {
		at := now
		if i%3 == 0 {
			at = now.Add(-time.Hour) // the clock goes back
		}
		n := m.Next(at)
		if n <= last {
			t.Fatalf("id %d: %d is not above %d", i, n, last)
		}
		last = n
	}
	if got := id.Time(m.Next(now.Add(time.Hour))); !got.Equal(now.Add(time.Hour)) {
		t.Errorf("time %v", got)
	}
}

func TestStringForm(t *testing.T) {
	m := id.NewMaker(1023)
	want := lampID(m.Next(time.Date(2080, 1, 1, 0, 0, 0, 0, time.UTC)))
	b, err := json.Marshal(map[string]lampID{"lamp": want})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]lampID
	if err := json.Unmarshal(b, &got); err != nil || got["lamp"] != want {
		t.Errorf("%s: %v, %v", b, got, err)
	}
	for _, bad := range []string{"", "lmp_", "cnv" + want.String()[3:], want.String() + "0", "lmp_zzzzzzzzzzzzz", "lmp_000000000000i", "lmp_0000000000000", "LMP" + want.String()[3:]} {
		if n, err := id.Read[lampID](bad); err == nil {
			t.Errorf("%q read as %d", bad, n)
		}
	}
	if n, err := id.Read[lampID](want.String()); err != nil || n != want {
		t.Errorf("%s: %v %v", want, n, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("lmp_01k3v9q8m0c2r")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := id.Parse("lmp", s); err == nil && id.Format("lmp", n) != s {
			t.Errorf("%q is read as %d, which is %q", s, n, id.Format("lmp", n))
		}
	})
}
