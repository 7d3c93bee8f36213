package routing

import (
	"context"
	"slices"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// unseenAfter is how long somebody whom no rota has may not have been at the desk to be given something.
const unseenAfter = 8 * time.Hour

// Look reads what is known of the house at a moment. Of another moment than now it takes people as they are now: who is on duty and
// on leave then is planned, who will be full is not.
func Look(ctx context.Context, tx *db.Tx, at time.Time) (Situation, error) {
	l, err := Get(ctx, tx)
	if err != nil {
		return blank(at), err
	}
	return look(ctx, tx, at, l)
}

// look is Look by lists that were read.
func look(ctx context.Context, tx *db.Tx, at time.Time, l Lists) (Situation, error) {
	in, err := blank(at), error(nil)
	in.Lists = l
	if in.Hours, err = allHours(ctx, tx); err != nil {
		return in, err
	}
	duty, err := in.rotas(ctx, tx)
	if err != nil {
		return in, err
	}
	return in, in.people(ctx, tx, duty)
}

func blank(at time.Time) Situation {
	return Situation{At: at, Teams: map[team.TeamID][]team.ID{}, OnDuty: map[shift.RotaID][]team.ID{}, Rotas: map[team.TeamID]bool{}, Stands: map[shift.RotaID]team.TeamID{}}
}

// rotas reads who stands where; it gives everybody on duty.
func (in *Situation) rotas(ctx context.Context, tx *db.Tx) (map[team.ID]bool, error) {
	list, err := shift.Rotas(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		in.Stands[r.ID] = r.Team
		if r.Team != 0 && r.Mode != shift.OnCall {
			in.Rotas[r.Team] = true
		}
	}
	duty := map[team.ID]bool{}
	working, err := shift.Working(ctx, tx, in.At)
	for p, rotas := range working {
		duty[p] = true
		for _, r := range rotas {
			in.OnDuty[r] = append(in.OnDuty[r], p)
		}
	}
	return duty, err
}

// people reads everybody who may answer.
func (in *Situation) people(ctx context.Context, tx *db.Tx, duty map[team.ID]bool) error {
	list, err := team.People(ctx, tx, team.Filter{State: team.Active})
	if err != nil {
		return err
	}
	desks, err := Desks(ctx, tx)
	if err != nil {
		return err
	}
	away, err := shift.Away(ctx, tx, in.At)
	if err != nil {
		return err
	}
	roles, err := mayReply(ctx, tx)
	if err != nil {
		return err
	}
	seen, err := team.Seen(ctx, tx, tx.Now().Add(-unseenAfter))
	if err != nil {
		return err
	}
	hands, err := inHand(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range list {
		c := Candidate{Desk: Usual(p.ID), Name: p.Name, Gone: !roles[p.Role], OffDay: !duty[p.ID], Open: hands[p.ID].open, Talks: hands[p.ID].chats, Last: hands[p.ID].last}
		if d, ok := desks[p.ID]; ok {
			c.Desk = d
		}
		leave, onLeave := away[p.ID]
		c.Leave, c.Deputy = onLeave, leave.Deputy
		c.Unseen = !seen[p.ID]
		in.People = append(in.People, c)
		for _, t := range p.Teams {
			in.Teams[t] = append(in.Teams[t], p.ID)
		}
	}
	return nil
}

// mayReply are the roles whose people may answer customers.
func mayReply(ctx context.Context, tx *db.Tx) (map[string]bool, error) {
	roles, err := team.Roles(ctx, tx)
	out := map[string]bool{}
	for _, r := range roles {
		out[r.Name] = slices.Contains(r.Rights, team.Reply)
	}
	return out, err
}

// hand is what somebody has in hand.
type hand struct {
	open, chats int
	last        time.Time
}

// inHand counts what everybody has in hand: open conversations, of which chats, and when he was given the last.
func inHand(ctx context.Context, tx *db.Tx) (map[team.ID]hand, error) {
	out := map[team.ID]hand{}
	err := db.Each(ctx, tx, func(r db.Row) error {
		var p team.ID
		var h hand
		err := r.Scan(&p, &h.open)
		out[p] = h
		return err
	}, `SELECT assignee_id, COUNT(*) FROM conversation WHERE status = 'open' AND assignee_id <> 0 GROUP BY assignee_id`)
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, tx, func(r db.Row) error {
		var p team.ID
		var n int
		err := r.Scan(&p, &n)
		h := out[p]
		h.chats = n
		out[p] = h
		return err
	}, `SELECT assignee_id, COUNT(*) FROM conversation WHERE status = 'open' AND channel = 'chat' AND assignee_id <> 0 GROUP BY assignee_id`)
	if err != nil {
		return nil, err
	}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var p team.ID
		var at time.Time
		err := r.Scan(&p, db.Time(&at))
		h := out[p]
		h.last = at
		out[p] = h
		return err
	}, `SELECT person_id, at FROM routing_last`)
}

// allHours reads the calendars once, for any team and tier.
func allHours(ctx context.Context, tx *db.Tx) (func(team.TeamID, string) hours.Calendar, error) {
	list, err := calendar.List(ctx, tx)
	if err != nil {
		return nil, err
	}
	counted := map[calendar.ID]hours.Calendar{}
	for _, c := range list {
		if counted[c.ID], err = calendar.Hours(ctx, tx, c.ID); err != nil {
			return nil, err
		}
	}
	return func(t team.TeamID, tier string) hours.Calendar { return counted[calendar.Pick(list, t, tier)] }, nil
}
