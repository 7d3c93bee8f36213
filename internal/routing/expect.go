package routing

import (
	"context"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/sla"
)

// Expected is what a customer may honestly expect who asks at a moment.
type Expected struct {
	By     time.Time // an answer; zero: nothing is promised
	Open   bool      // within working hours
	Served bool      // somebody answers at this hour
	Opens  time.Time // when the working hours begin again, if not Open; zero: nobody knows
	Zone   *time.Location
}

// Expect says what the customer may expect. Outside working hours a scope counts only while somebody really stands in its rota.
func (in Situation) Expect(s Subject, targets []sla.Target) Expected {
	s = s.grade(in.Lists.Grades)
	of := s.Team
	for _, r := range in.Lists.Rules {
		if r.Fits(s) {
			if r.Team != 0 {
				of = r.Team
			}
			break
		}
	}
	h := in.Hours(of, s.Tier)
	e := Expected{Open: h.Open(in.At), Zone: h.Zone}
	e.Served = e.Open
	if !e.Open {
		if opens, ok := h.Next(in.At); ok {
			e.Opens = opens
		}
		for _, sc := range in.Lists.Scopes {
			if sc.Fits(s) {
				if sc.Within > 0 && (sc.By == 0 || len(in.OnDuty[sc.By]) > 0) {
					e.Served, e.By = true, in.At.Add(time.Duration(sc.Within)*time.Minute)
					return e
				}
				break
			}
		}
	}
	e.By = sla.FirstDue(targets, sla.About{Stage: s.Stage, Type: s.Type, Severity: s.Severity, Channel: s.Channel, Tier: s.Tier}, h, in.At)
	if !e.Open && !e.Opens.IsZero() && !e.By.IsZero() && e.By.Before(e.Opens) {
		e.By = e.Opens // the clock on the wall may be promised, but nobody is there before
	}
	return e
}

// Expect says what a customer may expect who asks now.
func Expect(ctx context.Context, tx *db.Tx, s Subject) (Expected, error) {
	targets, err := sla.GetTargets(ctx, tx)
	if err != nil {
		return Expected{}, err
	}
	in, err := promised(ctx, tx)
	if err != nil {
		return Expected{}, err
	}
	return in.Expect(s, targets), nil
}

// promised is a Situation as far as promises go: nobody's hands are counted.
func promised(ctx context.Context, tx *db.Tx) (in Situation, err error) {
	in = blank(tx.Now())
	if in.Lists, err = Get(ctx, tx); err != nil {
		return in, err
	}
	if in.Hours, err = allHours(ctx, tx); err != nil || len(in.Lists.Scopes) == 0 {
		return in, err
	}
	_, err = in.rotas(ctx, tx)
	return in, err
}

// Words say it to the customer in the language of ctx: “by 14:10 today”, “by 09:10 on Mon 23 Nov”; "" where nothing is promised.
func (e Expected) Words(ctx context.Context, now time.Time) string {
	if e.By.IsZero() {
		return ""
	}
	r := i18n.Of(ctx)
	r.Zone, r.Now = e.Zone, now
	ctx = i18n.With(ctx, r)
	args := []any{"time", i18n.Clock(ctx, e.By), "day", i18n.Date(ctx, e.By)}
	if sameDay(e.By, now, e.Zone) {
		return i18n.T(ctx, "routing.expect_today", args...)
	}
	return i18n.T(ctx, "routing.expect_day", args...)
}

func sameDay(a, b time.Time, zone *time.Location) bool {
	ay, am, ad := a.In(zone).Date()
	by, bm, bd := b.In(zone).Date()
	return ay == by && am == bm && ad == bd
}

// Promise says to a customer who asks now when he is answered, in the language of ctx; "" where nothing is promised.
func Promise(ctx context.Context, tx *db.Tx, s Subject) (string, error) {
	e, err := Expect(ctx, tx, s)
	if err != nil {
		return "", err
	}
	return Answer(ctx, e, tx.Now()), nil
}

// Answer says what is expected as a sentence; "" where nothing is promised.
func Answer(ctx context.Context, e Expected, now time.Time) string {
	if e.By.IsZero() {
		return ""
	}
	return i18n.T(ctx, "routing.answer", "by", e.Words(ctx, now))
}

// From is what of a customer's company decides on his question, by whichever way he asks.
func From(ctx context.Context, tx *db.Tx, company contact.CompanyID, s Subject) (Subject, error) {
	err := s.account(ctx, tx, company)
	return s, err
}

// PromiseOf is Promise for a conversation in which the customer has just written.
func PromiseOf(ctx context.Context, tx *db.Tx, c conversation.Conversation) (string, error) {
	s, err := About(ctx, tx, c)
	if err != nil {
		return "", err
	}
	return Promise(ctx, tx, s)
}
