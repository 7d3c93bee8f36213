package flow

import (
	"fmt"
	"net/url"
	"strings"

	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

const (
	maxSteps   = 60
	maxChoices = 8
	maxSay     = 1500 // letters
	maxLabel   = 40
	maxWords   = 40 // of one step
)

// check makes a draft fit to be stored. What only publishing needs, ready asks.
func (p *Path) check() error {
	var c problem.Check
	c.That(len(p.Steps) <= maxSteps, "steps", "At most %d steps.", maxSteps)
	seen := map[string]bool{}
	for i := range p.Steps {
		s := &p.Steps[i]
		s.Name = strings.Join(strings.Fields(s.Name), " ")
		c.That(!seen[s.Key] && s.Key != "" && !strings.Contains(s.Key, "/") && len(s.Key) <= 20, at(s.Key), "Two steps have the same key.")
		seen[s.Key] = true
		s.check(&c)
	}
	return c.Err()
}

// at is the name of a step's field.
func at(key string) string { return "steps." + key }

func (s *Step) check(c *problem.Check) {
	c.That(len([]rune(s.Name)) <= 60, at(s.Key), "The name is too long.")
	c.That(len(s.Choices) <= maxChoices, at(s.Key), "At most %d buttons in one step.", maxChoices)
	c.That(len(s.Words) <= maxWords, at(s.Key), "At most %d words lead to one step.", maxWords)
	c.That(s.Say.Fits(maxSay), at(s.Key), "What is said is too long.")
	for _, b := range s.Choices {
		c.That(b.Label.Fits(maxLabel), at(s.Key), "A button has at most %d letters.", maxLabel)
	}
	for _, w := range s.Words {
		c.That(len([]rune(flat(w))) >= 2 && len([]rune(w)) <= 40, at(s.Key), "“%s” is no word that could lead here: it needs 2 to 40 letters.", w)
	}
	for _, b := range s.Choices {
		c.That(b.Do != Open || b.URL == "" || leads(b.URL), at(s.Key), "“%s” is no address, such as https://shop.example/size or /hc/en.", b.URL)
	}
}

// leads says whether an address may stand behind a button: one of the web, or of a page of ours.
func leads(s string) bool {
	u, err := url.Parse(s)
	if err != nil || len(s) > 500 {
		return false
	}
	ours := u.Scheme == "" && u.Host == "" && strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && !strings.Contains(s, `\`)
	return ours || (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

// ready says what still has to be done before visitors may see a path.
func (p Path) ready() error {
	var c problem.Check
	c.That(len(p.Steps) > 0, "steps", "Add a first step.")
	for _, s := range p.Steps {
		c.That(s.Say.In(i18n.Korean) != "", at(s.Key), "Write what is said here.")
		for i, b := range s.Choices {
			c.That(b.Label.In(i18n.Korean) != "", at(s.Key), "Write what stands on button %d.", i+1)
			_, there := p.Step(b.Step)
			c.That(b.Do != Go || there, at(s.Key), "Choose where button %d leads.", i+1)
			c.That(b.Do != Open || b.URL != "", at(s.Key), "Write the address that button %d opens.", i+1)
		}
	}
	return c.Err()
}

// Doubt is something that visitors could stumble over, though it can be published.
type Doubt struct {
	Step string // its key
	Kind string // "unreached": nothing leads there; "one_language": it is written in one only
}

// Doubts finds them.
func (p Path) Doubts() (list []Doubt) {
	depth := p.Depths()
	for _, s := range p.Steps {
		if _, reached := depth[s.Key]; !reached && len(s.Words) == 0 {
			list = append(list, Doubt{s.Key, "unreached"})
		}
		if s.inOneLanguage() {
			list = append(list, Doubt{s.Key, "one_language"})
		}
	}
	return list
}

func (s Step) inOneLanguage() bool {
	texts := []i18n.Text{s.Say}
	for _, c := range s.Choices {
		texts = append(texts, c.Label)
	}
	for _, t := range texts {
		if t.In(i18n.Korean) != "" && (t[i18n.Korean] == "" || t[i18n.English] == "") {
			return true
		}
	}
	return false
}

// Depths says how many presses away from the first step each step is. What no button leads to is not in it.
func (p Path) Depths() map[string]int {
	depth := map[string]int{}
	if len(p.Steps) == 0 {
		return depth
	}
	depth[p.Steps[0].Key] = 0
	for next := []Step{p.Steps[0]}; len(next) > 0; next = next[1:] {
		for _, c := range next[0].Choices {
			to, ok := p.Step(c.Step)
			if _, seen := depth[c.Step]; c.Do == Go && ok && !seen {
				depth[c.Step] = depth[next[0].Key] + 1
				next = append(next, to)
			}
		}
	}
	return depth
}

// FreeKey is a key that no step has.
func (p Path) FreeKey() string {
	for n := len(p.Steps) + 1; ; n++ {
		key := fmt.Sprintf("s%d", n)
		if _, taken := p.Step(key); !taken {
			return key
		}
	}
}
