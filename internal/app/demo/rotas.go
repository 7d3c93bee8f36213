package demo

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// stands makes the rotas of the shop two weeks before now: the desk by day, a partner by night, and who is on call; two stretches
// of the weekend are empty. Somebody asked to swap, somebody is away, and notes were handed over, all but one.
func (s *story) stands() {
	zone, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		panic(err) // the program carries the zones with it
	}
	today := hours.DateOf(s.end, zone)
	monday := today.Add(-(int(today.Weekday())+6)%7 - 14)
	week := []time.Weekday{1, 2, 3, 4, 5}
	var desk, evening, call shift.RotaID
	s.then(s.end.Add(-40*time.Hour), func(ctx context.Context, tx *db.Tx) (err error) {
		desk, err = shift.Make(ctx, tx, shift.Rota{Name: "낮 상담", Color: 1, Mode: shift.InHouse, Team: s.teams["support"], Layers: []shift.Layer{
			{Name: "평일 낮", Slots: s.slots(seoyun, jihu, noah), First: monday, Hand: 9 * 60, Every: 1, Unit: shift.Days, Hours: []shift.Span{{Days: week, From: 9 * 60, To: 15 * 60}}},
			{Name: "평일 오후", Slots: s.slots(gaon, noah, jihu), First: monday, Hand: 9 * 60, Every: 1, Unit: shift.Days, Hours: []shift.Span{{Days: week, From: 12 * 60, To: 18 * 60}}},
		}})
		if err != nil {
			return err
		}
		evening, err = shift.Make(ctx, tx, shift.Rota{Name: "바람데스크 밤", Color: 2, Mode: shift.Partner, Team: s.teams["support"], Notes: true, Layers: []shift.Layer{
			{Slots: s.slots(dodam), First: monday, Hand: 18 * 60, Every: 1, Unit: shift.Weeks, Hours: []shift.Span{
				{Days: week, From: 18 * 60, To: 9 * 60}, {Days: []time.Weekday{6}, From: 17 * 60, To: 2 * 60}, {Days: []time.Weekday{0}, From: 7 * 60, To: 15 * 60},
				{Days: []time.Weekday{0}, From: 21 * 60, To: 9 * 60}}},
		}})
		if err != nil {
			return err
		}
		call, err = shift.Make(ctx, tx, shift.Rota{Name: "당직", Color: 4, Mode: shift.OnCall, Layers: []shift.Layer{
			{Slots: s.slots(gaon, jihu, noah), First: monday, Hand: 9 * 60, Every: 1, Unit: shift.Weeks, Hours: []shift.Span{
				{Days: week, From: 18 * 60, To: 9 * 60}, {Days: []time.Weekday{0, 6}, From: 0, To: 24 * 60}}},
		}})
		if err != nil {
			return err
		}
		if _, _, err = shift.Place(ctx, tx, shift.Single{Rota: desk, People: []team.ID{s.actors[jihu].Person}, Day: monday.Add(5), From: 9 * 60, Length: 6 * 60, Weekly: true}); err != nil {
			return err
		}
		_, _, err = shift.Place(ctx, tx, shift.Single{Rota: desk, People: []team.ID{s.actors[seoyun].Person}, Day: monday.Add(6), From: 15 * 60, Length: 6 * 60, Weekly: true})
		return err
	})
	s.then(s.end.Add(-20*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		_, err := shift.TakeLeave(s.as(ctx, noah), tx, shift.Leave{Person: s.actors[noah].Person, Kind: shift.Holiday, Deputy: s.actors[gaon].Person,
			From: hours.Instant(zone, today.Add(9), 0), Until: hours.Instant(zone, today.Add(12), 0)})
		return err
	})
	s.then(s.end.Add(-3*time.Hour), func(ctx context.Context, tx *db.Tx) error { return s.trades(ctx, tx, desk) })
	s.then(s.end.Add(-2*time.Minute), func(ctx context.Context, tx *db.Tx) error {
		for _, id := range []shift.RotaID{desk, evening, call} {
			if err := shift.Ticked(ctx, tx, id); err != nil {
				return err
			}
		}
		return s.hands(ctx, tx)
	})
}

// trades lets somebody ask the owner to swap a shift of next week.
func (s *story) trades(ctx context.Context, tx *db.Tx, desk shift.RotaID) error {
	b, err := shift.LoadOne(ctx, tx, desk, s.end, s.end.AddDate(0, 0, 14))
	if err != nil {
		return err
	}
	me, other := s.actors[gaon].Person, s.actors[seoyun].Person
	var give, take shift.Turn
	for _, t := range b.Plan(s.end.AddDate(0, 0, 2), s.end.AddDate(0, 0, 12)) {
		switch {
		case give.Rota == 0 && t.Person == me && t.Why == shift.ByLayer:
			give = t
		case give.Rota != 0 && take.Rota == 0 && t.Person == other && t.From.After(give.Until):
			take = t
		}
	}
	if give.Rota == 0 || take.Rota == 0 {
		return nil
	}
	_, err = shift.Ask(s.as(ctx, gaon), tx, shift.Ref{Rota: give.Rota, Key: give.Key, From: give.From}, other, shift.Ref{Rota: take.Rota, Key: take.Key, From: take.From},
		"그날 오전에 병원에 가야 해서요. 부탁드려요!")
	return err
}

// hands writes the notes that are due, all but the oldest.
func (s *story) hands(ctx context.Context, tx *db.Tx) error {
	notes, err := shift.Notes(ctx, tx, s.end.AddDate(0, 0, -3))
	if err != nil {
		return err
	}
	for i, n := range notes {
		if i > 0 && i == len(notes)-1 {
			return nil
		}
		err := shift.WriteNote(s.as(ctx, dodam), tx, n.ID, "밤사이 문의 6건 중 2건은 배송 조회라 바로 답했어요. R-2291은 환불 승인만 남았어요.", "무드등 펌웨어 때문에 같은 문의가 더 올 수 있어요. 알려진 문제 글을 보내 주세요.")
		if err != nil {
			return err
		}
		if i > 0 {
			if err := shift.ReadNote(s.as(ctx, gaon), tx, n.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *story) slots(names ...string) (list [][]team.ID) {
	for _, n := range names {
		list = append(list, []team.ID{s.actors[n].Person})
	}
	return list
}
