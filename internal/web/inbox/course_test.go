package inbox_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig/browser"
)

// Tags that one puts on together are one line of the talk, others are not.
func TestTagsInTheCourseOfATalk(t *testing.T) {
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	id := s.said(mailFrom("윤하람", "haram@solip.example", "깜빡여요", "왜 그럴까요?"), conversation.Inbound{}).Conversation
	tag := func(names ...string) {
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			for _, name := range names {
				if err := conversation.Tag(ctx, tx, id, name); err != nil {
					return err
				}
			}
			return nil
		})
	}
	tag("교환", "배송", "호텔")
	s.Clock.Advance(time.Hour)
	tag("급함")
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error { return conversation.Untag(ctx, tx, id, "배송") })
	words := s.Mina.Get("/inbox/" + id.String() + "?view=all").Is(200).Words()
	var lines []string
	for _, line := range []string{"한서윤 tagged it 교환, 배송, 호텔", "한서윤 tagged it 급함", "한서윤 took off 배송"} {
		if !strings.Contains(words, line) {
			lines = append(lines, line)
		}
	}
	if lines != nil {
		t.Errorf("the talk does not say %q: %s", lines, words)
	}
}

// What somebody unfolded stays so when the talk is drawn anew.
func TestWhatWasUnfoldedStays(t *testing.T) {
	chrome := browser.Open(t)
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	l := live(t, s)
	tab := open(t, s.Mina, chrome, "en")
	tab.Go(s.URL + "/inbox/" + l.lamp.String())
	for i, open := range []bool{true, false} {
		tab.Click("#course .fold summary")
		text := fmt.Sprintf("소식 %d.", i)
		s.said(mailFrom("윤하람", "haram@solip.example", "", text), conversation.Inbound{Continues: l.lamp})
		browser.Eval[bool](tab, `document.dispatchEvent(new CustomEvent("refresh"))`)
		tab.See(text)
		if got := browser.Eval[bool](tab, `document.querySelector("#course .fold").open`); got != open {
			t.Errorf("unfolded: %v, want %v", got, open)
		}
	}
}
