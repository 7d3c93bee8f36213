package assistant

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/flow"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/knowledge"
	"baraji/internal/web/desk"
)

// toNew is what a button says that leads to a step which is not there yet.
const toNew = "new"

// readPath takes the path from the page. Steps stand in the order in which their rows do: q=3&q=1 with q.3.say.ko=…; so do the
// buttons of each: q.3.b=0 with q.3.b.0.label.ko=….
func readPath(r *http.Request) (p flow.Path) {
	_ = r.ParseForm() // what cannot be read is not there
	for _, row := range r.Form["q"] {
		p.Steps = append(p.Steps, readStep(r, "q."+row+"."))
	}
	for i := range p.Steps {
		for j := range p.Steps[i].Choices {
			if c := &p.Steps[i].Choices[j]; c.Do == flow.Go && c.Step == toNew {
				c.Step = p.FreeKey()
				p.Steps = append(p.Steps, flow.Step{Key: c.Step, Name: c.Label.In(i18n.Korean)})
			}
		}
	}
	return p
}

func readStep(r *http.Request, at string) flow.Step {
	s := flow.Step{Key: r.FormValue(at + "key"), Name: strings.TrimSpace(r.FormValue(at + "name")), Say: desk.Text(r, at+"say")}
	s.Article, _ = id.Read[knowledge.ID](r.FormValue(at + "article"))
	for word := range strings.SplitSeq(r.FormValue(at+"words"), ",") {
		if word = strings.Join(strings.Fields(word), " "); word != "" && !slices.Contains(s.Words, word) {
			s.Words = append(s.Words, word)
		}
	}
	for _, b := range r.Form[at+"b"] {
		s.Choices = append(s.Choices, readChoice(r, at+"b."+b+"."))
	}
	return s
}

func readChoice(r *http.Request, at string) flow.Choice {
	do, step, _ := strings.Cut(r.FormValue(at+"to"), ":")
	c := flow.Choice{Label: desk.Text(r, at+"label"), Do: flow.Do(do), Step: step}
	switch c.Do {
	case flow.Open:
		c.URL = strings.TrimSpace(r.FormValue(at + "url"))
	case flow.Ask, flow.Person:
	default:
		c.Do = flow.Go
	}
	return c
}

// rearrange changes what is on the page; nothing is saved. at is a step, or a step and one of its buttons ("2.0").
func (p *way) rearrange(do, at string, l i18n.Locale) {
	first, second, _ := strings.Cut(at, ".")
	i, err := strconv.Atoi(first)
	there := err == nil && i >= 0 && i < len(p.Path.Steps)
	steps := p.Path.Steps
	switch {
	case do == "start":
		p.Path = flow.Sample(l)
	case do == "add":
		p.Focus = p.Path.FreeKey()
		p.Path.Steps = append(steps, flow.Step{Key: p.Focus})
	case !there:
	case do == "up" && i > 0:
		p.Focus = steps[i].Key
		steps[i-1], steps[i] = steps[i], steps[i-1]
	case do == "down" && i < len(steps)-1:
		p.Focus = steps[i].Key
		steps[i+1], steps[i] = steps[i], steps[i+1]
	case do == "drop":
		p.Path.Steps = slices.Delete(steps, i, i+1)
	case do == "addb":
		p.Focus = steps[i].Key
		steps[i].Choices = append(steps[i].Choices, flow.Choice{Do: flow.Go})
	case do == "dropb":
		p.Focus = steps[i].Key
		if j, err := strconv.Atoi(second); err == nil && j >= 0 && j < len(steps[i].Choices) {
			steps[i].Choices = slices.Delete(steps[i].Choices, j, j+1)
		}
	case do == "at":
		p.Focus = steps[i].Key
	}
}
