package settings

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"baraji/internal/kit/i18n"
	"baraji/internal/moment"
	"baraji/internal/web/acts"
	"baraji/internal/web/ui"
)

// What is chosen for a time, in the place of a kind of fact.
const (
	onSchedule = "moment.schedule"
	onDate     = "moment.date"
)

// timeForm is a time as it is typed.
type timeForm struct {
	Every, Day, Clock, Minute, Zone, Each string
	Days                                  []string
	Once                                  bool
	Date, Count, Unit, Side               string
	Yearly                                bool
}

func freshTime() timeForm {
	return timeForm{Every: "day", Day: "1", Clock: "09:00", Minute: "0", Days: []string{"monday"}, Date: "conversation.customer_at", Count: "3", Unit: "days", Side: "after"}
}

// chosenTime is what is chosen for what a rule waits for, and the time where it is one.
func chosenTime(when string, w *moment.When) (string, timeForm) {
	f := freshTime()
	if when != moment.Kind || w == nil {
		return when, f
	}
	f.Zone, f.Each, f.Once, f.Yearly = w.Zone, w.Each, w.Once, w.Yearly
	f.Clock, f.Minute = twoDigits(w.At/60)+":"+twoDigits(w.At%60), strconv.Itoa(w.At%60)
	if w.Date == "" {
		f.Every = w.Every
		if len(w.Days) > 0 {
			f.Days = w.Days
		}
		if w.Day > 0 {
			f.Day = strconv.Itoa(w.Day)
		}
		return onSchedule, f
	}
	if f.Date, f.Count, f.Unit = w.Date, strconv.Itoa(w.Count), w.Unit; w.Before {
		f.Side = "before"
	}
	return onDate, f
}

// typedTime reads it; what was not on the page is as it is at first.
func typedTime(r *http.Request) timeForm {
	f := freshTime()
	for name, to := range map[string]*string{"every": &f.Every, "day": &f.Day, "at": &f.Clock, "minute": &f.Minute, "zone": &f.Zone, "each": &f.Each,
		"date": &f.Date, "count": &f.Count, "unit": &f.Unit, "before": &f.Side} {
		if r.Form.Has("moment." + name) {
			*to = strings.TrimSpace(r.FormValue("moment." + name))
		}
	}
	if r.Form.Has("moment.week") {
		f.Days = r.Form["moment.days"]
	}
	f.Once, f.Yearly = r.FormValue("moment.once") != "", r.FormValue("moment.yearly") != ""
	return f
}

// when is what the form says. What cannot be read is out of range.
func (f timeForm) when(chosen string) (string, *moment.When) {
	switch chosen {
	case onSchedule:
		w := &moment.When{Every: f.Every, Days: f.Days, Zone: f.Zone, Each: f.Each, Once: f.Once, Day: numberOr(f.Day, 0), At: minuteOf(f.Clock)}
		if f.Every == "hour" {
			w.At = numberOr(f.Minute, -1)
		}
		return moment.Kind, w
	case onDate:
		w := &moment.When{Date: f.Date, Count: numberOr(f.Count, -1), Unit: f.Unit, Before: f.Side == "before", Yearly: f.Yearly, At: minuteOf(f.Clock)}
		if !f.ownDate() {
			w.Before, w.At = false, 0
		}
		return moment.Kind, w
	}
	return chosen, nil
}

// ownDate says whether the date is an own field: a day without a time.
func (f timeForm) ownDate() bool {
	_, own := moment.DateOf(f.Date)
	return own != ""
}

func numberOr(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return otherwise
	}
	return n
}

// minuteOf is the minute of a day, written as 09:00; -1 is none.
func minuteOf(clock string) int {
	h, m, ok := strings.Cut(clock, ":")
	hour, minute := numberOr(h, -1), numberOr(m, -1)
	if !ok || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return -1
	}
	return hour*60 + minute
}

// begins are what rules can wait for: a time, or a fact.
func begins(ctx context.Context) []ui.Option {
	head := rw(ctx, "moment")
	return append([]ui.Option{{Value: onSchedule, Label: rw(ctx, "moment_schedule"), Group: head}, {Value: onDate, Label: rw(ctx, "moment_relative"), Group: head}}, heard(ctx)...)
}

// beginsAt is when a rule begins, as a sentence.
func (h ruleHouse) beginsAt(ctx context.Context, when string, w *moment.When) string {
	if when != moment.Kind || w == nil {
		return factWord(ctx, when)
	}
	if w.Date != "" {
		return h.dateSays(ctx, *w)
	}
	return scheduleSays(ctx, *w)
}

func scheduleSays(ctx context.Context, w moment.When) string {
	var days []string
	for _, d := range w.Days {
		days = append(days, rw(ctx, "day_"+d))
	}
	word, day := "moment_every_"+w.Every, strconv.Itoa(w.Day)
	if w.Every == "month" && w.Day == moment.LastDay {
		word = "moment_every_last"
	}
	at := twoDigits(w.At/60) + ":" + twoDigits(w.At%60)
	if w.Every == "hour" {
		at = strconv.Itoa(w.At)
	}
	out := rw(ctx, word, "at", at, "days", strings.Join(days, ", "), "day", day)
	if w.Zone != "" {
		out += " (" + w.Zone + ")"
	}
	if w.Each != "" {
		out += ", " + rw(ctx, "moment_each_"+w.Each)
	}
	if w.Once {
		out += ", " + rw(ctx, "moment_once_short")
	}
	return out
}

