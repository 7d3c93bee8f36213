package shift

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"baraji/internal/team"
	"baraji/test/rig"
)

// thousand is more than 1,000 turns over changes of clocks, with texts that hurt.
func thousand(t testing.TB) (list []Entry) {
	titles := []string{"당직, 밤", `back\slash; "quoted"`, "two\nlines\r\nand more", strings.Repeat("가나다라마바사 ", 30), "🌙 night · Nacht", "x:y,z", "\ttab \a bell"}
	for _, name := range []string{"Europe/Berlin", "Australia/Lord_Howe", "Asia/Seoul"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, turn := range year(zone)[0].Plan(time.Date(2026, 3, 1, 0, 0, 0, 0, zone), time.Date(2026, 11, 30, 0, 0, 0, 0, zone)) {
			list = append(list, Entry{Key: fmt.Sprint(turn.Key, ".", name), From: turn.From, Until: turn.Until, Title: titles[i%len(titles)], About: titles[(i+3)%len(titles)]})
		}
	}
	if len(list) < 1000 {
		t.Fatalf("only %d turns", len(list))
	}
	return list
}

// seen is an entry as a reader understood it.
type seen struct {
	UID, From, Until, Title, About string
}

func meant(e Entry) seen {
	const form = "2006-01-02T15:04:05Z"
	text := func(s string) string {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\a", "").Replace(s)
		return s
	}
	return seen{e.Key + "@desk.example", e.From.UTC().Format(form), e.Until.UTC().Format(form), text(e.Title), text(e.About)}
}

// TestFeedsAreReadByTwoParsers (T58): what we write is understood the same by two libraries that are not ours (rig.Calendars), by a strict reader in
// Python's standard library (testdata/read.py) and by one here that goes character by character; over changes of clocks, in more than 1,000 turns.
func TestFeedsAreReadByTwoParsers(t *testing.T) {
	list := thousand(t)
	text := ICS("당직표; 밤, 낮", "desk.example", time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), list)
	for n, line := range strings.SplitAfter(text, "\r\n") {
		if len(strings.TrimSuffix(line, "\r\n")) > 75 || !utf8.ValidString(line) || strings.Count(line, "\n") > 1 {
			t.Fatalf("line %d: %q", n, line)
		}
	}
	readers := map[string]func(testing.TB, string) []seen{"here": readHere, "Python": readPython}
	for _, name := range rig.Calendars {
		readers[name] = func(t testing.TB, text string) (list []seen) {
			rig.ReadWith(t, name, []byte(text), &list)
			return list
		}
	}
	for name, read := range readers {
		t.Run(name, func(t *testing.T) { understood(t, name, read(t, text), list) })
	}
}

// understood holds what a reader took against what was meant.
func understood(t *testing.T, name string, got []seen, list []Entry) {
	t.Helper()
	if len(got) != len(list) {
		t.Errorf("%s: %d turns, want %d", name, len(got), len(list))
		return
	}
	wrong := 0
	for i, e := range list {
		if got[i] != meant(e) {
			if wrong++; wrong < 4 {
				t.Errorf("%s:\n%+v, want\n%+v", name, got[i], meant(e))
			}
		}
	}
	t.Logf("%s: %d turns, %d differ", name, len(got), wrong)
}

func readPython(t testing.TB, text string) (list []seen) {
	cmd := exec.Command("python3", "testdata/read.py")
	cmd.Stdin = strings.NewReader(text)
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, bad.String())
	}
	if err := json.Unmarshal(out.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// readHere unfolds, cuts and unescapes one character after the other.
func readHere(t testing.TB, text string) (list []seen) {
	var at seen
	depth := 0
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		var b strings.Builder
		for i := 0; i < len(value); i++ {
			if value[i] != '\\' {
				b.WriteByte(value[i])
				continue
			}
			if i++; value[i] == 'n' || value[i] == 'N' {
				b.WriteByte('\n')
			} else {
				b.WriteByte(value[i])
			}
		}
		when := func() string {
			at, err := time.Parse("20060102T150405Z", value)
			if err != nil {
				t.Fatal(err)
			}
			return at.Format("2006-01-02T15:04:05Z")
		}
		switch name {
		case "BEGIN":
			depth++
			at = seen{}
		case "END":
			if depth--; value == "VEVENT" {
				list = append(list, at)
			}
		case "UID":
			at.UID = b.String()
		case "DTSTART":
			at.From = when()
		case "DTEND":
			at.Until = when()
		case "SUMMARY":
			at.Title = b.String()
		case "DESCRIPTION":
			at.About = b.String()
		}
	}
	if depth != 0 {
		t.Errorf("%d blocks are not closed", depth)
	}
	return list
}

// TestNamesOfTurnsStay: a plan that is asked for later, or for a shorter time, or changed elsewhere, calls its turns the same.
func TestNamesOfTurnsStay(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	b := year(zone)[0]
	names := func(from time.Time) map[string]team.ID {
		out := map[string]team.ID{}
		for _, turn := range b.Plan(from, from.AddDate(0, 2, 0)) {
			out[turn.Key+turn.From.String()] = turn.Person
		}
		return out
	}
	before := names(time.Date(2026, 3, 1, 0, 0, 0, 0, zone))
	after := names(time.Date(2026, 3, 20, 11, 0, 0, 0, zone))
	b.Overrides = append(b.Overrides, Override{ID: 999, From: time.Date(2026, 4, 27, 0, 0, 0, 0, zone), Until: time.Date(2026, 4, 28, 0, 0, 0, 0, zone), Person: 1})
	changed := names(time.Date(2026, 3, 1, 0, 0, 0, 0, zone))
	missing, other := 0, 0
	for key := range before {
		if _, there := after[key]; !there && strings.Contains(key, "2026-04") {
			missing++
		}
		if _, there := changed[key]; !there {
			other++
		}
	}
	if missing > 0 || other == 0 || other > 6 {
		t.Errorf("%d of %d are called otherwise later, %d after a change of one day", missing, len(before), other)
	}
}
