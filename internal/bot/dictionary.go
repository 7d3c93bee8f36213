package bot

import (
	"cmp"
	"math"
	"slices"

	"baraji/internal/kit/svm"
)

// dictionary knows the features of the phrasings, and how much each of them says: the rarer, the more.
type dictionary struct {
	number map[feature]uint32
	says   []float32 // see says
	unseen float32   // what a feature says that no phrasing has
}

// newDictionary numbers the features that stand in enough of the phrases, the commonest first. The phrases are in the
// order of their answers. What counts as rare is what few answers have, not few phrases: the name of a thing stands in
// all phrasings of its answer, and tells most.
func newDictionary(phrases []phrase, enough int) dictionary {
	type counted struct {
		feature         feature
		phrases, of, at uint32 // phrases and answers it stands in, and the last answer seen
	}
	count := make(map[feature]counted, 1<<16)
	answers := uint32(0)
	for i, p := range phrases {
		if i == 0 || p.answer != phrases[i-1].answer {
			answers++
		}
		for _, f := range p.features {
			c := count[f&^across]
			if c.at != answers {
				c.of++
			}
			count[f&^across] = counted{f &^ across, c.phrases + 1, c.of, answers}
		}
	}
	list := make([]counted, 0, len(count))
	for _, c := range count {
		if int(c.phrases) >= enough {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.phrases, a.phrases), cmp.Compare(a.feature, b.feature))
	})
	d := dictionary{number: make(map[feature]uint32, len(list)), says: make([]float32, len(list)), unseen: says(syllableKind, 0, answers)}
	for n, c := range list {
		d.number[c.feature], d.says[n] = uint32(n), says(c.feature.kind(), c.of, answers)
	}
	return d
}

// says is the inverse frequency among answers, smoothed; of Latin words its root, because in short English texts the common
// words tell more than it would have them.
func says(k kind, in, of uint32) float32 {
	rare := math.Log(float64(1+of)/float64(1+in)) + 1
	if scriptOf[k] == latinKind {
		rare = math.Sqrt(rare)
	}
	return float32(rare)
}

// vector is a text as numbers: of length 1, and its part of each kind as heavy as the kind.
type vector struct {
	index []uint32
	value []float32
	known float32 // the share of what the text says that phrasings have, 0 to 1
}

// heavy is how much the kinds count against each other.
var heavy = [kinds]float32{wordKind: 0.8, latinKind: 1, syllableKind: 1, letterKind: 0.5, pieceKind: 0.25, endKind: 0.1}

// scriptOf is the kind that says how much of a script there is.
var scriptOf = [kinds]kind{wordKind: latinKind, latinKind: latinKind, syllableKind: syllableKind, letterKind: syllableKind, pieceKind: syllableKind, endKind: syllableKind}

// crossing is what characters across a space count against the same inside a word.
const crossing = 0.4

func (d dictionary) vector(text []feature) vector {
	v := vector{index: make([]uint32, 0, len(text)), value: make([]float32, 0, len(text))}
	var squares [kinds]float32
	var known, all float32
	for _, f := range text {
		n, there := d.number[f&^across]
		s := d.unseen
		if there {
			s = d.says[n]
			if f&across != 0 {
				s *= crossing
			}
			squares[f.kind()] += s * s
			known += s
			v.index, v.value = append(v.index, n), append(v.value, s)
		}
		all += s
	}
	if known > 0 {
		v.known = known / all
	}
	v.level(text, d, squares)
	return v
}

// level gives each kind its weight and the whole the length 1. How much Latin words and Hangul count beside each other
// is decided by how much of each there is: a number in a Korean sentence is not half of it.
func (v vector) level(text []feature, d dictionary, squares [kinds]float32) {
	var by [kinds]float32
	var whole float32
	for k, s := range squares {
		if s > 0 {
			script := max(squares[scriptOf[k]], 1e-3)
			by[k] = heavy[k] * sqrt(script/s)
			whole += heavy[k] * heavy[k] * script
		}
	}
	k := 0
	for _, f := range text {
		if _, there := d.number[f&^across]; there {
			v.value[k] *= by[f.kind()] / sqrt(whole)
			k++
		}
	}
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// rows are texts as rows for the classifier.
func (d dictionary) rows(texts [][]feature) svm.Rows {
	var rows svm.Rows
	for _, text := range texts {
		v := d.vector(text)
		rows.Append(v.index, v.value)
	}
	return rows
}
