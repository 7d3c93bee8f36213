package inbox

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/runbook"
	"baraji/internal/team"
)

// booked is a title or a step in the reader's language.
func booked(ctx context.Context, text i18n.Text) string { return text.In(i18n.Of(ctx).Locale) }

// spoken is the language of what booked returns.
func spoken(ctx context.Context, text i18n.Text) string {
	here := i18n.Of(ctx).Locale
	for _, l := range append([]i18n.Locale{here}, i18n.Locales()...) {
		if text[l] != "" {
			return string(l)
		}
	}
	return string(here)
}

// instruction is a step as one reads it.
func instruction(ctx context.Context, text i18n.Text) string {
	return knowledge.HTML(i18n.Locale(spoken(ctx, text)), booked(ctx, text))
}

// running are the runs that are under way; ended the others.
func (t talk) running() (list []runbook.Run) {
	for _, r := range t.Runs {
		if r.State == runbook.Running {
			list = append(list, r)
		}
	}
	return list
}

func (t talk) ended() (list []runbook.Run) {
	for _, r := range t.Runs {
		if r.State != runbook.Running {
			list = append(list, r)
		}
	}
	return list
}

// follows says whether whoever looks may follow a runbook here.
func (t talk) follows(ctx context.Context) bool { return t.MergedInto == 0 && t.may(ctx, team.Handle) }

// whereWord says how far a run is: step 2 of 5.
func whereWord(ctx context.Context, r runbook.Run) string {
	if n := r.Number(r.Place().At); n > 0 {
		return i18n.T(ctx, "runbook.step_of", "n", n, "all", len(r.Steps))
	}
	return i18n.T(ctx, "runbook.through")
}

// tickWord says what became of a step, who did it and when.
func tickWord(ctx context.Context, people map[team.ID]string, t runbook.Tick) string {
	who := people[t.By]
	if who == "" {
		who = i18n.T(ctx, "inbox.somebody")
	}
	return i18n.T(ctx, "runbook.did_"+string(t.What)) + " · " + who + " · " + i18n.Clock(ctx, t.At)
}

func tickIcon(w runbook.What) string {
	switch w {
	case runbook.NotHelped:
		return "x"
	case runbook.Skipped:
		return "minus"
	}
	return "check"
}

// endWord is how a run ended, and where it stuck.
func endWord(ctx context.Context, r runbook.Run) string {
	word := i18n.T(ctx, "runbook.state_"+string(r.State))
	if n := r.Number(r.Stuck); n > 0 && r.State != runbook.Solved {
		word += " · " + i18n.T(ctx, "runbook.stuck_at", "n", n)
	}
	return word
}

func endTone(s runbook.State) string {
	if s == runbook.Solved {
		return "good"
	}
	return "warn"
}

// whyWord says why a runbook is suggested.
func whyWord(ctx context.Context, s runbook.Suggestion) string {
	switch {
	case len(s.Words) > 0:
		return i18n.T(ctx, "runbook.because_words", "words", strings.Join(s.Words, ", "))
	case s.Rule:
		return i18n.T(ctx, "runbook.because_rule")
	}
	return i18n.T(ctx, "runbook.because_title")
}

func bookIcon(k runbook.Kind) string {
	if k == runbook.Known {
		return "circle-alert"
	}
	return "list-checks"
}

// followed says in words what an event tells of a runbook; Text is "" where it tells nothing that is still there.
func (t *talk) followed(ctx context.Context, e event.Event) happening {
	var f struct {
		Run   runbook.RunID `json:"run"`
		Place int           `json:"place"`
		What  runbook.What  `json:"what"`
		To    runbook.State `json:"to"`
		Stuck int           `json:"stuck"`
	}
	if json.Unmarshal(e.Body, &f) != nil {
		return happening{}
	}
	i := slices.IndexFunc(t.Runs, func(r runbook.Run) bool { return r.ID == f.Run })
	if i < 0 {
		return happening{}
	}
	say := teller{ctx: ctx, people: t.People}
	say.who = say.actor(e.Actor)
	title := say.bold(booked(ctx, t.Runs[i].Title))
	switch e.Kind {
	case "runbook.started":
		return say.line("list-checks", say.say("runbook_started", "title", title))
	case "runbook.ticked":
		icon := tickIcon(f.What)
		if f.What == runbook.Called {
			icon = "phone-call"
		}
		return say.line(icon, say.say("runbook_"+string(f.What), "title", title, "n", f.Place))
	case "runbook.ended":
		if f.Stuck > 0 && f.To != runbook.Solved {
			return say.line("list-checks", say.say("runbook_"+string(f.To)+"_at", "title", title, "n", f.Stuck))
		}
		return say.line("list-checks", say.say("runbook_"+string(f.To), "title", title))
	case "runbook.took_back":
		return say.line("undo-2", say.say("runbook_took_back", "title", title, "n", f.Place))
	case "runbook.resumed":
		return say.line("undo-2", say.say("runbook_resumed", "title", title))
	}
	return happening{}
}

func ticked(r runbook.Run, key int) bool { _, ok := r.Last(key); return ok }

func calledFor(r runbook.Run, key int) bool { _, ok := r.CalledFor(key); return ok }

// anyTick says whether there is something to take back.
func anyTick(r runbook.Run) bool {
	return slices.ContainsFunc(r.Ticks, func(t runbook.Tick) bool { return t.What != runbook.Called })
}

func articleWord(ctx context.Context, s runbook.Step) string {
	if title := booked(ctx, s.ArticleTitle); title != "" {
		return title
	}
	return i18n.T(ctx, "runbook.article")
}

// whyError is what is wrong with the reason: a hand-over calls it its text.
func whyError(e ending) string {
	if wrong := e.Errors.For("why"); wrong != "" {
		return wrong
	}
	return e.Errors.For("text")
}

// bookWord says beside a runbook what it is.
func bookWord(ctx context.Context, b runbook.Runbook) string {
	switch {
	case b.Open():
		return i18n.T(ctx, "runbook.kind_known")
	case b.Kind == runbook.Known:
		return i18n.T(ctx, "runbook.is_fixed")
	}
	return i18n.T(ctx, "runbook.steps_n", "n", len(b.Steps))
}
