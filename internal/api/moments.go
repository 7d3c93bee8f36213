package api

import (
	"baraji/internal/moment"
)

// RuleMoment is a schedule (every) or a time relative to a date (date).
type RuleMoment struct {
	Every  string   `json:"every,omitempty" enum:"hour,day,week,month" doc:"A schedule"`
	Days   []string `json:"days,omitempty" maxItems:"7" doc:"Of week: monday to sunday"`
	Day    int      `json:"day,omitempty" minimum:"0" maximum:"31" doc:"Of month; 31 is the last day, whatever the month"`
	Zone   string   `json:"zone,omitempty" maxLength:"60" doc:"Such as Asia/Seoul; the firm's unless said"`
	Each   string   `json:"each,omitempty" enum:"conversation,customer,company" doc:"It happens for each of which the conditions are so; of conversations those that are not solved, unless a condition asks for solved ones. Empty: once, about nothing"`
	Once   bool     `json:"once,omitempty" doc:"Never twice for one of them"`
	Date   string   `json:"date,omitempty" maxLength:"120" doc:"See dates in GET /rules/parts; one that ends with a point is followed by the key of an own field that is a date"`
	Count  int      `json:"count,omitempty" minimum:"0" maximum:"3660"`
	Unit   string   `json:"unit,omitempty" enum:"minutes,hours,days,weeks,months"`
	Before bool     `json:"before,omitempty" doc:"Of an own field; else after"`
	Yearly bool     `json:"yearly,omitempty" doc:"Of an own field: in every year from then on"`
	At     int      `json:"at,omitempty" minimum:"0" maximum:"1439" doc:"Minute of the day; with every hour, of the hour. Of an own field on the customer's wall, else the firm's"`
}

func showMoment(w *moment.When) *RuleMoment {
	if w == nil {
		return nil
	}
	return &RuleMoment{w.Every, w.Days, w.Day, w.Zone, w.Each, w.Once, w.Date, w.Count, w.Unit, w.Before, w.Yearly, w.At}
}

// read is the time; when is what waits for it if nothing else is said.
func (m *RuleMoment) read(when *string) *moment.When {
	if m == nil {
		return nil
	}
	if when != nil && *when == "" {
		*when = moment.Kind
	}
	return &moment.When{Every: m.Every, Days: m.Days, Day: m.Day, Zone: m.Zone, Each: m.Each, Once: m.Once, Date: m.Date, Count: m.Count, Unit: m.Unit, Before: m.Before, Yearly: m.Yearly, At: m.At}
}

// RuleComing is one thing that is coming.
type RuleComing struct {
	Subject string `json:"subject" doc:"A conversation, a customer or a company; empty: about nothing"`
	At      stamp  `json:"at"`
}

func showComing(a moment.Ahead) (out []RuleComing) {
	out = []RuleComing{}
	for _, d := range a.Due {
		out = append(out, RuleComing{d.Subject, stamp(d.At)})
	}
	if len(out) == 0 {
		for _, t := range a.Times {
			out = append(out, RuleComing{"", stamp(t)})
		}
	}
	return out
}

func datesOf() (keys []string) {
	for _, d := range moment.Dates {
		keys = append(keys, d.Key)
	}
	return keys
}
