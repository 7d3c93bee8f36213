package bot

import (
	"cmp"
	"math"
	"slices"
)

// judge weighs what speaks for the candidates, says how sure one may be, and what follows from it. Its weights are
// learned from the customer's own phrasings by holding some back; without enough of them they are those of [prior].
type judge struct {
	Rank  []float64 // of candidate.numbers
	Trust []float64 // of doubts: that the first is right
	Reach []float64 // of doubts: that the right one is among the first few
	At    float64   // confidence from which on a question is answered
	Offer float64   // reach from which on choices are offered
}

// prior is believed before anything was seen: the higher all of it the better, and an answer is likely right when the
// classifier is past its border or the text is much like a phrasing.
var (
	priorRank  = []float64{3, 4, 1, 6, 4}
	priorTrust = []float64{-3, 0.7, 0.5, 5, 1, 1.5, 1, 0, 0, 0}
	priorReach = []float64{-2.5, 0.4, 0.5, 5, 1, 1.5, 1, 0, 0, 0}
)

// numbers are what speaks for a candidate.
func (c candidate) numbers() []float64 {
	return []float64{float64(c.class), float64(c.near.nearest), float64(c.near.three), float64(c.found.whole), float64(c.found.best)}
}

// sort gives each candidate its score and share, and puts the best first.
func (j judge) sort(list []candidate) []candidate {
	options := make([][]float64, len(list))
	for i, c := range list {
		options[i] = c.numbers()
	}
	for i, share := range shares(options, j.Rank) {
		list[i].share = share
		list[i].score = 0
		for k, x := range options[i] {
			list[i].score += x * j.Rank[k]
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	return list
}

// doubts are what tells how far the first of the candidates can be trusted.
func doubts(list []candidate, v vector) []float64 {
	c, margin := list[0], 5.0
	if len(list) > 1 {
		margin = min(margin, c.score-list[1].score)
	}
	return []float64{
		1,
		math.Log(max(c.share, 1e-6)),
		float64(c.class),
		float64(c.near.nearest),
		float64(v.known),
		float64(c.found.whole + c.found.best),
		margin / 5,
		float64(c.near.nearest * v.known),
		float64(c.near.nearest * c.near.nearest),
		math.Log(float64(1+len(v.index))) / 5,
	}
}

func logistic(x, w []float64) float64 {
	z := 0.0
	for i := range x {
		z += x[i] * w[i]
	}
	return 1 / (1 + math.Exp(-z))
}

func (j judge) confidence(list []candidate, v vector) float64 {
	return logistic(doubts(list, v), j.Trust)
}

func (j judge) reach(list []candidate, v vector) float64 {
	return logistic(doubts(list, v), j.Reach)
}

func (j judge) decide(confidence, reach float64) Kind {
	switch {
	case confidence >= j.At:
		return Answered
	case reach >= j.Offer:
		return Choices
	}
	return HandOver
}
