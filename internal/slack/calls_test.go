package slack_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/slack"
	"baraji/test/rig/slackdouble"
)

// service is one that calls Mina, and after ten minutes Joon.
func (h *house) service() (id oncall.ServiceID) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = oncall.MakeService(ctx, tx, oncall.Service{Name: "The shop", Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: h.mina}}, Wait: 10}, {Who: []oncall.Target{{Person: h.joon}}, Wait: 10}}}})
		return err
	})
	return id
}

func (h *house) page(of oncall.ServiceID, title string) (id oncall.ID) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) error {
		p, err := oncall.Open(ctx, tx, of, oncall.Call{Key: title, Title: title, Urgent: true})
		id = p.ID
		return err
	})
	h.flow()
	return id
}

func (h *house) called(id oncall.ID) (p oncall.Page) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) { p, err = oncall.Get(ctx, tx, id); return err })
	return p
}

// Who is called has it directly, and in the channel for calls; the button answers as who presses, and all of them say who has it.
func TestACallIsAnsweredInSlack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error {
			return slack.Change(ctx, tx, slack.Options{Customers: true, Pages: calls})
		})
		id := h.page(h.service(), "The till is down")
		room := h.there.DirectOf(minaU)
		if room == nil {
			t.Fatal("Mina was not told")
		}
		direct, open := h.there.Standing(room.ID), h.there.Standing(calls)
		if len(direct) != 1 || len(open) != 1 || !strings.Contains(all(open[0]), "The till is down") || !strings.Contains(all(open[0]), "The shop") {
			t.Fatalf("%+v %+v", direct, open)
		}
		if !slices.Equal(buttons(direct[0]), []string{"ack", "open"}) || !slices.Equal(buttons(open[0]), []string{"ack", "open"}) {
			t.Errorf("%q %q", buttons(direct[0]), buttons(open[0]))
		}
		sent := 0
		h.do(0, func(ctx context.Context, tx *db.Tx) (err error) {
			sent, err = db.Value[int](ctx, tx, `SELECT COUNT(*) FROM notice_delivery WHERE way = 'slack' AND state = 'sent'`)
			return err
		})
		if sent != 1 {
			t.Errorf("%d ways say that it came", sent)
		}
		h.after(10 * time.Minute)
		if other := h.there.DirectOf(joonU); other == nil {
			t.Error("after ten minutes Joon was not told")
		}
		if w := h.press(joonU, room.ID, "ack"); !strings.Contains(w.Text, "Nobody else is called") {
			t.Errorf("%+v", w)
		}
		if p := h.called(id); p.State != oncall.Acked || p.AckedBy != h.joon {
			t.Errorf("%+v", p)
		}
		h.after(3 * time.Second)
		for _, c := range []string{room.ID, calls, "D" + joonU} {
			if m := h.there.Standing(c)[0]; !strings.Contains(all(m), "Joon has it") || !slices.Equal(buttons(m), []string{"open"}) {
				t.Errorf("%s: %q", c, all(m))
			}
		}
		late := h.there.PressValue(minaU, calls, open[0].TS, "ack", open[0].Blocks[1].Buttons[0].Value)
		if h.tells(late); h.called(id).AckedBy != h.joon {
			t.Error("a late press took it over")
		}
		h.do(0, func(ctx context.Context, tx *db.Tx) error { return oncall.Resolve(ctx, tx, id) })
		h.after(3 * time.Second)
		if m := h.there.Standing(calls)[0]; !strings.Contains(all(m), "It is over") {
			t.Errorf("%q", all(m))
		}
	})
}

// A call that does not reach Slack says so, and does not hold up the other ways.
func TestACallThatDoesNotReachSlack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.there.Change(func(d *slackdouble.Double) { d.Token = "xoxb-999999999-another" })
		id := h.page(h.service(), "The till is down")
		h.after(10 * time.Minute)
		if p := h.called(id); p.At != 2 {
			t.Errorf("%+v", p)
		}
		h.after(25 * time.Hour)
		h.do(0, func(ctx context.Context, tx *db.Tx) error { return slack.Forget(ctx, tx) })
		states := map[notice.State]int{}
		h.do(0, func(ctx context.Context, tx *db.Tx) error {
			clear(states)
			return db.Each(ctx, tx, func(r db.Row) error {
				var s notice.State
				err := r.Scan(&s)
				states[s]++
				return err
			}, `SELECT state FROM notice_delivery WHERE way = 'slack'`)
		})
		if states[notice.Failed] != 1 || states[notice.Waiting] != 0 { // the second one had no such way any more
			t.Errorf("%+v", states)
		}
	})
}
