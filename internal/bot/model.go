package bot

import (
	"slices"
	"strings"
)

// Model is what was learned. It never changes and may be asked by many goroutines at once; a newer one takes its place
// as a whole, behind an atomic.Pointer of whoever asks.
type Model struct {
	answers   []string // ids, in order
	langs     []string // of each answer that is an article; else empty
	article   []int32  // of each answer: its article in the library, or -1
	library   *library
	phrasings *phrasings
	known     vocabulary
	judge     judge
	figures   Figures
}

// candidate is an answer that may be the right one, and what speaks for it.
type candidate struct {
	answer int
	class  float32 // by the classifier
	near   near
	found  found
	score  float64 // all of it weighed, -∞ to ∞
	share  float64 // among the candidates
}

// mostCandidates is how many answers are looked at closely.
const mostCandidates = 24

// Ask answers a question in a language ("ko"; empty: unknown) from all there is.
func (m *Model) Ask(text, lang string) Outcome {
	return m.AskAmong(text, lang, func(string) bool { return true })
}

// AskAmong is Ask among the answers that the asking person may see. What may says no to leaves no trace in the outcome.
func (m *Model) AskAmong(text, lang string, may func(answer string) bool) Outcome {
	q := m.read(text)
	list := m.rank(q, func(a int) bool { return m.speaks(a, lang) && may(m.answers[a]) })
	out := Outcome{Kind: HandOver}
	if len(list) == 0 {
		return out
	}
	out.Confidence = m.judge.confidence(list, q.vector)
	out.Kind = m.judge.decide(out.Confidence, m.judge.reach(list, q.vector))
	for _, c := range list[:min(len(list), MostAnswers)] {
		out.Answers = append(out.Answers, m.cite(c))
	}
	return out
}

// Search ranks articles and answers by how well they fit, the best first, without judging whether any is right.
func (m *Model) Search(text, lang string, most int) []Answer {
	list := m.rank(m.read(text), func(a int) bool { return m.speaks(a, lang) })
	answers := make([]Answer, 0, most)
	for _, c := range list[:min(len(list), most)] {
		answers = append(answers, m.cite(c))
	}
	return answers
}

func (m *Model) speaks(answer int, lang string) bool {
	return lang == "" || m.langs[answer] == "" || m.langs[answer] == lang
}

func (m *Model) cite(c candidate) Answer {
	a := Answer{ID: m.answers[c.answer], Score: c.share}
	if n := m.article[c.answer]; n >= 0 {
		a.Article = a.ID
		if c.found.passage >= 0 {
			a.Passage = m.library.passages[c.found.passage]
		}
	}
	return a
}

// question is a text made ready.
type question struct {
	vector vector
	search []feature
}

func (m *Model) read(text string) question {
	text = m.known.repair(text)
	q := question{vector: m.phrasings.vector(distinct(featuresOf(text)))}
	if len(m.library.whole) > 0 {
		q.search = distinct(searchFeatures(text))
	}
	return q
}

// rank finds the candidates, the best first.
func (m *Model) rank(q question, may func(answer int) bool) []candidate {
	return m.judge.sort(m.gather(m.phrasings, q, may))
}

// gather collects what speaks for each answer that may be the right one: those the classifier likes best and those
// whose articles fit best.
func (m *Model) gather(p *phrasings, q question, may func(answer int) bool) []candidate {
	var texts []found
	if len(m.library.whole) > 0 {
		texts = m.library.find(q.search)
	}
	classes := p.classes(q.vector)
	chosen := p.within(top(classes, mostCandidates, func(a int) bool { return p.class(a) >= 0 && may(a) }))
	chosen = append(chosen, m.topTexts(texts, may)...)
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)
	list := make([]candidate, 0, len(chosen))
	p.with(q.vector, func(near func(int) near) {
		for _, a := range chosen {
			c := candidate{answer: a, class: classes[a], near: near(a), found: found{passage: -1}}
			if p.has(a) && p.class(a) < 0 {
				c.class = unclassed + likeClass*c.near.nearest
			}
			if n := m.article[a]; n >= 0 {
				c.found = texts[n]
			}
			list = append(list, c)
		}
	})
	return list
}

func (m *Model) topTexts(texts []found, may func(answer int) bool) []int {
	if len(texts) == 0 {
		return nil
	}
	scores := make([]float32, len(m.answers))
	for a, n := range m.article {
		if n >= 0 {
			scores[a] = texts[n].whole + texts[n].best
		}
	}
	return top(scores, mostCandidates, func(a int) bool { return m.article[a] >= 0 && scores[a] > 0 && may(a) })
}

// lang is the language in the form that is compared: "ko" of "ko-KR".
func language(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	return tag
}
