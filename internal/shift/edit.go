package shift

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const (
	mostRotas   = 2000
	mostLayers  = 20
	mostSlots   = 100
	mostSpans   = 20
	longestName = 60
	longestTurn = 92 * 24 * time.Hour // that an override may last
	mostWeeks   = 26                  // of a turn
)

// Make makes a rota.
func Make(ctx context.Context, tx *db.Tx, r Rota) (RotaID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM shift_rota`)
	if err != nil {
		return 0, err
	}
	if n >= mostRotas {
		return 0, problem.New(problem.Conflict, "There are %d rotas already.", mostRotas)
	}
	r.ID, r.Version = RotaID(tx.NewID()), 1
	layers, err := r.checked(ctx, tx)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO shift_rota (id, name, name_key, color, zone, mode, team_id, notes, layers, version, updated_at, told_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, r.Name, strings.ToLower(r.Name), r.Color, r.Zone, r.Mode, r.Team, r.Notes, layers, r.Version, tx.Now(), tx.Now())
	if err != nil {
		return 0, err
	}
	if err := event.Record(ctx, tx, RotaMade{r.ID}); err != nil {
		return 0, err
	}
	return r.ID, tell(ctx, tx, r.ID)
}

// Change makes a rota another. version is the one that the change began with: what somebody else changed in between is not lost.
func Change(ctx context.Context, tx *db.Tx, id RotaID, version int, r Rota) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	was, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if was.Version != version {
		return problem.New(problem.Conflict, "Somebody else changed this rota meanwhile. Look at it again.")
	}
	before, err := json.Marshal(was)
	if err != nil {
		return err
	}
	r.ID = id
	return r.put(ctx, tx, string(before), version+1, false)
}

// UndoChange makes a rota again what it was before its last change.
func UndoChange(ctx context.Context, tx *db.Tx, id RotaID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	now, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	before, err := db.Value[string](ctx, tx, `SELECT previous FROM shift_rota WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if before == "" {
		return problem.New(problem.Conflict, "There is nothing to undo.")
	}
	var r Rota
	if err := json.Unmarshal([]byte(before), &r); err != nil {
		return err
	}
	r.ID = id
	return r.put(ctx, tx, "", now.Version+1, true)
}

func (r Rota) put(ctx context.Context, tx *db.Tx, before string, version int, undone bool) error {
	layers, err := r.checked(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE shift_rota SET name = $2, name_key = $3, color = $4, zone = $5, mode = $6, team_id = $7, notes = $8, layers = $9,
		version = $10, previous = $11, updated_at = $12 WHERE id = $1`,
		r.ID, r.Name, strings.ToLower(r.Name), r.Color, r.Zone, r.Mode, r.Team, r.Notes, layers, version, before, tx.Now())
	if err != nil {
		return err
	}
	if err := event.Record(ctx, tx, RotaChanged{r.ID, version, undone}); err != nil {
		return err
	}
	return tell(ctx, tx, r.ID)
}

// Delete deletes a rota with all that was planned in it.
func Delete(ctx context.Context, tx *db.Tx, id RotaID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if err := hush(ctx, tx, id); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM shift_rota WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.NotFound, "There is no such rota.")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM shift_feed WHERE rota_id = $1`, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, RotaDeleted{id})
}

// OnTeamDeleted lets go of a team.
func OnTeamDeleted(ctx context.Context, tx *db.Tx, f team.TeamDeleted) error {
	_, err := tx.Exec(ctx, `UPDATE shift_rota SET team_id = 0 WHERE team_id = $1`, f.Team)
	return err
}

