package sla

import (
	"slices"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/hours"
)

// Counts says which time is used up.
type Counts string

// The two ways to count.
const (
	Working Counts = "work" // the time in which somebody is there
	Wall    Counts = "wall" // all of it
)

// Promise is a target as it was when clocks began.
type Promise struct {
	First  time.Duration         `json:"first,omitzero"` // 0: nothing is promised
	Next   time.Duration         `json:"next,omitzero"`
	Solve  time.Duration         `json:"solve,omitzero"`
	Counts Counts                `json:"counts"`
	Pauses []conversation.Status `json:"pauses,omitempty"`
	Hours  string                `json:"hours"` // which calendar, as it was
	Breach Breached              `json:"breach,omitzero"`
}

// Happened is what a step is.
type Happened string

// What can happen to clocks.
const (
	Promised Happened = "promised"
	Asked    Happened = "asked"
	Answered Happened = "answered"
	Became   Happened = "became" // of another status
)

// Step is one thing that happened.
type Step struct {
	At      time.Time
	What    Happened
	Status  conversation.Status // of Became
	Promise Promise             // of Promised
}

// Which clock it is.
type Which string

// The clocks.
const (
	First Which = "first"
	Next  Which = "next"
	Solve Which = "solve"
)

// All lists the clocks.
var All = []Which{First, Next, Solve}

// Clock is what one clock says after the last step.
type Clock struct {
	Started time.Time // zero: it never ran
	Target  time.Duration
	Warn    time.Time           // when four fifths were used, or will be; zero: it stands before that
	Due     time.Time           // when all was used, or will be; zero: it stands before that
	Met     time.Time           // zero: not yet
	Held    conversation.Status // the status in which it stands; "" when it runs or was met
	Work    time.Duration       // used, of working time
	Wall    time.Duration       // used, on the wall, while it did not stand
}

// Late says that a clock was met after it was due.
func (c Clock) Late() bool { return !c.Met.IsZero() && !c.Due.IsZero() && c.Met.After(c.Due) }

// Used is how much of its time a clock has used, in one way to count; only what [Reckon] and [Whole] give knows.
func (c Clock) Used(by Counts) time.Duration {
	if by == Wall {
		return c.Wall
	}
	return c.Work
}

// Runs says that it began and was not met.
func (c Clock) Runs() bool { return !c.Started.IsZero() && c.Met.IsZero() }

// reckoner is the state between two steps.
type reckoner struct {
	hours    map[string]hours.Calendar
	promise  Promise
	status   conversation.Status
	answered bool // by a person, once
	waiting  bool // the customer waits for a further answer
	clocks   map[Which]*Clock
}

// Reckon says what the clocks of a conversation say after its steps. hours has the calendars that its promises name.
func Reckon(steps []Step, calendars map[string]hours.Calendar) map[Which]Clock {
	steps = slices.Clone(steps)
	slices.SortStableFunc(steps, func(a, b Step) int { return a.At.Compare(b.At) })
	r := reckoner{hours: calendars, status: conversation.Open, clocks: map[Which]*Clock{First: {}, Next: {}, Solve: {}}}
	for i, s := range steps {
		if i > 0 {
			r.pass(steps[i-1].At, s.At)
		}
		r.take(s)
	}
	out := map[Which]Clock{}
	for which, c := range r.clocks {
		if c.Started.IsZero() || c.Target == 0 {
			continue
		}
		if c.Runs() { // a promise of nothing was left out above
			r.look(c, steps[len(steps)-1].At)
		}
		out[which] = *c
	}
	return out
}

// take changes the clocks at a step.
func (r *reckoner) take(s Step) {
	switch s.What {
	case Promised:
		r.promised(s)
	case Asked:
		r.asked(s.At)
	case Answered:
		r.met(First, s.At)
		r.met(Next, s.At)
		r.answered, r.waiting = true, false
	case Became:
		r.became(s)
	}
}

// promised makes another promise hold for the clocks that run.
func (r *reckoner) promised(s Step) {
	r.promise = s.Promise
	for which, c := range r.clocks {
		if c.Runs() {
			r.limit(which, s.At)
		}
	}
}

