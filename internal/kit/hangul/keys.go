package hangul

import (
	"slices"
	"strings"
)

// FromKeys is what somebody wanted to type who had the keyboard in Latin mode. whole says that every key found its
// place in a syllable, which of Latin words is seldom true: only then it is likely that Korean was meant. What is no
// Latin letter stays.
func FromKeys(s string) (text string, whole bool) {
	var b strings.Builder
	whole = true
	for len(s) > 0 {
		if !isKey(s, 0) {
			b.WriteByte(s[0])
			s = s[1:]
			continue
		}
		syllable, n := fromKeys(s)
		if n == 0 {
			syllable, n, whole = lone(s[0]), 1, false
		}
		b.WriteRune(syllable)
		s = s[n:]
	}
	return b.String(), whole
}

// fromKeys reads the longest syllable at the beginning of s, and how many keys it took; none: 0. A consonant before a
// vowel begins the next syllable.
func fromKeys(s string) (syllable rune, keys int) {
	if !isKey(s, 0) || isVowel(s, 0) {
		return 0, 0
	}
	f := slices.Index(first, key(s[0]))
	m, i := longest(middle, s, 1)
	if m < 0 {
		return 0, 0
	}
	l := 0
	for n := 2; n >= 1; n-- {
		if end, after := fits(last, s, i, n); end > 0 && !isVowel(s, after) {
			l, i = end, after
			break
		}
	}
	return firstSyllable + rune((f*21+m)*28+l), i
}

// longest finds the part that the most keys from i on write, and where they end.
func longest(list []string, s string, i int) (part, end int) {
	for n := 2; n >= 1; n-- {
		if part, end := fits(list, s, i, n); part >= 0 {
			return part, end
		}
	}
	return -1, i
}

// fits says which part of the list the n keys from i on write, -1 for none.
func fits(list []string, s string, i, n int) (part, end int) {
	written := ""
	for k := i; k < i+n; k++ {
		if !isKey(s, k) {
			return -1, i
		}
		written += key(s[k])
	}
	return slices.Index(list, written), i + n
}

func isKey(s string, i int) bool {
	return i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z')
}

func isVowel(s string, i int) bool { return isKey(s, i) && slices.Contains(middle, key(s[i])) }

// key is the key without Shift where Shift changes nothing.
func key(c byte) string {
	if c >= 'A' && c <= 'Z' && !strings.ContainsRune("QWERTOP", rune(c)) {
		c += 'a' - 'A'
	}
	return string(c)
}

func lone(c byte) rune { return firstLetter + rune(slices.Index(letters, key(c))) }
