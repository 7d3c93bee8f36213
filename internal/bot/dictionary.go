package bot

import (
	"math"

	"baraji/internal/kit/svm"
)

// dictionary knows the features of the phrasings, and how much each of them says: the rarer, the more.
type dictionary struct {
	number map[feature]uint32
	says   []float32 // inverse document frequency, smoothed
	unseen float32   // what a feature says that no phrasing has
}

// newDictionary numbers the features that stand in enough texts, in the order they come.
func newDictionary(texts [][]feature, enough int) dictionary {
	count := make(map[feature]uint32, 1<<16)
	for _, text := range texts {
		for _, f := range text {
			count[f]++
		}
	}
	d := dictionary{number: make(map[feature]uint32, len(count)/2), unseen: says(0, len(texts))}
	for _, text := range texts {
		for _, f := range text {
			n := count[f]
			if _, there := d.number[f]; there || int(n) < enough {
				continue
			}
			d.number[f] = uint32(len(d.says))
			d.says = append(d.says, says(int(n), len(texts)))
		}
	}
	return d
}

func says(in, of int) float32 { return float32(math.Log(float64(1+of)/float64(1+in)) + 1) }

// vector is a text as numbers: of length 1, and its part of each kind as heavy as the kind.
type vector struct {
	index []uint32
	value []float32
	known float32 // the share of what the text says that phrasings have, 0 to 1
}

// heavy is how much the kinds count against each other.
var heavy = [kinds]float32{wordKind: 0.8, charKind: 1, endKind: 0.3, letterKind: 0.6}

func (d dictionary) vector(text []feature) vector {
	v := vector{index: make([]uint32, 0, len(text)), value: make([]float32, 0, len(text))}
	var squares [kinds]float32
	var known, all float32
	for _, f := range text {
		n, there := d.number[f]
		s := d.unseen
		if there {
			s = d.says[n]
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

// level gives each kind its weight and the whole the length 1.
func (v vector) level(text []feature, d dictionary, squares [kinds]float32) {
	var by [kinds]float32
	var whole float32
	for k, s := range squares {
		if s > 0 {
			by[k] = heavy[k] / sqrt(s)
			whole += heavy[k] * heavy[k]
		}
	}
	k := 0
	for _, f := range text {
		if _, there := d.number[f]; there {
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