// limit makes the promise that holds now that of a clock.
func (r *reckoner) limit(which Which, now time.Time) {
	c := r.clocks[which]
	c.Target = r.target(which)
	used := r.used(c)
	c.Due, c.Warn = again(c.Due, used, c.Target, now), again(c.Warn, used, c.Target*4/5, now)
}

// again is when a limit was used up under another limit: as it was, now, or not yet.
func again(was time.Time, used, limit time.Duration, now time.Time) time.Time {
	switch {
	case used < limit || limit == 0:
		return time.Time{}
	case was.IsZero():
		return now
	}
	return was
}

func (r *reckoner) asked(at time.Time) {
	if r.status == conversation.Solved { // whoever asks opens it
		r.reopened(at)
	}
	r.start(Solve, at, false)
	if !r.answered {
		r.start(First, at, false)
		return
	}
	if !r.waiting {
		r.waiting = true
		r.start(Next, at, true)
	}
}

// start begins a clock that has not begun; anew also one that was met.
func (r *reckoner) start(which Which, at time.Time, anew bool) {
	if c := r.clocks[which]; c.Started.IsZero() || anew {
		*c = Clock{Started: at, Target: r.target(which)}
	}
}

func (r *reckoner) met(which Which, at time.Time) {
	if c := r.clocks[which]; c.Runs() {
		c.Met, c.Held = at, ""
	}
}

func (r *reckoner) became(s Step) {
	if r.status == conversation.Solved && s.Status != conversation.Solved {
		r.reopened(s.At)
	}
	r.status = s.Status
	if s.Status != conversation.Solved {
		return
	}
	r.met(Solve, s.At)
	if r.waiting { // what is solved waits for no answer
		r.waiting = false
		*r.clocks[Next] = Clock{}
	}
}

// reopened makes the clock of the solution go on.
func (r *reckoner) reopened(at time.Time) {
	r.status = conversation.Open
	if c := r.clocks[Solve]; !c.Started.IsZero() {
		c.Met = time.Time{}
		r.limit(Solve, at)
	}
}

// pass lets time pass.
func (r *reckoner) pass(from, to time.Time) {
	for _, c := range r.clocks {
		if !c.Runs() || r.stands() {
			continue
		}
		used, wall, work := r.used(c), to.Sub(from), r.hours[r.promise.Hours].Between(from, to)
		span := work
		if r.promise.Counts == Wall {
			span = wall
		}
		c.Warn, c.Due = r.reached(c.Warn, used, span, c.Target*4/5, from), r.reached(c.Due, used, span, c.Target, from)
		c.Work, c.Wall = c.Work+work, c.Wall+wall
	}
}

// reached is when a limit was used up, if it was within a span.
func (r *reckoner) reached(was time.Time, used, span, limit time.Duration, from time.Time) time.Time {
	if !was.IsZero() || used+span < limit || limit == 0 {
		return was
	}
	return r.after(from, limit-used)
}

// look finds when a clock that runs will have used up its limits.
func (r *reckoner) look(c *Clock, now time.Time) {
	if r.stands() {
		c.Held = r.status
		return
	}
	used := r.used(c)
	if c.Warn.IsZero() {
		c.Warn = r.after(now, c.Target*4/5-used)
	}
	if c.Due.IsZero() {
		c.Due = r.after(now, c.Target-used)
	}
}

func (r *reckoner) stands() bool {
	return r.status == conversation.Solved || slices.Contains(r.promise.Pauses, r.status)
}

func (r *reckoner) used(c *Clock) time.Duration {
	if r.promise.Counts == Wall {
		return c.Wall
	}
	return c.Work
}

// after is when so much time will have been used; zero: never.
func (r *reckoner) after(at time.Time, d time.Duration) time.Time {
	if r.promise.Counts == Wall {
		return at.Add(max(d, 0))
	}
	due, ok := r.hours[r.promise.Hours].Add(at, d)
	if !ok {
		return time.Time{}
	}
	return due.UTC()
}

func (r *reckoner) target(which Which) time.Duration {
	return map[Which]time.Duration{First: r.promise.First, Next: r.promise.Next, Solve: r.promise.Solve}[which]
}
