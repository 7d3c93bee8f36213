package faults

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"baraji/test/rig"
)

// Customers go through a flow (acts, waiting for something, time running out, a fork) while the program is killed again and again, and off for a day
// in between. None takes a step twice, skips one, or takes them in another order, and the trace of each says what was done.
func TestFlowsThroughKills(t *testing.T) {
	rig.EngineBeside(t, func(t *testing.T, database string) {
		g := &going{t: t, Running: rig.ProgramWith(t, rig.Setup{Database: database, Tags: "shiftclock"}), customers: rig.Size(30, 400), kills: rig.Size(3, 17)}
		open(t, g.Running, "", "")
		g.through(0, func() { g.talks = g.each(g.opens) })
		g.stand("waiting")
		g.through(0, func() { g.each(g.tags) })
		g.WaitDrained(2 * time.Minute)
		g.Kill()
		g.through(25*time.Hour, nil) // time runs out for those who were not tagged
		g.WaitDrained(2 * time.Minute)
		g.Kill()
		g.through(27*time.Hour, nil) // the second waiting is over for all
		g.WaitDrained(2 * time.Minute)
		g.judge()
		g.Term()
		inOrder(t, g.Running)
	})
}

// going is a desk where customers go through a flow.
type going struct {
	*rig.Running
	t                *testing.T
	customers, kills int
	killed           int
	flow             string
	talks            []string
}

func note(text string) map[string]any {
	return map[string]any{"do": "act", "then": []map[string]any{{"do": "note", "with": map[string]string{"text": text}}}}
}

// prepares makes the flow, once.
func (g *going) prepares() {
	if g.flow != "" {
		return
	}
	steps := []map[string]any{note("first"),
		{"do": "wait", "wait": map[string]any{"for": "fact", "when": "conversation.tagged", "minutes": 24 * 60}, "yes": []map[string]any{note("tagged")}, "no": []map[string]any{note("never tagged")}},
		{"do": "branch", "if": map[string]any{"field": "conversation.tags", "op": "has", "values": []string{"go"}}, "yes": []map[string]any{note("with the tag")}, "no": []map[string]any{note("without the tag")}},
		{"do": "wait", "wait": map[string]any{"for": "time", "minutes": 60}}, note("last")}
	a := g.API("POST", "/flows", map[string]any{"name": "Kills", "on": true, "when": "conversation.opened", "steps": steps})
	var made struct{ ID string }
	if a.Status != 201 || a.Into(&made) != nil {
		g.t.Fatalf("%d %s", a.Status, a.Body)
	}
	g.flow = made.ID
}

// through does something while the program is killed again and again. It runs on a clock that is ahead by so much.
func (g *going) through(ahead time.Duration, do func()) {
	g.t.Helper()
	if ahead > 0 {
		g.Shift(ahead)
		g.Start()
	}
	g.prepares()
	var done atomic.Bool
	end := make(chan struct{})
	go func() {
		defer close(end)
		if do != nil {
			do()
		}
		done.Store(true)
	}()
	for n := 0; n < g.kills || !done.Load() && n < 10*g.kills; n++ {
		n, _ := killing(g.Running, 1, 300*time.Millisecond, nil)
		g.killed += n
	}
	<-end
	g.WaitReady()
}

// each does something for one customer after another.
func (g *going) each(do func(int) string) (list []string) {
	for i := range g.customers {
		list = append(list, do(i))
	}
	return list
}

func (g *going) opens(i int) string {
	a, err := post(g.t.Context(), g.Running, "/conversations", map[string]any{"subject": fmt.Sprint("Lamp ", i), "text": "Hello", "from": map[string]string{"email": fmt.Sprintf("c%d@x.example", i)}})
	var made struct{ ID string }
	if err != nil || a.Status != 201 || a.Into(&made) != nil {
		g.t.Errorf("%d %s %v", a.Status, a.Body, err)
	}
	return made.ID
}

// tags every second one.
func (g *going) tags(i int) string {
	if i%2 == 0 {
		if a, err := post(g.t.Context(), g.Running, "/conversations/"+g.talks[i]+"/tags", map[string]any{"name": "go"}); err != nil || a.Status >= 300 {
			g.t.Errorf("%d %s %v", a.Status, a.Body, err)
		}
	}
	return ""
}

// stand waits until all customers have come as far.
func (g *going) stand(state string) {
	g.t.Helper()
	g.WaitDrained(2 * time.Minute)
	var flow struct{ Standing map[string]int }
	if a := g.API("GET", "/flows/"+g.flow, nil); a.Into(&flow) != nil || flow.Standing[state] != g.customers {
		g.t.Fatalf("%s", a.Body)
	}
}

// judge holds what was done against what had to be done, and against what the traces say.
func (g *going) judge() {
	g.t.Helper()
	type path struct {
		ID, State      string
		ConversationID string `json:"conversation_id"`
	}
	paths := map[string]path{}
	for _, p := range pages[path](g.t, g.Running, "/flow-paths?flow="+g.flow) {
		if _, twice := paths[p.ConversationID]; twice {
			g.t.Errorf("%s came in twice", p.ConversationID)
		}
		paths[p.ConversationID] = p
	}
	bad := 0
	for i, talk := range g.talks {
		want := []string{"first", "never tagged", "without the tag", "last"}
		if i%2 == 0 {
			want = []string{"first", "tagged", "with the tag", "last"}
		}
		var got []string
		for _, m := range pages[struct{ Kind, Text string }](g.t, g.Running, "/conversations/"+talk+"/messages") {
			if m.Kind == "note" {
				got = append(got, m.Text)
			}
		}
		if p := paths[talk]; !slices.Equal(got, want) || p.State != "done" {
			bad++
			g.t.Errorf("%d: %v, want %v (%s)\n%s", i, got, want, p.State, g.API("GET", "/flow-paths/"+p.ID, nil).Body)
		} else if !g.traced(p.ID, len(want)) {
			bad++
		}
	}
	fmt.Printf("flows %s: %d customers, %d kills: %d with a step too many, too few or out of order\n", g.t.Name(), g.customers, g.killed, bad)
}

// traced says whether the trace counts each turn once, and as many acts as there were.
func (g *going) traced(path string, acts int) bool {
	a := g.API("GET", "/flow-paths/"+path, nil)
	var p struct {
		Turn  int
		Trace []struct {
			Turn int
			What string
		}
	}
	if a.Into(&p) != nil {
		g.t.Fatalf("%d %s", a.Status, a.Body)
	}
	for i, x := range p.Trace {
		if x.What == "did" {
			acts--
		}
		if i > 0 && x.Turn <= p.Trace[i-1].Turn {
			acts = -1
		}
	}
	if acts != 0 {
		b, _ := json.Marshal(p.Trace)
		g.t.Errorf("%s: %s", path, b)
	}
	return acts == 0
}
