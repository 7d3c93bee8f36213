package campaign

import "math"

// Difference is how much more often something happened with the first of two variants than with the second, in points of a hundred, and between which
// bounds the true difference lies with 95 percent certainty.
type Difference struct {
	First, Second float64 // the shares
	Low, High     float64 // of First - Second
	TooFew        bool    // nothing can be said
}

// Clear says whether the difference is more than chance.
func (d Difference) Clear() bool { return !d.TooFew && (d.Low > 0 || d.High < 0) }

// A comparison needs some mails on both sides, and something that happened.
const (
	fewestMails  = 50
	fewestEvents = 10
)

// Compare compares a of n with b of m by Newcombe's interval of two of Wilson's scores, which holds where few do something: shares of one percent are what
// such mails have.
func Compare(a, n, b, m int) Difference {
	if n < fewestMails || m < fewestMails || a+b < fewestEvents {
		return Difference{First: share(a, n), Second: share(b, m), TooFew: true}
	}
	d := Difference{First: share(a, n), Second: share(b, m)}
	l1, u1 := wilson(a, n)
	l2, u2 := wilson(b, m)
	gap := d.First - d.Second
	d.Low = gap - math.Hypot(d.First-l1, u2-d.Second)
	d.High = gap + math.Hypot(u1-d.First, d.Second-l2)
	return d
}

func share(a, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(a) / float64(n)
}

// wilson is the interval in which a share lies with 95 percent certainty.
func wilson(a, n int) (low, high float64) {
	const z = 1.959964
	p, k := share(a, n), float64(n)
	middle := (p + z*z/(2*k)) / (1 + z*z/k)
	half := z / (1 + z*z/k) * math.Sqrt(p*(1-p)/k+z*z/(4*k*k))
	return max(middle-half, 0), min(middle+half, 1)
}
