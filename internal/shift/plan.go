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
	level    int
	layer    int
	single   SingleID
	override OverrideID
	key      string // see named
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
			list = append(list, place{Stretch: at, people: s.People, single: s.ID})
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
	for i := range list {
		list[i].key = list[i].named(b.Rota.ID)
	}
	slices.SortStableFunc(list, func(x, y place) int { return x.From.Compare(y.From) }) // who stands already goes on
	cuts := b.cuts(list, from, until)
	places := sweepOf(list, func(p place) Stretch { return p.Stretch })
	overrides := sweepOf(b.Overrides, func(o Override) Stretch { return Stretch{o.From, o.Until} })
	leaves := sweepOf(b.Leaves, func(l Leave) Stretch { return Stretch{l.From, l.Until} })
	var out []Turn
	var open, still []int // turns in out that may go on
	for i := 0; i+1 < len(cuts); i++ {
		at, end := cuts[i], cuts[i+1]
		still = still[:0]
		for _, s := range standing(places.at(at), overrides.at(at), leaves.at(at)) {
			k := slices.IndexFunc(open, func(n int) bool { return out[n].Until.Equal(at) && same(out[n], s) })
			if k >= 0 {
				out[open[k]].Until = end
				still = append(still, open[k])
				continue
			}
			out = append(out, s.turn(b.Rota.ID, at, end))
			still = append(still, len(out)-1)
		}
		open, still = still, open
	}
	return named(out)
}

// sweep goes through things that last from then until then, with a time that only goes forward.
type sweep[T any] struct {
	list  []T
	times []Stretch
	order []int // by their beginning
	next  int
	open  []int // in the order of the list
	here  []*T
}

func sweepOf[T any](list []T, when func(T) Stretch) *sweep[T] {
	s := &sweep[T]{list: list}
	for i, v := range list {
		s.times, s.order = append(s.times, when(v)), append(s.order, i)
	}
	slices.SortStableFunc(s.order, func(a, b int) int { return s.times[a].From.Compare(s.times[b].From) })
	return s
}

// at is what holds at an instant, in the order of the list.
func (s *sweep[T]) at(at time.Time) []*T {
	was := len(s.open)
	s.open = slices.DeleteFunc(s.open, func(i int) bool { return !s.times[i].Until.After(at) })
	changed := was != len(s.open)
	for ; s.next < len(s.order) && !s.times[s.order[s.next]].From.After(at); s.next++ {
		if i := s.order[s.next]; s.times[i].Until.After(at) {
			s.open = append(s.open, i)
			changed = true
		}
	}
	if changed {
		slices.Sort(s.open)
		s.here = s.here[:0]
		for _, i := range s.open {
			s.here = append(s.here, &s.list[i])
		}
	}
	return s.here
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

// standing is who stands where these places, overrides and leaves hold: the highest level of the layers; then singles and
// overrides as they were made, so that what was planned later stands; then who is away.
func standing(here []*place, overrides []*Override, leaves []*Leave) []stand {
	top := 0
	var singles []*place
	for _, p := range here {
		if p.layer != 0 {
			top = max(top, p.level)
		}
		if p.single != 0 {
			singles = append(singles, p)
		}
	}
	slices.SortFunc(singles, func(a, b *place) int { return cmp.Compare(a.single, b.single) })
	var list []stand
	add := func(p *place, why Why) {
		for _, person := range p.people {
			if !has(list, person) {
				list = append(list, stand{person: person, why: why, of: p})
			}
		}
	}
	for _, p := range here {
		if p.layer != 0 && p.level == top {
			add(p, ByLayer)
		}
	}
	for _, o := range overrides {
		for ; len(singles) > 0 && int64(singles[0].single) < int64(o.ID); singles = singles[1:] {
			add(singles[0], BySingle)
		}
		list = o.over(list, here)
	}
	for _, p := range singles {
		add(p, BySingle)
	}
	return present(list, leaves)
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
func present(list []stand, leaves []*Leave) []stand {
	if len(leaves) == 0 {
		return list
	}
	var out []stand
	for _, s := range list {
		if away(leaves, s.person) == nil {
			out = append(out, s)
		}
	}
	for _, s := range list {
		if away(leaves, s.person) == nil {
			continue
		}
		if deputy := deputyOf(leaves, s.person); deputy != 0 && !has(out, deputy) {
			out = append(out, stand{person: deputy, instead: s.person, why: AsDeputy, of: s.of, override: s.override})
		}
	}
	return out
}

// deputyOf is who stands for somebody who is away: his deputy, or the deputy's if he is away as well.
func deputyOf(leaves []*Leave, person team.ID) team.ID {
	for range len(leaves) + 1 {
		l := away(leaves, person)
		if l == nil {
			return person
		}
		if person = l.Deputy; person == 0 {
			return 0
		}
	}
	return 0 // they are each other's
}

// away is the leave of somebody of those that hold: one with a deputy before one without.
func away(leaves []*Leave, person team.ID) (found *Leave) {
	for _, l := range leaves {
		if l.Person == person && (found == nil || found.Deputy == 0 && l.Deputy != 0) {
			found = l
		}
	}
	return found
}

func has(list []stand, person team.ID) bool {
	return slices.ContainsFunc(list, func(s stand) bool { return s.person == person })
}

func (s stand) turn(rota RotaID, from, until time.Time) Turn {
	return Turn{Rota: rota, Person: s.person, From: from, Until: until, Why: s.why, Instead: s.instead, Layer: s.of.layer, Single: s.of.single,
		Override: s.override, Key: s.of.key}
}

// same says whether one who stands goes on with a turn: the same person in the same place, for the same reason.
func same(t Turn, s stand) bool {
	return t.Person == s.person && t.Why == s.why && t.Instead == s.instead && t.Override == s.override && t.Key == s.of.key
}

// named says what a turn comes from, and when that began.
func (p place) named(rota RotaID) string {
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
