package status

import (
	"context"
	"strconv"
	"strings"
	"time"

	"baraji/internal/incident"
	"baraji/internal/kit/i18n"
)

func stateWord(ctx context.Context, s incident.State) string {
	return i18n.T(ctx, "incident.state_"+string(s))
}

func impactWord(ctx context.Context, i incident.Impact) string {
	if i == incident.Fine {
		return i18n.T(ctx, "incident.impact_fine")
	}
	return i18n.T(ctx, "incident.impact_"+string(i))
}

// overWord is the whole state in one line.
func overWord(ctx context.Context, b incident.Board) string {
	if b.Worst == incident.Fine {
		return t(ctx, "all_fine")
	}
	return t(ctx, "now_"+string(b.Worst))
}

func impactIcon(i incident.Impact) string {
	switch i {
	case incident.Fine:
		return "circle-check"
	case incident.Upkeep:
		return "wrench"
	case incident.Out:
		return "circle-x"
	}
	return "triangle-alert"
}

func impactClass(i incident.Impact) string {
	if i == incident.Fine {
		return "st--fine"
	}
	return "st--" + string(i)
}

// upWord is a share that is not rounded up to what it is not.
func upWord(ctx context.Context, up float64) string {
	if up >= 1 {
		return "100%"
	}
	return i18n.Decimal(ctx, float64(int(up*10000))/100, 2) + "%"
}

// daysWord says a history in words, for those who do not see it: the days on which something was.
func daysWord(ctx context.Context, p incident.Part) string {
	bad := 0
	for _, d := range p.Days {
		if d != incident.Fine && d != incident.Upkeep {
			bad++
		}
	}
	return t(ctx, "days", "name", title(ctx, p.Name), "n", bad, "up", upWord(ctx, p.Up))
}

// stripe is some days that were alike, as a rectangle.
type stripe struct {
	From, Days int
	Impact     incident.Impact
}

func stripes(days []incident.Impact) (list []stripe) {
	for n, d := range days {
		list = append(list, stripe{n, 1, d})
	}
	return list
}

func title(ctx context.Context, text i18n.Text) string { return text.In(i18n.Of(ctx).Locale) }

func named(ctx context.Context, list []incident.Component, ids []incident.ComponentID) string {
	var names []string
	for _, c := range list {
		for _, x := range ids {
			if x == c.ID {
				names = append(names, title(ctx, c.Name))
			}
		}
	}
	return strings.Join(names, " · ")
}

func bare(list []incident.Part) (out []incident.Component) {
	for _, p := range list {
		out = append(out, p.Component)
	}
	return out
}

// spanWord is from when to when, in the firm's zone.
func spanWord(ctx context.Context, m incident.Maintenance) string {
	return i18n.T(ctx, "incident.span", "span", i18n.Between(ctx, m.From, m.To), "zone", i18n.Zone(ctx, m.From))
}

func monthWord(ctx context.Context, at time.Time) string {
	return t(ctx, "month", "year", strconv.Itoa(at.Year()), "month", i18n.T(ctx, "status.month_"+strconv.Itoa(int(at.Month()))))
}

// with is an address in the reader's language.
func (v visit) with(path string) string {
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + "lang=" + string(v.locale)
}

// other is this page in another language.
func (v visit) other(l i18n.Locale) string {
	q := v.r.URL.Query()
	q.Set("lang", string(l))
	if v.r.Method != "GET" {
		return "/status?lang=" + string(l)
	}
	return v.r.URL.Path + "?" + q.Encode()
}

func itoa(n int) string { return strconv.Itoa(n) }

func lastedWord(ctx context.Context, x incident.Shown) string {
	if x.ResolvedAt.IsZero() {
		return ""
	}
	return i18n.Duration(ctx, x.ResolvedAt.Sub(x.StartedAt))
}
