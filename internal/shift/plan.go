package shift

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"baraji/internal/kit/hours"
	"baraji/internal/team"
)

// Book is all that decides who stands in a rota.
type Book struct {
	Rota      Rota
	Singles   []Single
	Overrides []Override // in the order in which they were made
	Leaves    []Leave    // of anybody
}

// place is a time for which a layer, a single or an override has people.
type place struct {
	Stretch
	people   []team.ID
	level    int // -1: beside all levels
	layer    int
	single   SingleID
	override OverrideID
}

// Plan is whose turn it is from an instant until another: each turn whole, also where it begins before or ends after them,
// in the order of time. It is pure.
func (b Book) Plan(from, until time.Time) (out []Turn) {
	if !from.Before(until) {
		return nil
	}
	wide := b.longest(from, until)
	for _, t := range b.turns(from.Add(-wide), until.Add(wide)) {
		if t.From.Before(until) && t.Until.After(from) {
			out = append(out, t)
		}
	}
	return out
}

// At is who stands at an instant.
func (b Book) At(at time.Time) (people []team.ID) {
	for _, t := range b.turns(at, at.Add(1)) {
		people = append(people, t.Person)
	}
	return people
}

// Needs is when somebody should stand, whether somebody does or not: what layers and singles say, before anybody is away.
func (b Book) Needs(from, until time.Time) []Stretch {
	var list []Stretch
	for _, p := range b.places(from, until) {
		list = append(list, Stretch{later(p.From, from), sooner(p.Until, until)})
	}
	return Joined(list)
}

// longest is how long a turn can be that reaches into a time.
func (b Book) longest(from, until time.Time) time.Duration {
	most := 25 * time.Hour // by which clocks can be put
	for _, l := range b.Rota.Layers {
		most = max(most, l.step()+25*time.Hour)
	}
	for _, s := range b.Singles {
		most = max(most, time.Duration(s.Length)*time.Minute+25*time.Hour)
	}
	for _, o := range b.Overrides {
		if o.Instead == 0 && o.From.Before(until) && o.Until.After(from) {
			most = max(most, o.Until.Sub(o.From))
		}
	}
	return most
}

// places are what layers and singles have between two instants, cut to them only where a layer is for all hours.
func (b Book) places(from, until time.Time) (list []place) {
	for _, l := range b.Rota.Layers {
		list = append(list, l.places(b.Rota.Place(), from, until)...)
	}
	for _, s := range b.Singles {
		list = append(list, s.places(b.Rota.Place(), from, until)...)
	}
	return list
}

// places are the turns of a layer that reach into a time. The hours of one turn are one place as long as they meet.
func (l Layer) places(zone *time.Location, from, until time.Time) (list []place) {
	if len(l.Slots) == 0 || l.Every < 1 {
		return nil
	}
	first := time.Date(l.First.Year, l.First.Month, l.First.Day, 0, l.Hand, 0, 0, time.UTC)
	begin, end := hours.Instant(zone, l.First, l.Hand), until
	if l.Last != (hours.Date{}) {
		end = sooner(end, hours.Instant(zone, l.Last.Add(1), l.Hand))
	}
	if from.Before(begin) {
		from = begin
	}
	if !from.Before(end) {
		return nil
	}
	week := l.week(zone)
	step := l.step()
	for n := int(hours.Wall(from.In(zone)).Sub(first) / step); ; n++ {
		a, z := hand(zone, first.Add(time.Duration(n)*step)), hand(zone, first.Add(time.Duration(n+1)*step))
		if !a.Before(end) {
			return list
		}
		if !a.Before(z) {
			continue // a turn that the clocks left out
		}
		if l.Last != (hours.Date{}) {
			z = sooner(z, hours.Instant(zone, l.Last.Add(1), l.Hand))
		}
		p := place{Stretch: Stretch{a, z}, people: l.Slots[n%len(l.Slots)], level: l.Level, layer: l.ID}
		if len(l.Hours) == 0 {
			list = append(list, p)
			continue
		}
		for open, closed := range week.Stretches(a, z) {
			p.Stretch = Stretch{open, closed}
			if closed.After(from) && open.Before(until) {
				list = append(list, p)
			}
		}
	}
}

