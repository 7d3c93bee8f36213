package runbook

import (
	"slices"
	"strings"
	"testing"

	"baraji/internal/kit/i18n"
	"baraji/internal/routing"
)

func TestWhichStepComes(t *testing.T) {
	steps := []Step{{Key: 4}, {Key: 2, Else: GoTo, To: 7}, {Key: 9, Else: HandOver}, {Key: 7}}
	tick := func(key int, w What) Tick { return Tick{Step: key, What: w} }
	for name, c := range map[string]struct {
		ticks []Tick
		want  Place
	}{
		"nothing yet":                           {nil, Place{At: 4}},
		"done":                                  {[]Tick{tick(4, Done)}, Place{At: 2}},
		"skipped":                               {[]Tick{tick(4, Skipped)}, Place{At: 2}},
		"a call moves nobody":                   {[]Tick{tick(4, Done), tick(2, Called)}, Place{At: 2}},
		"no help: the next one":                 {[]Tick{tick(4, NotHelped)}, Place{At: 2}},
		"no help: another one":                  {[]Tick{tick(4, Done), tick(2, NotHelped)}, Place{At: 7}},
		"no help: hand it over":                 {[]Tick{tick(4, Done), tick(2, Done), tick(9, NotHelped)}, Place{Stuck: 9, HandOver: true}},
		"through":                               {[]Tick{tick(4, Done), tick(2, NotHelped), tick(7, Done)}, Place{}},
		"the last did not help":                 {[]Tick{tick(4, Done), tick(2, NotHelped), tick(7, NotHelped)}, Place{Stuck: 7}},
		"a step that is gone moves nobody":      {[]Tick{tick(4, Done), tick(99, Done)}, Place{At: 2}},
		"what helped after all is not stuck on": {[]Tick{tick(4, NotHelped), tick(2, Done)}, Place{At: 9}},
	} {
		if got := place(steps, c.ticks); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if got := place(nil, nil); got != (Place{}) {
		t.Errorf("without steps: %+v", got)
	}
}

func TestStepsKeepTheirKeys(t *testing.T) {
	got := keyed([]Step{{}, {Key: 3}, {Key: 3}, {Key: 1}, {Key: -2}})
	var keys []int
	for _, s := range got {
		keys = append(keys, s.Key)
	}
	if want := []int{4, 3, 5, 1, 6}; !slices.Equal(keys, want) {
		t.Errorf("%v, want %v", keys, want)
	}
}

func TestWhichRunbookIsOffered(t *testing.T) {
	book := func(title string, c Content) Runbook {
		c.Title = i18n.Text{i18n.Korean: title}
		if strings.Contains(title, "A") {
			c.Title = i18n.Text{i18n.English: title}
		}
		return Runbook{ID: ID(len(title)*100 + int(title[0])), Content: c}
	}
	flicker := book("조명이 깜빡여요", Content{Words: []string{"깜빡", "flicker"}})
	critical := book("A critical outage", Content{When: routing.When{Severity: "critical"}})
	gold := book("금색 손님 장애", Content{When: routing.When{Severity: "critical", Tier: "gold"}})
	refund := book("환불 규칙", Content{When: routing.When{Type: "refund"}, Words: []string{"환불"}})
	pair := book("A lamp does not pair with the bridge", Content{})
	fixed := book("앱 3.2 깜빡임", Content{Kind: Known, Words: []string{"깜빡"}, Fixed: true})
	all := []Runbook{critical, refund, pair, fixed, flicker, gold}

	for name, c := range map[string]struct {
		about routing.Subject
		want  []string
	}{
		"nothing fits":                      {routing.Subject{Words: "where is my parcel"}, nil},
		"a word, and what is fixed after":   {routing.Subject{Words: "불이 깜빡거려요"}, []string{"조명이 깜빡여요", "앱 3.2 깜빡임"}},
		"by severity":                       {routing.Subject{Severity: "critical", Words: "help"}, []string{"A critical outage"}},
		"who names more comes first":        {routing.Subject{Severity: "critical", Tier: "Gold", Words: "help"}, []string{"금색 손님 장애", "A critical outage"}},
		"a word beats a severity":           {routing.Subject{Severity: "critical", Words: "lights flicker"}, []string{"조명이 깜빡여요", "A critical outage"}},
		"a type without its words":          {routing.Subject{Type: "refund", Words: "돈을 돌려줘요"}, nil},
		"words of another type":             {routing.Subject{Type: "order", Words: "환불해 주세요"}, nil},
		"words of a title":                  {routing.Subject{Words: "my bridge and the lamp do not pair"}, []string{"A lamp does not pair with the bridge"}},
		"one word of a title is not enough": {routing.Subject{Words: "my lamp is broken"}, nil},
		"three are offered": {routing.Subject{Severity: "critical", Tier: "gold", Words: "깜빡 flicker 깜빡임"},
			[]string{"조명이 깜빡여요", "금색 손님 장애", "A critical outage"}},
	} {
		var got []string
		for _, s := range suggest(all, c.about) {
			got = append(got, s.Title.In(i18n.Korean))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestWhereItSticksMost(t *testing.T) {
	f := Figures{Closed: 4, By: map[State]int{Solved: 1, GivenUp: 3}, Stuck: map[int]int{7: 1, 2: 2, 5: 2}}
	if key, n := f.Worst(); key != 2 || n != 2 || f.Helped() != .25 {
		t.Errorf("step %d, %d times, helped %v", key, n, f.Helped())
	}
	if key, n := (Figures{}).Worst(); key != 0 || n != 0 || (Figures{}).Helped() != 0 {
		t.Error("what nobody followed stuck nowhere")
	}
}
