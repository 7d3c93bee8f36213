package bot

import (
	"strings"
	"unicode"

	"baraji/internal/kit/hangul"
	"baraji/internal/kit/token"
)

// vocabulary knows the words that phrasings and articles have, to read what was typed with the wrong keyboard, without
// spaces or with a letter wrong.
type vocabulary struct {
	latin map[string]uint32 // how often each word of Latin letters stands there
	pairs map[string]uint32 // likewise the pairs of syllables of Hangul words
}

func newVocabulary(texts func(yield func(string) bool)) vocabulary {
	v := vocabulary{latin: map[string]uint32{}, pairs: map[string]uint32{}}
	for text := range texts {
		for _, w := range wordsOf(token.Fold(text)) {
			if !w.hangul {
				v.latin[string(w.runes)]++
				continue
			}
			for i := range len(w.runes) - 1 {
				v.pairs[string(w.runes[i:i+2])]++
			}
		}
	}
	return v
}

// repair is the text as it was probably meant. Words that are known stay as they are.
func (v vocabulary) repair(text string) string {
	fields := strings.Fields(text)
	changed := false
	for i, field := range fields {
		if meant := v.meant(field); meant != field {
			fields[i], changed = meant, true
		}
	}
	if !changed {
		return text
	}
	return strings.Join(fields, " ")
}

func (v vocabulary) meant(field string) string {
	if strings.IndexFunc(field, isLone) >= 0 {
		if keys := hangul.Keys(field); v.latin[strings.ToLower(keys)] > 0 {
			return keys
		}
		return field
	}
	if !isLatin(field) || len(field) < 3 || len(field) > 200 {
		return field
	}
	word := strings.ToLower(strings.TrimFunc(field, isStop))
	if v.latin[word] > 0 {
		return field
	}
	if korean, whole := hangul.FromKeys(field); whole && v.knows(korean) {
		return korean
	}
	if !isWord(word) {
		return field
	}
	if near := v.nearest(word); near != "" {
		return field + " " + near
	}
	if parted := v.parted(word); parted != "" {
		return field + " " + parted
	}
	return field
}

func isLone(r rune) bool { return hangul.Is(r) && !hangul.IsSyllable(r) }

func isLatin(s string) bool {
	letters := 0
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
		if s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z' {
			letters++
		}
	}
	return letters*2 > len(s)
}

func isStop(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func isWord(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return len(s) > 3
}

// knows says whether Korean text is made of known pairs for the most part.
func (v vocabulary) knows(korean string) bool {
	known, all := 0, 0
	for _, w := range wordsOf(korean) {
		for i := range len(w.runes) - 1 {
			all++
			if v.pairs[string(w.runes[i:i+2])] > 0 {
				known++
			}
		}
	}
	return all > 0 && known*2 > all
}

// nearest is the commonest known word that is one slip away: two letters swapped, one missing, one too many, one wrong.
func (v vocabulary) nearest(word string) string {
	best, often := "", uint32(0)
	try := func(b []byte) {
		if n := v.latin[string(b)]; n > often {
			best, often = string(b), n
		}
	}
	room := make([]byte, 0, len(word)+1)
	for i := range len(word) + 1 {
		if i+1 < len(word) {
			try(append(append(append(room, word[:i]...), word[i+1], word[i]), word[i+2:]...))
		}
		if i < len(word) {
			try(append(append(room, word[:i]...), word[i+1:]...))
		}
		for c := byte('a'); c <= 'z'; c++ {
			try(append(append(append(room, word[:i]...), c), word[i:]...))
			if i < len(word) {
				try(append(append(append(room, word[:i]...), c), word[i+1:]...))
			}
		}
	}
	return best
}

// parted puts the spaces back: the fewest known words that the word consists of, short and rare ones counting more.
func (v vocabulary) parted(word string) string {
	const longest = 20
	cost, from := make([]float64, len(word)+1), make([]int, len(word)+1)
	for end := 1; end <= len(word); end++ {
		cost[end] = -1
		for start := max(0, end-longest); start < end; start++ {
			n := v.latin[word[start:end]]
			if n == 0 || cost[start] < 0 {
				continue
			}
			c := cost[start] + v.rareness(n, end-start)
			if cost[end] < 0 || c < cost[end] {
				cost[end], from[end] = c, start
			}
		}
	}
	if cost[len(word)] < 0 {
		return ""
	}
	var words []string
	for end := len(word); end > 0; end = from[end] {
		words = append([]string{word[from[end]:end]}, words...)
	}
	return strings.Join(words, " ")
}

func (v vocabulary) rareness(often uint32, length int) float64 {
	c := 10.0
	for ; often > 1; often /= 2 {
		c -= 0.6
	}
	if length == 1 {
		c += 5
	}
	return max(c, 1)
}
