package sla

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"baraji/internal/conversation"
	"baraji/internal/kit/holiday"
	"baraji/internal/kit/hours"
)

var histories = flag.Int("histories", 500, "how many histories are reckoned by both programs (T16: 10000)")

// ahead is how far the other program looks for an instant that is still to come.
const ahead = 14 * 24 * time.Hour

// TestAnotherProgramReckonsTheSame lets a program of another language reckon random histories minute by minute (T16).
func TestAnotherProgramReckonsTheSame(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3 is not there")
		}
		t.Skip("python3 is not there: the clocks are compared with nothing")
	}
	const seed = 20261122
	rng := rand.New(rand.NewPCG(seed, 16))
	calendars := someCalendars(rng)
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	enc.Encode(map[string]any{"calendars": told(calendars)})
	cases := make([][]Step, *histories)
	for i := range cases {
		cases[i] = someHistory(rng, calendars)
		enc.Encode(map[string]any{"steps": toldSteps(cases[i])})
	}
	cmd := exec.Command(python, "testdata/oracle.py")
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	wrong, n, seen := 0, 0, map[string]int{}
	for ; lines.Scan(); n++ {
		var want map[Which]answer
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		got := Reckon(cases[n], calendars)
		for _, which := range All {
			c, ran := got[which]
			w, wanted := want[which]
			seen[kindOf(c, ran)]++
			if said, wants := answerOf(c, cases[n]), w; ran != wanted || ran && said != wants {
				if wrong++; wrong <= 5 {
					t.Errorf("history %d, clock %s:\n got %+v\nwant %+v\n%s", n, which, said, wants, toldJSON(cases[n]))
				}
			}
		}
	}
	if n != len(cases) || wrong > 0 {
		t.Errorf("%d of %d histories were reckoned, %d clocks differ", n, len(cases), wrong)
	}
	for _, kind := range []string{"none", "running", "broken", "held", "met", "late"} {
		if seen[kind] == 0 {
			t.Errorf("no clock is %s: the histories show too little: %v", kind, seen)
		}
	}
	t.Logf("%d histories, clocks %v", n, seen)
}

// answer is a clock as the other program tells it, in minutes since 1970; 0 is none.
type answer struct {
	Started int64  `json:"started"`
	Due     int64  `json:"due"`
	Met     int64  `json:"met"`
	Held    string `json:"held"`
	Work    int64  `json:"work"`
	Wall    int64  `json:"wall"`
}

func answerOf(c Clock, steps []Step) answer {
	m := func(at time.Time) int64 {
		if at.IsZero() {
			return 0
		}
		return at.Unix() / 60
	}
	due := m(c.Due)
	if last := steps[len(steps)-1].At; c.Due.After(last.Add(ahead)) {
		due = 0
	}
	return answer{m(c.Started), due, m(c.Met), string(c.Held), int64(c.Work / time.Minute), int64(c.Wall / time.Minute)}
}

func kindOf(c Clock, ran bool) string {
	switch {
	case !ran:
		return "none"
	case c.Late():
		return "late"
	case !c.Met.IsZero():
		return "met"
	case c.Held != "":
		return "held"
	case c.Due.Before(c.Started.Add(c.Work + c.Wall)):
		return "broken"
	}
	return "running"
}

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// someCalendars are working hours in the zones whose clocks do odd things (T17), with days off and lunch.
func someCalendars(rng *rand.Rand) map[string]hours.Calendar {
	out := map[string]hours.Calendar{"always": hours.Always()}
	for i, name := range []string{"Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu"} {
		c := hours.Calendar{Zone: zone(name), Days: map[hours.Date][]hours.Block{}}
		for day := range c.Week {
			switch rng.IntN(5) {
			case 0:
			case 1:
				c.Week[day] = []hours.Block{{From: 0, To: 24 * 60}}
			case 2:
				c.Week[day] = []hours.Block{{From: rng.IntN(300), To: 300 + rng.IntN(600)}, {From: 20 * 60, To: 24 * 60}}
			default:
				c.Week[day] = []hours.Block{{From: 9 * 60, To: 12*60 + 30}, {From: 13*60 + 30, To: 18 * 60}}
			}
		}
		c.Week[1+i%5] = []hours.Block{{From: 9 * 60, To: 18 * 60}} // at least one
		for range 40 {
			c.Days[hours.Date{Year: 2026, Month: 1, Day: 1}.Add(rng.IntN(500))] = [][]hours.Block{nil, {{From: 600, To: 840}}}[rng.IntN(2)]
		}
		out[name] = c
	}
	c := out["Asia/Seoul"]
	for _, d := range holiday.Korea(2026) {
		c.Days[d.Date] = nil
	}
	return out
}