func (h ruleHouse) dateSays(ctx context.Context, w moment.When) string {
	name := h.dateName(ctx, w.Date)
	span := rw(ctx, "moment_n_"+w.Unit, "n", w.Count)
	side := "after"
	if w.Before {
		side = "before"
	}
	if _, own := moment.DateOf(w.Date); own == "" {
		return rw(ctx, "moment_since", "span", span, "date", name)
	}
	if w.Count == 0 {
		side = "on"
	}
	out := rw(ctx, "moment_date_"+side, "span", span, "date", name, "at", twoDigits(w.At/60)+":"+twoDigits(w.At%60))
	if w.Yearly {
		out += ", " + rw(ctx, "moment_yearly_short")
	}
	return out
}

// dateName is what a date is called.
func (h ruleHouse) dateName(ctx context.Context, key string) string {
	d, own := moment.DateOf(key)
	if own == "" {
		return rw(ctx, "moment_at_"+strings.ReplaceAll(d.Key, ".", "_"))
	}
	for _, o := range h.ownDates(ctx, d.About()) {
		if o.Value == key {
			return o.Label
		}
	}
	return own
}

// ownDates are own fields that are dates.
func (h ruleHouse) ownDates(ctx context.Context, about string) (list []ui.Option) {
	korean := i18n.Of(ctx).Locale == i18n.Korean
	add := func(kind, key, en, ko string) {
		if kind != "date" {
			return
		}
		if korean && ko != "" {
			en = ko
		}
		list = append(list, ui.Option{Value: about + ".field." + key, Label: en})
	}
	switch about {
	case "conversation":
		for _, f := range h.Talks {
			add(f.Type, f.Key, f.English, f.Korean)
		}
	case "customer":
		for _, f := range h.Contacts {
			add(string(f.Type), f.Key, f.English, f.Korean)
		}
	case "company":
		for _, f := range h.Firms {
			add(string(f.Type), f.Key, f.English, f.Korean)
		}
	}
	return list
}

// dates are what a time can be relative to.
func (h ruleHouse) dates(ctx context.Context, now string) (list []ui.Option) {
	for _, about := range []string{"customer", "company", "conversation"} {
		group := rw(ctx, "group_"+about)
		for _, o := range h.ownDates(ctx, about) {
			list = append(list, ui.Option{Value: o.Value, Label: o.Label, Group: group})
		}
		for _, d := range moment.Dates {
			if d.About() == about && !strings.HasSuffix(d.Key, ".") {
				list = append(list, ui.Option{Value: d.Key, Label: h.dateName(ctx, d.Key), Group: group})
			}
		}
	}
	return acts.Kept(ctx, list, now)
}

func everyOptions(ctx context.Context) (list []ui.Option) {
	for _, e := range moment.Everies {
		list = append(list, ui.Option{Value: e, Label: rw(ctx, "moment_opt_"+e)})
	}
	return list
}

func monthDays(ctx context.Context) (list []ui.Option) {
	for n := 1; n < moment.LastDay; n++ {
		list = append(list, ui.Option{Value: strconv.Itoa(n), Label: rw(ctx, "moment_day_n", "n", n)})
	}
	return append(list, ui.Option{Value: strconv.Itoa(moment.LastDay), Label: rw(ctx, "moment_day_last")})
}

// eachOptions are what a schedule can be about; a flow is always about a customer.
func eachOptions(ctx context.Context, flow bool) (list []ui.Option) {
	for _, e := range moment.Things {
		if flow && (e == "" || e == "company") {
			continue
		}
		word := "moment_each_" + e
		if e == "" {
			word = "moment_each_none"
		}
		list = append(list, ui.Option{Value: e, Label: rw(ctx, word)})
	}
	return list
}

func timeUnits(ctx context.Context, own bool) (list []ui.Option) {
	units := moment.Units
	if own {
		units = units[2:]
	}
	for _, u := range units {
		list = append(list, ui.Option{Value: u, Label: rw(ctx, "moment_unit_"+u)})
	}
	return list
}

// flowBegins says whether the form is the beginning of a flow.
func (f ruleForm) flowBegins() bool { return strings.HasPrefix(f.At, "/settings/flows/") }

func (f ruleForm) wrong(name string) string { return f.Trouble.For("moment." + name) }

func (f timeForm) on(day string) bool { return slices.Contains(f.Days, day) }

// timed says whether it waits for a time.
func (f ruleForm) timed() bool { return f.When == onSchedule || f.When == onDate }

// timeSays is the time as it is typed, as a sentence; nothing where it makes none.
func (f ruleForm) timeSays(ctx context.Context) string {
	kind, w := f.Time.when(f.When)
	if w == nil || w.At < 0 || w.Count < 0 || w.Every == "week" && len(w.Days) == 0 {
		return ""
	}
	return f.House.beginsAt(ctx, kind, w)
}

// redrawsFoot is redraws for what also changes what can be tried.
func redrawsFoot(f ruleForm) templ.Attributes {
	a := redraws(f)
	if f.At == "" {
		a["hx-select-oob"] = "#rule-try"
	}
	return a
}
