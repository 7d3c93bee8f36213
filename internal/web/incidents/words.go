package incidents

import (
	"context"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/incident"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

func stateWord(ctx context.Context, s incident.State) string { return t(ctx, "state_"+string(s)) }

func stateTone(s incident.State) string {
	switch s {
	case incident.Investigating:
		return "bad"
	case incident.Identified:
		return "warn"
	case incident.Monitoring:
		return "accent"
	case incident.Resolved:
		return "good"
	}
	return ""
}

func severityWord(ctx context.Context, s string) string { return i18n.T(ctx, "inbox.severity_"+s) }

func severityTone(s string) string {
	switch s {
	case "critical":
		return "bad"
	case "major":
		return "warn"
	}
	return "line"
}

func roleWord(ctx context.Context, r incident.Role) string { return t(ctx, "role_"+string(r)) }

func impactWord(ctx context.Context, i incident.Impact) string {
	if i == incident.Fine {
		return t(ctx, "impact_fine")
	}
	return t(ctx, "impact_"+string(i))
}

func impactOptions(ctx context.Context) []ui.Option {
	list := []ui.Option{{Label: impactWord(ctx, incident.Fine)}}
	for _, i := range incident.Impacts {
		list = append(list, ui.Option{Value: string(i), Label: impactWord(ctx, i)})
	}
	return list
}

func severityOptions(ctx context.Context) (list []ui.Option) {
	for _, s := range incident.Severities {
		list = append(list, ui.Option{Value: s, Label: severityWord(ctx, s)})
	}
	return list
}

func peopleOptions(ctx context.Context, list []team.Person) []ui.Option {
	out := []ui.Option{{Label: t(ctx, "nobody")}}
	for _, p := range list {
		out = append(out, ui.Option{Value: p.ID.String(), Label: p.Name})
	}
	return out
}

func doorOptions(ctx context.Context, s sheet) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "first_door")}}
	for _, in := range s.Doors {
		list = append(list, ui.Option{Value: in.ID.String(), Label: in.Name + " – " + in.Address})
	}
	return list
}

// title is what an incident is called in the reader's language.
func title(ctx context.Context, t i18n.Text) string { return t.In(i18n.Of(ctx).Locale) }

// lasted is how long it went on, or has so far.
func lasted(ctx context.Context, i incident.Incident) string {
	end := i.ResolvedAt
	if end.IsZero() {
		end = i18n.Of(ctx).Now
	}
	return i18n.Duration(ctx, end.Sub(i.StartedAt))
}

func sheetTitle(ctx context.Context, s sheet) string {
	if s.ID == 0 {
		return t(ctx, "new")
	}
	return t(ctx, "edit_name", "name", s.Name)
}

func sheetPath(s sheet) string {
	if s.ID == 0 {
		return "/incidents/new"
	}
	return path(s.ID) + "/edit"
}

func workPath(p work) string {
	if p.ID == 0 {
		return "/maintenance/new"
	}
	return "/maintenance/" + p.ID.String()
}

// reachWord says in words who is in a group.
func reachWord(ctx context.Context, p sight, r incident.Reach) string {
	switch {
	case r.Tag != "":
		return t(ctx, "by_tag", "value", r.Tag)
	case r.Company != 0:
		return t(ctx, "by_company", "value", p.Companies[r.Company])
	}
	return fieldWord(ctx, p.Fields, r.Holder, r.Field) + ": " + r.Value
}

func fieldWord(ctx context.Context, list []contact.Field, h contact.Holder, key string) string {
	for _, f := range list {
		if f.Holder == h && f.Key == key {
			return label(ctx, f)
		}
	}
	return key
}

func label(ctx context.Context, f contact.Field) string {
	name := f.English
	if i18n.Of(ctx).Locale == i18n.Korean && f.Korean != "" {
		name = f.Korean
	}
	if f.Holder == contact.OfCompany {
		return t(ctx, "of_company", "field", name)
	}
	return name
}

func byOptions(ctx context.Context, fields []contact.Field) []ui.Option {
	list := []ui.Option{{Value: "tag", Label: t(ctx, "tag")}, {Value: "company", Label: t(ctx, "company")}}
	for _, f := range fields {
		list = append(list, ui.Option{Value: string(f.Holder) + ":" + f.Key, Label: label(ctx, f)})
	}
	return list
}

// fieldValues are the values that the fields can have, as far as they are known.
func fieldValues(fields []contact.Field) (list []string) {
	for _, f := range fields {
		list = append(list, f.Choices...)
	}
	return list
}

