package bot

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync"

	"baraji/internal/kit/svm"
)

// phrasings is what was learned from phrasings: which answer they belong to, by a linear classifier and by likeness to
// the nearest of them. Answers are numbers here.
type phrasings struct {
	dictionary
	taught  []uint32  // the answers that the classifier knows, rising; a class is a place in this list
	weights []float32 // of feature f for class c: [f*len(taught)+c]; features from len/len(taught) on have none
	bias    []float32 // of each class
	rows    svm.Rows  // by answer
	first   []uint32  // the first row of each answer, and where the last one ends
	scratch sync.Pool
}

// phrase is one text and the answer it belongs to, or none.
type phrase struct {
	features []feature // distinct
	answer   int32     // below 0: none of them
	title    bool      // of an article; else somebody's words
	id       int       // of whoever wants to find it again: see beginning
}

const (
	mostWeights = 12 << 20 // 48 MB; beyond, rare features have none
	many        = 3000     // phrasings from which on a feature must stand in two to count
	mostTitles  = 300      // articles of which only a title is known, up to which the classifier knows them too
)

// beginning is how far the classifier had come with some phrases, to go on from there with some of them.
type beginning struct {
	row   []int32     // of each phrase, by its id
	alpha [][]float32 // of each answer, by row
}

// learn learns from phrases, from the beginning or from another one, and says how far it came. Answers without a phrase are
// never found.
func learn(ctx context.Context, phrases []phrase, answers int, from *beginning) (*phrasings, *beginning, error) {
	phrases = slices.Clone(phrases)
	slices.SortStableFunc(phrases, func(a, b phrase) int { return cmp.Compare(uint32(a.answer), uint32(b.answer)) })
	texts := make([][]feature, len(phrases))
	p := &phrasings{first: make([]uint32, answers+1), taught: teach(phrases, answers)}
	for i, one := range phrases {
		texts[i] = one.features
		if one.answer >= 0 {
			p.first[one.answer+1]++
		}
	}
	for a := range answers {
		p.first[a+1] += p.first[a]
	}
	enough := 1
	if len(phrases) > many {
		enough = 2
	}
	p.dictionary = newDictionary(phrases, enough)
	p.rows = p.dictionary.rows(texts)
	end, err := p.classify(ctx, phrases, from)
	return p, end, err
}

// teach are the answers that the classifier learns: those that somebody asked about in their own words. A title alone says no more to it than
// likeness does, and each class goes over all phrasings: of a large library the titles are left to likeness and to the search.
func teach(phrases []phrase, answers int) []uint32 {
	const own, title = 2, 1
	known := make([]uint8, answers)
	for _, one := range phrases {
		switch {
		case one.answer < 0:
		case !one.title:
			known[one.answer] = own
		default:
			known[one.answer] = max(known[one.answer], title)
		}
	}
	titles := 0
	for _, k := range known {
		if k == title {
			titles++
		}
	}
	var list []uint32
	for a, k := range known {
		if k == own || k == title && titles <= mostTitles {
			list = append(list, uint32(a))
		}
	}
	return list
}

func (p *phrasings) classify(ctx context.Context, phrases []phrase, from *beginning) (*beginning, error) {
	classes := len(p.taught)
	features := min(len(p.says), mostWeights/max(1, classes))
	p.weights, p.bias = make([]float32, features*classes), make([]float32, classes)
	problem := svm.Problem{Rows: p.common(features), Classes: classes, Features: features, C: cost, Workers: runtime.GOMAXPROCS(0)}
	for _, one := range phrases {
		problem.Class = append(problem.Class, int32(p.class(int(one.answer))))
	}
	problem.From = from.of(phrases, p.taught)
	end := newBeginning(phrases, len(p.first)-1, classes)
	return end, svm.Train(ctx, problem, func(class int, s svm.Solution) {
		p.bias[class] = s.Bias
		for f, w := range s.Weights {
			p.weights[f*classes+class] = w
		}
		if end != nil {
			end.alpha[p.taught[class]] = slices.Clone(s.Alpha)
		}
	})
}

// class is the class of an answer; below 0: the classifier does not know it.
func (p *phrasings) class(answer int) int {
	if c, ok := slices.BinarySearch(p.taught, uint32(answer)); ok {
		return c
	}
	return -1
}

// newBeginning is nil where it would take more memory than it is worth.
func newBeginning(phrases []phrase, answers, classes int) *beginning {
	if len(phrases)*classes > mostWeights {
		return nil
	}
	b := &beginning{alpha: make([][]float32, answers)}
	for i, one := range phrases {
		for len(b.row) <= one.id {
			b.row = append(b.row, 0)
		}
		b.row[one.id] = int32(i)
	}
	return b
}

