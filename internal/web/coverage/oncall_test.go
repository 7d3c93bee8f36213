package coverage_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/oncall"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// called is a house in which noah is called for the till.
func called(t *testing.T, h *house.House, noah *house.Visitor) (at oncall.ID) {
	t.Helper()
	h.Must(func(tx *db.Tx) error {
		of, err := oncall.MakeService(h.System(), tx, oncall.Service{Name: "Till", Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: noah.ID}}, Wait: 5}}}})
		if err != nil {
			return err
		}
		p, err := oncall.Open(h.System(), tx, of, oncall.Call{Title: "The till is down", Reason: oncall.ByHand, Urgent: true})
		at = p.ID
		return err
	})
	return at
}

func state(h *house.House, at oncall.ID) (p oncall.Page) {
	h.Must(func(tx *db.Tx) (err error) { p, err = oncall.Get(h.System(), tx, at); return err })
	return p
}

// The link of a mail shows a question: programs that look at the links of mails answer nothing. The press of its button answers,
// without signing in, once, and takes nothing from another.
func TestTheLinkOfAMailAsksAndThePressAnswers(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		sink := h.PostOffice()
		noah, other := h.As("noah", team.Agent), h.As("bora", team.Agent)
		at := called(t, h, noah)
		m := h.Letter(sink)
		if !strings.Contains(m.Subject, "당직 호출: Till") || !strings.Contains(m.Text, "The till is down") {
			t.Errorf("the mail says %s\n%s", m.Subject, m.Text)
		}
		link, anybody := h.Link(m), h.Stranger()
		for range 3 {
			anybody.Get(link).Is(200).Says("The till is down").Says("제가 볼게요")
		}
		if p := state(h, at); p.State != oncall.Running {
			t.Fatalf("it was only looked at, and is %s", p.State)
		}
		anybody.Get(link[:len(link)-1] + "x").Is(404)
		anybody.Send("POST", link[:len(link)-1]+"x", nil).Is(404)
		anybody.Send("POST", link, nil).Is(200).Says("맡으셨어요.")
		if p := state(h, at); p.State != oncall.Acked || p.AckedBy != noah.ID {
			t.Fatalf("it is %s, by %v", p.State, p.AckedBy)
		}
		other.Post("/coverage/on-call/pages/" + at.String() + "/acknowledge").Leads("/coverage/on-call/pages/" + at.String())
		anybody.Send("POST", link, nil).Is(200).Says("bora 님이 맡았어요.")
		if p := state(h, at); p.AckedBy != other.ID {
			t.Error("an old link took it from another")
		}
		h.Clock.Advance(72 * time.Hour)
		anybody.Get(link).Is(404)
	})
}

// Another site cannot answer in somebody's name.
func TestAnotherSiteAnswersNothing(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		sink := h.PostOffice()
		at := called(t, h, h.As("noah", team.Agent))
		h.Stranger().Send("POST", h.Link(h.Letter(sink)), nil, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example").Is(403)
		if p := state(h, at); p.State != oncall.Running {
			t.Errorf("it is %s", p.State)
		}
	})
}

// A service is put together with the buttons of its form, and saved; what is wrong comes back with what was typed.
func TestAServiceIsPutTogether(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		noah := h.Hire("noah", team.Agent)
		const path = "/coverage/on-call/services/new"
		h.Mina.Post(path, "name", "Till", "n", "1", "0.wait", "5", "rules", "0", "again", "0", "silent", "0").Is(422).Says("Choose who is told.")
		h.Mina.Post(path, "name", "Till", "n", "1", "0.who", noah.String(), "0.wait", "5", "rules", "0", "do", "step").Is(200).Says("Step 2")
		h.Mina.Post(path, "name", "Till", "n", "2", "0.who", noah.String(), "0.wait", "5", "1.who", h.Mina.ID.String(), "1.wait", "10", "1.way", "mail", "rules", "1",
			"r0.on", "asked", "r0.when", "after", "r0.severity", "critical", "r0.urgent", "on", "again", "1", "silent", "20").Leads("/coverage/on-call")
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			list, err := oncall.Services(ctx, tx)
			if len(list) != 1 || len(list[0].Steps) != 2 || list[0].Steps[1].Ways[0] != "mail" || len(list[0].Rules) != 1 || list[0].Again != 1 {
				t.Errorf("kept %+v", list)
			}
			return err
		})
		h.Mina.Get("/coverage/on-call").Is(200).Says("Till").Says("after 5 min without an answer")
	})
}
