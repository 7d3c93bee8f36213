package api

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/shift"
	"baraji/internal/team"
)

func rotas(rt *routes) {
	get(rt, "/rotas", "List the rotas", listRotas)
	post(rt, "/rotas", "Make a rota", makeRota, status(http.StatusCreated))
	get(rt, "/rotas/{id}", "Get a rota", getRota)
	patch(rt, "/rotas/{id}", "Change a rota", changeRota, about("What is not named stays. Layers are replaced as a whole."))
	remove(rt, "/rotas/{id}", "Delete a rota", deleteRota)
	get(rt, "/rotas/{id}/turns", "List whose turn it is from an instant until another", listTurns,
		about("Turns are whole, also where they begin before or end after. Gaps are where the rota has somebody and nobody stands."))
	post(rt, "/rotas/{id}/shifts", "Plan a shift by hand", placeShift, status(http.StatusCreated))
	remove(rt, "/rotas/{id}/shifts/{shift}", "Take a shift away that was planned by hand", removeShift)
	get(rt, "/on-duty", "List who is on duty at an instant, in all rotas", onDuty)
	get(rt, "/overrides", "List overrides that reach into a time", listOverrides)
	post(rt, "/overrides", "Let somebody else stand for a while", setOverride, status(http.StatusCreated))
	remove(rt, "/overrides/{id}", "Take an override back", unsetOverride)
	get(rt, "/swaps", "List swaps of the last month, and those that are asked", listSwaps)
	post(rt, "/swaps", "Ask somebody to swap a turn", askSwap, status(http.StatusCreated))
	post(rt, "/swaps/{id}/accept", "Accept a swap", swapping(shift.Accept))
	post(rt, "/swaps/{id}/decline", "Decline a swap", swapping(shift.Decline))
	post(rt, "/swaps/{id}/withdraw", "Ask for a swap no longer", swapping(shift.Withdraw))
	post(rt, "/swaps/{id}/undo", "Undo a swap, before one of its turns begins", swapping(shift.UndoSwap))
	get(rt, "/leaves", "List who is away in a time", listLeaves)
	post(rt, "/leaves", "Let somebody be away", takeLeave, status(http.StatusCreated))
	remove(rt, "/leaves/{id}", "End a leave now, or take it back", endLeave)
}

// Rota is who stands at which hour.
type Rota struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Color     int     `json:"color" minimum:"1" maximum:"6"`
	Zone      string  `json:"zone" doc:"Empty: the firm's"`
	Mode      string  `json:"mode" enum:"house,partner,call" doc:"People of the house; of a partner; on call"`
	Team      ref     `json:"team_id" doc:"That it stands for"`
	Notes     bool    `json:"notes" doc:"A hand-over note is due when a turn ends"`
	Layers    []Layer `json:"layers" nullable:"false"`
	Version   int     `json:"version"`
	UpdatedAt stamp   `json:"updated_at"`
}

// Layer is people who take turns.
type Layer struct {
	ID    int         `json:"id,omitempty" doc:"Of its rota; a new one has none"`
	Name  string      `json:"name,omitempty" maxLength:"200"`
	Slots [][]string  `json:"slots" nullable:"false" maxItems:"100" doc:"Ids of people in order; several of one slot stand together"`
	First string      `json:"first" format:"date" doc:"The first turn begins on it, at the hand-over"`
	Last  string      `json:"last,omitempty" format:"date"`
	Hand  string      `json:"hand_over" doc:"Time of day, such as 09:00"`
	Every int         `json:"every" minimum:"1" doc:"Length of a turn"`
	Unit  string      `json:"unit" enum:"hours,days,weeks"`
	Hours []WeekHours `json:"hours,omitempty" nullable:"false" maxItems:"20" doc:"Of the week; none is all of them"`
	Level int         `json:"level,omitempty" minimum:"0" maximum:"9" doc:"Of layers that hold at the same time the highest stand"`
}

