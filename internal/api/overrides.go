package api

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/shift"
	"baraji/internal/team"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// Override is somebody else who stands for a while.
type Override struct {
	ID      string `json:"id"`
	Rota    string `json:"rota_id"`
	From    stamp  `json:"from"`
	Until   stamp  `json:"until"`
	Instead ref    `json:"instead_of_id" doc:"Null: of whoever stands"`
	Person  ref    `json:"person_id" doc:"Null: nobody"`
	Swap    ref    `json:"swap_id"`
	By      ref    `json:"by_id"`
}

func showOverride(o shift.Override) Override {
	return Override{o.ID.String(), o.Rota.String(), stamp(o.From), stamp(o.Until), refOf(o.Instead), refOf(o.Person), refOf(o.Swap), refOf(o.By)}
}

type overridesOf struct {
	Rota string `query:"rota"`
	Window
}

func listOverrides(ctx context.Context, tx *db.Tx, in *overridesOf) (page[Override], error) {
	rota, err := named[shift.RotaID]("rota", in.Rota)
	if err != nil {
		return page[Override]{}, err
	}
	from, until, err := in.of(tx)
	if err != nil {
		return page[Override]{}, err
	}
	l, err := shift.Overrides(ctx, tx, rota, from, until)
	return all(l, showOverride), err
}

// newOverride lets somebody else stand.
type newOverride struct {
	Body struct {
		Rota    string    `json:"rota_id"`
		From    time.Time `json:"from"`
		Until   time.Time `json:"until"`
		Instead string    `json:"instead_of_id,omitempty" doc:"Of whoever stands unless said"`
		Person  string    `json:"person_id,omitempty" doc:"Nobody unless said"`
	}
}

func setOverride(ctx context.Context, tx *db.Tx, in *newOverride) (Override, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Override{}, err
	}
	o := shift.Override{From: in.Body.From, Until: in.Body.Until}
	var err error
	if o.Rota, err = named[shift.RotaID]("rota_id", in.Body.Rota); err != nil {
		return Override{}, err
	}
	if o.Instead, err = named[team.ID]("instead_of_id", in.Body.Instead); err != nil {
		return Override{}, err
	}
	if o.Person, err = named[team.ID]("person_id", in.Body.Person); err != nil {
		return Override{}, err
	}
	o.By = team.From(ctx).Person
	o.ID, err = shift.Set(ctx, tx, o)
	return showOverride(o), err
}

func unsetOverride(ctx context.Context, tx *db.Tx, in *one) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	id, err := target[shift.OverrideID](in.ID)
	if err != nil {
		return err
	}
	return shift.Unset(ctx, tx, id)
}

// Swap is somebody who asks another to stand for him.
type Swap struct {
	ID      string `json:"id"`
	State   string `json:"state" enum:"asked,swapped,declined,withdrawn,undone"`
	Asker   string `json:"asker_id"`
	Other   string `json:"other_id"`
	Give    Turn   `json:"give"`
	Take    *Turn  `json:"take" doc:"Null: nothing is taken for it"`
	Note    string `json:"note"`
	AskedAt stamp  `json:"asked_at"`
}

func showSwap(s shift.Swap) Swap {
	out := Swap{ID: s.ID.String(), State: string(s.State), Asker: s.Asker.String(), Other: s.Other.String(), Give: showTurn(s.Give), Note: s.Note, AskedAt: stamp(s.AskedAt)}
	if s.Take.Rota != 0 {
		take := showTurn(s.Take)
		out.Take = &take
	}
	return out
}

// listSwaps lists one's own; who plans for all sees all of them.
func listSwaps(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Swap], error) {
	a := team.From(ctx)
	whose := a.Person
	if a.Can(team.ManageSettings) {
		whose = 0
	} else if whose == 0 {
		return all([]shift.Swap{}, showSwap), nil
	}
	l, err := shift.Swaps(ctx, tx, whose)
	return all(l, showSwap), err
}

// TurnRef names a turn.
type TurnRef struct {
	Rota string    `json:"rota_id"`
	Key  string    `json:"key" maxLength:"200"`
	From time.Time `json:"from"`
}

