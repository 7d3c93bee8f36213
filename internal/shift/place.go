package shift

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const (
	mostLength = 31 * 24 * 60 // minutes of a shift that is planned by hand
	mostPeople = 20
)

// Place plans a shift by hand.
func Place(ctx context.Context, tx *db.Tx, s Single) (SingleID, ChangeID, error) {
	change := ChangeID(tx.NewID())
	id, err := place1(ctx, tx, s, change)
	if err != nil {
		return 0, 0, err
	}
	return id, change, tell(ctx, tx, s.Rota)
}

func place1(ctx context.Context, tx *db.Tx, s Single, change ChangeID) (SingleID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	if _, err := Get(ctx, tx, s.Rota); err != nil {
		return 0, err
	}
	people, last, err := s.checked(ctx, tx)
	if err != nil {
		return 0, err
	}
	s.ID = SingleID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO shift_single (id, rota_id, people, day, from_min, length_min, weekly, last_day, group_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.ID, s.Rota, people, s.Day.String(), s.From, s.Length, s.Weekly, last, change)
	if err != nil {
		return 0, err
	}
	return s.ID, event.Record(ctx, tx, Placed{s.Rota, s.ID, s.People, false})
}

// checked finds what is wrong with a single, and gives its people and its last day as they are kept.
func (s *Single) checked(ctx context.Context, tx *db.Tx) (people, last string, err error) {
	slices.Sort(s.People)
	s.People = slices.Compact(s.People)
	names, err := team.Names(ctx, tx)
	if err != nil {
		return "", "", err
	}
	var c problem.Check
	c.That(len(s.People) > 0, "people", "Choose at least one person.")
	c.That(len(s.People) <= mostPeople, "people", "At most %d people stand together.", mostPeople)
	for _, p := range s.People {
		c.That(names[p] != "", "people", "There is no such person.")
	}
	c.That(sensible(s.Day), "day", "Enter a day.")
	c.That(s.From >= 0 && s.From < 24*60, "from", "Enter a time such as 09:00.")
	c.That(s.Length >= 15 && s.Length <= mostLength, "until", "A shift lasts from %d minutes to %d days.", 15, mostLength/(24*60))
	c.That(!s.Weekly || s.Length <= 7*24*60, "until", "What comes each week lasts a week at most.")
	c.That(s.Last == hours.Date{} || s.Last.Compare(s.Day) >= 0, "last", "The last day is before the first.")
	if err := c.Err(); err != nil {
		return "", "", err
	}
	if s.Weekly && s.Last != (hours.Date{}) {
		last = s.Last.String()
	}
	b, err := json.Marshal(s.People)
	return string(b), last, err
}

// GetSingle returns a shift that was planned by hand.
func GetSingle(ctx context.Context, tx *db.Tx, rota RotaID, id SingleID) (Single, error) {
	s, err := db.One(ctx, tx, scanSingle, `SELECT `+singleColumns+` FROM shift_single WHERE id = $1 AND rota_id = $2 AND people <> '[]'`, id, rota)
	return must(s, err, "There is no such shift.")
}

// Singles are the shifts of a rota that were planned by hand and are not over, by their first day.
func Singles(ctx context.Context, tx *db.Tx, rota RotaID, from hours.Date) ([]Single, error) {
	return db.All(ctx, tx, scanSingle, `SELECT `+singleColumns+` FROM shift_single
		WHERE rota_id = $1 AND people <> '[]' AND (day >= $2 OR weekly AND (last_day = '' OR last_day >= $2)) ORDER BY day, from_min, id`, rota, from.String())
}

// Replace makes a shift that was planned by hand another; of a weekly one all weeks.
func Replace(ctx context.Context, tx *db.Tx, id SingleID, s Single) (ChangeID, error) {
	change := ChangeID(tx.NewID())
	if err := replace(ctx, tx, id, s, change); err != nil {
		return 0, err
	}
	return change, tell(ctx, tx, s.Rota)
}

func replace(ctx context.Context, tx *db.Tx, id SingleID, s Single, change ChangeID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	was, err := GetSingle(ctx, tx, s.Rota, id)
	if err != nil {
		return err
	}
	people, last, err := s.checked(ctx, tx)
	if err != nil {
		return err
	}
	s.ID = id
	if err := was.become(ctx, tx, s, people, last, change); err != nil {
		return err
	}
	return event.Record(ctx, tx, Placed{s.Rota, id, s.People, true})
}

// kept is what a single was before a change, so that one change after the other can be undone.
type kept struct {
	Single
	Group  ChangeID
	Before string // of the change before that
}

const longestBefore = 8 << 10 // that is some ten changes

