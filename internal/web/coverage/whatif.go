package coverage

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/routing"
	"baraji/internal/team"
	"baraji/internal/web/routed"
	"baraji/internal/web/ui"
)

// question is what somebody asks of routing: a conversation that may never be, and when.
type question struct {
	Text, Type, Severity, Channel, Tier, Worth, Language string
	At                                                   string // 2026-11-22T03:00, on the wall of whoever asks; "" is now
}

// reply is what routing says at one moment.
type reply struct {
	At       time.Time
	Now      bool
	Decision routed.Shown
	Expected routing.Expected
}

// whatIf is the page on which one asks who would get something.
type whatIf struct {
	Q       question
	Replies []reply
	Wrong   bool // the time cannot be read
}

// askWhatIf is GET /coverage/what-if: the answer for now and for a time that one chooses, else for the night to Sunday.
func (a area) askWhatIf(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := whatIf{Q: typedQuestion(r)}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		p.Replies = nil
		later, ok := p.Q.when(ctx, tx.Now())
		p.Wrong = !ok
		names, err := team.Names(ctx, tx)
		if err != nil {
			return err
		}
		teams, err := team.Teams(ctx, tx)
		if err != nil {
			return err
		}
		for _, at := range []time.Time{tx.Now(), later} {
			one := reply{At: at, Now: at.Equal(tx.Now())}
			if one.Decision.Decision, one.Expected, err = routing.WhatIf(ctx, tx, p.Q.subject(), p.Q.Text, at); err != nil {
				return err
			}
			one.Decision.Names = names
			for _, t := range teams {
				if t.ID == one.Decision.Decision.Team {
					one.Decision.Team = t.Name
				}
			}
			p.Replies = append(p.Replies, one)
		}
		return nil
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, whatIfPage(p))
	return nil
}

func typedQuestion(r *http.Request) question {
	v := func(name string) string { return strings.TrimSpace(r.FormValue(name)) }
	return question{v("text"), v("type"), v("severity"), v("channel"), v("tier"), v("worth"), v("language"), v("at")}
}

// when is the time that was asked for, else the coming Sunday at three in the morning.
func (q question) when(ctx context.Context, now time.Time) (time.Time, bool) {
	zone := i18n.Of(ctx).Zone
	if q.At != "" {
		at, err := time.ParseInLocation("2006-01-02T15:04", q.At, zone)
		if err == nil && at.Before(now.AddDate(2, 0, 0)) && at.After(now.AddDate(-1, 0, 0)) {
			return at, true
		}
	}
	local := now.In(zone)
	days := (7 - int(local.Weekday())) % 7
	at := time.Date(local.Year(), local.Month(), local.Day()+days, 3, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()+days+7, 3, 0, 0, 0, zone)
	}
	return at, q.At == ""
}

func (q question) subject() routing.Subject {
	worth, _ := strconv.ParseInt(strings.ReplaceAll(q.Worth, ",", ""), 10, 64)
	s := routing.Subject{Type: q.Type, Severity: q.Severity, Channel: q.Channel, Tier: q.Tier, Worth: max(worth, 0)}
	s.Language, _ = i18n.Parse(q.Language)
	return s
}

// expects says in words what the customer may expect.
func (o reply) expects(ctx context.Context) string {
	if o.Expected.By.IsZero() {
		return t(ctx, "whatif_nothing")
	}
	return t(ctx, "whatif_expects", "by", o.Expected.Words(ctx, o.At))
}

// choices are words of other areas as a choice, with “any” at the head.
func choices(ctx context.Context, prefix string, values []string) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "whatif_any")}}
	for _, v := range values {
		if v != "" {
			list = append(list, ui.Option{Value: v, Label: i18n.T(ctx, prefix+v)})
		}
	}
	return list
}

func tongues(ctx context.Context) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "whatif_any")}}
	for _, l := range i18n.Locales() {
		list = append(list, ui.Option{Value: string(l), Label: l.Name()})
	}
	return list
}

// wallOf is a time as its input has it.
func wallOf(ctx context.Context, at time.Time) string {
	return at.In(i18n.Of(ctx).Zone).Format("2006-01-02T15:04")
}

func wrongTime(ctx context.Context, wrong bool) string {
	if wrong {
		return t(ctx, "whatif_wrong")
	}
	return ""
}
