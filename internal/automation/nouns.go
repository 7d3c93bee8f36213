package automation

import (
	"slices"
	"time"

	"baraji/internal/incident"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/promise"
	"baraji/internal/segment"
	"baraji/internal/sla"
)

// What was promised of the time until an answer.
var slaFields = []Field{
	{"sla.due", Moment, "", nil, ofClocks(func(l sla.Clocks, _ time.Time) Value {
		_, clock, _ := l.Soonest()
		return Value{At: clock.Due}
	})},
	{"sla.broken", Flag, "", nil, ofClocks(func(l sla.Clocks, now time.Time) Value { return Value{Yes: missed(l, now)} })},
	{"sla.stands", Flag, "", nil, ofClocks(func(l sla.Clocks, now time.Time) Value { return Value{Yes: l.State(now) == sla.Paused} })},
}

func ofClocks(read func(sla.Clocks, time.Time) Value) func(*Case, string) (Value, error) {
	return func(c *Case, _ string) (Value, error) {
		l, err := c.clocks.get(func() (sla.Clocks, error) {
			talk, err := c.Talk()
			if err != nil || talk.ID == 0 {
				return nil, err
			}
			all, err := sla.Of(c.ctx, c.tx, talk.ID)
			return all[talk.ID], err
		})
		return read(l, c.now()), err
	}
}

// missed says that one of the clocks was met too late, or is late now.
func missed(l sla.Clocks, now time.Time) bool {
	for _, clock := range l {
		if clock.Late() || clock.State(now) == sla.Breach {
			return true
		}
	}
	return false
}

var incidentFields = []Field{
	{"incident.open", Flag, "", nil, func(c *Case, _ string) (Value, error) {
		list, err := c.incidents.get(func() ([]incident.Incident, error) {
			talk, err := c.Talk()
			if err != nil || talk.ID == 0 {
				return nil, err
			}
			return incident.Of(c.ctx, c.tx, talk.ID)
		})
		return Value{Yes: slices.ContainsFunc(list, func(i incident.Incident) bool { return !i.State.Over() })}, err
	}},
}

// Whether the customer is in a segment, asked at this moment. One that was deleted can be asked nothing: the rule says so, and does nothing.
var segmentFields = []Field{
	{"customer.segment.", Flag, "segment", nil, func(c *Case, own string) (Value, error) {
		p, err := c.Customer()
		if err != nil || p.ID == 0 {
			return Value{}, err
		}
		which, err := id.Read[segment.ID](own)
		if err != nil {
			return Value{}, problem.New(problem.Invalid, "There is no segment “%s”.", own)
		}
		s, err := segment.Get(c.ctx, c.tx, which)
		if problem.KindOf(err) == problem.NotFound {
			return Value{}, problem.New(problem.Invalid, "The segment that this looks at is gone.")
		}
		if err != nil {
			return Value{}, err
		}
		in, err := segment.Holds(c.ctx, c.tx, s, p.ID)
		return Value{Yes: in}, err
	}},
}

// What was promised to the customer.
var promiseFields = []Field{
	{"promise.open", Number, "", nil, ofPromises(func(open []promise.Promise) Value { return Value{Number: float64(len(open))} })},
	{"promise.due", Moment, "", nil, ofPromises(func(open []promise.Promise) Value {
		if len(open) == 0 {
			return Value{}
		}
		return Value{At: open[0].Due}
	})},
}

// ofPromises reads something of the open ones, of which the first is due first.
func ofPromises(read func(open []promise.Promise) Value) func(*Case, string) (Value, error) {
	return func(c *Case, _ string) (Value, error) {
		open, err := c.promises.get(func() ([]promise.Promise, error) {
			p, err := c.Customer()
			if err != nil || p.ID == 0 {
				return nil, err
			}
			return promise.OfContact(c.ctx, c.tx, p.ID, 0)
		})
		return read(open), err
	}
}