func somePromise(rng *rand.Rand, names []string) Promise {
	minutes := func(most int) time.Duration {
		if rng.IntN(8) == 0 {
			return 0
		}
		return time.Duration(5+5*rng.IntN(most/5)) * time.Minute
	}
	p := Promise{First: minutes(600), Next: minutes(900), Solve: minutes(4000), Counts: []Counts{Working, Working, Wall}[rng.IntN(3)], Hours: names[rng.IntN(len(names))]}
	for _, s := range []conversation.Status{conversation.Pending, conversation.Snoozed} {
		if rng.IntN(2) == 0 {
			p.Pauses = append(p.Pauses, s)
		}
	}
	return p
}

// someHistory is up to fifteen steps, around the days on which clocks change as often as not.
func someHistory(rng *rand.Rand, calendars map[string]hours.Calendar) []Step {
	names := []string{"always", "Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu"}
	days := []string{"2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31", "2026-09-05", "2028-02-28", "2026-02-17", "2026-03-21"}
	at, _ := time.Parse(time.DateOnly, days[rng.IntN(len(days))])
	if rng.IntN(2) == 0 {
		at = at.AddDate(0, 0, 30*(rng.IntN(10)-5))
	}
	at = at.Add(time.Duration(rng.IntN(24*60)) * time.Minute)
	steps := []Step{{At: at, What: Promised, Promise: somePromise(rng, names)}}
	if rng.IntN(5) > 0 {
		steps = append(steps, Step{At: at, What: Asked})
	}
	for range 1 + rng.IntN(13) {
		gap := []int{0, 3, 30, 400, 3000}[rng.IntN(5)]
		at = at.Add(time.Duration(rng.IntN(gap+1)) * time.Minute)
		s := Step{At: at}
		switch rng.IntN(7) {
		case 0:
			s.What, s.Promise = Promised, somePromise(rng, names)
		case 1, 2:
			s.What = Asked
		case 3, 4:
			s.What = Answered
		default:
			s.What, s.Status = Became, conversation.Statuses[rng.IntN(4)]
		}
		steps = append(steps, s)
	}
	return steps
}

func told(calendars map[string]hours.Calendar) map[string]any {
	blocks := func(list []hours.Block) [][2]int {
		out := [][2]int{}
		for _, b := range list {
			out = append(out, [2]int{b.From, b.To})
		}
		return out
	}
	out := map[string]any{}
	for name, c := range calendars {
		week, days := [7][][2]int{}, map[string][][2]int{}
		for d, list := range c.Week {
			week[d] = blocks(list)
		}
		for d, list := range c.Days {
			days[d.String()] = blocks(list)
		}
		out[name] = map[string]any{"zone": c.Zone.String(), "week": week, "days": days}
	}
	return out
}

func toldSteps(steps []Step) (out []map[string]any) {
	for _, s := range steps {
		m := map[string]any{"at": s.At.Unix() / 60, "what": s.What}
		switch s.What {
		case Promised:
			p := s.Promise
			pauses := append([]conversation.Status{}, p.Pauses...)
			m["promise"] = map[string]any{"first": int(p.First.Minutes()), "next": int(p.Next.Minutes()), "solve": int(p.Solve.Minutes()), "counts": p.Counts, "pauses": pauses, "hours": p.Hours}
		case Became:
			m["status"] = s.Status
		}
		out = append(out, m)
	}
	return out
}

func toldJSON(steps []Step) string {
	var b bytes.Buffer
	for _, s := range toldSteps(steps) {
		line, _ := json.Marshal(s)
		fmt.Fprintln(&b, string(line))
	}
	return b.String()
}
