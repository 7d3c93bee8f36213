package bot

import "errors"

// Example is a phrasing and the answer it wants. Answer is an id of whoever asks: of a saved answer, or of an article.
// An empty Answer is a lesson too: messages like this are none of ours.
type Example struct{ Text, Answer string }

// Article is what may be cited. Its title counts as one more phrasing of it.
type Article struct {
	ID, Lang    string // the language as in "ko"; empty: for all
	Title, Text string
}

// Kind is what to do with a question.
type Kind int

const (
	HandOver Kind = iota // to a person
	Choices              // offer the answers and let the customer choose
	Answered             // give the first of the answers
)

// Outcome is what the assistant makes of a question. Answers are the likeliest first, at most [MostAnswers]; they are
// there whatever the kind, for an agent may want to see them.
type Outcome struct {
	Kind       Kind
	Confidence float64 // that the first answer is right: 0 to 1
	Answers    []Answer
}

// MostAnswers is how many answers an outcome has, MostChoices how many of them are offered to choose from.
const (
	MostAnswers = 5
	MostChoices = 3
)

// Answer is one possible answer.
type Answer struct {
	ID      string
	Score   float64 // its share among all possible answers, 0 to 1
	Article string  // what to cite: an article's id, or empty
	Passage Passage // of its text
}

// ErrEmpty says that there is nothing to learn from.
var ErrEmpty = errors.New("bot: neither examples nor articles")
