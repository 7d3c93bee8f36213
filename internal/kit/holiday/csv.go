package holiday

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/hours"
)

// lineName is what the field of a line is called in a problem.
func lineName(line int) string { return "line_" + strconv.Itoa(line) }

// list reads lines of a date and a name, between commas, semicolons or tabs as the first line has them. The first line may be
// a heading; further columns are left alone.
func (r *reader) list(text string) {
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace, c.ReuseRecord = comma(text), -1, true, true, true
	for first := true; ; first = false {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		line, _ := c.FieldPos(0)
		if err != nil {
			r.fault(line, "This line cannot be read.")
			return
		}
		date, ok := readDate(row[0])
		switch {
		case ok && len(row) > 1:
			r.add(line, date, row[1])
		case ok:
			r.fault(line, "This day has no name.")
		case first || strings.TrimSpace(strings.Join(row, "")) == "":
		default:
			r.fault(line, "“%s” is no date such as 2027-01-01.", short(row[0]))
		}
		if len(r.days) >= maxDays && r.full(line) {
			return
		}
	}
}

func comma(text string) rune {
	head, _, _ := strings.Cut(text, "\n")
	for _, c := range "\t;" {
		if strings.ContainsRune(head, c) {
			return c
		}
	}
	return ','
}

var dateForm = regexp.MustCompile(`^(\d{4})\s*[-./년]?\s*(\d{1,2})\s*[-./월]?\s*(\d{1,2})\s*[.일]?$`)

// readDate reads a date as people and spreadsheets write it: 2027-01-01, 2027/1/1, 2027. 1. 1., 20270101, 2027년 1월 1일.
func readDate(text string) (hours.Date, bool) {
	m := dateForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return hours.Date{}, false
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	return valid(hours.Date{Year: year, Month: time.Month(month), Day: day})
}

// valid says whether there is such a day.
func valid(d hours.Date) (hours.Date, bool) { return d, d.Year >= 1 && d.Add(0) == d }

func short(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return text
}
