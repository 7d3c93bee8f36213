package inbox

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxWhen is how many bytes of a time in words are read.
const maxWhen = 80

// parseWhen understands when somebody wants to see a conversation again, in
// English and Korean, as of now in his zone:
//
//	2h30m  45 min  in 3 days  1w        2시간 30분 뒤  사흘 뒤  일주일
//	tomorrow  tomorrow 9am  monday      내일 9시  모레 오후 3시 반  다음 주 화요일
//	next monday 14:00  noon  tonight    월요일 아침  오늘 저녁  정오
//	2026-12-01 10:00  12/1  1 Dec       12월 1일 10시  15일까지
//
// A day without a time is nine in the morning, a time without a day is the next
// one that comes. An hour from one to six without "am" or "오전" is in the
// afternoon: nobody wants his work back at night. “3일” alone is three days, “3일까지”
// the third. A name of a day is the next
// such day, never today. It answers false for what it does not understand as a
// whole, and for what is past.
func parseWhen(text string, now time.Time) (time.Time, bool) {
	if len(text) > maxWhen || !utf8.ValidString(text) {
		return time.Time{}, false
	}
	s := strings.Join(strings.Fields(strings.ToLower(text)), " ")
	if s == "" {
		return time.Time{}, false
	}
	if at, ok := spanOf(s, now); ok {
		return at, at.After(now)
	}
	w := when{now: now, rest: s, hour: -1}
	w.day()
	w.time()
	w.day() // "9am tomorrow"
	if w.filler(); w.rest != "" || !w.dated && w.hour < 0 {
		return time.Time{}, false
	}
	at := w.at()
	return at, at.After(now)
}

// spans are the units of a span and how long they are; days and longer are
// counted by the calendar.
var spans = []struct {
	unit *regexp.Regexp
	add  func(t time.Time, n int) time.Time
}{
	{regexp.MustCompile(`^(\d{1,4}) ?(?:minutes|minute|mins|min|m|분)(?:간)?`), func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Minute) }},
	{regexp.MustCompile(`^(\d{1,4}) ?(?:hours|hour|hrs|hr|h|시간)`), func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Hour) }},
	{regexp.MustCompile(`^(\d{1,4}) ?(?:days|day|d)`), func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) }},
	{regexp.MustCompile(`^(\d{1,4}) ?(?:weeks|week|w|주일|주)`), func(t time.Time, n int) time.Time { return t.AddDate(0, 0, 7*n) }},
	{regexp.MustCompile(`^(\d{1,3}) ?(?:months|month|개월|달)`), func(t time.Time, n int) time.Time { return t.AddDate(0, n, 0) }},
}

// koreanDays: "3일" alone is three days; "3일" in "12월 3일" and "3일 9시" is a date.
var (
	koreanDays  = regexp.MustCompile(`^(\d{1,4}) ?일(?:간| ?뒤| ?후|$)`)
	nativeSpans = strings.NewReplacer("하루", "1d", "이틀", "2d", "사흘", "3d", "나흘", "4d", "닷새", "5d", "열흘", "10d", "보름", "15d",
		"일주일", "1w", "한 시간", "1시간", "두 시간", "2시간", "세 시간", "3시간", "반 시간", "30분", "한 달", "1달", "an hour", "1h", "a day", "1d",
		"a week", "1w", "half an hour", "30m", "시간 반", "시간 30분")
	spanEnd = regexp.MustCompile(`^ ?(?:later|from now|뒤에|후에|뒤|후|있다가|이따가)$`)
)

// spanOf reads "2h30m", "in 3 days", "2시간 30분 뒤".
func spanOf(s string, now time.Time) (time.Time, bool) {
	s = nativeSpans.Replace(strings.TrimPrefix(s, "in "))
	at, parts := now, 0
	for s != "" && !spanEnd.MatchString(s) {
		next, rest, ok := oneSpan(s, at)
		if !ok {
			return now, false
		}
		at, s = next, strings.TrimLeft(rest, " ")
		if parts++; parts > 5 {
			return now, false
		}
	}
	return at, parts > 0
}

func oneSpan(s string, at time.Time) (time.Time, string, bool) {
	if m := koreanDays.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		return at.AddDate(0, 0, n), strings.TrimPrefix(strings.TrimPrefix(s[len(m[1]):], " "), "일"), true
	}
	for _, u := range spans {
		m := u.unit.FindStringSubmatch(s)
		if m == nil || startsWithLetter(s[len(m[0]):]) {
			continue
		}
		n, _ := strconv.Atoi(m[1])
		return u.add(at, n), s[len(m[0]):], true
	}
	return at, s, false
}

