package svm

import (
	"math"
	"math/rand/v2"
)

const (
	mostRounds = 25  // over the rows; more than texts need
	goodEnough = 0.1 // how far from the best a solution may be, as in LIBLINEAR
)

// solver is what one worker needs to solve one class after the other.
type solver struct {
	p      Problem
	norms  []float32
	w      []float32
	bias   float32
	alpha  []float32
	active []int32
}

func newSolver(p Problem, norms []float32) *solver {
	n := p.Rows.Len()
	return &solver{p: p, norms: norms, w: make([]float32, p.Features), alpha: make([]float32, n), active: make([]int32, n)}
}

// solve goes over the rows until none of them wants to change anything. Rows that stand clear of the border are left
// out (shrinking); before it is done, all of them are asked once more.
func (s *solver) solve(class int32) {
	s.begin(class)
	random := rand.New(rand.NewPCG(uint64(class), 20261121))
	active := len(s.active)
	bound := float32(math.Inf(1))
	for range mostRounds {
		random.Shuffle(active, func(i, j int) { s.active[i], s.active[j] = s.active[j], s.active[i] })
		left, lowest, highest := s.round(class, active, bound)
		if highest-lowest > goodEnough {
			active, bound = left, highest
			if bound <= 0 {
				bound = float32(math.Inf(1))
			}
			continue
		}
		if active == len(s.active) {
			return
		}
		active, bound = len(s.active), float32(math.Inf(1))
	}
}

// begin sets everything to nothing, or to what was found before.
func (s *solver) begin(class int32) {
	clear(s.w)
	clear(s.alpha)
	s.bias = 0
	for i := range s.active {
		s.active[i] = int32(i)
	}
	if s.p.From == nil {
		return
	}
	copy(s.alpha, s.p.From(int(class)))
	for i, alpha := range s.alpha {
		if alpha > 0 {
			index, value := s.p.Rows.Row(i)
			s.add(index, value, alpha*s.side(i, class))
		}
	}
}

// side is on which side of the border of a class a row belongs.
func (s *solver) side(row int, class int32) float32 {
	if s.p.Class[row] == class {
		return 1
	}
	return -1
}

// round visits the first active rows. It answers how many of them are worth another visit, and between which bounds
// the (projected) gradients lay.
func (s *solver) round(class int32, active int, bound float32) (left int, lowest, highest float32) {
	lowest, highest = float32(math.Inf(1)), float32(math.Inf(-1))
	diagonal := 0.5 / s.p.C
	for k := 0; k < active; k++ {
		i := s.active[k]
		y := s.side(int(i), class)
		index, value := s.p.Rows.Row(int(i))
		alpha := s.alpha[i]
		gradient := y*(dot(index, value, s.w)+s.bias) - 1 + alpha*diagonal
		projected := gradient
		if alpha == 0 {
			if gradient > bound {
				active--
				s.active[k], s.active[active] = s.active[active], s.active[k]
				k--
				continue
			}
			projected = min(gradient, 0)
		}
		lowest, highest = min(lowest, projected), max(highest, projected)
		if projected > 1e-9 || projected < -1e-9 {
			s.alpha[i] = max(alpha-gradient/(s.norms[i]+diagonal), 0)
			s.add(index, value, (s.alpha[i]-alpha)*y)
		}
	}
	return active, lowest, highest
}

func (s *solver) add(index []uint32, value []float32, by float32) {
	w := s.w
	value = value[:len(index)]
	for k, f := range index {
		w[f] += by * value[k]
	}
	s.bias += by
}

func dot(index []uint32, value []float32, w []float32) float32 {
	value = value[:len(index)]
	var a, b float32
	k := 0
	for ; k+1 < len(index); k += 2 {
		a += value[k] * w[index[k]]
		b += value[k+1] * w[index[k+1]]
	}
	if k < len(index) {
		a += value[k] * w[index[k]]
	}
	return a + b
}
