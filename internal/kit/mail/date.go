package mail

import (
	"net/mail"
	"strings"
	"time"
)

// looseDates are the forms of Date that programs write although RFC 5322 knows them not.
var looseDates = []string{
	"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04 -0700", "2 Jan 2006 15:04",
	"2 Jan 06 15:04:05 -0700", "2 Jan 06 15:04:05 MST", "2 Jan 06 15:04:05", "2 January 2006 15:04:05 -0700",
	"Jan 2 15:04:05 2006 -0700", "Jan 2 15:04:05 2006", "Jan 2 15:04:05 MST 2006", "Jan 2, 2006 15:04:05 -0700",
	"2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006/01/02 15:04:05", "2-Jan-2006 15:04:05 -0700", "2 Jan 2006",
}

var (
	dateComment = lazy(`\([^)]*\)?`)
	dateWeekday = lazy(`^[A-Za-z]{2,9}\.?,?\s+`)
	dateZone    = lazy(`\s*(?:GMT|UTC?|Z)\s*([+-]\d{1,2}):?(\d\d)$`)
	dateColon   = lazy(`([+-]\d\d):(\d\d)$`)
)

// parseDate reads a Date as leniently as can be; zero when it cannot be read or no mail can have been written then.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 200 {
		return time.Time{}
	}
	if t, err := mail.ParseDate(s); err == nil {
		return sane(t)
	}
	s = strings.Join(strings.Fields(dateComment().ReplaceAllString(s, " ")), " ")
	s = dateZone().ReplaceAllString(s, " $1$2")
	s = dateColon().ReplaceAllString(s, "$1$2")
	for _, form := range []string{s, dateWeekday().ReplaceAllString(s, "")} {
		for _, layout := range looseDates {
			if t, err := time.Parse(layout, form); err == nil {
				return sane(t)
			}
		}
	}
	return time.Time{}
}

func sane(t time.Time) time.Time {
	if t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}
