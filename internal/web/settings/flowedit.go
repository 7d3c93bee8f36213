package settings

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/sequence"
	"baraji/internal/web/ui"
)

func (a area) editFlow(w http.ResponseWriter, r *http.Request) error {
	key, err := flowID(r)
	if err != nil {
		return err
	}
	return a.showDraft(w, r, http.StatusOK, key, ui.Trouble{})
}

func (a area) showDraft(w http.ResponseWriter, r *http.Request, status int, key sequence.ID, trouble ui.Trouble) error {
	p := flowBoard{Edits: true, Trouble: trouble}
	if err := a.DB.Read(r.Context(), func(tx *db.Tx) error {
		if err := p.read(r.Context(), tx, key); err != nil {
			return err
		}
		return p.tries(r, tx)
	}); err != nil {
		return err
	}
	ui.Render(w, r, status, flowEditPage(p))
	return nil
}

// fresh is a step as it is added.
func fresh(kind string) (sequence.Step, bool) {
	s := sequence.Step{Do: kind}
	switch kind {
	case "act":
		s.Acts = []automation.Act{{Do: "tag", With: map[string]string{}}}
	case "wait":
		s.Wait = sequence.Wait{For: "time", Minutes: day}
	}
	return s, slices.Contains(sequence.Kinds, kind)
}

// arrangeFlow adds, moves and takes away steps of the draft, and puts the draft to use.
func (a area) arrangeFlow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := flowID(r)
	if err != nil {
		return err
	}
	do, at, _ := strings.Cut(r.FormValue("do"), " ")
	n, _ := strconv.Atoi(at)
	switch do {
	case "publish":
		err = a.DB.Write(ctx, func(tx *db.Tx) error { return sequence.Publish(ctx, tx, key) })
		if err == nil {
			return done(w, r, flowPath(key), "flow_published")
		}
		trouble, err := ui.TroubleOf(w, r, err)
		if err != nil {
			return err
		}
		return a.showDraft(w, r, trouble.Status, key, trouble)
	case "discard":
		if err := a.DB.Write(ctx, func(tx *db.Tx) error { return sequence.Discard(ctx, tx, key) }); err != nil {
			return err
		}
		return done(w, r, flowPath(key), "flow_discarded")
	}
	to, err := flowPath(key)+"/edit", error(nil)
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		return sequence.Sketch(ctx, tx, key, func(f *sequence.Flow) error {
			switch do {
			case "up":
				f.Shift(n, -1)
			case "down":
				f.Shift(n, 1)
			case "remove":
				f.Remove(n)
				return nil
			case "add":
				s, ok := fresh(r.FormValue("kind"))
				if !ok {
					return problem.For("kind", "“%s” is none of the choices.", r.FormValue("kind"))
				}
				n = f.Insert(spotOf(at), s)
				if n == 0 {
					return problem.New(problem.NotFound, "There is no such step.")
				}
				to = flowPath(key) + "/edit/" + strconv.Itoa(n)
				return nil
			}
			to = flowPath(key) + "/edit#step-" + strconv.Itoa(n)
			return nil
		})
	})
	if err != nil {
		return err
	}
	ui.Redirect(w, r, to)
	return nil
}

// spotOf reads a place: "3" is behind the third step, "3.yes" the head of that way of it, "" the head of the flow.
func spotOf(s string) (at sequence.Spot) {
	key, way, in := strings.Cut(s, ".")
	n, _ := strconv.Atoi(key)
	if in {
		return sequence.Spot{In: n, Way: way}
	}
	return sequence.Spot{After: n}
}