// WeekHours is the same hours on some days.
type WeekHours struct {
	Days []string `json:"days" nullable:"false" enum:"mon,tue,wed,thu,fri,sat,sun"`
	From string   `json:"from" doc:"Such as 22:00"`
	To   string   `json:"to" doc:"No later than from: on the next day"`
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func showRota(r shift.Rota) Rota {
	out := Rota{ID: r.ID.String(), Name: r.Name, Color: r.Color, Zone: r.Zone, Mode: string(r.Mode), Team: refOf(r.Team), Notes: r.Notes, Layers: []Layer{}, Version: r.Version, UpdatedAt: stamp(r.UpdatedAt)}
	for _, l := range r.Layers {
		line := Layer{ID: l.ID, Name: l.Name, Slots: [][]string{}, First: l.First.String(), Hand: clockText(l.Hand), Every: l.Every, Unit: string(l.Unit), Level: l.Level}
		if l.Last != (hours.Date{}) {
			line.Last = l.Last.String()
		}
		for _, slot := range l.Slots {
			var people []string
			for _, p := range slot {
				people = append(people, p.String())
			}
			line.Slots = append(line.Slots, people)
		}
		for _, s := range l.Hours {
			span := WeekHours{From: clockText(s.From), To: clockText(s.To)}
			for _, d := range s.Days {
				span.Days = append(span.Days, weekdays[d])
			}
			line.Hours = append(line.Hours, span)
		}
		out.Layers = append(out.Layers, line)
	}
	return out
}

func clockText(minute int) string { return hours.Block{From: minute}.String()[:5] }

// clockOf reads a time of day; what is none is -1, which shift refuses.
func clockOf(text string) int {
	if text == "24:00" {
		return 24 * 60
	}
	at, err := time.Parse("15:04", text)
	if err != nil {
		return -1
	}
	return at.Hour()*60 + at.Minute()
}

func layersOf(given []Layer) (out []shift.Layer, err error) {
	for _, g := range given {
		l := shift.Layer{ID: g.ID, Name: g.Name, Hand: clockOf(g.Hand), Every: min(g.Every, 10_000), Unit: shift.Unit(g.Unit), Level: g.Level}
		l.First, _ = hours.ParseDate(g.First)
		l.Last, _ = hours.ParseDate(g.Last)
		for _, slot := range g.Slots {
			people, err := namedAll[team.ID]("layers", slot)
			if err != nil {
				return nil, err
			}
			l.Slots = append(l.Slots, people)
		}
		for _, s := range g.Hours {
			span := shift.Span{From: clockOf(s.From), To: clockOf(s.To)}
			for d, name := range weekdays {
				for _, day := range s.Days {
					if day == name {
						span.Days = append(span.Days, time.Weekday(d))
					}
				}
			}
			l.Hours = append(l.Hours, span)
		}
		out = append(out, l)
	}
	return out, nil
}

// Who may act at all sees who stands when.
func listRotas(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Rota], error) {
	l, err := shift.Rotas(ctx, tx)
	return all(l, showRota), err
}

func getRota(ctx context.Context, tx *db.Tx, in *one) (Rota, error) {
	id, err := target[shift.RotaID](in.ID)
	if err != nil {
		return Rota{}, err
	}
	r, err := shift.Get(ctx, tx, id)
	if err != nil {
		return Rota{}, err
	}
	return showRota(r), nil
}

// newRota makes a rota.
type newRota struct {
	Body struct {
		Name   string  `json:"name" maxLength:"200"`
		Color  int     `json:"color,omitempty" minimum:"1" maximum:"6"`
		Zone   string  `json:"zone,omitempty" maxLength:"100" doc:"Such as Asia/Seoul; the firm's unless said"`
		Mode   string  `json:"mode" enum:"house,partner,call"`
		Team   string  `json:"team_id,omitempty"`
		Notes  bool    `json:"notes,omitempty"`
		Layers []Layer `json:"layers,omitempty" nullable:"false" maxItems:"20"`
	}
}

