package flow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"baraji/internal/conversation"
	"baraji/internal/kit/hangul"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/token"
)

// press is what a button's id says: at which step of which version it stands, which one it is, and in what language it was read.
type press struct {
	version int
	step    string
	choice  int // start: back to the first step
	locale  i18n.Locale
}

const start = -1

func (p press) String() string {
	return fmt.Sprintf("flow/%d/%s/%d/%s", p.version, p.step, p.choice, p.locale)
}

// readPress reads the id of a button of a path.
func readPress(id string) (p press, ok bool) {
	part := strings.Split(id, "/")
	if len(part) != 5 || part[0] != "flow" {
		return p, false
	}
	l, known := i18n.Parse(part[4])
	version, err1 := strconv.Atoi(part[1])
	choice, err2 := strconv.Atoi(part[3])
	return press{version, part[2], choice, l}, known && err1 == nil && err2 == nil && choice >= start
}

// Move is where a press or a word leads.
type Move struct {
	Do   Do
	Step Step // with Go
}

// pressed says where a button leads; false if the path has no such button.
func (p Path) pressed(b press) (Move, bool) {
	if b.choice == start {
		return Move{Go, p.First()}, len(p.Steps) > 0
	}
	at, ok := p.Step(b.step)
	if !ok || b.choice >= len(at.Choices) {
		return Move{}, false
	}
	c := at.Choices[b.choice]
	if c.Do != Go {
		return Move{Do: c.Do}, c.Do != Open
	}
	to, ok := p.Step(c.Step)
	return Move{Go, to}, ok
}

// heard finds the step whose word somebody wrote: of several the longest word's. alone says that he wrote nothing else.
func (p Path) heard(text string) (found Step, alone, ok bool) {
	text = flat(text)
	longest := 0
	for _, s := range p.Steps {
		for _, w := range s.Words {
			if n := len([]rune(flat(w))); n > longest && has(text, flat(w)) {
				found, alone, ok, longest = s, text == flat(w), true, n
			}
		}
	}
	return found, alone, ok
}

// flat makes texts comparable: one form of each letter, small, single spaces.
func flat(s string) string { return strings.Join(strings.Fields(token.Fold(s)), " ") }

// has says whether a word stands in a text. In Korean words carry particles and spaces are a matter of taste, so it is sought
// anywhere, spaces aside; in other scripts only whole words count.
func has(text, word string) bool {
	if strings.ContainsFunc(word, hangul.IsSyllable) {
		return strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(word, " ", ""))
	}
	return strings.TrimSpace(parted(word)) != "" && strings.Contains(parted(text), parted(word))
}

// parted has a space before and after each word, and nothing else between them. Hangul beside a Latin word parts it too: "AS가".
func parted(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return hangul.IsSyllable(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(words, " ") + " "
}

// buttons are what may be pressed at a step, of its own.
func (s Step) buttons(version int, l i18n.Locale) (list []conversation.Button) {
	for i, c := range s.Choices {
		b := conversation.Button{Label: c.Label.In(l)}
		switch c.Do {
		case Open:
			b.URL = c.URL
		default:
			b.ID = press{version, s.Key, i, l}.String()
		}
		list = append(list, b)
	}
	return list
}

// offersPerson says whether one of its buttons leads to a person.
func (s Step) offersPerson() bool {
	return slices.ContainsFunc(s.Choices, func(c Choice) bool { return c.Do == Person })
}
