package sequence

import "slices"

// Spot is a place for a step: behind the step After, or where it is 0 at the head of the way ("yes", "no") of the step In, or of the flow.
type Spot struct {
	After, In int
	Way       string
}

// Step finds a step by its key; nil where there is none.
func (f *Flow) Step(key int) *Step { return find(f.Steps, key) }

func find(list []Step, key int) *Step {
	for i := range list {
		if list[i].Key == key {
			return &list[i]
		}
		if s := find(list[i].Yes, key); s != nil {
			return s
		}
		if s := find(list[i].No, key); s != nil {
			return s
		}
	}
	return nil
}

// Insert puts a step at a place, and returns its key; 0 where there is no such place.
func (f *Flow) Insert(at Spot, s Step) int {
	f.Last++
	s.Key = f.Last
	if at.After != 0 {
		if f.around(at.After, func(list []Step, i int) []Step { return slices.Insert(list, i+1, s) }) {
			return s.Key
		}
		return 0
	}
	list := &f.Steps
	if in := f.Step(at.In); in != nil && in.splits() {
		if list = &in.No; at.Way == "yes" {
			list = &in.Yes
		}
	} else if at.In != 0 {
		return 0
	}
	*list = slices.Insert(*list, 0, s)
	return s.Key
}

// Remove takes a step away, with what lies within it.
func (f *Flow) Remove(key int) bool {
	return f.around(key, func(list []Step, i int) []Step { return slices.Delete(list, i, i+1) })
}

// Shift moves a step by so many places among those beside it.
func (f *Flow) Shift(key, by int) bool {
	return f.around(key, func(list []Step, i int) []Step {
		to := min(max(i+by, 0), len(list)-1)
		s := list[i]
		return slices.Insert(slices.Delete(list, i, i+1), to, s)
	})
}

// around changes the list in which a step stands.
func (f *Flow) around(key int, change func(list []Step, i int) []Step) bool {
	var in func(list *[]Step) bool
	in = func(list *[]Step) bool {
		for i := range *list {
			if (*list)[i].Key == key {
				*list = change(*list, i)
				return true
			}
			if in(&(*list)[i].Yes) || in(&(*list)[i].No) {
				return true
			}
		}
		return false
	}
	return in(&f.Steps)
}
