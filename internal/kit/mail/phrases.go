package mail

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// phrases is a long list of patterns that is fast where nothing matches, which is the usual case: each pattern is tried only when the text has one of the
// literal words without which it cannot match. A single expression of this size takes milliseconds for a page. Texts are given in lower case.
//
// Nothing is compiled before it is needed: all patterns together would cost a start 100 ms and 10 MB, and most never match.
type phrases func() []phrase

type phrase struct {
	needs []string // one of them must be there; none: always try
	re    func() *regexp.Regexp
}

// anyOf makes phrases of the alternatives of a pattern.
func anyOf(pattern string) phrases { return framed("", pattern, "") }

// framed makes phrases that all stand between the same two patterns.
func framed(before, pattern, after string) phrases {
	return sync.OnceValue(func() []phrase {
		tree, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			panic(err) // a pattern in our own source
		}
		alternatives := []*syntax.Regexp{tree}
		if tree.Op == syntax.OpAlternate {
			alternatives = tree.Sub
		}
		var list []phrase
		for _, a := range alternatives {
			list = append(list, phrase{needs: needed(a), re: lazy(before + "(?:" + a.String() + ")" + after)})
		}
		return list
	})
}

// lazy is an expression that is compiled when it is first used.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// needed returns words of which at least one is in every match; nil when there are none.
func needed(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []string{string(re.Rune)}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needed(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if n := needed(sub); n != nil && (best == nil || shortest(n) > shortest(best)) {
				best = n
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			n := needed(sub)
			if n == nil {
				return nil
			}
			all = append(all, n...)
		}
		return all
	}
	return nil
}

func shortest(words []string) int {
	least := 1 << 20
	for _, w := range words {
		least = min(least, len(w))
	}
	return least
}

func (p phrase) possible(text string) bool {
	for _, w := range p.needs {
		if strings.Contains(text, w) {
			return true
		}
	}
	return len(p.needs) == 0
}

// in tells whether any of the phrases is in the text.
func (list phrases) in(text string) bool {
	for _, p := range list() {
		if p.possible(text) && p.re().MatchString(text) {
			return true
		}
	}
	return false
}

// count is how many different things the phrases find, up to most.
func (list phrases) count(text string, most int) int {
	seen := map[string]bool{}
	for _, p := range list() {
		if !p.possible(text) {
			continue
		}
		for _, hit := range p.re().FindAllString(text, most) {
			if seen[squash(hit)] = true; len(seen) >= most {
				return most
			}
		}
	}
	return len(seen)
}
