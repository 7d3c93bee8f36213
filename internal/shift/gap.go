package shift

import (
	"slices"
	"time"
)

// Joined puts stretches in order, and together where they meet or overlap.
func Joined(list []Stretch) (out []Stretch) {
	list = slices.SortedFunc(slices.Values(list), func(a, b Stretch) int { return a.From.Compare(b.From) })
	for _, s := range list {
		if !s.From.Before(s.Until) {
			continue
		}
		if last := len(out) - 1; last >= 0 && !s.From.After(out[last].Until) {
			out[last].Until = later(out[last].Until, s.Until)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Gaps is what of some stretches, as Joined gives them, no turn covers.
func Gaps(need []Stretch, turns []Turn) (out []Stretch) {
	var stood []Stretch
	for _, t := range turns {
		stood = append(stood, Stretch{t.From, t.Until})
	}
	stood = Joined(stood)
	k := 0
	for _, n := range need {
		for ; k < len(stood) && !stood[k].Until.After(n.From); k++ {
		}
		at := n.From
		for i := k; i < len(stood) && stood[i].From.Before(n.Until); i++ {
			if stood[i].From.After(at) {
				out = append(out, Stretch{at, stood[i].From})
			}
			at = later(at, stood[i].Until)
		}
		if at.Before(n.Until) {
			out = append(out, Stretch{at, n.Until})
		}
	}
	return out
}

// Clash is two turns of one person at the same time.
type Clash struct {
	Stretch
	A, B Turn
}

// Overlaps finds where one person has two turns at the same time, in one rota or in several.
func Overlaps(turns []Turn) (out []Clash) {
	list := slices.SortedFunc(slices.Values(turns), func(a, b Turn) int { return a.From.Compare(b.From) })
	var open []Turn
	for _, t := range list {
		open = slices.DeleteFunc(open, func(o Turn) bool { return !o.Until.After(t.From) })
		for _, o := range open {
			if o.Person == t.Person {
				out = append(out, Clash{Stretch{t.From, sooner(o.Until, t.Until)}, o, t})
			}
		}
		open = append(open, t)
	}
	return out
}

// Long is how long stretches are together.
func Long(list []Stretch) (sum time.Duration) {
	for _, s := range list {
		sum += s.Until.Sub(s.From)
	}
	return sum
}
