package bot

import (
	"slices"
	"unicode"

	"baraji/internal/kit/hangul"
	"baraji/internal/kit/token"
)

// A feature is something that stands in a text: a word, two words, some characters. It is known by a hash of 62 bits;
// the two highest bits say of which kind it is.
type feature uint64

type kind uint8

const (
	wordKind   kind = iota // one word, or two that follow each other
	charKind               // characters: 2-5 of a Latin word, 1-3 of Hangul, whatever spaces lie between
	endKind                // how a Hangul word ends, and how the text ends: particles, moods, politeness
	letterKind             // letters (jamo) of Hangul: 보내 and 보낸 share nearly all
	kinds      = 4
)

func (f feature) kind() kind { return kind(f >> 62) }

// mix is FNV-1a over whole characters, mixed at the end (as in MurmurHash3), so that all bits depend on all characters.
type mix uint64

func (k kind) start(tag uint64) mix {
	return mix(14695981039346656037 ^ (uint64(k)<<8|tag)*0x9E3779B97F4A7C15)
}

func (h mix) add(r rune) mix { return (h ^ mix(r)) * 1099511628211 }

func (h mix) feature(k kind) feature {
	x := uint64(h)
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return feature((x^x>>33)>>2 | uint64(k)<<62)
}

// word is a run of characters of one sort.
type word struct {
	runes  []rune
	hangul bool // or another script that is written without spaces, or with spaces people do not agree about
	ends   bool // a space or a stop follows
}

// wordsOf takes folded text apart.
func wordsOf(folded string) []word {
	var list []word
	runes := []rune(folded)
	for i := 0; i < len(runes); {
		if !belongs(runes[i]) {
			i++
			continue
		}
		w := word{hangul: joined(runes[i])}
		from := i
		for i < len(runes) && belongs(runes[i]) && joined(runes[i]) == w.hangul {
			i++
		}
		w.runes, w.ends = runes[from:i], i == len(runes) || !belongs(runes[i])
		list = append(list, w)
	}
	return list
}

func belongs(r rune) bool {
	return r >= 'a' && r <= 'z' || hangul.IsSyllable(r) || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

func joined(r rune) bool {
	return hangul.IsSyllable(r) || r > 0x7F && (hangul.Is(r) || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana))
}

// featuresOf are the features of a text, each as often as it stands there.
func featuresOf(text string) []feature { return textFeatures(wordsOf(token.Fold(text))) }

// distinct sorts features and leaves each once.
func distinct(list []feature) []feature {
	slices.Sort(list)
	return slices.Compact(list)
}

func textFeatures(words []word) []feature {
	list := make([]feature, 0, 256)
	var stream, letters []rune
	before := mix(0)
	for i, w := range words {
		h := wordKind.start(0)
		for _, r := range w.runes {
			h = h.add(r)
		}
		list = append(list, h.feature(wordKind))
		if i > 0 {
			list = append(list, (before*31 + h).feature(wordKind))
		}
		before = h
		if !w.hangul {
			list = appendLatin(list, w.runes)
			continue
		}
		stream = append(stream, w.runes...)
		for _, r := range w.runes {
			letters = hangul.AppendLetters(letters, r)
		}
		if w.ends {
			list = appendEnds(list, w.runes, 1, 3, 0)
		}
	}
	list = appendChars(list, charKind, stream, 1, 3)
	list = appendChars(list, letterKind, letters, 3, 5)
	return appendEnds(list, stream, 2, 5, 1)
}

// appendLatin appends the characters 2-5 of a word with its borders.
func appendLatin(list []feature, w []rune) []feature {
	var room [40]rune
	bordered := append(append(append(room[:0], ' '), w...), ' ')
	return appendChars(list, charKind, bordered, 2, 5)
}

func appendChars(list []feature, k kind, runes []rune, least, most int) []feature {
	for i := range runes {
		h := k.start(2)
		for n := 1; n <= most && i+n <= len(runes); n++ {
			h = h.add(runes[i+n-1])
			if n >= least {
				list = append(list, h.feature(k))
			}
		}
	}
	return list
}

func appendEnds(list []feature, runes []rune, least, most int, tag uint64) []feature {
	h := endKind.start(tag)
	for n := 1; n <= most && n <= len(runes); n++ {
		h = h.add(runes[len(runes)-n])
		if n >= least {
			list = append(list, h.feature(endKind))
		}
	}
	return list
}
