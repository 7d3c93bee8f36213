package bot

import "baraji/internal/kit/svm"

// sound says whether all parts of a model that was read fit together, so that no question can lead outside of them.
func (m *Model) sound() bool {
	n := len(m.answers)
	return len(m.langs) == n && len(m.article) == n && below(m.article, len(m.library.whole)) &&
		m.judge.sound() && m.phrasings.sound(n) && m.library.sound()
}

func (j judge) sound() bool {
	return len(j.Rank) == len(priorRank) && len(j.Trust) == len(priorTrust) && len(j.Reach) == len(priorReach)
}

func (p *phrasings) sound(answers int) bool {
	features, classes := len(p.says), len(p.taught)
	return len(p.number) == features && len(p.bias) == classes && len(p.first) == answers+1 && below(p.taught, answers) &&
		(classes == 0 && len(p.weights) == 0 || classes > 0 && len(p.weights)%classes == 0 && len(p.weights)/classes <= features) &&
		soundRows(p.rows, features) && rising(p.first, p.rows.Len())
}

func soundRows(r svm.Rows, features int) bool {
	return len(r.Index) == len(r.Value) && below(r.Index, features) && rising(r.Start, len(r.Index)) &&
		(len(r.Start) == 0 || int(r.Start[len(r.Start)-1]) == len(r.Index))
}

func (l *library) sound() bool {
	passages, features := len(l.passages), len(l.number)
	return len(l.of) == passages && len(l.length) == passages && below(l.of, len(l.whole)) && rising(l.of, len(l.whole)) &&
		len(l.rarity) == features && (features == 0 || len(l.start) == features+1) &&
		below(l.postings, passages<<6) && rising(l.start, len(l.postings))
}

func below[T uint32 | int32](list []T, n int) bool {
	for _, x := range list {
		if int64(x) >= int64(n) {
			return false
		}
	}
	return true
}

func rising(list []uint32, most int) bool {
	before := uint32(0)
	for _, x := range list {
		if x < before || int64(x) > int64(most) {
			return false
		}
		before = x
	}
	return true
}
