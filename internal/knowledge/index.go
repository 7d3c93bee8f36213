package knowledge

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/hangul"
	"baraji/internal/kit/token"
)

const (
	searchTable = "knowledge_search"
	titleTable  = "knowledge_title"
)

// index makes a version findable in place of the one that was published before.
func index(ctx context.Context, tx *db.Tx, before VersionID, v Version, plain string) error {
	if before != 0 {
		if err := unindex(ctx, tx, before); err != nil {
			return err
		}
	}
	head := v.Title + "\n" + v.Summary
	if err := fulltext.Put(ctx, tx, searchTable, int64(v.ID), indexed(head+"\n"+plain)); err != nil {
		return err
	}
	return fulltext.Put(ctx, tx, titleTable, int64(v.ID), append(indexed(head), nearTokens(head)...))
}

func unindex(ctx context.Context, tx *db.Tx, id VersionID) error {
	if err := fulltext.Delete(ctx, tx, searchTable, int64(id)); err != nil {
		return err
	}
	return fulltext.Delete(ctx, tx, titleTable, int64(id))
}

// indexed are the tokens of a text, with and without its spaces: 새벽배송 finds 새벽 배송.
func indexed(text string) []string {
	return token.Index(text + "\n" + closed(text))
}

// closed takes out the spaces between Korean words.
func closed(text string) string {
	var b []byte
	done := 0
	for i := strings.IndexByte(text, ' '); i >= 0; {
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+1:])
		if hangul.IsSyllable(before) && hangul.IsSyllable(after) {
			b, done = append(b, text[done:i]...), i+1
		}
		next := strings.IndexByte(text[i+1:], ' ')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	if done == 0 {
		return text
	}
	return string(append(b, text[done:]...))
}

// nearMark begins the tokens that forgive a wrong letter, so that they meet no word.
const nearMark = "ʒ"

// nearTokens are the tokens by which the words of a title are found with one letter wrong: for each word, and each beginning of a
// Korean one (what follows may be a particle), the letters with each of them left out. Two words with one letter
// different have one of these in common.
func nearTokens(text string) (list []string) {
	seen := map[string]bool{}
	for _, w := range words(text) {
		for _, stem := range stems(w) {
			for _, t := range near(stem) {
				if !seen[t] {
					seen[t] = true
					list = append(list, t)
				}
			}
		}
	}
	return list
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// stems are the beginnings of a Korean word from two to four syllables on, and any other word itself.
func stems(w string) []string {
	rs := []rune(w)
	if len(rs) < 2 || !hangul.IsSyllable(rs[0]) {
		return []string{w}
	}
	var list []string
	for n := 2; n <= min(len(rs), 4); n++ {
		list = append(list, string(rs[:n]))
	}
	return list
}

func letters(w string) (rs []rune) {
	for _, r := range w {
		rs = hangul.AppendLetters(rs, r)
	}
	return rs
}

// near gives the marked letters of a word, whole and with each letter left out. Short words have too many neighbours.
func near(w string) []string {
	rs := letters(w)
	if len(rs) < 4 || len(rs) > 20 {
		return nil
	}
	list := []string{nearMark + string(rs)}
	for i := range rs {
		if i > 0 && rs[i] == rs[i-1] {
			continue
		}
		list = append(list, nearMark+string(rs[:i])+string(rs[i+1:]))
	}
	return list
}

// closeTo says whether two words differ in at most one letter: wrong, missing, too many, or two that changed places.
func closeTo(a, b string) bool {
	x, y := letters(a), letters(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) < len(y) {
		return string(x[i:]) == string(y[i+1:])
	}
	if i == len(x) {
		return true
	}
	if string(x[i+1:]) == string(y[i+1:]) {
		return true
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && string(x[i+2:]) == string(y[i+2:])
}
