package bot

import "math"

// choice is a case of choosing one of several options, each described by a few numbers. Logistic regression is the case
// of two options of which one has only zeros.
type choice struct {
	options [][]float64
	right   int
	weight  float64
}

// fit finds the weights of the numbers under which the right options were likeliest, by Newton's method. prior is what
// is believed without any case, strength how many cases it is worth.
func fit(cases []choice, prior []float64, strength float64) []float64 {
	w := append([]float64(nil), prior...)
	for range 12 {
		step := newtonStep(cases, w, prior, strength)
		largest := 0.0
		for i := range w {
			d := math.Max(-2, math.Min(2, step[i]))
			w[i] += d
			largest = math.Max(largest, math.Abs(d))
		}
		if largest < 1e-4 {
			break
		}
	}
	return w
}

func newtonStep(cases []choice, w, prior []float64, strength float64) []float64 {
	n := len(w)
	gradient, curve := make([]float64, n), make([][]float64, n)
	for i := range curve {
		curve[i] = make([]float64, n)
		curve[i][i] = strength
		gradient[i] = strength * (prior[i] - w[i])
	}
	mean := make([]float64, n)
	for _, c := range cases {
		p := shares(c.options, w)
		clear(mean)
		for o, x := range c.options {
			for i := range x {
				mean[i] += p[o] * x[i]
			}
		}
		for i := range mean {
			gradient[i] += c.weight * (c.options[c.right][i] - mean[i])
		}
		for o, x := range c.options {
			for i := range x {
				for j := range i + 1 {
					curve[i][j] += c.weight * p[o] * (x[i] - mean[i]) * (x[j] - mean[j])
				}
			}
		}
	}
	for i := range curve {
		for j := range i {
			curve[j][i] = curve[i][j]
		}
	}
	return solve(curve, gradient)
}

// shares are how likely the options are under the weights.
func shares(options [][]float64, w []float64) []float64 {
	p := make([]float64, len(options))
	highest, sum := math.Inf(-1), 0.0
	for o, x := range options {
		for i := range x {
			p[o] += x[i] * w[i]
		}
		highest = math.Max(highest, p[o])
	}
	for o := range p {
		p[o] = math.Exp(p[o] - highest)
		sum += p[o]
	}
	for o := range p {
		p[o] /= sum
	}
	return p
}

// solve solves a·x = b for a symmetric positive a, by elimination; a and b are used up.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		for j := i + 1; j < n; j++ {
			by := a[j][i] / a[i][i]
			for k := i; k < n; k++ {
				a[j][k] -= by * a[i][k]
			}
			b[j] -= by * b[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	return b
}
