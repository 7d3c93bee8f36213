package coverage

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// handover is the notes that are missing, that somebody has to read, and that were read.
type handover struct {
	Me      team.ID
	Now     time.Time
	Names   map[team.ID]string
	Rotas   map[shift.RotaID]shift.Rota
	Missing []shift.Note
	Unread  []shift.Note
	Read    []shift.Note
	Ending  []shift.Turn // of the reader, that end soon
	Open    shift.NoteID // whose form is open
	Typed   [2]string
	Wrong   ui.Trouble
}

func (a area) handover(w http.ResponseWriter, r *http.Request) error {
	h, err := a.loadHandover(r)
	if err != nil {
		return err
	}
	h.Open, _ = id.Read[shift.NoteID](r.FormValue("note"))
	ui.Render(w, r, http.StatusOK, handoverPage(h))
	return nil
}

func (a area) loadHandover(r *http.Request) (h handover, err error) {
	ctx := r.Context()
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		now := tx.Now()
		h = handover{Me: team.From(ctx).Person, Now: now, Rotas: map[shift.RotaID]shift.Rota{}}
		if h.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		books, err := shift.Load(ctx, tx, now, now)
		if err != nil {
			return err
		}
		notes, err := shift.Notes(ctx, tx, now.AddDate(0, 0, -14))
		if err != nil {
			return err
		}
		begun := map[time.Time]bool{}
		for _, n := range notes {
			switch {
			case n.WrittenAt.IsZero():
				h.Missing = append(h.Missing, n)
				if n.Person == h.Me {
					begun[n.Until] = true
				}
			case n.ReadAt.IsZero():
				h.Unread = append(h.Unread, n)
				if n.Person == h.Me {
					begun[n.Until] = true
				}
			default:
				h.Read = append(h.Read, n)
			}
		}
		for _, b := range books {
			h.Rotas[b.Rota.ID] = b.Rota
			for _, turn := range b.Plan(now, now.Add(1)) {
				if b.Rota.Notes && turn.Person == h.Me && turn.Until.Sub(now) <= shift.NoteAhead && !begun[turn.Until] {
					h.Ending = append(h.Ending, turn)
				}
			}
		}
		return nil
	})
	return h, err
}

// beginNote makes the note of a turn that ends soon, and opens it.
func (a area) beginNote(w http.ResponseWriter, r *http.Request) error {
	rota, err := id.Read[shift.RotaID](r.FormValue("rota"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such rota.")
	}
	var key shift.NoteID
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		key, err = shift.BeginNote(ctx, tx, rota)
		return err
	})
	if err != nil {
		return err
	}
	ui.Redirect(w, r, "/coverage/handover?note="+key.String())
	return nil
}

func noteID(r *http.Request) (shift.NoteID, error) {
	key, err := id.Read[shift.NoteID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such note.")
	}
	return key, nil
}

func (a area) writeNote(w http.ResponseWriter, r *http.Request) error {
	key, err := noteID(r)
	if err != nil {
		return err
	}
	open, watch := r.FormValue("open"), r.FormValue("watch")
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error { return shift.WriteNote(ctx, tx, key, open, watch) })
	if err == nil {
		return done(w, r, "/coverage/handover", "note_written", "")
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	h, err := a.loadHandover(r)
	if err != nil {
		return err
	}
	h.Open, h.Wrong, h.Typed = key, trouble, [2]string{open, watch}
	ui.Render(w, r, trouble.Status, handoverPage(h))
	return nil
}

func (a area) readNote(w http.ResponseWriter, r *http.Request) error {
	key, err := noteID(r)
	if err != nil {
		return err
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return shift.ReadNote(ctx, tx, key) }); err != nil {
		return err
	}
	return done(w, r, "/coverage/handover", "note_read", "")
}