func makeRota(ctx context.Context, tx *db.Tx, in *newRota) (Rota, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Rota{}, err
	}
	b := in.Body
	r := shift.Rota{Name: b.Name, Color: b.Color, Zone: b.Zone, Mode: shift.Mode(b.Mode), Notes: b.Notes}
	var err error
	if r.Team, err = named[team.TeamID]("team_id", b.Team); err != nil {
		return Rota{}, err
	}
	if r.Layers, err = layersOf(b.Layers); err != nil {
		return Rota{}, err
	}
	id, err := shift.Make(ctx, tx, r)
	if err != nil {
		return Rota{}, err
	}
	return getRota(ctx, tx, &one{ID: id.String()})
}

// rotaPatch changes a rota.
type rotaPatch struct {
	ID   string `path:"id"`
	Body struct {
		Name    *string  `json:"name,omitempty" maxLength:"200"`
		Color   *int     `json:"color,omitempty" minimum:"1" maximum:"6"`
		Zone    *string  `json:"zone,omitempty" maxLength:"100"`
		Mode    *string  `json:"mode,omitempty" enum:"house,partner,call"`
		Team    *string  `json:"team_id,omitempty"`
		Notes   *bool    `json:"notes,omitempty"`
		Layers  *[]Layer `json:"layers,omitempty" maxItems:"20"`
		Version *int     `json:"version,omitempty" doc:"That the change began with: refused where it is another now"`
	}
}

func changeRota(ctx context.Context, tx *db.Tx, in *rotaPatch) (Rota, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Rota{}, err
	}
	id, err := target[shift.RotaID](in.ID)
	if err != nil {
		return Rota{}, err
	}
	r, err := shift.Get(ctx, tx, id)
	if err != nil {
		return Rota{}, err
	}
	b, version := in.Body, r.Version
	if b.Version != nil {
		version = *b.Version
	}
	if b.Name != nil {
		r.Name = *b.Name
	}
	if b.Color != nil {
		r.Color = *b.Color
	}
	if b.Zone != nil {
		r.Zone = *b.Zone
	}
	if b.Mode != nil {
		r.Mode = shift.Mode(*b.Mode)
	}
	if b.Notes != nil {
		r.Notes = *b.Notes
	}
	if b.Team != nil {
		if r.Team, err = named[team.TeamID]("team_id", *b.Team); err != nil {
			return Rota{}, err
		}
	}
	if b.Layers != nil {
		if r.Layers, err = layersOf(*b.Layers); err != nil {
			return Rota{}, err
		}
	}
	if err := shift.Change(ctx, tx, id, version, r); err != nil {
		return Rota{}, err
	}
	return getRota(ctx, tx, &one{ID: in.ID})
}

func deleteRota(ctx context.Context, tx *db.Tx, in *one) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	id, err := target[shift.RotaID](in.ID)
	if err != nil {
		return err
	}
	return shift.Delete(ctx, tx, id)
}

// Turn is somebody's turn.
type Turn struct {
	Rota    string `json:"rota_id"`
	Person  string `json:"person_id"`
	From    stamp  `json:"from"`
	Until   stamp  `json:"until"`
	Why     string `json:"why" enum:"layer,shift,override,swap,deputy"`
	Instead ref    `json:"instead_of_id" doc:"Whose place it is"`
	Shift   ref    `json:"shift_id" doc:"That was planned by hand"`
	Key     string `json:"key" doc:"Names the turn for good"`
}

func showTurn(t shift.Turn) Turn {
	return Turn{t.Rota.String(), t.Person.String(), stamp(t.From), stamp(t.Until), string(t.Why), refOf(t.Instead), refOf(t.Single), t.Key}
}

// Stretch is a time from an instant until another.
type Stretch struct {
	From  stamp `json:"from"`
	Until stamp `json:"until"`
}

// Turns are whose turn it is, and when nobody stands.
type Turns struct {
	Items []Turn    `json:"items" nullable:"false"`
	Gaps  []Stretch `json:"gaps" nullable:"false"`
}

// mostAhead is how much of a plan is given at once.
const mostAhead = 400 * 24 * time.Hour

// Window is from when until when: the next four weeks unless said.
type Window struct {
	From  time.Time `query:"from" doc:"Now unless said"`
	Until time.Time `query:"until" doc:"Four weeks later unless said"`
}