func (r *TurnRef) read(field string) (out shift.Ref, err error) {
	if r == nil {
		return out, nil
	}
	out.Rota, err = named[shift.RotaID](field, r.Rota)
	out.Key, out.From = r.Key, r.From
	return out, err
}

// newSwap asks somebody.
type newSwap struct {
	Body struct {
		Give  TurnRef  `json:"give" doc:"A turn of the one who asks"`
		Other string   `json:"other_id"`
		Take  *TurnRef `json:"take,omitempty" doc:"A turn of the other"`
		Note  string   `json:"note,omitempty" maxLength:"1000"`
	}
}

func askSwap(ctx context.Context, tx *db.Tx, in *newSwap) (Swap, error) {
	give, err := in.Body.Give.read("give")
	if err != nil {
		return Swap{}, err
	}
	take, err := in.Body.Take.read("take")
	if err != nil {
		return Swap{}, err
	}
	other, err := named[team.ID]("other_id", in.Body.Other)
	if err != nil {
		return Swap{}, err
	}
	id, err := shift.Ask(ctx, tx, give, other, take, in.Body.Note)
	if err != nil {
		return Swap{}, err
	}
	s, err := shift.GetSwap(ctx, tx, id)
	return showSwap(s), err
}

// swapping is an action that moves a swap on.
func swapping(do func(context.Context, *db.Tx, shift.SwapID) error) action[one, Swap] {
	return func(ctx context.Context, tx *db.Tx, in *one) (Swap, error) {
		id, err := target[shift.SwapID](in.ID)
		if err != nil {
			return Swap{}, err
		}
		if err := do(ctx, tx, id); err != nil {
			return Swap{}, err
		}
		s, err := shift.GetSwap(ctx, tx, id)
		return showSwap(s), err
	}
}

// Leave is a time in which somebody stands nowhere.
type Leave struct {
	ID     string `json:"id"`
	Person string `json:"person_id"`
	From   stamp  `json:"from"`
	Until  stamp  `json:"until"`
	Kind   string `json:"kind" doc:"Empty where it is nobody's business"`
	Deputy ref    `json:"deputy_id"`
}

// showLeave says why somebody is away only to himself and to those who manage people.
func showLeave(ctx context.Context, l shift.Leave) Leave {
	out := Leave{l.ID.String(), l.Person.String(), stamp(l.From), stamp(l.Until), "", refOf(l.Deputy)}
	if a := team.From(ctx); a.Person != 0 && a.Person == l.Person || a.Can(team.ManagePeople) {
		out.Kind = string(l.Kind)
	}
	return out
}

func listLeaves(ctx context.Context, tx *db.Tx, in *Window) (page[Leave], error) {
	from, until, err := in.of(tx)
	if err != nil {
		return page[Leave]{}, err
	}
	l, err := shift.Leaves(ctx, tx, from, until)
	return all(l, func(l shift.Leave) Leave { return showLeave(ctx, l) }), err
}

// newLeave lets somebody be away.
type newLeave struct {
	Body struct {
		Person string    `json:"person_id,omitempty" doc:"Whose token it is unless said"`
		From   time.Time `json:"from"`
		Until  time.Time `json:"until"`
		Kind   string    `json:"kind,omitempty" enum:"holiday,sick,training,other" doc:"holiday unless said"`
		Deputy string    `json:"deputy_id,omitempty"`
	}
}

func takeLeave(ctx context.Context, tx *db.Tx, in *newLeave) (Leave, error) {
	l := shift.Leave{Person: team.From(ctx).Person, From: in.Body.From, Until: in.Body.Until, Kind: shift.Kind(cmp.Or(in.Body.Kind, string(shift.Holiday)))}
	person, err := named[team.ID]("person_id", in.Body.Person)
	if err != nil {
		return Leave{}, err
	}
	l.Person = cmp.Or(person, l.Person)
	if l.Deputy, err = named[team.ID]("deputy_id", in.Body.Deputy); err != nil {
		return Leave{}, err
	}
	l.ID, err = shift.TakeLeave(ctx, tx, l)
	return showLeave(ctx, l), err
}

func endLeave(ctx context.Context, tx *db.Tx, in *one) error {
	id, err := target[shift.LeaveID](in.ID)
	if err != nil {
		return err
	}
	return shift.EndLeave(ctx, tx, id)
}
