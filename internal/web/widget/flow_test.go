package widget_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/flow"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
)

// publish gives the widget a path of buttons.
func (s *shop) publish(p flow.Path) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error { _, err := flow.Publish(ctx, tx, s.in.ID, p); return err })
}

func both(ko, en string) i18n.Text { return i18n.Text{i18n.Korean: ko, i18n.English: en} }

func lamps() flow.Path {
	return flow.Path{Steps: []flow.Step{
		{Key: "hello", Say: both("무엇을 도와드릴까요?", "What can we help with?"), Choices: []flow.Choice{{Label: both("배송", "Delivery"), Do: flow.Go, Step: "delivery"}, {Label: both("질문하기", "Ask"), Do: flow.Ask}}},
		{Key: "delivery", Say: both("**내일** 도착해요.", "It comes tomorrow."), Words: []string{"배송"}},
	}}
}

// opens is what the widget says before anybody writes.
func (p *page) opens() (greeting string, may []button) {
	p.t.Helper()
	var look struct {
		Greeting string
		May      []button
	}
	if status := p.ask("GET", "", nil, &look); status != 200 {
		p.t.Fatalf("the widget's look: %d", status)
	}
	return look.Greeting, look.May
}

type button struct{ ID, Label, URL string }

// press presses the button with this label below the last thing that was said.
func (p *page) press(label string) {
	p.t.Helper()
	_, may := p.opens()
	if p.token != "" {
		if seen := p.sees(); len(seen) > 0 {
			may = seen[len(seen)-1].May
		}
	}
	for _, b := range may {
		if b.Label == label {
			if _, status := p.say(label, "press", b.ID); status != 201 {
				p.t.Fatalf("press %s: %d", label, status)
			}
			return
		}
	}
	p.t.Fatalf("there is no button %q among %v", label, may)
}

func labels(list []button) string {
	var all []string
	for _, b := range list {
		all = append(all, b.Label)
	}
	return strings.Join(all, " | ")
}

// TestAPathOfButtons (S2-24): from the greeting to the end, in the language of the page, without anybody of the team; and to a
// person from everywhere (S3-06, S2-52).
func TestAPathOfButtons(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		if _, may := s.page().opens(); len(may) != 0 {
			t.Errorf("without a path it offers %v", may)
		}
		s.publish(lamps())
		p := s.page()
		p.lang = "ko"
		if says, may := p.opens(); says != "무엇을 도와드릴까요?" || labels(may) != "배송 | 질문하기 | 상담원과 이야기하기" {
			t.Fatalf("it opens with %q, %v", says, may)
		}
		p.press("배송")
		s.Run()
		seen := p.sees()
		if len(seen) != 2 || !strings.HasPrefix(seen[1].Text, "내일 도착해요.") || labels(seen[1].May) != "네, 해결됐어요 | 아니요, 상담원과 이야기할게요" {
			t.Fatalf("he sees %+v", seen)
		}
		if c := s.talks()[0]; c.Status != conversation.Pending || c.Subject != "배송" {
			t.Errorf("the talk is %s, %q", c.Status, c.Subject)
		}
		p.press("네, 해결됐어요")
		s.Run()
		if seen = p.sees(); len(seen) != 4 || !strings.Contains(seen[3].Text, "다행이에요") {
			t.Errorf("who was helped sees %+v", seen)
		}
		s.Clock.Advance(flow.Silence + time.Minute)
		s.Run()
		if c := s.talks()[0]; c.Status != conversation.Solved {
			t.Errorf("after a day of silence the talk is %s", c.Status)
		}

		other := s.page()
		other.lang = "en"
		other.press("Talk to a person")
		s.Run()
		if seen := other.sees(); len(seen) != 2 || !strings.Contains(seen[1].Text, "person") || len(seen[1].May) != 0 {
			t.Errorf("who wants a person sees %+v", seen)
		}
		other.say("배송 언제 와요")
		s.Run()
		if seen := other.sees(); len(seen) != 3 {
			t.Errorf("where a person was asked for, the robot goes on: %+v", seen)
		}
		if c := s.talks()[0]; c.Status != conversation.Open {
			t.Errorf("the talk that waits for a person is %s", c.Status)
		}
	})
}

