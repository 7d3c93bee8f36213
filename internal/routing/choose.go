package routing

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// Candidate is somebody who comes into question, as he is at this moment.
type Candidate struct {
	Desk
	Name   string
	Gone   bool      // may not answer, or works here no more
	Leave  bool      // on leave
	Deputy team.ID   // for that time
	OffDay bool      // his rota has others now
	Unseen bool      // no rota has him, and he was not at the desk for hours
	Open   int       // what he has in hand
	Talks  int       // of it chats
	Last   time.Time // when he was given something
}

// Verdict says why somebody got it, or did not. Words: routing.verdict_<…>.
type Verdict string

// The verdicts.
const (
	Got      Verdict = "got"
	Free     Verdict = "free" // could have, but another came first
	Gone     Verdict = "gone"
	OnLeave  Verdict = "leave"
	Away     Verdict = "away"
	OffDuty  Verdict = "off_duty"
	Unseen   Verdict = "unseen"
	Silent   Verdict = "silent"
	Speaks   Verdict = "language" // not the customer's language
	Unable   Verdict = "skill"
	Full     Verdict = "full"
	ManyChat Verdict = "full_chats"
)

// May say whether somebody could get it if he had the hands free.
func (v Verdict) May() bool { return v == Got || v == Free || v == Full || v == ManyChat }

// Need is what a conversation asks of who gets it.
type Need struct {
	Language i18n.Locale // "": any
	Skill    string
	Chat     bool
	Silent   team.ID // who had it and said nothing
}

// judge says whether somebody can get it.
func (n Need) judge(c Candidate) Verdict {
	switch {
	case c.Gone:
		return Gone
	case c.Leave:
		return OnLeave
	case c.Away || c.Room == 0:
		return Away
	case c.OffDay:
		return OffDuty
	case c.Unseen:
		return Unseen
	case n.Silent != 0 && c.Person == n.Silent:
		return Silent
	case n.Language != "" && len(c.Languages) > 0 && !slices.Contains(c.Languages, n.Language):
		return Speaks
	case n.Skill != "" && !slices.ContainsFunc(c.Skills, func(s string) bool { return strings.EqualFold(s, n.Skill) }):
		return Unable
	case c.Open >= c.Room:
		return Full
	case n.Chat && c.Talks >= c.Chats:
		return ManyChat
	}
	return Free
}

// Reason says why this one. Words: routing.reason_<…>.
type Reason string

// The reasons, the strongest first.
const (
	Named  Reason = "named"  // the rule names him
	Owner  Reason = "owner"  // it is his account
	Knew   Reason = "knew"   // he answered this customer before
	Deputy Reason = "deputy" // he stands for one of those, who is on leave
	Least  Reason = "least"  // he has the least in hand
	Turn   Reason = "turn"   // as much as others, and it was his turn
	Only   Reason = "only"   // nobody else could
)

// preference is somebody who comes before the others, and why.
type preference struct {
	person team.ID
	why    Reason
}

// Choice is who gets it.
type Choice struct {
	Person   team.ID // 0: nobody can now
	Why      Reason
	For      team.ID             // of Deputy: whom he stands for
	Verdicts map[team.ID]Verdict // of everybody
	Waits    bool                // somebody could, had he the hands free
}

// Choose says who of the candidates gets it: whoever is preferred and free, in that order, or the one for whom he stands as
// deputy; else who has the smallest part of his room full; among equals who was given something longest ago.
func Choose(n Need, prefer []preference, all []Candidate) Choice {
	out := Choice{Verdicts: map[team.ID]Verdict{}}
	var free []Candidate
	by := map[team.ID]Candidate{}
	for _, c := range all {
		v := n.judge(c)
		out.Verdicts[c.Person], by[c.Person] = v, c
		if v == Free {
			free = append(free, c)
		}
		out.Waits = out.Waits || v.May()
	}
	out.prefer(prefer, by)
	if out.Person == 0 && len(free) > 0 {
		slices.SortStableFunc(free, order)
		out.Person, out.Why = free[0].Person, least(free)
	}
	if out.Person != 0 {
		out.Verdicts[out.Person] = Got
	}
	return out
}

// prefer takes the first of those who come before the others.
func (o *Choice) prefer(list []preference, by map[team.ID]Candidate) {
	for _, p := range list {
		if o.Verdicts[p.person] == Free {
			o.Person, o.Why = p.person, p.why
			return
		}
		if d := by[p.person].Deputy; d != 0 && o.Verdicts[p.person] == OnLeave && o.Verdicts[d] == Free {
			o.Person, o.Why, o.For = d, Deputy, p.person
			return
		}
	}
}

// least says why the first of those in order is first.
func least(free []Candidate) Reason {
	switch {
	case len(free) == 1:
		return Only
	case load(free[0], free[1]) == 0:
		return Turn
	}
	return Least
}

func order(a, b Candidate) int {
	return cmp.Or(load(a, b), a.Last.Compare(b.Last), cmp.Compare(a.Person, b.Person))
}

// load compares which part of their room is full.
func load(a, b Candidate) int { return cmp.Compare(a.Open*b.Room, b.Open*a.Room) }