// checked puts a rota in order, finds what is wrong with it, and gives its layers as they are kept.
func (r *Rota) checked(ctx context.Context, tx *db.Tx) (layers string, err error) {
	r.Name = strings.Join(strings.Fields(r.Name), " ")
	r.Color = min(max(r.Color, 1), 6)
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM shift_rota WHERE name_key = $1 AND id <> $2`, strings.ToLower(r.Name), r.ID)
	if err != nil {
		return "", err
	}
	names, err := team.Names(ctx, tx)
	if err != nil {
		return "", err
	}
	if r.Team != 0 {
		if _, err := team.GetTeam(ctx, tx, r.Team); err != nil {
			return "", err
		}
	}
	var c problem.Check
	c.That(r.Name != "", "name", "Give the rota a name.")
	c.That(utf8.RuneCountInString(r.Name) <= longestName, "name", "At most %d characters.", longestName)
	c.That(!taken, "name", "There is a rota of this name already.")
	_, bad := time.LoadLocation(r.Zone)
	c.That(bad == nil, "zone", "There is no time zone “%s”.", r.Zone)
	c.That(slices.Contains(Modes, r.Mode), "mode", "Choose who stands here.")
	c.That(len(r.Layers) <= mostLayers, "layers", "At most %d layers.", mostLayers)
	last := 0
	for _, l := range r.Layers {
		last = max(last, l.ID)
	}
	for i := range r.Layers {
		l := &r.Layers[i]
		if l.ID == 0 {
			last++
			l.ID = last
		}
		l.check(&c, strconv.Itoa(i)+".", names)
	}
	if err := c.Err(); err != nil {
		return "", err
	}
	if r.Layers == nil {
		r.Layers = []Layer{}
	}
	b, err := json.Marshal(r.Layers)
	return string(b), err
}

// check finds what is wrong with a layer; its fields are called by its place: 0.people.
func (l *Layer) check(c *problem.Check, at string, names map[team.ID]string) {
	l.Name = strings.Join(strings.Fields(l.Name), " ")
	c.That(utf8.RuneCountInString(l.Name) <= longestName, at+"name", "At most %d characters.", longestName)
	l.Slots = slices.DeleteFunc(l.Slots, func(s []team.ID) bool { return len(s) == 0 })
	c.That(len(l.Slots) > 0, at+"people", "Choose at least one person.")
	c.That(len(l.Slots) <= mostSlots, at+"people", "At most %d people take turns.", mostSlots)
	for _, slot := range l.Slots {
		for _, person := range slot {
			c.That(names[person] != "", at+"people", "There is no such person.")
		}
	}
	c.That(sensible(l.First), at+"first", "Enter the day on which the first turn begins.")
	c.That(l.Last == hours.Date{} || l.Last.Compare(l.First) >= 0, at+"last", "The last day is before the first.")
	c.That(l.Hand >= 0 && l.Hand < 24*60, at+"hand", "Enter a time such as 09:00.")
	c.That(slices.Contains(Units, l.Unit), at+"unit", "Choose how long a turn is.")
	c.That(l.Every >= 1 && l.step() <= mostWeeks*7*24*time.Hour, at+"every", "A turn lasts from one hour to %d weeks.", mostWeeks)
	c.That(l.Level >= 0 && l.Level <= 9, at+"level", "Choose a level from 0 to 9.")
	c.That(len(l.Hours) <= mostSpans, at+"hours", "At most %d lines of hours.", mostSpans)
	for _, s := range l.Hours {
		c.That(len(s.Days) > 0, at+"hours", "Choose days of the week for these hours.")
		c.That(s.From >= 0 && s.From < 24*60 && s.To >= 0 && s.To <= 24*60, at+"hours", "Enter hours such as 09:00-18:00.")
		for _, d := range s.Days {
			c.That(d >= time.Sunday && d <= time.Saturday, at+"hours", "Choose days of the week for these hours.")
		}
	}
}

// sensible says whether a day is one of our time: turns are counted from it.
func sensible(d hours.Date) bool { return d.Year >= 2000 && d.Year < 2200 }

// Draft is a rota as it is planned, and as it would be with another rota in its place, for a time; a problem where that one
// could not be saved. A new rota is planned as nothing.
func Draft(ctx context.Context, tx *db.Tx, r Rota, from, until time.Time) (was, now Book, err error) {
	if _, err := r.checked(ctx, tx); err != nil {
		return was, now, err
	}
	if r.ID != 0 {
		if was, err = LoadOne(ctx, tx, r.ID, from, until); err != nil {
			return was, now, err
		}
	}
	now = was
	if now.Leaves, err = Leaves(ctx, tx, from, until); err != nil {
		return was, now, err
	}
	firm, err := team.GetFirm(ctx, tx)
	r.zone = hours.Zone(r.Zone, firm.Zone)
	now.Rota = r
	return was, now, err
}

// must reads one row, or says what there is not.
func must[T any](one T, err error, format string) (T, error) {
	if errors.Is(err, db.ErrNoRow) {
		err = problem.New(problem.NotFound, format)
	}
	return one, err
}

// CanUndo says whether the last change of a rota can be undone.
func CanUndo(ctx context.Context, tx *db.Tx, id RotaID) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM shift_rota WHERE id = $1 AND previous <> ''`, id)
}
