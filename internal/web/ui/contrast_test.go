package ui

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// rgb is a colour in linear light, which is what contrast is computed from.
type rgb struct{ r, g, b float64 }

// tokens reads every --name: light-dark(oklch(…), oklch(…)) of the tokens.
func tokens(t *testing.T) (light, dark map[string]rgb) {
	t.Helper()
	css, err := os.ReadFile("static/css/10-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark = map[string]rgb{}, map[string]rgb{}
	token := regexp.MustCompile(`--([a-z0-9-]+):\s*light-dark\(oklch\(([^)]*)\),\s*oklch\(([^)]*)\)\)`)
	ordinary, _, _ := strings.Cut(string(css), "@media (prefers-contrast: more)")
	for _, m := range token.FindAllStringSubmatch(ordinary, -1) {
		light[m[1]], dark[m[1]] = oklch(t, m[2]), oklch(t, m[3])
	}
	return light, dark
}

// oklch converts "L C H" to linear sRGB (CSS Color 4, sections 9 and 18).
func oklch(t *testing.T, s string) rgb {
	t.Helper()
	var v [3]float64
	for i, f := range strings.Fields(s)[:3] {
		n, err := strconv.ParseFloat(f, 64)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		v[i] = n
	}
	a, b := v[1]*math.Cos(v[2]*math.Pi/180), v[1]*math.Sin(v[2]*math.Pi/180)
	l := math.Pow(v[0]+0.3963377774*a+0.2158037573*b, 3)
	m := math.Pow(v[0]-0.1055613458*a-0.0638541728*b, 3)
	n := math.Pow(v[0]-0.0894841775*a-1.2914855480*b, 3)
	clamp := func(x float64) float64 { return min(1, max(0, x)) }
	return rgb{
		clamp(4.0767416621*l - 3.3077115913*m + 0.2309699292*n),
		clamp(-1.2684380046*l + 2.6097574011*m - 0.3413193965*n),
		clamp(-0.0041960863*l - 0.7034186147*m + 1.7076147010*n),
	}
}

// contrast is the ratio of WCAG 2.2.
func contrast(a, b rgb) float64 {
	luminance := func(c rgb) float64 { return 0.2126*c.r + 0.7152*c.g + 0.0722*c.b }
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

func TestEveryPairOfColoursCanBeRead(t *testing.T) {
	var pairs [][2]string
	for _, ink := range []string{"ink", "ink-2", "ink-3"} {
		for _, ground := range []string{"desk", "sheet", "sheet-2", "raised", "hover", "selected", "note", "accent-soft"} {
			pairs = append(pairs, [2]string{ink, ground})
		}
	}
	for _, name := range []string{"accent", "moon", "good", "warn", "bad", "pre", "start", "care", "again"} {
		pairs = append(pairs, [2]string{name + "-ink", name + "-soft"})
	}
	pairs = append(pairs, [2]string{"note-ink", "note"}, [2]string{"on-accent", "accent"}, [2]string{"on-accent", "accent-hover"},
		[2]string{"on-accent", "accent-press"}, [2]string{"on-bad", "bad"}, [2]string{"ink-2", "press"}, [2]string{"ink-2", "track"}, [2]string{"ink", "thumb"},
		[2]string{"accent", "sheet"}, [2]string{"accent", "sheet-2"}, [2]string{"accent", "desk"}, [2]string{"bad-ink", "sheet"}, [2]string{"bad-ink", "raised"})

	shapes := [][2]string{{"moon-ink", "moon-soft"}} // 3:1 is enough for edges and shapes (WCAG 1.4.11)
	for _, shape := range []string{"edge", "accent"} {
		for _, ground := range []string{"desk", "sheet", "sheet-2", "raised"} {
			shapes = append(shapes, [2]string{shape, ground})
		}
	}

	light, dark := tokens(t)
	for theme, colours := range map[string]map[string]rgb{"light": light, "dark": dark} {
		if len(colours) < 60 {
			t.Fatalf("read only %d tokens", len(colours))
		}
		check := func(pair [2]string, least float64) {
			a, okA := colours[pair[0]]
			b, okB := colours[pair[1]]
			if !okA || !okB {
				t.Errorf("no such token: %v", pair)
				return
			}
			if got := contrast(a, b); got < least {
				t.Errorf("%s: %s on %s has %s, wants %.1f", theme, pair[0], pair[1], fmt.Sprintf("%.2f", got), least)
			}
		}
		for _, p := range pairs {
			check(p, 4.5)
		}
		for _, p := range shapes {
			check(p, 3)
		}
	}
}