// hand is the instant of a time on the wall, which is written as if it were UTC.
func hand(zone *time.Location, wall time.Time) time.Time {
	return hours.Instant(zone, hours.DateOf(wall, time.UTC), wall.Hour()*60+wall.Minute())
}

// places are the times of a single that reach into a time.
func (s Single) places(zone *time.Location, from, until time.Time) (list []place) {
	day := s.Day
	if s.Weekly { // begin two weeks early: it may be long, and clocks may have changed
		if behind := hours.DateOf(from.In(zone), zone).Days(s.Day) - s.Length/(24*60) - 14; behind > 0 {
			day = day.Add(behind / 7 * 7)
		}
	}
	for {
		if s.Weekly && s.Last != (hours.Date{}) && day.Compare(s.Last) > 0 {
			return list
		}
		at := Stretch{hours.Instant(zone, day, s.From), hours.Instant(zone, day, s.From+s.Length)}
		if !at.From.Before(until) {
			return list
		}
		if at.Until.After(from) && at.From.Before(at.Until) {
			list = append(list, place{Stretch: at, people: s.People, level: -1, single: s.ID})
		}
		if !s.Weekly {
			return list
		}
		day = day.Add(7)
	}
}

// stand is one who stands, while that is worked out.
type stand struct {
	person, instead team.ID
	why             Why
	of              *place
	override        OverrideID
}

// turns cuts the time into parts in which nothing changes, finds out who stands in each, and puts together what goes on.
func (b Book) turns(from, until time.Time) []Turn {
	list := b.places(from, until)
	for _, o := range b.Overrides {
		if o.Instead == 0 && o.Person != 0 {
			list = append(list, place{Stretch: Stretch{o.From, o.Until}, override: o.ID})
		}
	}
	cuts := b.cuts(list, from, until)
	slices.SortStableFunc(list, func(x, y place) int { return x.From.Compare(y.From) })
	var out []Turn
	var open []int // places in out that may go on
	var here []*place
	next := 0
	for i := 0; i+1 < len(cuts); i++ {
		at, end := cuts[i], cuts[i+1]
		here = slices.DeleteFunc(here, func(p *place) bool { return !p.Until.After(at) })
		for ; next < len(list) && !list[next].From.After(at); next++ {
			if list[next].Until.After(at) {
				here = append(here, &list[next])
			}
		}
		var still []int
		for _, s := range b.standing(here, at) {
			k := slices.IndexFunc(open, func(n int) bool { return out[n].Until.Equal(at) && same(out[n], s) })
			if k >= 0 {
				out[open[k]].Until = end
				still = append(still, open[k])
				continue
			}
			out = append(out, s.turn(b.Rota.ID, at, end))
			still = append(still, len(out)-1)
		}
		open = still
	}
	return named(out)
}

// cuts are the instants at which something may change, in order, each once.
func (b Book) cuts(list []place, from, until time.Time) []time.Time {
	cuts := []time.Time{from, until}
	add := func(s Stretch) {
		for _, t := range []time.Time{s.From, s.Until} {
			if t.After(from) && t.Before(until) {
				cuts = append(cuts, t)
			}
		}
	}
	for _, p := range list {
		add(p.Stretch)
	}
	for _, o := range b.Overrides {
		add(Stretch{o.From, o.Until})
	}
	for _, l := range b.Leaves {
		add(Stretch{l.From, l.Until})
	}
	slices.SortFunc(cuts, time.Time.Compare)
	return slices.CompactFunc(cuts, time.Time.Equal)
}

// standing is who stands at an instant at which these places hold: the highest level and what stands beside it, then the
// overrides as they were made, then who is away.
func (b Book) standing(here []*place, at time.Time) []stand {
	top := -1
	for _, p := range here {
		if p.override == 0 {
			top = max(top, p.level)
		}
	}
	var list []stand
	for _, p := range here {
		if p.override != 0 || p.level >= 0 && p.level != top {
			continue
		}
		why := ByLayer
		if p.single != 0 {
			why = BySingle
		}
		for _, person := range p.people {
			if !has(list, person) {
				list = append(list, stand{person: person, why: why, of: p})
			}
		}
	}
	for _, o := range b.Overrides {
		if at.Before(o.From) || !at.Before(o.Until) {
			continue
		}
		list = o.over(list, here)
	}
	return b.present(list, at)
}

