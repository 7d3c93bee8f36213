package svm

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// made are rows of which every class has features of its own, beside some that say nothing.
func made(n, classes int) Problem {
	random := rand.New(rand.NewPCG(1, 2))
	p := Problem{Classes: classes, Features: classes*3 + 50, C: 1, Workers: 2}
	for i := range n {
		class := i % classes
		own := uint32(class*3 + random.IntN(3))
		p.Rows.Append([]uint32{own, uint32(classes*3 + random.IntN(50))}, []float32{0.8, 0.6})
		p.Class = append(p.Class, int32(class))
	}
	return p
}

type line struct {
	weights []float32
	bias    float32
	alpha   []float32
}

func learned(t testing.TB, p Problem) []line {
	t.Helper()
	var mu sync.Mutex
	lines := make([]line, p.Classes)
	err := Train(context.Background(), p, func(class int, s Solution) {
		mu.Lock()
		defer mu.Unlock()
		lines[class] = line{slices.Clone(s.Weights), s.Bias, slices.Clone(s.Alpha)}
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func (l line) score(p Problem, i int) float32 {
	index, value := p.Rows.Row(i)
	return dot(index, value, l.weights) + l.bias
}

func TestEachClassIsFoundByItsFeatures(t *testing.T) {
	p := made(600, 6)
	lines := learned(t, p)
	for i, class := range p.Class {
		for c, l := range lines {
			if s := l.score(p, i); (s > 0) != (int32(c) == class) {
				t.Fatalf("row %d of class %d: class %d scores %v", i, class, c, s)
			}
		}
	}
}

// The solution is where the sum of the losses and the length of the weights is least: a small step to any side is
// worse.
func TestTheSolutionIsTheBest(t *testing.T) {
	p := made(200, 3)
	lines := learned(t, p)
	best := p.loss(lines[0], 0)
	for f := range p.Features {
		for _, step := range []float32{-0.05, 0.05} {
			moved := line{weights: slices.Clone(lines[0].weights), bias: lines[0].bias}
			moved.weights[f] += step
			if l := p.loss(moved, 0); l < best*0.999 {
				t.Errorf("feature %d by %v: %v, was %v", f, step, l, best)
			}
		}
	}
}

func (p Problem) loss(l line, class int32) float32 {
	sum := l.bias * l.bias / 2
	for _, w := range l.weights {
		sum += w * w / 2
	}
	for i := range p.Class {
		y := float32(-1)
		if p.Class[i] == class {
			y = 1
		}
		if missing := 1 - y*l.score(p, i); missing > 0 {
			sum += p.C * missing * missing
		}
	}
	return sum
}

func TestTheNumberOfWorkersChangesNothing(t *testing.T) {
	p := made(300, 5)
	two := learned(t, p)
	p.Workers = 1
	for c, l := range learned(t, p) {
		for f, w := range l.weights {
			if w != two[c].weights[f] {
				t.Fatalf("class %d, feature %d: %v and %v", c, f, w, two[c].weights[f])
			}
		}
	}
}

// Whoever begins where another ended, with some rows less, ends where it would have come without.
func TestWhatWasFoundBeforeIsAGoodBeginning(t *testing.T) {
	whole := made(400, 4)
	before := learned(t, whole)
	fewer := whole
	fewer.Rows.Start, fewer.Class = whole.Rows.Start[:301], whole.Class[:300]
	cold := learned(t, fewer)
	fewer.From = func(class int) []float32 { return before[class].alpha[:300] }
	for c, l := range learned(t, fewer) {
		if a, b := fewer.loss(l, int32(c)), fewer.loss(cold[c], int32(c)); a > b*1.002 {
			t.Errorf("class %d: %v, from nothing %v", c, a, b)
		}
	}
}

func TestTrainingCanBeGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := Train(ctx, made(100, 4), func(class int, _ Solution) { t.Errorf("class %d was learned", class) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestNothingToLearn(t *testing.T) {
	if err := Train(context.Background(), Problem{C: 1, Classes: 1}, func(int, Solution) {}); err != nil {
		t.Error(err)
	}
}