func (s Single) become(ctx context.Context, tx *db.Tx, now Single, people, last string, change ChangeID) error {
	was := kept{Single: s}
	err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&was.Group, &was.Before) }, `SELECT group_id, previous FROM shift_single WHERE id = $1`, s.ID)
	if err != nil {
		return err
	}
	if len(was.Before) > longestBefore {
		was.Before = ""
	}
	before, err := json.Marshal(was)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE shift_single SET people = $2, day = $3, from_min = $4, length_min = $5, weekly = $6, last_day = $7, group_id = $8, previous = $9 WHERE id = $1`,
		s.ID, people, now.Day.String(), now.From, now.Length, now.Weekly, last, change, string(before))
	return err
}

// Remove takes a shift away that was planned by hand; of a weekly one all weeks.
func Remove(ctx context.Context, tx *db.Tx, rota RotaID, id SingleID) (ChangeID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	s, err := GetSingle(ctx, tx, rota, id)
	if err != nil {
		return 0, err
	}
	last := ""
	if s.Last != (hours.Date{}) {
		last = s.Last.String()
	}
	change := ChangeID(tx.NewID())
	if err := s.become(ctx, tx, s, `[]`, last, change); err != nil {
		return 0, err
	}
	if err := event.Record(ctx, tx, Removed{rota, id}); err != nil {
		return 0, err
	}
	return change, tell(ctx, tx, rota)
}

// Where is what a turn becomes by hand.
type Where struct {
	Person team.ID // 0: nobody
	From   time.Time
	Until  time.Time
}

// Move gives one turn, that is named by its key, to somebody, or another time. Where it comes again and again only this one
// is another.
func Move(ctx context.Context, tx *db.Tx, rota RotaID, key string, from time.Time, to Where) (ChangeID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	b, t, err := find(ctx, tx, rota, key, from)
	if err != nil {
		return 0, err
	}
	to.From, to.Until = to.From.Truncate(time.Minute), to.Until.Truncate(time.Minute)
	change := ChangeID(tx.NewID())
	if err := b.move(ctx, tx, t, to, change); err != nil {
		return 0, err
	}
	return change, tell(ctx, tx, rota)
}

// find is a turn as it is planned now.
func find(ctx context.Context, tx *db.Tx, rota RotaID, key string, from time.Time) (Book, Turn, error) {
	b, err := LoadOne(ctx, tx, rota, from, from.Add(time.Minute))
	if err != nil {
		return b, Turn{}, err
	}
	for _, t := range b.Plan(from, from.Add(time.Minute)) {
		if t.Key == key {
			return b, t, nil
		}
	}
	return b, Turn{}, problem.New(problem.Conflict, "The plan was changed meanwhile. Look at it again.")
}

func (b Book) move(ctx context.Context, tx *db.Tx, t Turn, to Where, change ChangeID) error {
	moved := !to.From.Equal(t.From) || !to.Until.Equal(t.Until)
	if to.Person == t.Person && !moved {
		return problem.New(problem.Invalid, "Choose another person or another time.")
	}
	s := SingleOf(b.Rota, to)
	if k := slices.IndexFunc(b.Singles, func(s Single) bool { return s.ID == t.Single }); k >= 0 && t.Why == BySingle && to.Person != 0 && !b.Singles[k].Weekly && len(b.Singles[k].People) == 1 {
		return replace(ctx, tx, t.Single, s, change)
	}
	o := Override{Rota: t.Rota, From: t.From, Until: t.Until, Instead: t.seat(), Person: to.Person, Group: change}
	if !moved {
		_, err := o.put(ctx, tx)
		return err
	}
	o.Person = 0
	if _, err := o.put(ctx, tx); err != nil || to.Person == 0 {
		return err
	}
	_, err := place1(ctx, tx, s, change)
	return err
}

// SingleOf is a shift of one person as the wall of the rota's zone shows it.
func SingleOf(r Rota, to Where) Single {
	zone := r.Place()
	at := to.From.In(zone)
	length := hours.Wall(to.Until.In(zone)).Sub(hours.Wall(at))
	return Single{Rota: r.ID, People: []team.ID{to.Person}, Day: hours.DateOf(at, zone), From: at.Hour()*60 + at.Minute(), Length: int(length.Round(time.Minute) / time.Minute)}
}

// FindTurn is a turn as it is planned now, with its rota.
func FindTurn(ctx context.Context, tx *db.Tx, ref Ref) (Rota, Turn, error) {
	b, t, err := find(ctx, tx, ref.Rota, ref.Key, ref.From)
	return b.Rota, t, err
}

// seat is whose place one has to take to take a turn over.
func (t Turn) seat() team.ID {
	if t.Why == AsDeputy {
		return t.Instead
	}
	return t.Person
}

// Undo takes a change by hand back.
func Undo(ctx context.Context, tx *db.Tx, rota RotaID, change ChangeID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, rota); err != nil {
		return err
	}
	n, err := undoOverrides(ctx, tx, `rota_id = $1 AND group_id = $2 AND swap_id = 0`, rota, change)
	if err != nil {
		return err
	}
	type row struct {
		id     SingleID
		before string
	}
	singles, err := db.All(ctx, tx, func(r db.Row) (k row, err error) { return k, r.Scan(&k.id, &k.before) },
		`SELECT id, previous FROM shift_single WHERE rota_id = $1 AND group_id = $2 ORDER BY id`, rota, change)
	if err != nil {
		return err
	}
	for _, k := range singles {
		if err := restore(ctx, tx, rota, k.id, k.before); err != nil {
			return err
		}
	}
	if n+len(singles) == 0 {
		return problem.New(problem.Conflict, "There is nothing to undo.")
	}
	return tell(ctx, tx, rota)
}

// restore makes a single what it was; what was not there goes.
func restore(ctx context.Context, tx *db.Tx, rota RotaID, id SingleID, before string) error {
	if before == "" {
		if _, err := tx.Exec(ctx, `DELETE FROM shift_single WHERE id = $1`, id); err != nil {
			return err
		}
		return event.Record(ctx, tx, Removed{rota, id})
	}
	var s kept
	if err := json.Unmarshal([]byte(before), &s); err != nil {
		return err
	}
	people, last, err := s.checked(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE shift_single SET people = $2, day = $3, from_min = $4, length_min = $5, weekly = $6, last_day = $7, group_id = $8, previous = $9 WHERE id = $1`,
		id, people, s.Day.String(), s.From, s.Length, s.Weekly, last, s.Group, s.Before)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, Placed{rota, id, s.People, true})
}
