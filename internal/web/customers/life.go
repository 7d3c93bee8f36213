package customers

import (
	"context"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/i18n"
)

// drawn is a life as a line across the page, in the units of an SVG of 1080 × 118.
type drawn struct {
	Sentence string
	Spans    []span // the stages
	Ticks    []label
	Dots     []dot // conversations
	Today    float64
	Ahead    span // dotted; from today on
	Coming   []dot
	Words    []label // above the line
}

type span struct {
	From, To float64
	Class    string // "pre", "start", "care", "again", "none"
}

type label struct {
	X     float64
	Text  string
	Class string
}

type dot struct {
	X, R  float64
	Class string
}

// Where the line lies.
const (
	left, right = 37.0, 1043.0
	lineY       = "56"
)

// scale is how a time becomes a place.
type scale struct {
	from, now time.Time
	today     float64
	until     time.Time // the end of what is ahead
}

func (s scale) x(t time.Time) float64 {
	if t.After(s.now) {
		return s.today + (right-6-s.today)*share(t.Sub(s.now), s.until.Sub(s.now))
	}
	return left + (s.today-left)*share(t.Sub(s.from), s.now.Sub(s.from))
}

func share(a, b time.Duration) float64 {
	if b <= 0 {
		return 1
	}
	return min(1, max(0, float64(a)/float64(b)))
}

// draw makes the line of a person. The past has one scale; what is ahead has
// its own, so that next week can be seen beside ten years.
func (p person) draw(ctx context.Context) drawn {
	now := i18n.Of(ctx).Now
	s := scale{from: p.since(), now: now, today: right - 70}
	if len(p.line.Ahead) > 0 {
		s.today, s.until = right-130, p.line.Ahead[0].SnoozedUntil
	}
	if short := now.Add(-14 * 24 * time.Hour); s.from.After(short) {
		s.from = short // two weeks at least, or every tick were an hour
	}
	d := drawn{Today: round(s.today), Sentence: p.lifeSentence(ctx)}
	d.spans(ctx, p, s)
	d.ticks(ctx, s)
	born := s.x(p.since()) - 12
	d.Ticks = slices.DeleteFunc(d.Ticks, func(t label) bool { return t.X < born }) // none before they met
	d.dots(p, s)
	d.ahead(ctx, p, s)
	return d
}

func (p person) lifeSentence(ctx context.Context) string {
	return i18n.T(ctx, "customers.life_sentence", "name", nameOf(ctx, p.Contact), "since", i18n.Day(ctx, p.since()),
		"stage", stageWord(ctx, p.Stage), "n", p.Sum.All)
}

func tone(s contact.Stage) string { return class(s)[len("k-"):] }

// spans draws the stages, each with its word where there is room.
func (d *drawn) spans(ctx context.Context, p person, s scale) {
	end := math.Inf(-1)
	for i, spell := range p.Life {
		from, to := s.x(spell.From), s.today
		if i == 0 {
			from = s.x(p.since())
		}
		if i+1 < len(p.Life) {
			to = s.x(p.Life[i+1].From)
		}
		if to-from < 1 {
			continue // he passed through
		}
		d.Spans = append(d.Spans, span{round(from), round(to), tone(spell.Stage)})
		word := stageWord(ctx, spell.Stage)
		x := max(from-5, left-5)
		if x > end && x+width(word) < s.today-width(i18n.T(ctx, "customers.today"))/2-6 {
			d.Words = append(d.Words, label{round(x), word, "l-" + tone(spell.Stage)})
			end = x + width(word) + 10
		}
	}
}

// width is about how wide a word is in 12 px: Hangul fills its square.
func width(word string) float64 {
	return float64(len(word)-utf8.RuneCountInString(word))/2*5.5 + float64(utf8.RuneCountInString(word))*6.7
}

// dots are the conversations; those that would touch are one bigger dot.
func (d *drawn) dots(p person, s scale) {
	last := math.Inf(-1)
	for _, m := range p.Sum.Marks {
		x := s.x(m.At)
		if x > s.today-16 {
			continue // under today's
		}
		color := "f-" + tone(stageAt(p.Life, m.At))
		if x-last < 13 {
			d.Dots[len(d.Dots)-1].grow(m)
			continue
		}
		d.Dots = append(d.Dots, dot{X: round(x), R: 4.5, Class: color})
		if m.Bad {
			d.Dots[len(d.Dots)-1].Class, d.Dots[len(d.Dots)-1].R = "f-bad", 6
		}
		last = x
	}
}

