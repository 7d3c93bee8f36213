package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"baraji/internal/kit/hangul"
)

// variation is a way people write that phrasings do not show. Nobody wrote sentences for it: each is made of a question.
type variation struct {
	name string
	goal float64 // points that may be lost
	of   func(text string) string
}

var english = []variation{
	{"white space removed", none, unspaced},
	{"two letters swapped", none, swapped},
	{"a greeting in front", none, func(s string) string { return "Hello there, I hope you are well. " + s }},
}

var korean = []variation{
	{"white space removed", 3, unspaced},
	{"two letters swapped", none, swapped},
	{"a greeting in front", none, func(s string) string { return "안녕하세요, 수고 많으십니다. " + s }},
	{"keyboard in Latin mode", none, hangul.Keys},
}

func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }

// swapped has two neighbouring letters of its longest word swapped, in the middle.
func swapped(s string) string {
	fields := strings.Fields(s)
	longest := 0
	for i, f := range fields {
		if len(f) > len(fields[longest]) {
			longest = i
		}
	}
	r := []rune(fields[longest])
	if n := len(r) / 2; n > 0 {
		r[n-1], r[n] = r[n], r[n-1]
	}
	fields[longest] = string(r)
	return strings.Join(fields, " ")
}

// lost are the points that each variation loses of the questions answered right first.
func lost(m *Model, row int, set string, list []variation, rows []askedFor) (figures []figure) {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r askedFor) bool { return r.answer == "" })
	as := accuracy(askAll(m, rows))
	for _, v := range list {
		varied := slices.Clone(rows)
		for i := range varied {
			varied[i].text = v.of(varied[i].text)
		}
		figures = append(figures, figure{row, fmt.Sprintf("%s, lost: %s", set, v.name), none, v.goal, as - accuracy(askAll(m, varied)), true})
	}
	return append(figures, figure{row, set + ", lost: two questions joined", none, none, as - joinedAccuracy(m, rows), true})
}

// joinedAccuracy asks two questions in one: either answer is right.
func joinedAccuracy(m *Model, rows []askedFor) float64 {
	right := 0
	for i, r := range rows {
		other := rows[(i+len(rows)/2)%len(rows)]
		out := m.Ask(r.text+" "+other.text, "")
		if id := out.Answers[0].ID; id == r.answer || id == other.answer {
			right++
		}
	}
	return percent(right, len(rows))
}

func variations(t testing.TB) []figure {
	list := lines(t, "banking77")
	m := trained(t, Trainer{}, lessons(split(list, "train")), nil)
	figures := lost(m, 16, "banking77", english, split(list, "test"))
	docs := documents(lines(t, "parakqc_even_documents"), 3, func(l line) (Example, bool) { return Example{l.Text, *l.AnswerID}, true })
	m = trained(t, Trainer{}, docs, nil)
	return append(figures, lost(m, 16, "parakqc", korean, queries(lines(t, "parakqc_even_queries")))...)
}
