// Package hangul takes Korean syllables apart into their letters and puts letters together again, and knows the
// two-set keyboard (KS X 5002) that nearly all Koreans type on: who forgot to switch it writes qothd for 배송, or
// ㅗ디ㅔ for help, and both can be read all the same.
package hangul

import "strings"

// The letters of a syllable in the order of Unicode (chapter 3.12): 19 that begin it, 21 vowels, 28 ends, the first of
// which is none. Each letter is given by the keys that write it.
var (
	first  = strings.Fields("r R s e E f a q Q t T d w W c z x v g")
	middle = strings.Fields("k o i O j p u P h hk ho hl y n nj np nl b m ml l")
	last   = append([]string{""}, strings.Fields("r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g")...)
)

// letters are the letters that stand alone, U+3131 to U+3163, by their keys.
var letters = strings.Fields("r R rt s sw sg e E f fr fa fq ft fx fv fg a q Q qt t T d w W c z x v g k o i O j p u P h hk ho hl y n nj np nl b m ml l")

const (
	firstSyllable, lastSyllable = '가', '힣'
	firstLetter, lastLetter     = 'ㄱ', 'ㅣ'
)

// Is says whether r is a whole syllable or a letter that stands alone.
func Is(r rune) bool { return IsSyllable(r) || r >= firstLetter && r <= lastLetter }

// IsSyllable says whether r is a whole syllable.
func IsSyllable(r rune) bool { return r >= firstSyllable && r <= lastSyllable }

// Keys is what somebody typed who wanted Latin letters and had the keyboard in Korean mode. What is no Hangul stays.
func Keys(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case IsSyllable(r):
			f, m, l := parts(r)
			b.WriteString(first[f] + middle[m] + last[l])
		case Is(r):
			b.WriteString(letters[r-firstLetter])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func parts(r rune) (f, m, l int) {
	n := int(r - firstSyllable)
	return n / (21 * 28), n / 28 % 21, n % 28
}

// AppendLetters appends the letters of a syllable, each as one rune that tells where in the syllable it stands
// (U+1100 to U+11FF); what is no syllable is appended as it is.
func AppendLetters(dst []rune, r rune) []rune {
	if !IsSyllable(r) {
		return append(dst, r)
	}
	f, m, l := parts(r)
	dst = append(dst, 0x1100+rune(f), 0x1161+rune(m))
	if l > 0 {
		dst = append(dst, 0x11A7+rune(l))
	}
	return dst
}
