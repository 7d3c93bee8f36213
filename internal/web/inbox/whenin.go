package inbox

import (
	"strings"
	"time"
)

// maxSentence is how many words of a sentence are looked through, longestWhen how many of them make a time.
const (
	maxSentence = 80
	longestWhen = 5
)

// whenIn finds the time that a sentence names, as of now in his zone: the longest run of its words that [parseWhen] understands,
// the first of those of one length. timed says that it names a time of the day, not only a day.
func whenIn(sentence string, now time.Time) (at time.Time, timed, ok bool) {
	words := strings.FieldsFunc(sentence, func(r rune) bool { return strings.ContainsRune(" \t\r\n,.;!?()[]\"“”", r) })
	words = words[:min(len(words), maxSentence)]
	for n := min(longestWhen, len(words)); n > 0; n-- {
		for i := 0; i+n <= len(words); i++ {
			text := strings.Join(words[i:i+n], " ")
			if n == 1 && len([]rune(text)) < 2 { // "1", "월": too little to be sure
				continue
			}
			if at, ok := parseWhen(text, now); ok {
				return at, strings.ContainsAny(text, ":시") || clockWord(text), true
			}
		}
	}
	return now, false, false
}

// clockWord says that a time of the day is named by "am", "pm", hours or a part of the day.
func clockWord(text string) bool {
	low := strings.ToLower(text)
	for _, w := range strings.Fields(low) {
		if strings.HasSuffix(w, "am") || strings.HasSuffix(w, "pm") || partDay.MatchString(w) || strings.HasPrefix(w, "hour") || strings.HasPrefix(w, "minute") {
			return true
		}
	}
	return false
}
