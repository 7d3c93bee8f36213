package bot

import "unicode/utf8"

// Passage is a part of an article's text that is about one thing: Text[Start:End], in bytes.
type Passage struct{ Start, End int }

// How long a passage is, in characters: shorter lines join the next one, longer paragraphs are parted behind a sentence.
const (
	shortPassage = 60
	longPassage  = 400
)

// passagesOf takes a text apart at line breaks, and long lines behind sentences. Nothing but white space is left out.
func passagesOf(text string) []Passage {
	var list []Passage
	start, length := 0, 0
	cut := func(end int) {
		if length > 0 {
			list = append(list, trimmed(text, start, end))
		}
		start, length = end, 0
	}
	for i, r := range text {
		length++
		end := i + utf8.RuneLen(max(r, 0))
		if r == utf8.RuneError {
			end = i + 1
		}
		switch {
		case r == '\n' && length >= shortPassage, length >= longPassage && stops(r), length >= 2*longPassage:
			cut(end)
		}
	}
	cut(len(text))
	return withoutEmpty(list)
}

func stops(r rune) bool {
	switch r {
	case '.', '?', '!', '。', '？', '！', '\n':
		return true
	}
	return false
}

func trimmed(text string, start, end int) Passage {
	for start < end && text[start] <= ' ' {
		start++
	}
	for start < end && text[end-1] <= ' ' {
		end--
	}
	return Passage{start, end}
}

func withoutEmpty(list []Passage) []Passage {
	kept := list[:0]
	for _, p := range list {
		if p.Start < p.End {
			kept = append(kept, p)
		}
	}
	return kept
}