// startsWithLetter says that a unit was only the beginning of a word: "3 mon".
func startsWithLetter(s string) bool { return s != "" && s[0] >= 'a' && s[0] <= 'z' }

// when is a time that is being read.
type when struct {
	now   time.Time
	rest  string
	date  time.Time // midnight of the day
	dated bool
	hour  int // -1: not said
	min   int
}

func (w *when) at() time.Time {
	hour, min := w.hour, w.min
	if hour < 0 {
		hour = 9
	}
	if w.dated {
		return time.Date(w.date.Year(), w.date.Month(), w.date.Day(), hour, min, 0, 0, w.now.Location())
	}
	at := time.Date(w.now.Year(), w.now.Month(), w.now.Day(), hour, min, 0, 0, w.now.Location())
	if !at.After(w.now) {
		at = time.Date(w.now.Year(), w.now.Month(), w.now.Day()+1, hour, min, 0, 0, w.now.Location())
	}
	return at
}

// take cuts what re matches off the beginning.
func (w *when) take(re *regexp.Regexp) []string {
	m := re.FindStringSubmatch(w.rest)
	if m != nil {
		w.rest = strings.TrimLeft(w.rest[len(m[0]):], " ,")
	}
	return m
}

var fillers = regexp.MustCompile(`^(?:at|on|에|까지|until|till)(?: |$)`)

func (w *when) filler() {
	for w.take(fillers) != nil {
	}
}

func (w *when) set(year int, month time.Month, day int) {
	w.date, w.dated = time.Date(year, month, day, 0, 0, 0, 0, w.now.Location()), true
}

func (w *when) in(days int) { w.set(w.now.Year(), w.now.Month(), w.now.Day()+days) }

var (
	days = map[string]int{"today": 0, "tonight": 0, "오늘": 0, "tomorrow": 1, "tmr": 1, "내일": 1, "day after tomorrow": 2, "모레": 2, "내일모레": 2, "글피": 3}

	wordDay  = regexp.MustCompile(`^(day after tomorrow|today|tonight|tomorrow|tmr|오늘|내일모레|내일|모레|글피)(?:까지|에)?(?: |,|$)`)
	weekday  = regexp.MustCompile(`^(?:(next week|next|this|다음 ?주|이번 ?주|담주) ?)?(?:(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday|s|rs)?|([월화수목금토일])요일|([월화수목금토일]))(?:까지|에)?(?: |,|$)`)
	nextWeek = regexp.MustCompile(`^(?:next week|다음 ?주|담주)(?:에)?(?: |$)`)
	nextMon  = regexp.MustCompile(`^(?:next month|다음 ?달)(?:에)?(?: |$)`)
	isoDate  = regexp.MustCompile(`^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?: |$)`)
	korDate  = regexp.MustCompile(`^(?:(\d{4})년 ?)?(\d{1,2})월 ?(\d{1,2})일(?:까지|에)?(?: |$)`)
	korDay   = regexp.MustCompile(`^(\d{1,2})일(?:까지|에)?(?: |$)`)
	slash    = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})(?: |$)`)
	dayMonth = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)? (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: (\d{4}))?(?: |,|$)`)
	monthDay = regexp.MustCompile(`^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?(?: |,|$)`)
)

// day reads a day, if there is one.
func (w *when) day() {
	if w.dated {
		return
	}
	w.filler()
	if strings.HasPrefix(w.rest, "tonight") {
		w.hour = 20
	}
	if m := w.take(wordDay); m != nil {
		w.in(days[m[1]])
		return
	}
	if m := w.take(weekday); m != nil {
		w.weekday(m)
		return
	}
	switch {
	case w.take(nextWeek) != nil:
		w.in(7 - (int(w.now.Weekday())+6)%7)
	case w.take(nextMon) != nil:
		w.set(w.now.Year(), w.now.Month()+1, 1)
	default:
		w.calendar()
	}
}

func (w *when) weekday(m []string) {
	names := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	want := 0
	for i, name := range names {
		if m[2] == name || m[3]+m[4] == string([]rune("일월화수목금토")[i]) {
			want = i
		}
	}
	ahead := (want - int(w.now.Weekday()) + 7) % 7
	today := (int(w.now.Weekday()) + 6) % 7 // days since Monday
	switch m[1] {
	case "next week", "다음주", "다음 주", "담주":
		ahead = 7 - today + (want+6)%7
	case "이번주", "이번 주":
		ahead = (want+6)%7 - today
	default:
		if ahead == 0 {
			ahead = 7
		}
	}
	w.in(ahead)
}