func (b *beginning) of(phrases []phrase, taught []uint32) func(class int) []float32 {
	if b == nil {
		return nil
	}
	return func(class int) []float32 {
		list := make([]float32, len(phrases))
		if before := b.alpha[taught[class]]; before != nil {
			for i, one := range phrases {
				list[i] = before[b.row[one.id]]
			}
		}
		return list
	}
}

// common are the rows with the commonest features only; nearly always these are all there are.
func (p *phrasings) common(features int) svm.Rows {
	if features == len(p.says) {
		return p.rows
	}
	var rows svm.Rows
	for i := range p.rows.Len() {
		index, value := p.rows.Row(i)
		var kept []uint32
		var of []float32
		for k, f := range index {
			if int(f) < features {
				kept, of = append(kept, f), append(of, value[k])
			}
		}
		rows.Append(kept, of)
	}
	return rows
}

const cost = 1 // of a phrasing on the wrong side; the usual one

// has says whether there are phrasings of an answer.
func (p *phrasings) has(answer int) bool { return p.first[answer+1] > p.first[answer] }

// unclassed is what the classifier says of an answer that it does not know. Where there is a title all the same, likeness to it counts as what the
// classifier would have made of it: without that, answers that are known to it would be preferred to those that are not.
const (
	unclassed = -1
	likeClass = 0.8
)

// classes says for each answer how far on its side of the border a text lies: about 1 for those that belong to it, -1
// for others.
func (p *phrasings) classes(v vector) []float32 {
	n := len(p.taught)
	scores := slices.Clone(p.bias)
	for k, f := range v.index {
		from := int(f) * n
		if from >= len(p.weights) {
			continue
		}
		by := v.value[k]
		for c, w := range p.weights[from : from+n] {
			scores[c] += by * w
		}
	}
	all := make([]float32, len(p.first)-1)
	for a := range all {
		all[a] = unclassed
	}
	for c, a := range p.taught {
		all[a] = scores[c]
	}
	return all
}

// near is how like a text is to the phrasings of an answer: the nearest, and the mean of the three nearest. 1 is the
// same, 0 has nothing in common.
type near struct{ nearest, three float32 }

// with is for asking about several answers with one text: it puts the text on the table, for all that ask then.
func (p *phrasings) with(v vector, ask func(near func(answer int) near)) {
	table, _ := p.scratch.Get().(*[]float32)
	if table == nil {
		list := make([]float32, len(p.says))
		table = &list
	}
	for k, f := range v.index {
		(*table)[f] = v.value[k]
	}
	ask(func(answer int) near { return p.near(*table, answer) })
	for _, f := range v.index {
		(*table)[f] = 0
	}
	p.scratch.Put(table)
}

func (p *phrasings) near(table []float32, answer int) near {
	var best [3]float32
	step := p.step(answer)
	for i := p.first[answer]; i < p.first[answer+1]; i += step {
		index, value := p.rows.Row(int(i))
		var like float32
		for k, f := range index {
			like += table[f] * value[k]
		}
		for k := range best {
			if like > best[k] {
				like, best[k] = best[k], like
			}
		}
	}
	of := max(1, min(3, p.first[answer+1]-p.first[answer]))
	return near{nearest: best[0], three: (best[0] + best[1] + best[2]) / float32(of)}
}

// top are the answers with the highest scores, the highest first, the smaller number first where two are alike.
func top(scores []float32, n int, may func(int) bool) []int {
	list := make([]int, 0, n+1)
	least := float32(math.Inf(-1))
	for a, s := range scores {
		if len(list) == n && s <= least || !may(a) {
			continue
		}
		at, _ := slices.BinarySearchFunc(list, s, func(b int, s float32) int {
			if scores[b] >= s {
				return -1
			}
			return 1
		})
		list = slices.Insert(list, at, a)
		if len(list) > n {
			list = list[:n]
		}
		least = scores[list[len(list)-1]]
	}
	return list
}

// mostAlike is how many phrasings of one answer a text is compared to; of more, every second, third, … is taken.
const mostAlike = 300

func (p *phrasings) step(answer int) uint32 {
	return 1 + (p.first[answer+1]-p.first[answer])/mostAlike
}

// mostCompared is how many phrasings a text is compared to in all, so that an answer never takes long.
const mostCompared = 1200

// within are the first of the answers: as many as can be looked at closely.
func (p *phrasings) within(answers []int) []int {
	compared := 0
	for i, a := range answers {
		compared += int((p.first[a+1] - p.first[a]) / p.step(a))
		if compared > mostCompared && i >= MostChoices {
			return answers[:i]
		}
	}
	return answers
}
