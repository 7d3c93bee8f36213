package faults

import (
	"cmp"
	"encoding/json"
	"fmt"
	mrand "math/rand/v2"
	"slices"
	"testing"
	"time"

	"baraji/test/rig"
)

// T18: timers of all kinds come due while the program is off, up to six hours long, and it is killed again and again while it makes up for them.
// Each goes off once, within a minute of the start, those of a conversation in the order in which they were due, and what is late says so.
func TestT18TimersThroughAnOutage(t *testing.T) {
	rig.EngineBeside(t, func(t *testing.T, database string) {
		o := &outage{t: t, end: time.Now().Add(6 * time.Hour).Truncate(time.Millisecond), talk: map[string]string{}, wanted: map[firing]time.Time{}}
		o.Running = rig.ProgramWith(t, rig.Setup{Database: database, Tags: "shiftclock"})
		o.prepare()
		o.fill(rig.Size(200, 5000))
		o.WaitDrained(2 * time.Minute)
		o.Kill()

		o.Shift(time.Until(o.end))
		o.Begin()
		kills, last := rig.Size(3, 8), time.Time{}
		for range kills {
			o.WaitReady()
			time.Sleep(mrand.N(time.Duration(rig.Size(60, 2500)) * time.Millisecond))
			o.Kill()
			last = o.end.Add(time.Since(o.started))
			o.Begin()
		}
		o.WaitReady()
		o.judge(kills, last)
		o.Term()
		inOrder(t, o.Running)
	})
}

// outage is a desk whose timers come due while it is off.
type outage struct {
	*rig.Running
	t       *testing.T
	end     time.Time // of the outage, on the desk's clock
	started time.Time // the same on the machine's
	people  []string
	team    string
	service []string
	talk    map[string]string    // the conversation that something else belongs to
	wanted  map[firing]time.Time // when each is due
}

// firing is one timer that goes off: the fact that says so, of what.
type firing struct{ Kind, Subject string }

func (o *outage) Begin() {
	if o.started.IsZero() {
		o.started = time.Now()
	}
	o.Running.Begin()
}

