package flow

import (
	"strings"
	"testing"

	"baraji/internal/kit/i18n"
)

func say(ko, en string) i18n.Text { return i18n.Text{i18n.Korean: ko, i18n.English: en} }

// lamps is the path of a shop for lamps.
func lamps() Path {
	return Path{Steps: []Step{
		{Key: "hello", Say: say("무엇을 도와드릴까요?", "What can we help with?"), Choices: []Choice{{Label: say("배송", "Delivery"), Do: Go, Step: "delivery"}, {Label: say("질문하기", "Ask"), Do: Ask}, {Label: say("상담원", "Person"), Do: Person}, {Label: say("안내", "Guide"), Do: Open, URL: "/hc/ko"}}},
		{Key: "delivery", Say: say("내일 도착해요.", "It comes tomorrow."), Words: []string{"배송", "delivery", "track my parcel"}},
		{Key: "return", Say: say("14일 안에 보내 주세요.", "Within fourteen days."), Words: []string{"반품", "반품 배송비", "refund", "AS"}},
	}}
}

func TestAButtonLeadsWhereItSays(t *testing.T) {
	p := lamps()
	for _, c := range []struct {
		id   string
		do   Do
		step string
		ok   bool
	}{
		{"flow/1/hello/0/ko", Go, "delivery", true},
		{"flow/1/hello/1/en", Ask, "", true},
		{"flow/1/hello/2/en", Person, "", true},
		{"flow/1/hello/3/en", Open, "", false}, // it is a link, not to be pressed
		{"flow/1/hello/4/en", "", "", false},
		{"flow/1/nowhere/0/en", "", "", false},
		{"flow/1/delivery/-1/ko", Go, "hello", true},
	} {
		b, ok := readPress(c.id)
		if !ok || b.String() != c.id {
			t.Errorf("%s is read as %v, %t", c.id, b, ok)
		}
		if m, ok := p.pressed(b); ok != c.ok || ok && (m.Do != c.do || m.Step.Key != c.step) {
			t.Errorf("%s leads to %v, %t", c.id, m, ok)
		}
	}
	for _, id := range []string{"", "yes", "flow/1/hello/0", "flow/x/hello/0/ko", "flow/1/hello/-2/ko", "flow/1/hello/0/xx", "flow/1/hello/0/ko/1", "wolf/1/hello/0/ko"} {
		if _, ok := readPress(id); ok {
			t.Errorf("%q is read as a button", id)
		}
	}
}

func TestWordsLeadIntoThePath(t *testing.T) {
	p := lamps()
	for text, want := range map[string]string{
		"배송 언제 와요?":                  "delivery",
		"배 송 조회":                     "delivery",
		"Delivery?":                  "delivery",
		"how do I TRACK  my parcel":  "delivery",
		"반품 배송비는 누가 내요":              "return", // the longer word wins
		"반품배송비":                      "return",
		"I want a refund!":           "return",
		"AS가 되나요":                    "return",
		"Delivery":                   "delivery",
		"refunds":                    "", // another word
		"basic":                      "", // AS stands inside it
		"hello":                      "",
		"":                           "",
		strings.Repeat("가", 20000):   "",
		"ｄｅｌｉｖｅｒｙ":                   "delivery", // full-width letters
		"delivery,refund":            "delivery",
		"my parcel I want to track.": "",
	} {
		s, alone, ok := p.heard(text)
		if s.Key != want || ok != (want != "") {
			t.Errorf("%.40q leads to %q, want %q", text, s.Key, want)
		}
		if want := text == "ｄｅｌｉｖｅｒｙ" || text == "Delivery"; alone != want {
			t.Errorf("%.40q is the word alone: %t", text, alone)
		}
	}
}

func TestWhatMayBePublished(t *testing.T) {
	if err := lamps().ready(); err != nil {
		t.Errorf("a good path is refused: %v", err)
	}
	for name, breaks := range map[string]func(*Path){
		"nothing at all":     func(p *Path) { p.Steps = nil },
		"a mute step":        func(p *Path) { p.Steps[1].Say = nil },
		"a button to nobody": func(p *Path) { p.Steps[0].Choices[0].Step = "gone" },
		"a bare button":      func(p *Path) { p.Steps[0].Choices[1].Label = nil },
		"no address":         func(p *Path) { p.Steps[0].Choices[3].URL = "" },
	} {
		p := lamps()
		if breaks(&p); p.ready() == nil {
			t.Errorf("%s may be published", name)
		}
		if err := p.check(); err != nil {
			t.Errorf("%s cannot be kept as a draft: %v", name, err)
		}
	}
	for name, breaks := range map[string]func(*Path){
		"a script":          func(p *Path) { p.Steps[0].Choices[3].URL = "javascript:alert(1)" },
		"another host":      func(p *Path) { p.Steps[0].Choices[3].URL = "//evil.example" },
		"a secret":          func(p *Path) { p.Steps[0].Choices[3].URL = "https://a:b@evil.example" },
		"a backslash":       func(p *Path) { p.Steps[0].Choices[3].URL = `/\evil.example` },
		"two of one key":    func(p *Path) { p.Steps[1].Key = "hello" },
		"a letter":          func(p *Path) { p.Steps[1].Words = []string{"a"} },
		"a long text":       func(p *Path) { p.Steps[1].Say = say(strings.Repeat("가", maxSay+1), "") },
		"too many buttons":  func(p *Path) { p.Steps[1].Choices = make([]Choice, maxChoices+1) },
		"too many steps":    func(p *Path) { p.Steps = make([]Step, maxSteps+1) },
		"a slash in a name": func(p *Path) { p.Steps[1].Key = "a/b" },
	} {
		p := lamps()
		if breaks(&p); p.check() == nil {
			t.Errorf("%s may be kept", name)
		}
	}
}

func TestDoubts(t *testing.T) {
	p := lamps()
	p.Steps = append(p.Steps, Step{Key: "lost", Say: say("여기", "")})
	want := map[Doubt]bool{{"lost", "unreached"}: true, {"lost", "one_language"}: true}
	for _, d := range p.Doubts() {
		if !want[d] {
			t.Errorf("doubt %v", d)
		}
		delete(want, d)
	}
	if len(want) > 0 {
		t.Errorf("not doubted: %v", want)
	}
	p.Steps[1].Choices = []Choice{{Label: say("다시", "Again"), Do: Go, Step: "hello"}} // round and round
	if d := p.Depths(); d["hello"] != 0 || d["delivery"] != 1 {
		t.Errorf("depths %v", d)
	}
}

func FuzzHeard(f *testing.F) {
	f.Add("배송 언제", "배송")
	f.Add("AS가", "AS")
	f.Fuzz(func(t *testing.T, text, word string) {
		p := Path{Steps: []Step{{Key: "a", Words: []string{word}}}}
		p.heard(text)
		readPress(text)
		if _, _, ok := p.heard(word); !ok && p.check() == nil && strings.TrimSpace(parted(flat(word))) != "" {
			t.Errorf("%q does not lead where it should", word)
		}
	})
}
