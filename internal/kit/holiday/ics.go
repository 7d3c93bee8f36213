package holiday

import (
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/hours"
)

const maxSpan = 366 // days of one event

// property is one unfolded line of a calendar: NAME;PARAM=X:VALUE (RFC 5545 section 3.1).
type property struct {
	line                int
	name, params, value string
}

// event is what is used of a VEVENT.
type event struct {
	line             int // of its BEGIN
	summary          string
	start, end       hours.Date // end is not in it
	hasStart, hasEnd bool
	span             int // days, by DURATION; 0: not said
	rule             *property
	except           map[hours.Date]bool
	bad, gone        bool // something was wrong; cancelled
}

// calendar reads the whole-day events of an iCalendar file. What stands inside an event's own parts (alarms) and outside of
// events is left alone.
func (r *reader) calendar(text string) {
	var e *event
	depth := 0 // of components inside the event
	for _, p := range unfolded(text) {
		switch {
		case p.name == "BEGIN" && e != nil:
			depth++
		case p.name == "BEGIN" && strings.EqualFold(p.value, "VEVENT"):
			e, depth = &event{line: p.line, except: map[hours.Date]bool{}}, 0
		case p.name == "END" && e != nil && depth > 0:
			depth--
		case p.name == "END" && e != nil:
			r.event(e)
			e = nil
		case e != nil && depth == 0:
			r.property(e, p)
		}
		if len(r.days) >= maxDays && r.full(p.line) {
			return
		}
	}
	if e != nil {
		r.fault(e.line, "This event does not end.")
	}
}

// unfolded are the lines of a calendar, long ones put together again.
func unfolded(text string) (list []property) {
	number := 0
	var whole strings.Builder
	begin := 0
	flush := func() {
		if line := whole.String(); line != "" {
			head, value, _ := cutValue(line)
			name, params, _ := strings.Cut(head, ";")
			list = append(list, property{begin, strings.ToUpper(strings.TrimSpace(name)), strings.ToUpper(params), strings.TrimSpace(value)})
		}
		whole.Reset()
	}
	for line := range strings.SplitSeq(text, "\n") {
		number++
		if rest, folded := cutFold(line); folded && whole.Len() > 0 {
			whole.WriteString(rest)
			continue
		}
		flush()
		begin = number
		whole.WriteString(line)
	}
	flush()
	return list
}

func cutFold(line string) (string, bool) {
	if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
		return line[1:], true
	}
	return line, false
}

// cutValue cuts a line at the colon before its value: the first that is in no quotes.
func cutValue(line string) (head, value string, ok bool) {
	quoted := false
	for i := range len(line) {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ':' && !quoted:
			return line[:i], line[i+1:], true
		}
	}
	return line, "", false
}

func (r *reader) property(e *event, p property) {
	wrong := func(format string, args ...any) {
		r.fault(p.line, format, args...)
		e.bad = true
	}
	var ok bool
	switch p.name {
	case "SUMMARY":
		e.summary = unescape.Replace(p.value)
	case "DTSTART":
		if e.start, e.hasStart = wholeDay(p); !e.hasStart {
			wrong("Only whole days can be holidays: “%s” is none.", short(p.value))
		}
	case "DTEND":
		if e.end, e.hasEnd = wholeDay(p); !e.hasEnd {
			wrong("Only whole days can be holidays: “%s” is none.", short(p.value))
		}
	case "DURATION":
		if e.span, ok = wholeDays(p.value); !ok {
			wrong("Only whole days can be holidays: “%s” is none.", short(p.value))
		}
	case "STATUS":
		e.gone = strings.EqualFold(p.value, "CANCELLED")
	case "RRULE":
		e.rule = &p
	case "EXDATE":
		for text := range strings.SplitSeq(p.value, ",") {
			date, ok := compact(text)
			if !ok {
				wrong("“%s” is no date.", short(text))
				return
			}
			e.except[date] = true
		}
	case "RDATE", "RECURRENCE-ID", "EXRULE":
		wrong("“%s” is not understood here: put each day into an event of its own.", p.name)
	}
}

var unescape = strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\\`, `\`)

// wholeDay reads a date without a time; with VALUE=DATE as the standard has it, and without as some write it.
func wholeDay(p property) (hours.Date, bool) {
	if len(p.value) != 8 {
		return hours.Date{}, false
	}
	return compact(p.value)
}

func compact(text string) (hours.Date, bool) {
	if len(text) < 8 {
		return hours.Date{}, false
	}
	at, err := time.Parse("20060102", text[:8])
	if err != nil {
		return hours.Date{}, false
	}
	return valid(hours.DateOf(at, time.UTC))
}

// wholeDays reads a duration of days or weeks: P1D, P2W.
func wholeDays(text string) (int, bool) {
	text, ok := strings.CutPrefix(strings.TrimPrefix(text, "+"), "P")
	if !ok || text == "" {
		return 0, false
	}
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 9)
	switch {
	case err != nil || n == 0:
		return 0, false
	case strings.HasSuffix(text, "D"):
		return int(n), true
	case strings.HasSuffix(text, "W"):
		return int(n) * 7, true
	}
	return 0, false
}

// event takes the days of an event.
func (r *reader) event(e *event) {
	if e.bad || e.gone {
		return
	}
	if !e.hasStart {
		r.fault(e.line, "This event has no date.")
		return
	}
	span := max(e.span, 1)
	if e.hasEnd {
		span = 0
		for d := e.start; d.Compare(e.end) < 0 && span <= maxSpan; d = d.Add(1) {
			span++
		}
		span = max(span, 1) // an end on the day itself is how some write one day
	}
	if span > maxSpan {
		r.fault(e.line, "This event is longer than %d days.", maxSpan)
		return
	}
	starts := []hours.Date{e.start}
	if e.rule != nil {
		rule, ok := readRule(e.rule.value, e.start)
		if !ok {
			r.fault(e.rule.line, "The rule “%s” is not understood: only yearly ones are.", short(e.rule.value))
			return
		}
		starts = rule.days(e.start)
	}
	for _, start := range starts {
		if e.except[start] {
			continue
		}
		for i := range span {
			r.add(e.line, start.Add(i), e.summary)
			if len(r.days) >= maxDays {
				return
			}
		}
	}
}
