package shift

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const rotaColumns = `r.id, r.name, r.color, r.zone, r.mode, r.team_id, r.notes, r.layers, r.version, r.updated_at`

func scanRota(row db.Row) (r Rota, err error) {
	var layers string
	err = row.Scan(&r.ID, &r.Name, &r.Color, &r.Zone, &r.Mode, &r.Team, &r.Notes, &layers, &r.Version, db.Time(&r.UpdatedAt))
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal([]byte(layers), &r.Layers)
}

// Rotas lists the rotas by name.
func Rotas(ctx context.Context, tx *db.Tx) ([]Rota, error) { return rotas(ctx, tx, `TRUE`) }

// Get returns a rota.
func Get(ctx context.Context, tx *db.Tx, id RotaID) (Rota, error) {
	list, err := rotas(ctx, tx, `r.id = $1`, id)
	if err == nil && len(list) == 0 {
		err = problem.New(problem.NotFound, "There is no such rota.")
	}
	if err != nil {
		return Rota{}, err
	}
	return list[0], nil
}

func rotas(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Rota, error) {
	list, err := db.All(ctx, tx, scanRota, `SELECT `+rotaColumns+` FROM shift_rota r WHERE `+where+` ORDER BY r.name_key`, args...)
	if err != nil || len(list) == 0 {
		return list, err
	}
	firm, err := team.GetFirm(ctx, tx)
	for i := range list {
		list[i].zone = hours.Zone(list[i].Zone, firm.Zone)
	}
	return list, err
}

// Load reads all that decides who stands from an instant until another, in each rota by its name: five statements, however
// many rotas there are.
func Load(ctx context.Context, tx *db.Tx, from, until time.Time) ([]Book, error) {
	list, err := Rotas(ctx, tx)
	if err != nil {
		return nil, err
	}
	return books(ctx, tx, list, from, until)
}

// LoadOne does so for one rota.
func LoadOne(ctx context.Context, tx *db.Tx, id RotaID, from, until time.Time) (Book, error) {
	r, err := Get(ctx, tx, id)
	if err != nil {
		return Book{}, err
	}
	list, err := books(ctx, tx, []Rota{r}, from, until)
	if err != nil {
		return Book{}, err
	}
	return list[0], nil
}

func books(ctx context.Context, tx *db.Tx, list []Rota, from, until time.Time) ([]Book, error) {
	if len(list) == 0 {
		return nil, nil
	}
	wide := longestTurn
	for _, r := range list {
		for _, l := range r.Layers {
			wide = max(wide, l.step())
		}
	}
	from, until = from.Add(-wide), until.Add(wide) // turns are planned whole
	early := day(from, -mostLength/(24*60)-2)
	var a db.Args
	only := `TRUE`
	if len(list) == 1 {
		only = `rota_id = ` + a.Add(list[0].ID)
	}
	singles, err := db.All(ctx, tx, scanSingle, `SELECT `+singleColumns+` FROM shift_single
		WHERE `+only+` AND people <> '[]' AND day <= `+a.Add(day(until, 1))+` AND (weekly AND (last_day = '' OR last_day >= `+a.Add(early)+`) OR day >= `+a.Add(early)+`)
		ORDER BY id`, a.List()...)
	if err != nil {
		return nil, err
	}
	var b db.Args
	if len(list) == 1 {
		only = `rota_id = ` + b.Add(list[0].ID)
	}
	overrides, err := db.All(ctx, tx, scanOverride, `SELECT `+overrideColumns+` FROM shift_override
		WHERE `+only+` AND until_at > `+b.Add(from)+` AND from_at < `+b.Add(until)+` ORDER BY id`, b.List()...)
	if err != nil {
		return nil, err
	}
	leaves, err := Leaves(ctx, tx, from, until)
	if err != nil {
		return nil, err
	}
	out := make([]Book, len(list))
	at := map[RotaID]*Book{}
	for i, r := range list {
		out[i] = Book{Rota: r, Leaves: leaves}
		at[r.ID] = &out[i]
	}
	for _, s := range singles {
		at[s.Rota].Singles = append(at[s.Rota].Singles, s)
	}
	for _, o := range overrides {
		at[o.Rota].Overrides = append(at[o.Rota].Overrides, o)
	}
	return out, nil
}

// day is a date some days off, as it is kept.
func day(at time.Time, off int) string { return hours.DateOf(at, time.UTC).Add(off).String() }

// OnDuty is who stands in a rota at an instant; nobody who is away.
func OnDuty(ctx context.Context, tx *db.Tx, rota RotaID, at time.Time) ([]team.ID, error) {
	b, err := LoadOne(ctx, tx, rota, at, at)
	if err != nil {
		return nil, err
	}
	return b.At(at), nil
}

// Working is everybody who stands somewhere at an instant, and in which rotas.
func Working(ctx context.Context, tx *db.Tx, at time.Time) (map[team.ID][]RotaID, error) {
	list, err := Load(ctx, tx, at, at)
	if err != nil {
		return nil, err
	}
	out := map[team.ID][]RotaID{}
	for _, b := range list {
		for _, person := range b.At(at) {
			out[person] = append(out[person], b.Rota.ID)
		}
	}
	return out, nil
}

// Away is who is away at an instant, with his leave: one with a deputy before one without.
func Away(ctx context.Context, tx *db.Tx, at time.Time) (map[team.ID]Leave, error) {
	list, err := Leaves(ctx, tx, at, at.Add(1))
	if err != nil {
		return nil, err
	}
	out := map[team.ID]Leave{}
	for _, l := range list {
		if had, away := out[l.Person]; !away || had.Deputy == 0 && l.Deputy != 0 {
			out[l.Person] = l
		}
	}
	return out, nil
}

const singleColumns = `id, rota_id, people, day, from_min, length_min, weekly, last_day`

func scanSingle(r db.Row) (s Single, err error) {
	var people, first, last string
	if err = r.Scan(&s.ID, &s.Rota, &people, &first, &s.From, &s.Length, &s.Weekly, &last); err != nil {
		return s, err
	}
	if s.Day, err = hours.ParseDate(first); err != nil {
		return s, err
	}
	if last != "" {
		s.Last, err = hours.ParseDate(last)
	}
	return s, errors.Join(err, json.Unmarshal([]byte(people), &s.People))
}

const overrideColumns = `id, rota_id, from_at, until_at, instead_id, person_id, swap_id, group_id, made_by, made_at`

func scanOverride(r db.Row) (o Override, err error) {
	return o, r.Scan(&o.ID, &o.Rota, db.Time(&o.From), db.Time(&o.Until), &o.Instead, &o.Person, &o.Swap, &o.Group, &o.By, db.Time(&o.MadeAt))
}

const leaveColumns = `id, person_id, from_at, until_at, kind, deputy_id, made_by, made_at`

func scanLeave(r db.Row) (l Leave, err error) {
	return l, r.Scan(&l.ID, &l.Person, db.Time(&l.From), db.Time(&l.Until), &l.Kind, &l.Deputy, &l.By, db.Time(&l.MadeAt))
}

// Leaves are the leaves that reach into a time, by their beginning.
func Leaves(ctx context.Context, tx *db.Tx, from, until time.Time) ([]Leave, error) {
	return db.All(ctx, tx, scanLeave, `SELECT `+leaveColumns+` FROM shift_leave WHERE until_at > $1 AND from_at < $2 ORDER BY from_at, id`, from, until)
}
