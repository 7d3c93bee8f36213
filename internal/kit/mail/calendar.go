package mail

import (
	"strings"
	"time"
)

// Invitation is what a text/calendar part says of its first event (RFC 5545). Fields that cannot be read are empty. Recurrence is not expanded.
type Invitation struct {
	Method    string // REQUEST, CANCEL, REPLY, …
	UID       string
	Summary   string
	Location  string
	Start     time.Time // in UTC where the zone is known; zero if unreadable
	End       time.Time
	AllDay    bool
	Organiser Address
}

// readCalendar reads the first event. method is what the part's own header says.
func readCalendar(text, method string) (Invitation, bool) {
	inv := Invitation{Method: strings.ToUpper(oneLine(method))}
	depth, found := "", false
	for _, line := range unfoldCalendar(text) {
		name, params, value := calendarLine(line)
		switch name {
		case "BEGIN":
			depth = strings.ToUpper(value)
			if depth == "VEVENT" && found {
				return inv, true
			}
			found = found || depth == "VEVENT"
			continue
		case "END":
			depth = "VEVENT" // a VALARM inside the event ends; harmless elsewhere
			if strings.EqualFold(value, "VEVENT") {
				return inv, true
			}
			continue
		case "METHOD":
			inv.Method = strings.ToUpper(oneLine(value))
		}
		if found && depth == "VEVENT" {
			inv.set(name, params, value)
		}
	}
	return inv, found
}

func (i *Invitation) set(name string, params map[string]string, value string) {
	switch name {
	case "UID":
		i.UID = oneLine(value)
	case "SUMMARY":
		i.Summary = oneLine(unescapeCalendar(value))
	case "LOCATION":
		i.Location = oneLine(unescapeCalendar(value))
	case "DTSTART":
		i.Start, i.AllDay = calendarTime(value, params["TZID"])
	case "DTEND":
		i.End, _ = calendarTime(value, params["TZID"])
	case "ORGANIZER":
		addr := value
		if len(addr) >= 7 && strings.EqualFold(addr[:7], "mailto:") {
			addr = addr[7:]
		}
		i.Organiser = Address{Name: oneLine(params["CN"]), Addr: cleanAddr(addr)}
	}
}

func unfoldCalendar(text string) []string {
	var lines []string
	for _, line := range strings.SplitN(text, "\n", 20000) {
		if n := len(lines); n > 0 && (strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")) {
			if len(lines[n-1]) < 10000 {
				lines[n-1] += line[1:]
			}
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

func calendarLine(line string) (name string, params map[string]string, value string) {
	colon, quoted := -1, false
	for i := 0; i < len(line) && colon < 0; i++ {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ':' && !quoted:
			colon = i
		}
	}
	if colon < 0 {
		return "", nil, ""
	}
	pieces := strings.Split(line[:colon], ";")
	params = map[string]string{}
	for _, p := range pieces[1:] {
		k, v, _ := strings.Cut(p, "=")
		params[strings.ToUpper(k)] = strings.Trim(v, `"`)
	}
	return strings.ToUpper(pieces[0]), params, strings.TrimSpace(line[colon+1:])
}

// calendarTime reads a date, a UTC time, or a local time in a zone. A zone that is not known counts as UTC.
func calendarTime(value, zone string) (t time.Time, allDay bool) {
	loc := time.UTC
	if l, err := time.LoadLocation(zoneName(zone)); err == nil {
		loc = l
	}
	if t, err := time.Parse("20060102T150405Z", value); err == nil {
		return t, false
	}
	if t, err := time.ParseInLocation("20060102T150405", value, loc); err == nil {
		return t.UTC(), false
	}
	if t, err := time.Parse("20060102", value); err == nil {
		return t, true
	}
	return time.Time{}, false
}

// zoneName maps Outlook's names of the zones that our customers live in to the usual ones.
func zoneName(zone string) string {
	switch zone = strings.Trim(zone, `"/ `); zone {
	case "Korea Standard Time":
		return "Asia/Seoul"
	case "Tokyo Standard Time":
		return "Asia/Tokyo"
	case "China Standard Time":
		return "Asia/Shanghai"
	case "GMT Standard Time":
		return "Europe/London"
	case "W. Europe Standard Time":
		return "Europe/Berlin"
	case "Romance Standard Time":
		return "Europe/Paris"
	case "Eastern Standard Time":
		return "America/New_York"
	case "Central Standard Time":
		return "America/Chicago"
	case "Mountain Standard Time":
		return "America/Denver"
	case "Pacific Standard Time":
		return "America/Los_Angeles"
	case "Local":
		return "UTC" // never this machine's zone
	}
	return zone
}

func unescapeCalendar(s string) string {
	return strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(s)
}