// ask calls the API, and reads the id of what came of it.
func (o *outage) ask(method, path string, body any) string {
	o.t.Helper()
	a := o.API(method, path, body)
	var made struct{ ID string }
	if a.Status >= 300 || a.Into(&made) != nil {
		o.t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	return made.ID
}

// waits are the minutes that steps and take-backs have.
var waits = []int{15, 50, 110, 190, 300, 340}

// kinds are types of conversations, each with another promise.
var (
	kinds      = []string{"question", "problem", "complaint", "order", "delivery", "billing", "refund", "exchange"}
	severities = []string{"minor", "major", "critical"}
)

func (o *outage) prepare() {
	for _, name := range []string{"Ann", "Bea", "Cho"} {
		if _, err := o.Command(rig.Password+"\n", "user", "create", "--email", name+"@shop.example", "--name", name, "--role", "admin", "--password-stdin"); err != nil {
			o.t.Fatal(err)
		}
	}
	for _, p := range pages[struct{ ID string }](o.t, o.Running, "/people") {
		o.people = append(o.people, p.ID)
		o.ask("PATCH", "/routing/people/"+p.ID, map[string]any{"room": 1000})
	}
	firm := pages[struct{ ID string }](o.t, o.Running, "/calendars")[0].ID
	always := "00:00-24:00"
	o.ask("PATCH", "/calendars/"+firm, map[string]any{"public": "none", "week": map[string]string{"mon": always, "tue": always, "wed": always, "thu": always, "fri": always, "sat": always, "sun": always}})
	o.team = o.ask("POST", "/teams", map[string]any{"name": "Repairs", "members": o.people})
	o.ask("POST", "/rotas", map[string]any{"name": "Always", "mode": "house", "team_id": o.team, "layers": []map[string]any{
		{"slots": [][]string{o.people}, "first": time.Now().AddDate(0, 0, -2).Format(time.DateOnly), "hand_over": "00:00", "every": 7, "unit": "days"}}})
	var targets, rules []map[string]any
	for i := range len(kinds) * len(severities) {
		targets = append(targets, map[string]any{"type": kinds[i/3], "severity": severities[i%3], "first": promisedIn(i), "counts": "wall"})
	}
	for _, wait := range waits {
		rules = append(rules, map[string]any{"tag": fmt.Sprint("w", wait), "to": "team", "team": o.team, "take_back": wait})
		steps := []map[string]any{{"people": o.people[:1], "wait": wait, "ways": []string{"bell"}}, {"people": o.people[1:2], "wait": 1000, "ways": []string{"bell"}}}
		o.service = append(o.service, o.ask("POST", "/services", map[string]any{"name": fmt.Sprint("Service ", wait), "steps": steps}))
	}
	targets = append(targets, map[string]any{"type": "repair", "first": 0, "counts": "wall"})
	o.ask("PATCH", "/targets", map[string]any{"targets": targets})
	o.ask("PATCH", "/routing", map[string]any{"rules": rules})
}

// promisedIn is how many minutes the first answer has under a target: most are broken in six hours, the last of each type is only warned of.
func promisedIn(i int) int {
	if i%3 == 2 {
		return 390 + 6*(i/3)
	}
	return 15 + 20*(i-i/3)
}

// due is some time of the outage; one in ten of them in its last minutes.
func (o *outage) due() time.Time {
	span := time.Until(o.end) - 8*time.Minute
	if mrand.IntN(10) == 0 {
		span = 2 * time.Minute
	}
	return o.end.Add(-time.Second - mrand.N(span)).UTC().Truncate(time.Millisecond)
}

// fill makes so many timers: of ten three clocks and three snoozes of the same conversations, two of what was promised in them, and one each of a page
// that nobody answers and of somebody who stays silent.
func (o *outage) fill(n int) {
	for i := range n * 3 / 10 {
		k := i % (len(kinds) * len(severities))
		id, began := o.conversation(map[string]any{"type": kinds[k/3], "severity": severities[k%3]}, i)
		span := time.Duration(promisedIn(k)) * time.Minute
		kind := "sla.broken"
		if began.Add(span).After(o.end) {
			kind, span = "sla.warned", span*4/5
		}
		o.wanted[firing{kind, id}] = began.Add(span)
		until := o.due()
		o.ask("PATCH", "/conversations/"+id, map[string]any{"status": "snoozed", "snoozed_until": until})
		o.wanted[firing{"conversation.status_set", id}] = until
		if i%3 > 1 {
			continue
		}
		o.promise(id, i, o.due())
	}
	for i := range n / 10 {
		at := o.conversationWith(waits[i%len(waits)], i)
		o.wanted[firing{"routing.taken_back", at.id}] = at.began.Add(time.Duration(waits[i%len(waits)]) * time.Minute)
		p := o.API("POST", "/pages", map[string]any{"service_id": o.service[i%len(waits)], "title": "Down", "key": fmt.Sprint("key-", i)})
		var page struct {
			ID     string
			NextAt time.Time `json:"next_at"`
		}
		if p.Status != 201 || p.Into(&page) != nil {
			o.t.Fatalf("POST /pages: %d %s", p.Status, p.Body)
		}
		o.wanted[firing{"oncall.escalated", page.ID}] = page.NextAt
	}
}

// promise notes a promise of a conversation, whose owner is warned a day before it is due.
func (o *outage) promise(talk string, i int, rings time.Time) {
	kind, due := "promise.slipped", rings
	if i%2 == 0 { // it is due tomorrow: he is warned in the outage
		kind, due = "promise.warned", due.Add(24*time.Hour)
	}
	id := o.ask("POST", "/promises", map[string]any{"words": "Send the lamp", "owner_id": o.people[0], "conversation_id": talk, "due_at": due})
	o.talk[id], o.wanted[firing{kind, id}] = talk, rings
}

// opened is a conversation, and when its customer wrote.
type opened struct {
	id    string
	began time.Time
}

func (o *outage) conversation(like map[string]any, i int) (id string, began time.Time) {
	o.t.Helper()
	like["subject"], like["text"] = "Where is my lamp?", "It has not come."
	like["from"] = map[string]any{"name": "Kim", "email": fmt.Sprintf("kim%d@customer.example", i)}
	a := o.API("POST", "/conversations", like)
	var c struct {
		ID      string
		Created time.Time `json:"created_at"`
	}
	if a.Status != 201 || a.Into(&c) != nil {
		o.t.Fatalf("POST /conversations: %d %s", a.Status, a.Body)
	}
	return c.ID, c.Created
}

// conversationWith is one whose assignee has so many minutes to answer.
func (o *outage) conversationWith(wait, i int) opened {
	id, began := o.conversation(map[string]any{"type": "repair", "tags": []string{fmt.Sprint("w", wait)}}, 1_000_000+i)
	return opened{id, began}
}

// fired is a fact that a timer left.
type fired struct {
	Seq     int64
	Kind    string
	Subject string
	At      time.Time
	Body    json.RawMessage
}

// said is when a fact says that it was due; zero where it does not, since it came in time.
func (f fired) said() time.Time {
	var b struct {
		Due, Left, Soon time.Time
		Late            *bool
	}
	json.Unmarshal(f.Body, &b)
	switch f.Kind {
	case "sla.broken", "promise.slipped":
		if b.Late == nil {
			return time.Time{}
		}
		return b.Due
	case "sla.warned":
		return b.Left
	case "promise.warned":
		return b.Soon
	}
	return b.Due
}

// timed are the facts of timers, as they stand in the log.
func (o *outage) timed() (all []fired) {
	for _, kind := range []string{"sla.warned", "sla.broken", "conversation.status_set", "promise.warned", "promise.slipped", "routing.taken_back", "oncall.told"} {
		for _, f := range pages[fired](o.t, o.Running, "/events?kind="+kind) {
			var b struct{ From, To string }
			if json.Unmarshal(f.Body, &b) == nil && kind == "conversation.status_set" && (b.From != "snoozed" || b.To != "open") {
				continue
			}
			if kind == "oncall.told" {
				f.Kind = "oncall.escalated" // the first is told at once, and is no timer's
			}
			if f.At.After(o.end.Add(-time.Minute)) {
				all = append(all, f)
			}
		}
	}
	slices.SortFunc(all, func(a, b fired) int { return cmp.Compare(a.Seq, b.Seq) })
	return all
}

// judge waits until all have gone off, and counts what is not as it should be.
func (o *outage) judge(kills int, lastKill time.Time) {
	o.t.Helper()
	var all []fired
	for over := time.Now().Add(time.Minute); len(all) < len(o.wanted) && time.Now().Before(over); time.Sleep(500 * time.Millisecond) {
		o.WaitDrained(2 * time.Minute)
		all = o.timed()
	}
	times, last := map[firing]int{}, map[string]time.Time{}
	late, never, often, slow, disordered, unmarked, before := 0, 0, 0, 0, 0, 0, 0
	var slowest time.Duration
	for _, f := range all {
		key := firing{f.Kind, f.Subject}
		due, wanted := o.wanted[key]
		if times[key]++; !wanted {
			o.t.Errorf("nobody waits for %s of %s at %s: %s", f.Kind, f.Subject, f.At, f.Body)
			continue
		}
		if f.At.Before(lastKill) {
			before++
		}
		took := f.At.Sub(o.end)
		if slowest = max(slowest, took); took > time.Minute {
			slow++
		}
		talk := cmp.Or(o.talk[f.Subject], f.Subject)
		tolerance := time.Second
		if f.Kind == "routing.taken_back" { // whoever has it got it some time after it came
			tolerance = 30 * time.Second
		}
		if due.Before(last[talk].Add(-tolerance)) {
			if disordered++; disordered < 5 {
				o.t.Errorf("%s of %s, due %s, went off behind what was due %s", f.Kind, talk, due, last[talk])
			}
		}
		last[talk] = due
		said := f.said()
		by := f.At.Sub(due)
		if by > time.Minute {
			late++
		}
		if by > time.Minute+tolerance && said.Sub(due).Abs() > tolerance || by < time.Minute-tolerance && !said.IsZero() {
			if unmarked++; unmarked < 5 {
				o.t.Errorf("%s of %s, due %s, at %s says it was due %s: %s", f.Kind, f.Subject, due, f.At, said, f.Body)
			}
		}
	}
	for key := range o.wanted {
		switch n := times[key]; {
		case n == 0:
			if never++; never < 5 {
				o.t.Errorf("%s of %s, due %s, never went off", key.Kind, key.Subject, o.wanted[key])
			}
		case n > 1:
			often++
		}
	}
	fmt.Printf("T18 %s: %d timers due while off for 1 s to 6 h, %d kills (%d had gone off before the last): %d never, %d more than once, %d after more than a minute (slowest %.1f s), "+
		"%d out of order, %d late, %d of them not marked\n", o.t.Name(), len(o.wanted), kills, before, never, often, slow, slowest.Seconds(), disordered, late, unmarked)
	if never+often+slow+disordered+unmarked > 0 {
		o.t.Error("see above")
	}
}
