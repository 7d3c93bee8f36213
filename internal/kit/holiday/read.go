package holiday

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/unicode/norm"
)

// What a file may hold at most.
const (
	MaxFile  = 1 << 20 // bytes
	maxDays  = 5_000
	maxName  = 200 // characters
	maxFault = 20  // lines that are told
)

// Read takes the holidays out of a file: a calendar (iCalendar) or a list of dates and names (CSV), told apart by what is in
// it. Rules of a calendar are followed from First to Last. What cannot be understood is an Invalid problem with a field for
// each line, called line_12; then nothing is taken.
func Read(file []byte) ([]Day, error) {
	if len(file) > MaxFile {
		return nil, problem.New(problem.Invalid, "The file is larger than %d KB.", MaxFile>>10)
	}
	text := decoded(file)
	r := &reader{}
	if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(text)), "BEGIN:VCALENDAR") {
		r.calendar(text)
	} else {
		r.list(text)
	}
	if r.faults != nil {
		return nil, r.faults
	}
	if len(r.days) == 0 {
		return nil, problem.New(problem.Invalid, "There is no holiday in this file.")
	}
	slices.SortStableFunc(r.days, func(a, b Day) int { return a.Date.Compare(b.Date) })
	return slices.Compact(r.days), nil
}

// decoded is the text of a file: UTF-8, or what Korean spreadsheets write.
func decoded(file []byte) string {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(file) {
		if b, err := korean.EUCKR.NewDecoder().Bytes(file); err == nil {
			file = b
		}
	}
	return norm.NFC.String(strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(string(file)), "?"))
}

// reader collects what a file says, and what is wrong with it.
type reader struct {
	days   []Day
	faults error
	wrong  problem.Check
}

// fault notes what is wrong with a line.
func (r *reader) fault(line int, format string, args ...any) {
	if r.faults == nil || len(problem.Fields(r.faults)) < maxFault {
		r.wrong.That(false, lineName(line), format, args...)
		r.faults = r.wrong.Err()
	}
}

// full says that nothing more is taken, and notes it once.
func (r *reader) full(line int) bool {
	if len(r.days) < maxDays {
		return false
	}
	r.fault(line, "There are more than %d days in this file.", maxDays)
	return true
}

func (r *reader) add(line int, date hours.Date, name string) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case r.full(line):
	case name == "":
		r.fault(line, "This day has no name.")
	case utf8.RuneCountInString(name) > maxName:
		r.fault(line, "This name is longer than %d characters.", maxName)
	default:
		r.days = append(r.days, Day{Date: date, Korean: name, English: name})
	}
}
