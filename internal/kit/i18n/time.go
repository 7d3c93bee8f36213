package i18n

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Clock is the time of day: 14:07 in both languages.
func Clock(ctx context.Context, t time.Time) string {
	return t.In(Of(ctx).Zone).Format("15:04")
}

// Date is a day with its weekday, 11월 20일(금) or Fri 20 Nov; the year stands
// there only when it is not this one.
func Date(ctx context.Context, t time.Time) string {
	r := Of(ctx)
	t = t.In(r.Zone)
	if r.Locale == Korean {
		return Day(ctx, t) + "(" + koreanWeekday(t) + ")"
	}
	return t.Format("Mon") + nbsp + Day(ctx, t)
}

// Day is a day without its weekday: 11월 20일 or 20 Nov.
func Day(ctx context.Context, t time.Time) string {
	r := Of(ctx)
	t = t.In(r.Zone)
	otherYear := r.Now.IsZero() || t.Year() != r.Now.In(r.Zone).Year()
	if r.Locale == Korean {
		day := strconv.Itoa(int(t.Month())) + "월 " + strconv.Itoa(t.Day()) + "일"
		if otherYear {
			return strconv.Itoa(t.Year()) + "년 " + day
		}
		return day
	}
	day := strconv.Itoa(t.Day()) + nbsp + t.Format("Jan")
	if otherYear {
		return day + nbsp + strconv.Itoa(t.Year())
	}
	return day
}

// Moment is date and time of day: 11월 20일(금) 14:07.
func Moment(ctx context.Context, t time.Time) string { return Date(ctx, t) + " " + Clock(ctx, t) }

// Between is from when to when: 11월 25일(수) 08:00–10:00, the second day only where it is another.
func Between(ctx context.Context, from, to time.Time) string {
	zone := Of(ctx).Zone
	if from.In(zone).Format(time.DateOnly) == to.In(zone).Format(time.DateOnly) {
		return Moment(ctx, from) + "–" + Clock(ctx, to)
	}
	return Moment(ctx, from) + " – " + Moment(ctx, to)
}

// Zone is the reader's time zone, for whoever may live in another: KST (UTC+9); where it has no short name, UTC+5:30.
func Zone(ctx context.Context, at time.Time) string {
	name, east := at.In(Of(ctx).Zone).Zone()
	utc, sign := "UTC", "+"
	if east < 0 {
		east, sign = -east, "−"
	}
	if east != 0 {
		utc += sign + strconv.Itoa(east/3600)
	}
	if rest := east % 3600 / 60; rest != 0 {
		utc += ":" + strconv.Itoa(rest)
	}
	if name == "UTC" || strings.ContainsAny(name, "+-0123456789") {
		return utc
	}
	return name + " (" + utc + ")"
}

// Weekday is the name of a day of the week: 금요일, Friday.
func Weekday(ctx context.Context, d time.Weekday) string {
	if Of(ctx).Locale == Korean {
		return string([]rune("일월화수목금토")[d]) + "요일"
	}
	return d.String()
}

func koreanWeekday(t time.Time) string { return string([]rune("일월화수목금토")[t.Weekday()]) }

// Ago is how a list says when: 방금, 4분, 2시간, 어제, 11월 18일; and for what is
// still ahead: 4분 뒤, 내일. Beyond yesterday and tomorrow it is the Day.
func Ago(ctx context.Context, t time.Time) string {
	r := Of(ctx)
	if r.Now.IsZero() {
		return Day(ctx, t)
	}
	past := r.Now.Sub(t)
	days := daysBetween(t.In(r.Zone), r.Now.In(r.Zone))
	near := past.Abs() < 6*time.Hour || days == 0
	switch {
	case past.Abs() < time.Minute:
		return T(ctx, "time.now")
	case near && past > 0:
		return Duration(ctx, largest(past))
	case near:
		return T(ctx, "time.in", "span", Duration(ctx, largest(-past)))
	case days == 1:
		return T(ctx, "time.yesterday")
	case days == -1:
		return T(ctx, "time.tomorrow")
	}
	return Day(ctx, t)
}

// largest rounds a span down to its largest unit.
func largest(d time.Duration) time.Duration {
	if d >= time.Hour {
		return d.Truncate(time.Hour)
	}
	return d.Truncate(time.Minute)
}

// daysBetween counts midnights from a to b.
func daysBetween(a, b time.Time) int {
	midnight := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(midnight(b).Sub(midnight(a)) / (24 * time.Hour))
}

// Duration writes a span in its two largest units: 1시간 20분, 3 d 4 h. Less
// than a second is 0초. The sign is dropped: "left" and "over" are words.
func Duration(ctx context.Context, d time.Duration) string {
	d = d.Abs()
	units := []struct {
		key  string
		size time.Duration
	}{{"time.days", 24 * time.Hour}, {"time.hours", time.Hour}, {"time.minutes", time.Minute}, {"time.seconds", time.Second}}
	for i, u := range units {
		n := int64(d / u.size)
		if n == 0 && u.size > time.Second {
			continue
		}
		s := T(ctx, u.key, "n", n)
		if i+1 < len(units) && units[i+1].size >= time.Minute {
			if m := int64(d % u.size / units[i+1].size); m > 0 {
				s += " " + T(ctx, units[i+1].key, "n", m)
			}
		}
		return s
	}
	return ""
}
