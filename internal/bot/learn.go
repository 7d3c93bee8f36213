package bot

import (
	"cmp"
	"slices"
)

// Figures are what a model says of itself, from phrasings that were held back while it was tried out. They are shares
// from 0 to 1; all of them are 0 when there were too few phrasings to try out anything.
type Figures struct {
	Phrasings, Answers, Articles int
	Tried                        int
	Right                        float64 // first answer right, of the questions that have one
	Answered                     float64 // of the questions that have an answer, at the threshold
	Precision                    float64 // answers right, of those given, with the off-topic questions expected
}

// Figures are the figures of the model.
func (m *Model) Figures() Figures { return m.figures }

// How many trials the beliefs of [judge] are worth.
const (
	rankStrength  = 2
	trustStrength = 2
)

// untried is the confidence from which on a question is answered by beliefs alone.
const untried = 0.8

// learnToJudge fits the judge to the trials and draws its thresholds from them.
func (m *Model) learnToJudge(trials []trial, aims Trainer) {
	m.judge.At, m.judge.Offer = untried, 0.5
	cases := rankings(trials)
	if len(cases) < leastTrial {
		return
	}
	m.judge.Rank = fit(cases, priorRank, rankStrength)
	for i := range trials {
		trials[i].sorted(m.judge)
	}
	weigh := weights(trials, aims.OffTopic)
	m.judge.Trust = fit(verdicts(trials, weigh, 1), priorTrust, trustStrength)
	m.judge.Reach = fit(verdicts(trials, weigh, MostChoices), priorReach, trustStrength)
	results := m.results(trials, weigh)
	m.judge.At = threshold(results, aims.Precision)
	m.figures = measured(results, m.judge.At)
}

// sorted puts the best candidates first and keeps track of the right one.
func (t *trial) sorted(j judge) {
	answer := -1
	if t.right >= 0 {
		answer = t.list[t.right].answer
	}
	t.list = j.sort(t.list)
	for i, c := range t.list {
		if c.answer == answer {
			t.right = i
		}
	}
}

func rankings(trials []trial) []choice {
	var cases []choice
	for _, t := range trials {
		if t.right < 0 || t.offTopic {
			continue
		}
		c := choice{right: t.right, weight: 1}
		for _, one := range t.list {
			c.options = append(c.options, one.numbers())
		}
		cases = append(cases, c)
	}
	return cases
}

// weights make the questions about something else count as many as are expected. Where some were taught, they count as
// much together as all those that only look like it.
func weights(trials []trial, offTopic float64) func(trial) float64 {
	var on, taught, alike float64
	for _, t := range trials {
		switch {
		case !t.offTopic:
			on++
		case t.taught:
			taught++
		default:
			alike++
		}
	}
	off := offTopic / (1 - offTopic) * on
	if taught > 0 && alike > 0 {
		off /= 2
	}
	return func(t trial) float64 {
		switch {
		case !t.offTopic:
			return 1
		case t.taught:
			return off / taught
		}
		return off / alike
	}
}

// verdicts are the cases of whether the right answer was among the first few.
func verdicts(trials []trial, weigh func(trial) float64, few int) []choice {
	cases := make([]choice, 0, len(trials))
	for _, t := range trials {
		x := doubts(t.list, t.vector)
		c := choice{options: [][]float64{make([]float64, len(x)), x}, weight: weigh(t)}
		if !t.offTopic && t.right >= 0 && t.right < few {
			c.right = 1
		}
		if c.weight > 0 {
			cases = append(cases, c)
		}
	}
	return cases
}

// result is what came of a trial.
type result struct {
	confidence, weight float64
	right, offTopic    bool
}

func (m *Model) results(trials []trial, weigh func(trial) float64) []result {
	list := make([]result, len(trials))
	for i, t := range trials {
		list[i] = result{m.judge.confidence(t.list, t.vector), weigh(t), t.right == 0 && !t.offTopic, t.offTopic}
	}
	slices.SortStableFunc(list, func(a, b result) int { return cmp.Compare(b.confidence, a.confidence) })
	return list
}

// threshold is the lowest confidence above which the share of right answers is as high as wanted.
func threshold(results []result, precision float64) float64 {
	at, right, given := 1.0, 0.0, 0.0
	for i, r := range results {
		given += r.weight
		if r.right {
			right += r.weight
		}
		last := i+1 == len(results) || results[i+1].confidence < r.confidence
		if last && right >= precision*given {
			at = r.confidence
		}
	}
	return at
}

func measured(results []result, at float64) Figures {
	f := Figures{Tried: len(results)}
	var on, right, given, givenOn, givenRight float64
	for _, r := range results {
		answered := r.confidence >= at
		if !r.offTopic {
			on += r.weight
		}
		if r.right {
			right += r.weight
		}
		if answered {
			given += r.weight
		}
		if answered && !r.offTopic {
			givenOn += r.weight
		}
		if answered && r.right {
			givenRight += r.weight
		}
	}
	f.Right, f.Answered, f.Precision = share(right, on), share(givenOn, on), share(givenRight, given)
	return f
}

func share(part, of float64) float64 {
	if of == 0 {
		return 0
	}
	return part / of
}
