package bot

import (
	"math"
	"slices"
	"sync"

	"baraji/internal/kit/token"
)

// library finds articles by their words: BM25 over whole articles and over their passages at once.
type library struct {
	passages []Passage
	of       []uint32 // the article of each passage; passages of one article lie together
	length   []float32
	whole    []float32 // the length of each article
	number   map[feature]uint32
	start    []uint32  // of the postings of each feature
	postings []uint32  // the passages that have it, and how often: see pack
	rarity   []float32 // of each feature, among articles
	rarest   float32   // what a feature counts that no article has
	mean     float32   // length of a passage
	meanAll  float32   // length of an article
	scratch  sync.Pool
}

// A posting is one number, because there are millions: the passage, and in the lowest six bits how often it has the
// feature. More often than 63 times makes no difference.
func pack(passage uint32, often int) uint32 { return passage<<6 | uint32(min(often, 63)) }

func unpack(posting uint32) (passage uint32, often float32) {
	return posting >> 6, float32(posting & 63)
}

// The usual constants of BM25 (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009).
const (
	saturation = 1.2
	lengthwise = 0.75
)

// searchFeatures are the features of a text for the library: words and four characters of Latin words, one to three
// characters and four letters of Hangul. Fewer than for phrasings, because articles are long.
func searchFeatures(text string) []feature {
	list := make([]feature, 0, 4*len(text)/3)
	var h hangulText
	for _, w := range wordsOf(token.Fold(text)) {
		if w.hangul {
			h.add(w)
			continue
		}
		whole := wordKind.start(0)
		for _, r := range w.runes {
			whole = whole.add(r)
		}
		list = append(list, whole.feature(wordKind))
		list = appendChars(list, latinKind, append(append([]rune{' '}, w.runes...), ' '), nil, 4, 4)
	}
	list = appendChars(list, letterKind, h.letters, h.ofLetter, 4, 4)
	list = h.appendBorders(list)
	return appendChars(list, syllableKind, h.syllables, h.ofSyllable, 1, 3)
}

// newLibrary indexes articles. A title belongs to the first passage as well as being a passage of its own.
func newLibrary(articles []Article) *library {
	l := &library{number: map[feature]uint32{}, whole: make([]float32, len(articles))}
	var lists [][]uint32
	for a, article := range articles {
		title := searchFeatures(article.Title)
		parts := passagesOf(article.Text)
		if len(parts) == 0 {
			parts = []Passage{{}}
		}
		for i, part := range parts {
			list := searchFeatures(article.Text[part.Start:part.End])
			if i == 0 {
				list = append(list, title...)
			}
			lists = l.add(lists, uint32(a), part, list)
		}
	}
	l.close(lists)
	return l
}

func (l *library) add(lists [][]uint32, article uint32, part Passage, list []feature) [][]uint32 {
	passage := uint32(len(l.passages))
	l.passages, l.of, l.length = append(l.passages, part), append(l.of, article), append(l.length, float32(len(list)))
	l.whole[article] += float32(len(list))
	slices.Sort(list)
	for i := 0; i < len(list); {
		from, f := i, list[i]&^across
		for i < len(list) && list[i]&^across == f {
			i++
		}
		n, there := l.number[f]
		if !there {
			n = uint32(len(lists))
			l.number[f] = n
			lists = append(lists, nil)
		}
		lists[n] = append(lists[n], pack(passage, i-from))
	}
	return lists
}

func (l *library) close(lists [][]uint32) {
	articles := float32(len(l.whole))
	for _, n := range l.whole {
		l.meanAll += n / articles
	}
	for _, n := range l.length {
		l.mean += n / float32(len(l.length))
	}
	all := 0
	for _, list := range lists {
		all += len(list)
	}
	l.postings, l.start, l.rarity = make([]uint32, 0, all), make([]uint32, 1, len(lists)+1), make([]float32, 0, len(lists))
	for _, list := range lists {
		in := 0
		for i, p := range list {
			if i == 0 || l.of[list[i-1]>>6] != l.of[p>>6] {
				in++
			}
		}
		l.postings = append(l.postings, list...)
		l.start = append(l.start, uint32(len(l.postings)))
		l.rarity = append(l.rarity, rarity(in, len(l.whole)))
	}
	l.rarest = rarity(0, len(l.whole))
}

func rarity(in, of int) float32 {
	return float32(math.Log(1 + (float64(of-in)+0.5)/(float64(in)+0.5)))
}

// found is how well an article fits a text: as a whole and by its best passage. 1 would be an article that says it
// endlessly often, 0 has nothing in common.
type found struct {
	whole, best float32
	passage     int32 // the best one, in library.passages
}

type tables struct{ whole, passage []float32 }

// find says of every article how well it fits a text. The list is by article.
func (l *library) find(text []feature) []found {
	result := make([]found, len(l.whole))
	t, _ := l.scratch.Get().(*tables)
	if t == nil {
		t = &tables{make([]float32, len(l.whole)), make([]float32, len(l.passages))}
	}
	clear(t.whole)
	clear(t.passage)
	var all float32
	for _, f := range text {
		n, there := l.number[f&^across]
		says := l.rarest
		if there {
			says = l.rarity[n]
		}
		if f&across != 0 {
			says *= crossing
		}
		all += says
		if !there {
			continue
		}
		l.count(t, says, l.postings[l.start[n]:l.start[n+1]])
	}
	for i := range result {
		result[i] = found{whole: t.whole[i] / max(all, 1e-6), passage: -1}
	}
	for i, s := range t.passage {
		if r := &result[l.of[i]]; r.passage < 0 || s/all > r.best {
			r.best, r.passage = s/max(all, 1e-6), int32(i)
		}
	}
	l.scratch.Put(t)
	return result
}

// count adds what one feature says of each passage that has it, and of each article.
func (l *library) count(t *tables, says float32, postings []uint32) {
	for i := 0; i < len(postings); {
		article := l.of[postings[i]>>6]
		var all float32
		for i < len(postings) && l.of[postings[i]>>6] == article {
			p, often := unpack(postings[i])
			t.passage[p] += says * saturated(often, l.length[p]/l.mean)
			all += often
			i++
		}
		t.whole[article] += says * saturated(all, l.whole[article]/l.meanAll)
	}
}

func saturated(often, length float32) float32 {
	return often / (often + saturation*(1-lengthwise+lengthwise*length))
}
