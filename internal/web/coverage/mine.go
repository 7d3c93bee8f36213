package coverage

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// myWeeks is how far ahead one sees one's own turns.
const myWeeks = 8

// mine is one's own turns, swaps, leaves and addresses.
type mine struct {
	Me     team.ID
	Now    time.Time
	Zone   *time.Location
	Turns  []myTurn
	Swaps  []shift.Swap
	Leaves []shift.Leave
	Feeds  []shift.Feed
	Rotas  map[shift.RotaID]shift.Rota
	List   []shift.Rota
	Names  map[team.ID]string
	People []team.Person
	New    string // the address that was just made
	Site   string
	Wrong  ui.Trouble // of a leave
	Leave  leaveForm
}

type myTurn struct {
	shift.Turn
	Asked bool // a swap for it is under way
}

type leaveForm struct{ From, FromAt, Until, UntilAt, Kind, Deputy string }

func (a area) mine(w http.ResponseWriter, r *http.Request) error {
	m, err := a.loadMine(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, minePage(m))
	return nil
}

func (a area) loadMine(r *http.Request) (m mine, err error) {
	ctx := r.Context()
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		now := tx.Now()
		m = mine{Me: team.From(ctx).Person, Now: now, Zone: i18n.Of(ctx).Zone, Rotas: map[shift.RotaID]shift.Rota{}, Site: a.Base(r)}
		tomorrow := hours.DateOf(now, m.Zone).Add(1).String()
		m.Leave = leaveForm{From: tomorrow, FromAt: "00:00", Until: tomorrow, UntilAt: "24:00", Kind: string(shift.Holiday)}
		if m.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		if m.People, err = team.People(ctx, tx, team.Filter{}); err != nil {
			return err
		}
		if m.Swaps, err = shift.Swaps(ctx, tx, m.Me); err != nil {
			return err
		}
		if m.Leaves, err = shift.LeavesOf(ctx, tx, m.Me); err != nil {
			return err
		}
		if m.Feeds, err = shift.Feeds(ctx, tx, m.Me); err != nil {
			return err
		}
		until := now.AddDate(0, 0, 7*myWeeks)
		books, err := shift.Load(ctx, tx, now, until)
		if err != nil {
			return err
		}
		for _, b := range books {
			m.Rotas[b.Rota.ID] = b.Rota
			m.List = append(m.List, b.Rota)
			for _, turn := range b.Plan(now, until) {
				if turn.Person == m.Me {
					m.Turns = append(m.Turns, myTurn{turn, m.asks(turn)})
				}
			}
		}
		slices.SortStableFunc(m.Turns, func(x, y myTurn) int { return x.From.Compare(y.From) })
		return nil
	})
	return m, err
}

func (m mine) asks(turn shift.Turn) bool {
	return slices.ContainsFunc(m.Swaps, func(s shift.Swap) bool { return s.State == shift.Asked && s.Give.Key == turn.Key && s.Asker == m.Me })
}

// notAsked are the swaps that do not wait for the reader's answer.
func (m mine) notAsked() []shift.Swap {
	return slices.DeleteFunc(slices.Clone(m.Swaps), func(s shift.Swap) bool { return s.State == shift.Asked && s.Other == m.Me })
}

// trade is a turn that somebody wants to give away, and what there is to take for it.
type trade struct {
	Turn   shift.Turn
	Rota   shift.Rota
	People []team.Person
	Offers []offer
}

// offer is a turn of somebody else.
type offer struct {
	shift.Turn
	Name, Rota string
}

// ask shows whom one can ask to stand for a turn, in a dialog.
func (a area) ask(w http.ResponseWriter, r *http.Request) error {
	key, err := rotaID(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	var d trade
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		d = trade{}
		if d.Rota, d.Turn, err = shift.FindTurn(ctx, tx, shift.Ref{Rota: key, Key: r.FormValue("key"), From: instant(r.FormValue("from"))}); err != nil {
			return err
		}
		people, err := team.People(ctx, tx, team.Filter{State: team.Active})
		if err != nil {
			return err
		}
		names := map[team.ID]string{}
		for _, p := range people {
			names[p.ID] = p.Name
			if p.ID != d.Turn.Person {
				d.People = append(d.People, p)
			}
		}
		books, err := shift.Load(ctx, tx, tx.Now(), tx.Now().AddDate(0, 0, 7*fairWeeks))
		if err != nil {
			return err
		}
		for _, b := range books {
			for _, turn := range b.Plan(tx.Now(), tx.Now().AddDate(0, 0, 7*fairWeeks)) {
				same := turn.Person == d.Turn.Person || turn.From.Before(d.Turn.Until) && d.Turn.From.Before(turn.Until)
				if name := names[turn.Person]; name != "" && !same && len(d.Offers) < 400 {
					d.Offers = append(d.Offers, offer{turn, name, b.Rota.Name})
				}
			}
		}
		slices.SortStableFunc(d.Offers, func(x, y offer) int { return cmp.Or(cmp.Compare(x.Name, y.Name), x.From.Compare(y.From)) })
		return nil
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, tradeDialog(d))
	return nil
}