// TestAPathKeepsItsPromise: words lead into it, whoever began on one version goes on along it, and what is switched off is silent.
func TestAPathKeepsItsPromise(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.publish(lamps())
		p := s.page()
		p.lang = "ko"
		_, old := p.opens()
		changed := lamps()
		changed.Steps[0].Choices[0].Step, changed.Steps[1].Key, changed.Steps[1].Say = "when", "when", both("모레 와요.", "In two days.")
		s.publish(changed)
		p.say("배송", "press", old[0].ID)
		s.Run()
		if seen := p.sees(); !strings.Contains(texts(seen), "내일 도착해요.") {
			t.Errorf("a button of the old version leads to %s", texts(seen))
		}
		written := s.page()
		written.lang = "ko"
		written.say("배송은 얼마나 걸려요?")
		s.Run()
		if seen := written.sees(); !strings.Contains(texts(seen), "모레 와요.") {
			t.Errorf("words lead to %s", texts(seen))
		}
		forged := s.page()
		forged.say("나쁜 것", "press", "flow/99/x/0/ko")
		s.Run()
		if seen := forged.sees(); len(seen) != 2 || s.talks()[0].Status != conversation.Open {
			t.Errorf("a button that nobody offered: %s, %s", texts(seen), s.talks()[0].Status)
		}
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error { return flow.Switch(ctx, tx, s.in.ID, false) })
		off := s.page()
		off.say("배송은 얼마나 걸려요?")
		s.Run()
		if _, may := off.opens(); len(may) != 0 || len(off.sees()) != 1 {
			t.Errorf("switched off it offers %v and says %s", may, texts(off.sees()))
		}
	})
}

// TestTheRobotIsSilentWherePeopleSpeak.
func TestTheRobotIsSilentWherePeopleSpeak(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.publish(lamps())
		p := s.page()
		p.lang = "ko"
		p.press("배송")
		s.Run()
		s.reply(s.talks()[0].ID, "제가 도와드릴게요.")
		p.say("배송", "press", "flow/1/hello/0/ko")
		s.Run()
		if seen := p.sees(); len(seen) != 4 {
			t.Errorf("where a person speaks the robot says %s", texts(seen))
		}
		s.Clock.Advance(flow.Silence + time.Minute)
		s.Run()
		if c := s.talks()[0]; c.Status == conversation.Solved {
			t.Error("a talk with a person was ended as if nobody had spoken")
		}
	})
}

// TestAButtonAsksNothing: what a widget asks of strangers it asks when they write, not before they may press a button.
func TestAButtonAsksNothing(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.in, _ = s.widget(chat.Settings{AskName: true, AskEmail: true})
		s.publish(lamps())
		p := s.page()
		p.lang = "ko"
		p.press("배송")
		s.Run()
		if _, status := p.say("급해요"); status != 422 {
			t.Errorf("he writes without saying who he is: %d", status)
		}
		if _, status := p.say("급해요", "name", "수아", "email", "sua@customer.example"); status != 201 {
			t.Fatalf("he says who he is: %d", status)
		}
		if _, status := p.say("아직이에요"); status != 201 {
			t.Errorf("he is asked again: %d", status)
		}
		if c := s.talks()[0]; c.ContactName != "수아" {
			t.Errorf("he is called %q", c.ContactName)
		}
		if _, status := s.page().say(strings.Repeat("가", 200), "press", "flow/1/hello/0/ko"); status != 422 {
			t.Errorf("a button as long as a letter: %d", status)
		}
		proven, _ := s.widget(chat.Settings{Proven: true})
		s.in = proven
		if _, status := s.page().say("배송", "press", "flow/1/hello/0/ko"); status != 403 {
			t.Errorf("a stranger presses where only proven people may write: %d", status)
		}
	})
}