// calendar reads a date. One without a year is the next that comes.
func (w *when) calendar() {
	if m := w.take(isoDate); m != nil {
		w.on(m[1], m[2], m[3])
	} else if m := w.take(korDate); m != nil {
		w.on(m[1], m[2], m[3])
	} else if m := w.take(slash); m != nil {
		w.on("", m[1], m[2])
	} else if m := w.take(dayMonth); m != nil {
		w.on(m[3], monthNumber(m[2]), m[1])
	} else if m := w.take(monthDay); m != nil {
		w.on(m[3], monthNumber(m[1]), m[2])
	} else if m := w.take(korDay); m != nil {
		day, _ := strconv.Atoi(m[1])
		month := w.now.Month()
		if day <= w.now.Day() {
			month++
		}
		w.exact(w.now.Year(), month, day)
	}
}

func monthNumber(name string) string {
	return strconv.Itoa(strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", name)/3 + 1)
}

func (w *when) on(y, m, d string) {
	month, _ := strconv.Atoi(m)
	day, _ := strconv.Atoi(d)
	year, err := strconv.Atoi(y)
	if err != nil {
		year = w.now.Year()
		if time.Month(month) < w.now.Month() || time.Month(month) == w.now.Month() && day < w.now.Day() {
			year++
		}
	}
	if month < 1 || month > 12 {
		w.rest = "?" // not understood
		return
	}
	w.exact(year, time.Month(month), day)
}

// exact takes a day that there is: the 31st of February is none.
func (w *when) exact(year int, month time.Month, day int) {
	w.set(year, month, day)
	if w.date.Day() != day {
		w.rest = "?"
	}
}

var (
	clock24  = regexp.MustCompile(`^(\d{1,2}):(\d{2}) ?(am|pm)?(?:까지|에)?(?: |$)`)
	clock12  = regexp.MustCompile(`^(\d{1,2}) ?(am|pm)(?: |$)`)
	korTime  = regexp.MustCompile(`^(?:(오전|오후|아침|새벽|낮|저녁|밤) ?)?(\d{1,2})시(?: ?(반|\d{1,2}분))?(?:까지|에)?(?: |$)`)
	korClock = regexp.MustCompile(`^(오전|오후) ?(\d{1,2}):(\d{2})(?: |$)`)
	partDay  = regexp.MustCompile(`^(?:in the )?(morning|noon|midday|afternoon|evening|night|아침|오전|정오|점심|오후|낮|저녁|밤)(?:까지|에)?(?: |$)`)
	parts    = map[string]int{"morning": 9, "noon": 12, "midday": 12, "afternoon": 14, "evening": 18, "night": 20, "아침": 9, "오전": 9, "정오": 12, "점심": 12,
		"오후": 14, "낮": 13, "저녁": 18, "밤": 20}
)

// time reads a time of day, if there is one.
func (w *when) time() {
	w.filler()
	if m := w.take(clock24); m != nil {
		w.clock(m[1], m[2], m[3], false)
	} else if m := w.take(clock12); m != nil {
		w.clock(m[1], "0", m[2], true)
	} else if m := w.take(korClock); m != nil {
		w.clock(m[2], m[3], half(m[1]), true)
	} else if m := w.take(korTime); m != nil {
		min := strings.TrimSuffix(m[3], "분")
		if min == "반" {
			min = "30"
		}
		w.clock(m[2], min, half(m[1]), true)
	} else if m := w.take(partDay); m != nil {
		w.hour = parts[m[1]]
	}
}

// half is the half of the day that a Korean word means.
func half(word string) string {
	switch word {
	case "오전", "아침", "새벽":
		return "am"
	case "오후", "저녁", "밤", "낮":
		return "pm"
	}
	return ""
}

// clock sets the time. guess says that an hour from one to six is in the afternoon
// unless it was said; a time such as 03:00 means what it says.
func (w *when) clock(h, m, half string, guess bool) {
	hour, _ := strconv.Atoi(h)
	min, _ := strconv.Atoi(m)
	switch {
	case half != "" && hour > 12 && half == "am", hour > 23, min > 59:
		w.rest = "?"
		return
	case half == "am" && hour == 12:
		hour = 0
	case half == "pm" && hour < 12, half == "" && guess && hour >= 1 && hour <= 6:
		hour += 12
	}
	w.hour, w.min = hour, min
}
