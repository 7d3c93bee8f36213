package flow

import (
	"slices"

	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

// Path is what the robot of a widget says and offers. The first step is where everybody begins.
type Path struct {
	Steps []Step `json:"steps"`
}

// Step is one thing that the robot says, with what may be pressed then.
type Step struct {
	Key     string       `json:"key"`  // within the path
	Name    string       `json:"name"` // for the team
	Say     i18n.Text    `json:"say"`
	Words   []string     `json:"words,omitempty"`   // who writes one of these comes here
	Article knowledge.ID `json:"article,omitempty"` // that it rests on, and links to
	Choices []Choice     `json:"choices,omitempty"` // none: the path ends here
}

// Choice is one button of a step.
type Choice struct {
	Label i18n.Text `json:"label"`
	Do    Do        `json:"do"`
	Step  string    `json:"step,omitempty"` // the key; only with Go
	URL   string    `json:"url,omitempty"`  // only with Open
}

// Do is what a button does.
type Do string

// What a button can do.
const (
	Go     Do = "go"     // to another step
	Open   Do = "open"   // a page, beside the chat
	Ask    Do = "ask"    // lets him write his question
	Person Do = "person" // hands over
)

// Step finds a step by its key.
func (p Path) Step(key string) (Step, bool) {
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Key == key })
	if i < 0 {
		return Step{}, false
	}
	return p.Steps[i], true
}

// First is where everybody begins; the zero step of an empty path.
func (p Path) First() Step {
	if len(p.Steps) == 0 {
		return Step{}
	}
	return p.Steps[0]
}

// Ends says whether nothing leads on from the step.
func (s Step) Ends() bool { return len(s.Choices) == 0 }