// refWord names a turn in a form: its rota, its beginning and its key.
func refWord(turn shift.Turn) string {
	return turn.Rota.String() + " " + stamp(turn.From) + " " + turn.Key
}

func readRef(text string) (ref shift.Ref, err error) {
	parts := strings.SplitN(text, " ", 3)
	if len(parts) != 3 {
		return ref, problem.New(problem.Conflict, "The plan was changed meanwhile. Look at it again.")
	}
	ref.Rota, err = id.Read[shift.RotaID](parts[0])
	if err != nil {
		return ref, problem.New(problem.NotFound, "There is no such rota.")
	}
	ref.From, ref.Key = instant(parts[1]), parts[2]
	return ref, nil
}

// askSwap asks somebody: for nothing, or for a turn of his.
func (a area) askSwap(w http.ResponseWriter, r *http.Request) error {
	give, err := readRef(r.FormValue("give"))
	if err != nil {
		return err
	}
	other, err := personOf(r.FormValue("other"))
	if err != nil {
		return err
	}
	var take shift.Ref
	if text := r.FormValue("take"); text != "" {
		if take, err = readRef(text); err != nil {
			return err
		}
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		if _, turn, err := shift.FindTurn(ctx, tx, take); err == nil && other == 0 {
			other = turn.Person
		}
		_, err := shift.Ask(ctx, tx, give, other, take, r.FormValue("note"))
		return err
	})
	if err != nil {
		return err
	}
	return done(w, r, "/coverage/mine", "swap_asked", "")
}

// swapActs are what one does with a swap.
var swapActs = map[string]struct {
	do   func(context.Context, *db.Tx, shift.SwapID) error
	word string
}{
	"accept":   {shift.Accept, "swap_accepted"},
	"decline":  {shift.Decline, "swap_declined"},
	"withdraw": {shift.Withdraw, "swap_withdrawn"},
	"undo":     {shift.UndoSwap, "undone"},
}

func (a area) swap(w http.ResponseWriter, r *http.Request) error {
	act, known := swapActs[r.PathValue("act")]
	key, err := id.Read[shift.SwapID](r.PathValue("id"))
	if err != nil || !known {
		return problem.New(problem.NotFound, "There is no such swap.")
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return act.do(ctx, tx, key) }); err != nil {
		return err
	}
	undo := ""
	if r.PathValue("act") == "accept" {
		undo = "/coverage/swaps/" + key.String() + "/undo"
	}
	return done(w, r, "/coverage/mine", act.word, undo)
}

// takeLeave lets somebody be away: oneself.
func (a area) takeLeave(w http.ResponseWriter, r *http.Request) error {
	zone := i18n.Of(r.Context()).Zone
	var key shift.LeaveID
	err := func() error {
		l := shift.Leave{Person: team.From(r.Context()).Person, Kind: shift.Kind(r.FormValue("kind"))}
		var err error
		if l.From, err = moment(r, "start", zone); err != nil {
			return err
		}
		if l.Until, err = moment(r, "end", zone); err != nil {
			return err
		}
		if l.Deputy, err = personOf(r.FormValue("deputy")); err != nil {
			return err
		}
		return a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
			key, err = shift.TakeLeave(ctx, tx, l)
			return err
		})
	}()
	if err == nil {
		return done(w, r, "/coverage/mine", "leave_taken", "/coverage/leaves/"+key.String()+"/end")
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	m, err := a.loadMine(r)
	if err != nil {
		return err
	}
	m.Wrong = trouble
	m.Leave = leaveForm{r.FormValue("start_day"), r.FormValue("start_at"), r.FormValue("end_day"), r.FormValue("end_at"), r.FormValue("kind"), r.FormValue("deputy")}
	ui.Render(w, r, trouble.Status, minePage(m))
	return nil
}

func (a area) endLeave(w http.ResponseWriter, r *http.Request) error {
	key, err := id.Read[shift.LeaveID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such leave.")
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return shift.EndLeave(ctx, tx, key) }); err != nil {
		return err
	}
	return done(w, r, "/coverage/mine", "leave_ended", "")
}
