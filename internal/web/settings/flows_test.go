package settings_test

import (
	"regexp"
	"strings"
	"testing"

	"baraji/test/rig/house"
)

// What ends a flow early gets conditions on a page of its own, and keeps them; on another fact they are gone.
func TestWhatEndsAFlowEarlyHasConditions(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		m := h.Mina
		edit := m.Post("/settings/flows/new", "from", "silence").Is(303).To
		leave := edit + "/leave"
		rows := []string{"l", "0", "l0.when", "conversation.received", "l0.was", "conversation.received", "l", "1", "l1.when", "conversation.status_set", "l1.was", "conversation.status_set",
			"l1.kept", `{"field":"conversation.status","op":"is","values":["solved"]}`}
		m.Get(leave).Is(200).Says("Conditions", "status")
		m.Post(leave, append(rows, "do", "conditions 0")...).Leads(leave + ".0")
		m.Get(leave + ".0").Is(200).Says("ends early only where this is so")
		m.Get(leave + ".2").Is(404)
		m.Post(leave+".0", "do", "condition").Is(200).Find(`name="(c0.field)"`)
		m.Post(leave+".0", "c", "0", "c0.field", "message.text", "c0.op", "contains", "c0.v", "", "do", "save").Is(422).Says("Enter what it is compared with.")
		m.Post(leave+".0", "c", "0", "c0.field", "message.text", "c0.op", "contains", "c0.v", "cancel, stop", "do", "save").Leads(leave)
		kept := m.Get(leave).Is(200).Says("“cancel” or “stop”")
		m.Get(edit).Says("“cancel” or “stop”", "status is Solved")

		// The form of all of them keeps what one of them says, unless it is about another fact.
		rows = append(rows, "l0.kept", `{"of":[{"field":"message.text","op":"contains","values":["cancel","stop"]}]}`)
		kept.Find(`name="l0.kept" value="([^"]+message.text[^"]+)"`)
		m.Post(leave, append(rows, "do", "save")...).Is(303)
		m.Get(edit).Says("“cancel” or “stop”")
		rows[3] = "conversation.tagged"
		m.Post(leave, append(rows, "do", "save")...).Is(303)
		m.Get(edit).Hides("“cancel” or “stop”")
	})
}

// Whatever a flow can begin with can be put to use as it is; but for the empty one, it does something.
func TestWhatAFlowBeginsWithCanBeUsed(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		starts := regexp.MustCompile(`name="from" value="([a-z]+)"`).FindAllStringSubmatch(h.Mina.Get("/settings/flows/new").Is(200).Body, -1)
		if len(starts) < 5 {
			t.Fatalf("found %q", starts)
		}
		for _, start := range starts {
			edit := h.Mina.Post("/settings/flows/new", "from", start[1]).Is(303).To
			flow := strings.TrimSuffix(edit, "/edit")
			if a := h.Mina.Post(edit, "do", "publish"); a.To != flow {
				t.Errorf("%s: %d %s", start[1], a.Status, a.Words())
			}
			h.Mina.Post(flow+"/switch", "on", "yes").Is(303)
			h.Mina.Get(flow).Is(200).Hides("flows.start_", "rules.do_")
		}
	})
}