func (at *dot) grow(m conversation.Mark) {
	at.R = min(7.5, at.R+.75)
	if m.Bad {
		at.Class = "f-bad"
	}
}

// ahead is dotted, with a ring for each conversation that comes back.
func (d *drawn) ahead(ctx context.Context, p person, s scale) {
	d.Ahead = span{round(s.today + 14), right, tone(p.Stage)}
	d.Words = append(d.Words, label{d.Today, i18n.T(ctx, "customers.today"), "t mid"})
	for i, c := range p.line.Ahead {
		x := s.x(c.SnoozedUntil)
		if x < s.today+22 || i > 0 && d.Coming[len(d.Coming)-1].X-x < 16 {
			continue
		}
		d.Coming = append(d.Coming, dot{X: round(x), R: 6.5, Class: "ring-" + tone(p.Stage)})
	}
	if len(d.Coming) > 0 {
		d.Words = append(d.Words, label{right, i18n.Day(ctx, p.line.Ahead[0].SnoozedUntil), "end l-" + tone(p.Stage)})
	}
}

// ticks are the beginnings of months, quarters or years: at most nine.
func (d *drawn) ticks(ctx context.Context, s scale) {
	zone := i18n.Of(ctx).Zone
	from, now := s.from.In(zone), s.now.In(zone)
	if now.Sub(from) < 75*24*time.Hour {
		d.dayTicks(ctx, s, from, now)
		return
	}
	months := (now.Year()-from.Year())*12 + int(now.Month()-from.Month()) + 1
	step := 1
	for _, step = range []int{1, 2, 3, 6, 12, 24, 60, 120, 240} {
		if months/step <= 8 {
			break
		}
	}
	first := true
	for m := from.Year()*12 + int(from.Month()); ; m++ {
		at := time.Date(m/12, time.Month(m%12+1), 1, 0, 0, 0, 0, zone)
		if at.After(now) {
			return
		}
		year, month := m/12, m%12+1
		if (month-1)%min(step, 12) != 0 || step > 12 && year%(step/12) != 0 {
			continue
		}
		if d.tick(s.x(at), monthWord(ctx, year, month, step, first || month <= min(step, 12))) {
			first = false
		}
	}
}

// dayTicks are for a life of a few weeks.
func (d *drawn) dayTicks(ctx context.Context, s scale, from, now time.Time) {
	step := 2
	if now.Sub(from) > 17*24*time.Hour {
		step = 7
	}
	if now.Sub(from) > 56*24*time.Hour {
		step = 14
	}
	for back := step; ; back += step {
		at := time.Date(now.Year(), now.Month(), now.Day()-back, 12, 0, 0, 0, now.Location())
		if at.Before(from) {
			return
		}
		d.tick(s.x(at), i18n.Day(ctx, at))
	}
}

// tick adds one where there is room for its words.
func (d *drawn) tick(x float64, text string) bool {
	if x < left+width(text)/2-20 || x > right {
		return false
	}
	d.Ticks = append(d.Ticks, label{round(x), text, "mid"})
	return true
}

// monthWord is "2026년 1월" where a year begins, "4월" inside one, "2026년" for whole years.
func monthWord(ctx context.Context, year, month, step int, withYear bool) string {
	y, m := strconv.Itoa(year), strconv.Itoa(month)
	if i18n.Of(ctx).Locale != i18n.Korean {
		m = time.Month(month).String()[:3]
	}
	switch {
	case step >= 12:
		return i18n.T(ctx, "customers.year", "y", y)
	case withYear:
		return i18n.T(ctx, "customers.month_of_year", "y", y, "m", m)
	}
	return i18n.T(ctx, "customers.month", "m", m)
}

func round(x float64) float64 { return math.Round(x*10) / 10 }

// at writes a place for an attribute.
func at(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// together is how long two have known each other, in its largest fitting unit.
func together(ctx context.Context, since time.Time) string {
	now := i18n.Of(ctx).Now
	months := (now.Year()-since.Year())*12 + int(now.Month()-since.Month())
	if now.Day() < since.Day() {
		months--
	}
	switch days := int(now.Sub(since).Hours() / 24); {
	case days < 1:
		return i18n.T(ctx, "customers.since_today")
	case months < 2:
		return i18n.T(ctx, "customers.days", "n", days)
	case months < 36:
		return i18n.T(ctx, "customers.months", "n", months)
	}
	return i18n.T(ctx, "customers.years", "n", months/12)
}
