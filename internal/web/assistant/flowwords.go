package assistant

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"baraji/internal/flow"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// q and qb are the names of a step's fields, and of one of its buttons'.
func q(i int, what string) string     { return "q." + strconv.Itoa(i) + "." + what }
func qb(i, j int, what string) string { return q(i, "b."+strconv.Itoa(j)+"."+what) }

func (p way) stateWord(ctx context.Context) string {
	switch {
	case p.Running:
		return t(ctx, "flow_running", "n", p.Version)
	case p.Version > 0:
		return t(ctx, "flow_stopped")
	}
	return t(ctx, "flow_draft")
}

func (p way) stateTone() string {
	if p.Running {
		return "good"
	}
	return ""
}

// nameOf is how the team calls a step: its name, else what it says.
func (p way) nameOf(ctx context.Context, s flow.Step) string {
	line, _, _ := strings.Cut(s.Say.In(i18n.Of(ctx).Locale), "\n")
	return cmp.Or(s.Name, line, t(ctx, "flow_unnamed"))
}

// about says beside the name where a step stands and how often it was shown.
func (p way) about(ctx context.Context, i int, s flow.Step) string {
	var about []string
	if i == 0 {
		about = append(about, t(ctx, "flow_first"))
	}
	switch n := len(s.Choices); n {
	case 0:
		about = append(about, t(ctx, "flow_is_end"))
	default:
		about = append(about, t(ctx, "flow_buttons_n", "n", n))
	}
	if n := len(s.Words); n > 0 {
		about = append(about, t(ctx, "flow_words_n", "n", n))
	}
	if n := p.Visits[s.Key]; n > 0 {
		about = append(about, t(ctx, "flow_shown", "n", n))
	}
	return strings.Join(about, " · ")
}

// open says whether a step is laid open: where one works, where something is wrong, and the only one.
func (p way) open(s flow.Step) bool {
	return s.Key == p.Focus || p.Trouble.For("steps."+s.Key) != "" || len(p.Path.Steps) == 1
}

func articleValue(s flow.Step) string {
	if s.Article == 0 {
		return ""
	}
	return s.Article.String()
}

// targets are where a button can lead.
func (p way) targets(ctx context.Context) []ui.Option {
	list := []ui.Option{{Value: "go:", Label: t(ctx, "flow_to_none")}}
	for _, s := range p.Path.Steps {
		list = append(list, ui.Option{Value: "go:" + s.Key, Label: p.nameOf(ctx, s)})
	}
	return append(list, ui.Option{Value: "go:" + toNew, Label: t(ctx, "flow_to_new")}, ui.Option{Value: string(flow.Ask), Label: t(ctx, "flow_to_ask")},
		ui.Option{Value: string(flow.Person), Label: t(ctx, "flow_to_person")}, ui.Option{Value: string(flow.Open), Label: t(ctx, "flow_to_open")})
}

func ledTo(c flow.Choice) string {
	if c.Do == flow.Go {
		return "go:" + c.Step
	}
	return string(c.Do)
}

// likeURL is an address such as a button may open.
const likeURL = "https://shop.example/size"

// branch is a step in the drawing of a path, under the button that leads there.
type branch struct {
	Label string // of the button; "" of the first step
	Key   string // of the step; "" where the button does something else
	Name  string
	Again bool // the step was drawn already
	To    []branch
}

// tree draws the path from its first step on.
func (p way) tree(ctx context.Context) branch {
	return p.branch(ctx, p.Path.First(), "", map[string]bool{})
}

func (p way) branch(ctx context.Context, s flow.Step, label string, drawn map[string]bool) branch {
	b := branch{Label: label, Key: s.Key, Name: p.nameOf(ctx, s), Again: drawn[s.Key]}
	if b.Again {
		return b
	}
	drawn[s.Key] = true
	for _, c := range s.Choices {
		label := cmp.Or(c.Label.In(i18n.Of(ctx).Locale), t(ctx, "flow_unlabelled"))
		to, ok := p.Path.Step(c.Step)
		switch {
		case c.Do == flow.Go && ok:
			b.To = append(b.To, p.branch(ctx, to, label, drawn))
		case c.Do == flow.Go:
			b.To = append(b.To, branch{Label: label, Name: t(ctx, "flow_to_none")})
		default:
			b.To = append(b.To, branch{Label: label, Name: t(ctx, "flow_to_"+string(c.Do))})
		}
	}
	return b
}

// lone are the steps that no button leads to: only words do, or nothing.
func (p way) lone(ctx context.Context) (list []branch) {
	depth := p.Path.Depths()
	for _, s := range p.Path.Steps {
		if _, reached := depth[s.Key]; !reached {
			label := strings.Join(s.Words, ", ")
			if label != "" {
				label = "“" + label + "”"
			}
			list = append(list, branch{Label: label, Key: s.Key, Name: p.nameOf(ctx, s)})
		}
	}
	return list
}
