package bot

import (
	"context"
	"slices"
)

// Trainer is how to train. The zero Trainer has sensible aims.
type Trainer struct {
	Precision float64 // the share of answers given that should be right; 0: 0.9
	OffTopic  float64 // the share of questions that is expected to be about something else; 0: 0.4. Below 0: none
}

// Train learns from examples and articles with the usual aims.
func Train(ctx context.Context, examples []Example, articles []Article) (*Model, error) {
	return Trainer{}.Train(ctx, examples, articles)
}

// Train learns from examples and articles. It takes about a second for every 3,000 phrasings and uses all processors.
func (t Trainer) Train(ctx context.Context, examples []Example, articles []Article) (*Model, error) {
	if len(examples) == 0 && len(articles) == 0 {
		return nil, ErrEmpty
	}
	m := &Model{library: newLibrary(articles), judge: judge{Rank: priorRank, Trust: priorTrust, Reach: priorReach}}
	m.name(examples, articles)
	m.known = newVocabulary(texts(examples, articles))
	phrases := m.phrases(examples, articles)
	p, end, err := learn(ctx, phrases, len(m.answers), nil)
	if err != nil {
		return nil, err
	}
	m.phrasings = p
	trials, err := m.tryOut(ctx, examples, phrases, end)
	if err != nil {
		return nil, err
	}
	m.learnToJudge(trials, t.aims())
	m.figures.Phrasings, m.figures.Answers, m.figures.Articles = len(examples), len(m.answers), len(articles)
	return m, nil
}

func (t Trainer) aims() Trainer {
	if t.Precision == 0 {
		t.Precision = 0.9
	}
	if t.OffTopic == 0 {
		t.OffTopic = 0.4
	}
	t.OffTopic = max(t.OffTopic, 0)
	return t
}

// name gives the answers their numbers.
func (m *Model) name(examples []Example, articles []Article) {
	for _, e := range examples {
		if e.Answer != "" {
			m.answers = append(m.answers, e.Answer)
		}
	}
	for _, a := range articles {
		m.answers = append(m.answers, a.ID)
	}
	slices.Sort(m.answers)
	m.answers = slices.Compact(m.answers)
	m.langs, m.article = make([]string, len(m.answers)), make([]int32, len(m.answers))
	for i := range m.article {
		m.article[i] = -1
	}
	for i, a := range articles {
		n := m.number(a.ID)
		m.langs[n], m.article[n] = language(a.Lang), int32(i)
	}
}

func (m *Model) number(answer string) int {
	n, _ := slices.BinarySearch(m.answers, answer)
	return n
}

func texts(examples []Example, articles []Article) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, e := range examples {
			if !yield(e.Text) {
				return
			}
		}
		for _, a := range articles {
			if !yield(a.Title) || !yield(a.Text) {
				return
			}
		}
	}
}

// phrases are the examples, in their order, and behind them the titles of the articles.
func (m *Model) phrases(examples []Example, articles []Article) []phrase {
	list := make([]phrase, 0, len(examples)+len(articles))
	for i, e := range examples {
		p := phrase{features: distinct(featuresOf(e.Text)), answer: -1, id: i}
		if e.Answer != "" {
			p.answer = int32(m.number(e.Answer))
		}
		list = append(list, p)
	}
	for _, a := range articles {
		if f := distinct(featuresOf(a.Title)); len(f) > 0 {
			list = append(list, phrase{features: f, answer: int32(m.number(a.ID)), title: true, id: len(list)})
		}
	}
	return list
}
