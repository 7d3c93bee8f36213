package conversation_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// acts are what can happen to a conversation, each on its own.
var acts = map[string]func(h *house, id conversation.ID){
	"set open":    func(h *house, id conversation.ID) { h.becomes(id, conversation.Open) },
	"set pending": func(h *house, id conversation.ID) { h.becomes(id, conversation.Pending) },
	"set solved":  func(h *house, id conversation.ID) { h.becomes(id, conversation.Solved) },
	"snooze":      func(h *house, id conversation.ID) { h.snooze(id, 4*time.Hour) },
	"customer":    func(h *house, id conversation.ID) { h.writes("haram@solip.example", "And?", id) },
	"machine": func(h *house, id conversation.ID) {
		h.writes("haram@solip.example", "I am away.", id, func(in *conversation.Inbound) { in.Auto = true })
	},
	"history": func(h *house, id conversation.ID) {
		h.writes("haram@solip.example", "Long ago.", id, func(in *conversation.Inbound) { in.History, in.At = true, h.Now().Add(-time.Hour) })
	},
	"reply": func(h *house, id conversation.ID) { h.replies(h.minji, id, conversation.Answer{}) },
	"reply and solve": func(h *house, id conversation.ID) {
		h.replies(h.minji, id, conversation.Answer{Then: conversation.Solved})
	},
	"note": func(h *house, id conversation.ID) { h.notes(h.minji, id, conversation.Remark{Text: "Ask Bora."}) },
	"four hours": func(h *house, _ conversation.ID) {
		h.Clock.Advance(4 * time.Hour)
		h.drain()
	},
}

func (h *house) snooze(id conversation.ID, d time.Duration) {
	h.t.Helper()
	h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Snooze(ctx, tx, id, h.Now().Add(d)) })
}

func (h *house) notes(who person, id conversation.ID, r conversation.Remark) (m conversation.Message) {
	h.t.Helper()
	h.does(who, func(ctx context.Context, tx *db.Tx) (err error) {
		m, err = conversation.AddNote(ctx, tx, id, r)
		return err
	})
	return m
}

// What becomes of the status, whatever it was, and whether the customer waits after that.
func TestWhoseTurnItIs(t *testing.T) {
	const same = ""
	each(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			act                            string
			open, pending, snoozed, solved conversation.Status // what each becomes
			waits                          string              // "yes", "no", "as before"; "" after solving is no in any case
		}{
			{"set open", same, conversation.Open, conversation.Open, conversation.Open, "as before"},
			{"set pending", conversation.Pending, same, conversation.Pending, conversation.Pending, "as before"},
			{"set solved", conversation.Solved, conversation.Solved, conversation.Solved, same, "no"},
			{"snooze", conversation.Snoozed, conversation.Snoozed, same, conversation.Snoozed, "as before"},
			{"customer", same, conversation.Open, conversation.Open, conversation.Open, "yes"},
			{"machine", same, same, same, same, "as before"},
			{"history", same, same, same, same, "as before"},
			{"reply", same, same, same, same, "no"},
			{"reply and solve", conversation.Solved, conversation.Solved, conversation.Solved, same, "no"},
			{"note", same, same, same, same, "as before"},
			{"four hours", same, same, conversation.Open, same, "as before"},
		} {
			for from, to := range map[conversation.Status]conversation.Status{conversation.Open: c.open, conversation.Pending: c.pending,
				conversation.Snoozed: c.snoozed, conversation.Solved: c.solved} {
				id := h.question("Where is my lamp?")
				if from == conversation.Snoozed {
					h.snooze(id, 4*time.Hour)
				} else {
					h.becomes(id, from)
				}
				before, said := h.get(id), h.facts(id)
				acts[c.act](h, id)
				got := h.get(id)
				name := string(from) + ", " + c.act
				if to == same {
					to = from
				}
				is(t, name, got.Status, to)
				want := map[string]bool{"yes": true, "no": false, "as before": !before.WaitingSince.IsZero()}[c.waits]
				is(t, name+": somebody waits", !got.WaitingSince.IsZero(), want)
				is(t, name+": solved at", got.SolvedAt.IsZero(), to != conversation.Solved)
				is(t, name+": sleeps", got.SnoozedUntil.IsZero(), to != conversation.Snoozed)
				if to != from {
					var f conversation.StatusSet
					if err := json.Unmarshal(h.last(id, "conversation.status_set").Body, &f); err != nil || f.From != from || f.To != to {
						t.Errorf("%s: the log says %+v, %v", name, f, err)
					}
				} else if c.act == "four hours" || c.act == "set "+string(from) {
					is(t, name+": the log is silent", h.facts(id), said)
				}
			}
		}
	})
}

// A snooze that is moved ends once, at its new time; what ends it early leaves no timer behind.
func TestASleeperWakesOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		moved, woken := h.question("Where is my lamp?"), h.question("And my chair?")
		h.snooze(moved, time.Hour)
		h.snooze(moved, 3*time.Hour)
		h.snooze(woken, time.Hour)
		h.writes("haram@solip.example", "Never mind.", woken)
		h.Clock.Advance(time.Hour) // a wake-up for the time that it had first: too early
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.WakeUp(ctx, tx, moved) })
		is(t, "the one that was moved", h.get(moved).Status, conversation.Snoozed)
		is(t, "timers", h.count(`SELECT COUNT(*) FROM job WHERE kind = 'conversation.wake'`), 1)
		acts["four hours"](h, moved)
		is(t, "the log of the one that was moved", h.facts(moved), "opened received status_set status_set status_set")
		is(t, "who woke it", h.lastFact(moved).Actor, "system")
		is(t, "the log of the other", h.facts(woken), "opened received status_set status_set received")
	})
}

// What was to wake while the product was off says when that was; what wakes in time has nothing to say.
func TestALateSleeperSaysSo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for off, late := range map[time.Duration]bool{30 * time.Second: false, 3 * time.Hour: true} {
			id := h.question("Where is my lamp?")
			h.snooze(id, time.Hour)
			until := h.get(id).SnoozedUntil
			h.Clock.Advance(time.Hour + off)
			h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.WakeUp(ctx, tx, id) })
			var f conversation.StatusSet
			if err := json.Unmarshal(h.last(id, "conversation.status_set").Body, &f); err != nil || f.Due.IsZero() == late || late && !f.Due.Equal(until) {
				t.Errorf("%v late: %+v, %v, want %v", off, f, err, until)
			}
		}
	})
}

// Whose turn it is can only be said by who may, in words that there are.
func TestAStatusThatCannotBe(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.question("Where is my lamp?")
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error { return conversation.Follow(ctx, tx, id, h.sora.id) })
		set := func(s conversation.Status) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { return conversation.SetStatus(ctx, tx, id, s) }
		}
		is(t, "snoozed without a time", h.fails(h.minji, set(conversation.Snoozed)), "invalid status")
		is(t, "a word that is none", h.fails(h.minji, set("closed")), "invalid status")
		is(t, "without the right", h.fails(h.sora, set(conversation.Solved)), "forbidden")
		is(t, "out of sight", h.fails(h.dohyun, set(conversation.Solved)), "not found")
		is(t, "a time that is over", h.fails(h.minji, func(ctx context.Context, tx *db.Tx) error {
			return conversation.Snooze(ctx, tx, id, h.Now())
		}), "invalid snoozed_until")
		for _, then := range []conversation.Status{conversation.Snoozed, "closed"} {
			is(t, "an answer, and then "+string(then), h.fails(h.minji, func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: "Soon.", Then: then})
				return err
			}), "invalid status")
		}
		is(t, "the log", h.facts(id), "opened received followed")
	})
}
