package bot

import (
	"slices"
	"unicode"

	"baraji/internal/kit/hangul"
	"baraji/internal/kit/token"
)

// A feature is something that stands in a text: a word, two words, some characters. It is known by a hash; the three
// highest bits say of which kind it is, the lowest that it lies across a space where it stands.
type feature uint64

type kind uint8

const (
	wordKind     kind = iota // one word, or two of which the second is among the next three
	latinKind                // characters 2-5 of a word with its borders
	syllableKind             // characters 1-2 of Hangul, whatever spaces lie between; and the borders of pieces
	letterKind               // letters (jamo) of Hangul: 보내 and 보낸 share nearly all
	pieceKind                // Hangul between two spaces, and two of that
	endKind                  // how a piece ends, and how the text ends: particles, moods, politeness
	kinds        = 6
)

const across feature = 1

func (f feature) kind() kind { return kind(f >> 61) }

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
	return feature((x^x>>33)>>3|uint64(k)<<61) &^ across
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
		w := word{hangul: joined(letterFrom(runes[i:]))}
		from := i
		for i < len(runes) && belongs(runes[i]) && (unicode.IsNumber(runes[i]) || joined(runes[i]) == w.hangul) {
			i++
		}
		w.runes, w.ends = runes[from:i], i == len(runes) || !belongs(runes[i])
		list = append(list, w)
	}
	return list
}

// letterFrom is the first letter of what begins here: numbers go with it, as in 1인가구 and 5g.
func letterFrom(runes []rune) rune {
	for _, r := range runes {
		if !unicode.IsNumber(r) {
			return r
		}
	}
	return 0
}

func belongs(r rune) bool {
	return r >= 'a' && r <= 'z' || hangul.IsSyllable(r) || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

func joined(r rune) bool {
	return hangul.IsSyllable(r) || r > 0x7F && (hangul.Is(r) || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana))
}

// featuresOf are the features of a text, each as often as it stands there.
func featuresOf(text string) []feature { return textFeatures(wordsOf(token.Fold(text))) }

// distinct sorts features and leaves each once. What stands inside a word anywhere does not lie across.
func distinct(list []feature) []feature {
	slices.Sort(list)
	return slices.CompactFunc(list, func(a, b feature) bool { return a|across == b|across })
}

// apart is how far apart two words may stand that are taken together.
const apart = 3

func textFeatures(words []word) []feature {
	list := make([]feature, 0, 256)
	var h hangulText
	wholes := make([]mix, 0, len(words))
	for i, w := range words {
		k := wordKind
		if w.hangul {
			k = pieceKind
		}
		whole := k.start(0)
		for _, r := range w.runes {
			whole = whole.add(r)
		}
		list = append(list, whole.feature(k))
		wholes = append(wholes, whole)
		for _, before := range wholes[max(0, i-apart):i] {
			list = append(list, (before*31 + whole).feature(k))
		}
		if w.hangul {
			h.add(w)
		} else {
			list = appendLatin(list, w.runes)
		}
	}
	return h.appendTo(list)
}

// hangulText is all Hangul of a text, without its spaces.
type hangulText struct {
	syllables, letters []rune
	ofSyllable         []int // to which piece each belongs
	ofLetter           []int
	ends               []int // where pieces end that are followed by a space or a stop
	pieces             int
}

func (h *hangulText) add(w word) {
	for _, r := range w.runes {
		h.syllables, h.ofSyllable = append(h.syllables, r), append(h.ofSyllable, h.pieces)
		h.letters = hangul.AppendLetters(h.letters, r)
		for len(h.ofLetter) < len(h.letters) {
			h.ofLetter = append(h.ofLetter, h.pieces)
		}
	}
	h.pieces++
	if w.ends {
		h.ends = append(h.ends, len(h.syllables))
	}
}

func (h *hangulText) appendTo(list []feature) []feature {
	list = h.appendBorders(list)
	list = appendChars(list, syllableKind, h.syllables, h.ofSyllable, 1, 2)
	list = appendChars(list, letterKind, h.letters, h.ofLetter, 3, 5)
	for _, end := range h.ends {
		list = appendEnds(list, h.syllables[max(0, end-3):end], 1, 3, 0)
	}
	return appendEnds(list, h.syllables, 2, 5, 1)
}

// appendBorders appends how each piece begins and ends: two characters with the border.
func (h *hangulText) appendBorders(list []feature) []feature {
	from := 0
	for i := range h.syllables {
		if i+1 < len(h.syllables) && h.ofSyllable[i+1] == h.ofSyllable[i] {
			continue
		}
		piece := append(append([]rune{' '}, h.syllables[from:i+1]...), ' ')
		list = appendChars(list, syllableKind, piece[:min(len(piece), 3)], nil, 2, 3)
		list = appendChars(list, syllableKind, piece[max(0, len(piece)-3):], nil, 2, 3)
		from = i + 1
	}
	return list
}

// appendLatin appends the characters 2-5 of a word with its borders.
func appendLatin(list []feature, w []rune) []feature {
	var room [40]rune
	bordered := append(append(append(room[:0], ' '), w...), ' ')
	return appendChars(list, latinKind, bordered, nil, 2, 5)
}

// appendChars appends runs of characters; of says to which piece each belongs, nil: all to one.
func appendChars(list []feature, k kind, runes []rune, of []int, least, most int) []feature {
	for i := range runes {
		h := k.start(2)
		for n := 1; n <= most && i+n <= len(runes); n++ {
			h = h.add(runes[i+n-1])
			if n < least {
				continue
			}
			f := h.feature(k)
			if of != nil && of[i] != of[i+n-1] {
				f |= across
			}
			list = append(list, f)
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