// perWeek is an average in few letters.
func perWeek(ctx context.Context, n float64) string { return i18n.Decimal(ctx, n, 1) }

// bars draws the weeks: how high each is, out of a hundred.
func bars(e incident.Effect) (list []int) {
	most := 1
	for _, w := range e.Weeks {
		most = max(most, w.Count)
	}
	for _, w := range e.Weeks {
		list = append(list, w.Count*100/most)
	}
	return list
}

func itoa(n int) string { return strconv.Itoa(n) }

func num(n int64) string { return strconv.FormatInt(n, 10) }

func clockValue(ctx context.Context, at time.Time) string {
	return at.In(i18n.Of(ctx).Zone).Format(clockForm)
}

func dayOf(ctx context.Context, at time.Time) string { return i18n.Day(ctx, at) }

func has(list []incident.ComponentID, c incident.ComponentID) bool {
	for _, x := range list {
		if x == c {
			return true
		}
	}
	return false
}

// partLinks are the pages of the area that the viewer may open.
func partLinks(ctx context.Context, here string) []ui.Link {
	list := []ui.Link{{Label: t(ctx, "title"), URL: "/incidents", Current: here == "incidents"}, {Label: t(ctx, "maintenance"), URL: "/maintenance", Current: here == "maintenance"},
		{Label: t(ctx, "causes"), URL: "/incidents/causes", Current: here == "causes"}}
	if may(ctx, team.ManageSettings) {
		list = append(list, ui.Link{Label: t(ctx, "page"), URL: "/incidents/page", Current: here == "page"})
	}
	return list
}

// languagesFrom are the languages, the reader's first.
func languagesFrom(ctx context.Context) []i18n.Locale {
	list := []i18n.Locale{i18n.Of(ctx).Locale}
	for _, l := range i18n.Locales() {
		if l != list[0] {
			list = append(list, l)
		}
	}
	return list
}

func fieldID(name string, l i18n.Locale) string {
	return "f-" + strings.ReplaceAll(name, ".", "-") + "-" + string(l)
}

// first says what is wrong at the first of several fields.
func first(n int, wrong string) string {
	if n > 0 {
		return ""
	}
	return wrong
}

func backPath(s sheet) string {
	if s.ID == 0 {
		return "/incidents"
	}
	return path(s.ID)
}

func linkedHint(ctx context.Context, s sheet) string {
	if len(s.Talks) == 0 {
		return ""
	}
	return t(ctx, "links_n", "n", len(s.Talks))
}

func stepClass(now incident.State, n int) string {
	at := 0
	for i, s := range incident.States {
		if s == now {
			at = i
		}
	}
	switch {
	case n < at:
		return "inc__at inc__at--past"
	case n == at:
		return "inc__at inc__at--now"
	}
	return "inc__at"
}

// said is a word of this area in another language than the page's.
func said(l i18n.Locale, key string) string {
	return t(i18n.With(context.Background(), i18n.Reader{Locale: l}), key)
}

// letter is how the update reads in a message.
func letter(p saying, l i18n.Locale) string {
	if p.New.Text[l] == "" { // as it is sent: all of it in one language
		for _, other := range i18n.Locales() {
			if p.New.Text[other] != "" {
				l = other
			}
		}
	}
	return said(l, "hello") + "\n\n" + p.New.Text.In(l)
}

func sendWord(ctx context.Context, p saying) string {
	n := 0
	if p.New.Told {
		n = p.Audience.Wrote + p.Audience.Mailed
	}
	if n == 0 {
		return t(ctx, "send")
	}
	return t(ctx, "send_n", "n", n)
}

// reviewed is a part of a review, for those who only read it.
type reviewed struct{ Head, Text string }

func weekWord(ctx context.Context, at time.Time) string {
	at = at.In(i18n.Of(ctx).Zone)
	return itoa(int(at.Month())) + "/" + itoa(at.Day())
}

// weeksWord says the drawn weeks in words.
func weeksWord(ctx context.Context, e incident.Effect) string {
	var list []string
	for _, w := range e.Weeks {
		list = append(list, weekWord(ctx, w.From)+": "+itoa(w.Count))
	}
	return strings.Join(list, ", ")
}

func workTitle(ctx context.Context, p work) string {
	if p.ID == 0 {
		return t(ctx, "plan")
	}
	return t(ctx, "plan_edit")
}

// named are the names of components.
func named(ctx context.Context, list []incident.Component, ids []incident.ComponentID) string {
	var names []string
	for _, c := range list {
		if has(ids, c.ID) {
			names = append(names, title(ctx, c.Name))
		}
	}
	return strings.Join(names, " · ")
}
