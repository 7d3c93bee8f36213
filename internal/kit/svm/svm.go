// Package svm is a linear classifier for sparse rows: one against the rest for each class, squared hinge loss, solved in
// the dual by coordinate descent with shrinking (Hsieh, Chang, Lin, Keerthi, Sundararajan: A Dual Coordinate Descent
// Method for Large-scale Linear SVM, ICML 2008; the method of LIBLINEAR).
//
// The result does not depend on how many workers there were: rows are visited in an order that only the class decides.
package svm

import (
	"context"
	"sync"
	"sync/atomic"
)

// Rows are sparse rows, one after the other: row i has the features Index[Start[i]:Start[i+1]] with the values beside
// them. A value belongs to an index; both may be shared, nobody writes to them.
type Rows struct {
	Start []uint32
	Index []uint32
	Value []float32
}

// Len is how many rows there are.
func (r Rows) Len() int { return max(0, len(r.Start)-1) }

// Row is what row i has.
func (r Rows) Row(i int) (index []uint32, value []float32) {
	from, to := r.Start[i], r.Start[i+1]
	return r.Index[from:to], r.Value[from:to]
}

// Append adds a row at the end.
func (r *Rows) Append(index []uint32, value []float32) {
	if len(r.Start) == 0 {
		r.Start = append(r.Start, 0)
	}
	r.Index, r.Value = append(r.Index, index...), append(r.Value, value...)
	r.Start = append(r.Start, uint32(len(r.Index)))
}

// Problem is what is to be learned.
type Problem struct {
	Rows     Rows
	Class    []int32 // of each row; below 0: of no class, which speaks against all
	Classes  int
	Features int
	C        float32 // what a row that is wrong costs; 1 is usual
	Workers  int

	// From is what was found for a class before, with a few rows more or less: [Solution.Alpha] for these rows, each 0 or
	// more. To begin there saves most of the time. It may be nil.
	From func(class int) []float32
}

// Solution is what was learned of a class. Its lists are only lent.
type Solution struct {
	Weights []float32 // of each feature
	Bias    float32
	Alpha   []float32 // how much each row had to say; 0 for nearly all of them
}

// Train learns all classes. each is told of a class as soon as it is known, by several workers at once.
func Train(ctx context.Context, p Problem, each func(class int, s Solution)) error {
	norms := p.norms()
	var next atomic.Int64
	var wait sync.WaitGroup
	for range max(1, p.Workers) {
		wait.Go(func() {
			s := newSolver(p, norms)
			for c := int(next.Add(1)) - 1; c < p.Classes && ctx.Err() == nil; c = int(next.Add(1)) - 1 {
				s.solve(int32(c))
				each(c, Solution{s.w, s.bias, s.alpha})
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}

// norms are the squared lengths of the rows, with the bias as one more feature of value 1.
func (p Problem) norms() []float32 {
	norms := make([]float32, p.Rows.Len())
	for i := range norms {
		norms[i] = 1
		_, value := p.Rows.Row(i)
		for _, v := range value {
			norms[i] += v * v
		}
	}
	return norms
}
