package look

import (
	"fmt"
	"math"
	"strconv"
)

// The grounds on which the widget stands: the white of most shops, and its own panel on a dark screen.
const (
	white = "#ffffff"
	dark  = "#172326"
)

// Least contrasts: letters and signs that one has to tell from their ground (WCAG 2.2, 1.4.11), and a button that has a
// sign of its own and only should not vanish.
const (
	enough   = 3.0
	vanishes = 1.5
)

// Verdict says how well a colour serves. Letters on it are black or white, whichever can be read better, so they always
// reach 4.5.
type Verdict struct {
	Letters float64 // contrast of the letters on it
	Light   float64 // its contrast on a white page
	Dark    float64 // and on a dark screen
	Better  string  // a colour near it that can be seen on both; "" when it can itself
}

// OnLight says whether its button can be seen well on a white page.
func (v Verdict) OnLight() bool { return v.Light >= enough }

// OnDark says whether its button can be seen on a dark screen.
func (v Verdict) OnDark() bool { return v.Dark >= vanishes }

// Judge looks at a colour, #rrggbb; false for what is none.
func Judge(color string) (v Verdict, ok bool) {
	c, ok := parse(color)
	if !ok {
		return v, false
	}
	w, _ := parse(white)
	d, _ := parse(dark)
	v = Verdict{Letters: max(contrast(c, w), contrast(c, rgb{})), Light: contrast(c, w), Dark: contrast(c, d)}
	switch {
	case !v.OnLight():
		v.Better = c.towards(rgb{}, w, enough).String()
	case !v.OnDark():
		v.Better = c.towards(w, d, vanishes).String()
	}
	return v, true
}

// rgb has each part from 0 to 255.
type rgb [3]float64

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", int(c[0]), int(c[1]), int(c[2])) }

// towards goes from a colour to another as far as it takes to stand out from a ground.
func (c rgb) towards(other, ground rgb, least float64) rgb {
	at := c
	for step := 1; step <= 50 && contrast(at, ground) < least; step++ {
		for i := range at {
			at[i] = math.Round(c[i] + (other[i]-c[i])*float64(step)/50)
		}
	}
	return at
}

func parse(s string) (c rgb, ok bool) {
	if len(s) != 7 || s[0] != '#' {
		return c, false
	}
	for i := range c {
		n, err := strconv.ParseUint(s[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return c, false
		}
		c[i] = float64(n)
	}
	return c, true
}

// contrast and luminance are those of WCAG 2.2.
func contrast(a, b rgb) float64 {
	x, y := a.luminance()+.05, b.luminance()+.05
	return max(x, y) / min(x, y)
}

func (c rgb) luminance() float64 {
	linear := func(v float64) float64 {
		if v /= 255; v <= .04045 {
			return v / 12.92
		}
		return math.Pow((v+.055)/1.055, 2.4)
	}
	return .2126*linear(c[0]) + .7152*linear(c[1]) + .0722*linear(c[2])
}