func (w Window) of(tx *db.Tx) (from, until time.Time, err error) {
	from, until = w.From, w.Until
	if from.IsZero() {
		from = tx.Now()
	}
	if until.IsZero() {
		until = from.AddDate(0, 0, 28)
	}
	switch {
	case !from.Before(until):
		err = problem.For("until", "The end is not after the beginning.")
	case until.Sub(from) > mostAhead || from.Year() < 2000 || until.Year() >= 2200:
		err = problem.For("until", "At most %d days.", int(mostAhead.Hours()/24))
	}
	return from, until, err
}

type turnsOf struct {
	ID string `path:"id"`
	Window
}

func listTurns(ctx context.Context, tx *db.Tx, in *turnsOf) (Turns, error) {
	out := Turns{Items: []Turn{}, Gaps: []Stretch{}}
	id, err := target[shift.RotaID](in.ID)
	if err != nil {
		return out, err
	}
	from, until, err := in.of(tx)
	if err != nil {
		return out, err
	}
	b, err := shift.LoadOne(ctx, tx, id, from, until)
	if err != nil {
		return out, err
	}
	turns := b.Plan(from, until)
	for _, t := range turns {
		out.Items = append(out.Items, showTurn(t))
	}
	for _, g := range shift.Gaps(b.Needs(from, until), turns) {
		out.Gaps = append(out.Gaps, Stretch{stamp(g.From), stamp(g.Until)})
	}
	return out, nil
}

// newShift plans a shift by hand.
type newShift struct {
	ID   string `path:"id"`
	Body struct {
		People []string  `json:"people" nullable:"false" maxItems:"20"`
		From   time.Time `json:"from"`
		Until  time.Time `json:"until"`
		Weekly bool      `json:"weekly,omitempty"`
		Last   string    `json:"last,omitempty" format:"date" doc:"The last day of a weekly one"`
	}
}

// Shift is a shift that was planned by hand.
type Shift struct {
	ID   string `json:"id"`
	Rota string `json:"rota_id"`
}

func placeShift(ctx context.Context, tx *db.Tx, in *newShift) (Shift, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Shift{}, err
	}
	id, err := target[shift.RotaID](in.ID)
	if err != nil {
		return Shift{}, err
	}
	r, err := shift.Get(ctx, tx, id)
	if err != nil {
		return Shift{}, err
	}
	s := shift.SingleOf(r, shift.Where{From: in.Body.From, Until: in.Body.Until})
	if s.People, err = namedAll[team.ID]("people", in.Body.People); err != nil {
		return Shift{}, err
	}
	s.Weekly = in.Body.Weekly
	s.Last, _ = hours.ParseDate(in.Body.Last)
	made, _, err := shift.Place(ctx, tx, s)
	return Shift{made.String(), id.String()}, err
}

type aShift struct {
	ID    string `path:"id"`
	Shift string `path:"shift"`
}

func removeShift(ctx context.Context, tx *db.Tx, in *aShift) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	id, err := target[shift.RotaID](in.ID)
	if err != nil {
		return err
	}
	single, err := target[shift.SingleID](in.Shift)
	if err != nil {
		return err
	}
	_, err = shift.Remove(ctx, tx, id, single)
	return err
}

// Duty is somebody who is on duty.
type Duty struct {
	Person string   `json:"person_id"`
	Rotas  []string `json:"rota_ids" nullable:"false"`
}

type instant struct {
	At time.Time `query:"at" doc:"Now unless said"`
}

func onDuty(ctx context.Context, tx *db.Tx, in *instant) (page[Duty], error) {
	out := page[Duty]{Items: []Duty{}}
	at := in.At
	if at.IsZero() {
		at = tx.Now()
	}
	if at.Year() < 2000 || at.Year() >= 2200 {
		return out, problem.For("at", "Enter a day.")
	}
	working, err := shift.Working(ctx, tx, at)
	if err != nil {
		return out, err
	}
	for _, person := range sortedKeys(working) {
		d := Duty{Person: person.String(), Rotas: []string{}}
		for _, r := range working[person] {
			d.Rotas = append(d.Rotas, r.String())
		}
		out.Items = append(out.Items, d)
	}
	return out, nil
}