// over is who stands when an override was counted in.
func (o Override) over(list []stand, here []*place) []stand {
	why := ByOverride
	if o.Swap != 0 {
		why = BySwap
	}
	if o.Instead == 0 {
		if o.Person == 0 {
			return nil
		}
		k := slices.IndexFunc(here, func(p *place) bool { return p.override == o.ID })
		return []stand{{person: o.Person, why: why, of: here[k], override: o.ID}}
	}
	k := slices.IndexFunc(list, func(s stand) bool { return s.person == o.Instead })
	switch {
	case k < 0:
		return list
	case o.Person == 0 || has(list, o.Person):
		return slices.Delete(list, k, k+1)
	}
	list[k] = stand{person: o.Person, instead: cmp.Or(list[k].instead, o.Instead), why: why, of: list[k].of, override: o.ID}
	if list[k].instead == o.Person { // it came back to him
		list[k].instead = 0
	}
	return list
}

// present puts deputies where somebody is away, and leaves out who has none.
func (b Book) present(list []stand, at time.Time) []stand {
	var out []stand
	for _, s := range list {
		if b.away(s.person, at) == nil {
			out = append(out, s)
		}
	}
	for _, s := range list {
		if b.away(s.person, at) == nil {
			continue
		}
		if deputy := b.deputy(s.person, at); deputy != 0 && !has(out, deputy) {
			out = append(out, stand{person: deputy, instead: s.person, why: AsDeputy, of: s.of, override: s.override})
		}
	}
	return out
}

// deputy is who stands for somebody who is away: his deputy, or the deputy's if he is away as well.
func (b Book) deputy(person team.ID, at time.Time) team.ID {
	seen := map[team.ID]bool{}
	for !seen[person] {
		seen[person] = true
		l := b.away(person, at)
		if l == nil {
			return person
		}
		person = l.Deputy
		if person == 0 {
			return 0
		}
	}
	return 0
}

// away is the leave of somebody at an instant: one with a deputy before one without.
func (b Book) away(person team.ID, at time.Time) (found *Leave) {
	for i, l := range b.Leaves {
		if l.Person != person || at.Before(l.From) || !at.Before(l.Until) {
			continue
		}
		if found == nil || found.Deputy == 0 && l.Deputy != 0 {
			found = &b.Leaves[i]
		}
	}
	return found
}

func has(list []stand, person team.ID) bool {
	return slices.ContainsFunc(list, func(s stand) bool { return s.person == person })
}

func (s stand) turn(rota RotaID, from, until time.Time) Turn {
	return Turn{Rota: rota, Person: s.person, From: from, Until: until, Why: s.why, Instead: s.instead, Layer: s.of.layer, Single: s.of.single,
		Override: s.override, Key: s.of.key(rota)}
}

// same says whether one who stands goes on with a turn: the same person in the same place, for the same reason.
func same(t Turn, s stand) bool {
	return t.Person == s.person && t.Why == s.why && t.Instead == s.instead && t.Override == s.override && t.Key == s.of.key(t.Rota)
}

// key names what a turn comes from, and when that began.
func (p *place) key(rota RotaID) string {
	switch {
	case p.override != 0:
		return p.override.String()
	case p.single != 0:
		return fmt.Sprintf("%s.%x", p.single, p.From.Unix())
	}
	return fmt.Sprintf("%s.%d.%x", rota, p.layer, p.From.Unix())
}

// named gives each turn its own name: whose it is, and its number where a place was cut into several turns of one person.
func named(list []Turn) []Turn {
	n := map[string]int{}
	for i := range list {
		key := list[i].Key + "." + list[i].Person.String()
		if n[key]++; n[key] > 1 {
			key = fmt.Sprintf("%s.%d", key, n[key])
		}
		list[i].Key = key
	}
	return list
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func sooner(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
