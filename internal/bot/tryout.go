package bot

import (
	"context"
	"runtime"
	"slices"
	"sync"
)

// trial is a phrasing that was held back, and what was made of it without it.
type trial struct {
	list     []candidate
	vector   vector
	right    int  // where in the list its answer stands; -1: nowhere
	offTopic bool // none of the answers that were learned is right for it
	taught   bool // it was taught to be about something else
}

const (
	parts      = 5    // the phrasings are held back in so many parts
	fromOneOn  = 5000 // phrasings from which on one part says enough
	leastTrial = 40   // trials with a right answer without which nothing is learned from them
)

// tryOut holds phrasings back, part by part, learns from the others and asks about them. Of each part, a fifth of the
// answers is held back whole: its phrasings are what questions about something else look like. Only customers' own
// phrasings are used, and those that are really about something else, where they were given.
func (m *Model) tryOut(ctx context.Context, examples []Example, phrases []phrase, end *beginning) ([]trial, error) {
	own := phrases[:len(examples)]
	rounds := parts
	if len(own) > fromOneOn {
		rounds = 1
	}
	var trials []trial
	for part := range rounds {
		held := m.holdBack(own, part)
		if !slices.Contains(held, asked) {
			continue
		}
		rest := make([]phrase, 0, len(phrases))
		for i, p := range phrases {
			if i >= len(own) || held[i] == stays {
				rest = append(rest, p)
			}
		}
		p, _, err := learn(ctx, rest, len(m.answers), end)
		if err != nil {
			return nil, err
		}
		trials = append(trials, m.ask(p, examples, own, held)...)
	}
	return trials, ctx.Err()
}

type holding uint8

const (
	stays holding = iota
	asked         // held back, and asked about
	gone          // held back with its whole answer, and not asked about
)

// holdBack says which phrasings of each answer are held back in a part. An answer with a single phrasing keeps it,
// unless it is gone as a whole.
func (m *Model) holdBack(own []phrase, part int) []holding {
	count := make([]int, len(m.answers)+1)
	for _, p := range own {
		count[p.answer+1]++
	}
	seen := make([]int, len(m.answers)+1)
	held := make([]holding, len(own))
	for i, p := range own {
		nth := seen[p.answer+1]
		seen[p.answer+1]++
		whole := p.answer >= 0 && m.article[p.answer] < 0 && wholePart(int(p.answer)) == part
		switch {
		case p.answer < 0:
			if (nth%2 == 0) == (part == 0) { // half of them, as they tell most and are few
				held[i] = asked
			}
		case count[p.answer+1] > 1 && (nth+int(p.answer)+1)%min(parts, count[p.answer+1]) == part:
			held[i] = asked
		case whole && count[p.answer+1] == 1:
			held[i] = asked
		case whole:
			held[i] = gone
		}
	}
	return held
}

// wholePart is the part in which an answer is held back as a whole: any, but not in the order of the alphabet.
func wholePart(answer int) int { return int(uint32(answer+1)*2654435761>>16) % parts }

// ask asks about all phrasings that are held back.
func (m *Model) ask(p *phrasings, examples []Example, own []phrase, held []holding) []trial {
	var which []int
	for i, h := range held {
		if h == asked {
			which = append(which, i)
		}
	}
	trials := make([]trial, len(which))
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for k := w; k < len(which); k += workers {
				trials[k] = m.try(p, examples[which[k]].Text, own[which[k]])
			}
		})
	}
	wait.Wait()
	return slices.DeleteFunc(trials, func(t trial) bool { return len(t.list) == 0 })
}

func (m *Model) try(p *phrasings, text string, one phrase) trial {
	q := question{vector: p.vector(one.features)}
	if len(m.library.whole) > 0 {
		q.search = distinct(searchFeatures(text))
	}
	t := trial{list: m.gather(p, q, func(int) bool { return true }), vector: q.vector, right: -1}
	t.taught = one.answer < 0
	t.offTopic = t.taught || !p.has(int(one.answer)) && m.article[one.answer] < 0
	for i, c := range t.list {
		if c.answer == int(one.answer) {
			t.right = i
		}
	}
	return t
}
