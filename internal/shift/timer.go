package shift

import (
	"context"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

// Tick is the job that tells whose turns began and ended in a rota.
type Tick struct {
	Rota RotaID `json:"rota"`
}

// JobKind names the job.
func (Tick) JobKind() string { return "shift.tick" }

func tickKey(id RotaID) string { return "shift.tick/" + id.String() }

const (
	lateAfter = time.Minute         // told later than that after its time, something is told as late
	ahead     = 35 * 24 * time.Hour // how far the next turn is looked for before one looks again
)

// Ticked does the Tick job.
func Ticked(ctx context.Context, tx *db.Tx, id RotaID) error {
	there, err := db.Exists(ctx, tx, `SELECT 1 FROM shift_rota WHERE id = $1`, id)
	if err != nil || !there {
		return err
	}
	return tell(ctx, tx, id)
}

// tellAll tells in every rota: for changes that may concern any.
func tellAll(ctx context.Context, tx *db.Tx) error {
	told, since := map[RotaID]time.Time{}, tx.Now()
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id RotaID
		var at time.Time
		err := r.Scan(&id, db.Time(&at))
		told[id], since = at, sooner(since, at)
		return err
	}, `SELECT id, told_at FROM shift_rota ORDER BY id`)
	if err != nil {
		return err
	}
	list, err := Load(ctx, tx, since, tx.Now().Add(ahead))
	if err != nil {
		return err
	}
	for _, b := range list {
		if err := b.tell(ctx, tx, told[b.Rota.ID]); err != nil {
			return err
		}
	}
	return nil
}

// tell tells of one rota.
func tell(ctx context.Context, tx *db.Tx, id RotaID) error {
	told, err := db.One(ctx, tx, func(r db.Row) (t time.Time, err error) { return t, r.Scan(db.Time(&t)) }, `SELECT told_at FROM shift_rota WHERE id = $1`, id)
	if err != nil {
		return err
	}
	b, err := LoadOne(ctx, tx, id, told, later(tx.Now(), told).Add(ahead))
	if err != nil {
		return err
	}
	return b.tell(ctx, tx, told)
}

// tell tells what became of the turns of a rota since that was done last: at each instant at which they change, and at this
// one for a plan that was changed. Then it sets the next Tick. A clock that was put back tells nothing again.
func (b Book) tell(ctx context.Context, tx *db.Tx, told time.Time) error {
	id := b.Rota.ID
	stood, err := standingSince(ctx, tx, id)
	if err != nil {
		return err
	}
	now := later(tx.Now(), told)
	turns := b.Plan(told, now.Add(ahead))
	next := now.Add(ahead)
	cuts := []time.Time{now}
	for _, t := range turns {
		for _, at := range []time.Time{t.From, t.Until} {
			switch {
			case at.After(told) && at.Before(now):
				cuts = append(cuts, at)
			case at.After(now):
				next = sooner(next, at)
			}
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	for _, at := range slices.CompactFunc(cuts, time.Time.Equal) {
		if err := tellAt(ctx, tx, b.Rota, stood, turns, at); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE shift_rota SET told_at = $2 WHERE id = $1`, id, now); err != nil {
		return err
	}
	return job.Replace(ctx, tx, Tick{id}, job.Options{At: next, Key: tickKey(id), Lane: id.String()})
}

// hush takes away what would tell of a rota.
func hush(ctx context.Context, tx *db.Tx, id RotaID) error { return job.Cancel(ctx, tx, tickKey(id)) }

// standingSince is who stands in a rota as it was told, and since when.
func standingSince(ctx context.Context, tx *db.Tx, id RotaID) (map[team.ID]time.Time, error) {
	out := map[team.ID]time.Time{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var person team.ID
		var since time.Time
		err := r.Scan(&person, db.Time(&since))
		out[person] = since
		return err
	}, `SELECT person_id, since_at FROM shift_standing WHERE rota_id = $1 ORDER BY person_id`, id)
}

// tellAt tells who came and went at an instant, and keeps who stands: first who went, so that nobody is told of two.
func tellAt(ctx context.Context, tx *db.Tx, r Rota, stood map[team.ID]time.Time, turns []Turn, at time.Time) error {
	late := tx.Now().Sub(at) > lateAfter
	var here []team.ID
	for _, t := range turns {
		if !at.Before(t.From) && at.Before(t.Until) && !slices.Contains(here, t.Person) {
			here = append(here, t.Person)
		}
	}
	var went []team.ID
	for person := range stood {
		if !slices.Contains(here, person) {
			went = append(went, person)
		}
	}
	slices.Sort(went)
	for _, person := range went {
		if _, err := tx.Exec(ctx, `DELETE FROM shift_standing WHERE rota_id = $1 AND person_id = $2`, r.ID, person); err != nil {
			return err
		}
		f := TurnEnded{r.ID, person, stood[person], at, late}
		delete(stood, person)
		if err := noteDue(ctx, tx, r, f); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, f); err != nil {
			return err
		}
	}
	for _, person := range here {
		if _, stands := stood[person]; stands {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO shift_standing (rota_id, person_id, since_at) VALUES ($1, $2, $3)`, r.ID, person, at); err != nil {
			return err
		}
		stood[person] = at
		if err := event.Record(ctx, tx, TurnBegan{r.ID, person, at, late}); err != nil {
			return err
		}
	}
	return nil
}
