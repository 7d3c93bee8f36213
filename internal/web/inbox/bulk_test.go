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
	"baraji/internal/team"
)

// open counts the open conversations of a tag.
func (s *shop) open(tag string) (n int) {
	s.t.Helper()
	s.Must(func(tx *db.Tx) error {
		ids, err := conversation.Matching(s.System(), tx, conversation.Filter{Status: []conversation.Status{conversation.Open}, Tag: tag}, "", s.Clock.Now(), 1000)
		n = len(ids)
		return err
	})
	return n
}

// sold makes conversations with a tag, more than a page shows.
func (s *shop) sold(n int, tag string) (ids []conversation.ID) {
	s.t.Helper()
	for i := range n {
		from := fmt.Sprintf("guest%d@spring.example", i)
		ids = append(ids, s.said(mailFrom("손님", from, "봄맞이 할인", "할인은 언제까지인가요?"), conversation.Inbound{}).Conversation)
		s.Clock.Advance(time.Second)
	}
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		for _, id := range ids {
			if err := conversation.Tag(ctx, tx, id, tag); err != nil {
				return err
			}
		}
		return nil
	})
	return ids
}

// All of a list, over its pages: how many they are is said first, and what a
// customer writes meanwhile is left alone.
func TestAllOfAList(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.sold(45, "다른 것")
		ids := s.sold(230, "봄맞이")
		list := "/inbox?tag=봄맞이&view=all"
		s.Mina.Get(list).Is(200).Says("The whole list, also what is further down")

		asked := s.Mina.Swap("/inbox/bulk", "all", "1", "do", "solved", "back", list, "talk", ids[229].String()).Is(200).Says("Solve 230 conversations?", "Yes, all 230")
		if to := asked.Header.Get("HX-Retarget"); to != "#dialog" {
			t.Errorf("the question stands in %q", to)
		}
		until := asked.Find(`name="until" value="(\d+)"`)
		if n := s.open("봄맞이"); n != 230 {
			t.Fatalf("%d are open before anybody said yes", n)
		}

		s.Clock.Advance(time.Minute)
		s.said(mailFrom("손님", "guest0@spring.example", "", "아직이에요."), conversation.Inbound{Continues: ids[0]})
		done := s.Mina.Swap("/inbox/bulk", "all", "1", "sure", "1", "do", "solved", "back", list, "until", until).Is(204)
		if h := done.Header.Get("HX-Trigger"); !strings.Contains(h, "Working on 229 conversations.") {
			t.Error(h)
		}
		s.Run()
		if s.talk(ids[0]).Status != conversation.Open || s.open("봄맞이") != 1 || s.open("다른 것") != 45 {
			t.Errorf("open are %d and %d, the one that was written to is %s", s.open("봄맞이"), s.open("다른 것"), s.talk(ids[0]).Status)
		}
	})
}

// Without script the question is a page, and each act can be asked for.
func TestAllOfAListWithoutScript(t *testing.T) {
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	s.sold(3, "봄맞이")
	list := "/inbox?tag=봄맞이&view=all"
	for do, says := range map[string]string{"take": "Take 3 conversations?", "assign": "Take 3 conversations from everybody?", "pending": "Wait for the customer in 3", "open": "Open 3 conversations again?"} {
		s.Mina.Post("/inbox/bulk", "all", "1", "do", do, "to", "", "back", list).Is(200).Says(says, "Yes, all 3")
	}
	asked := s.Mina.Post("/inbox/bulk", "all", "1", "do", "tag", "tag", "여름", "back", list).Is(200).Says("Tag 3 conversations “여름”?")
	s.Mina.Post("/inbox/bulk", "all", "1", "sure", "1", "do", "tag", "tag", "여름", "back", list, "until", asked.Find(`name="until" value="(\d+)"`)).Is(303)
	s.Run()
	if n := s.open("여름"); n != 3 {
		t.Errorf("%d have the tag", n)
	}
	s.Mina.Swap("/inbox/bulk", "all", "1", "do", "tag", "tag", " ", "back", list).Is(422)
	s.Mina.Swap("/inbox/bulk", "all", "1", "do", "solved", "back", "/settings").Is(422)
	s.Mina.Swap("/inbox/bulk", "all", "1", "do", "solved", "back", "/inbox?tag=none&view=all").Is(422)
}

// Nobody changes what he does not see, nor anything once he has left.
func TestAllOfAListIsWhatOneSees(t *testing.T) {
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	ids := s.sold(4, "봄맞이")
	partner := s.As("외부", "partner")
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		if err := conversation.Assign(ctx, tx, ids[1], partner.ID); err != nil {
			return err
		}
		return conversation.Assign(ctx, tx, ids[2], partner.ID)
	})
	list := "/inbox?tag=봄맞이&view=all"
	until := fmt.Sprint(s.Clock.Now().UnixMilli())
	partner.Swap("/inbox/bulk", "all", "1", "do", "pending", "back", list).Is(200).Says("2 conversations?")
	partner.Swap("/inbox/bulk", "all", "1", "sure", "1", "do", "pending", "back", list, "until", until).Is(204)
	s.Run()
	if n := s.open("봄맞이"); n != 2 {
		t.Errorf("%d are open, want the 2 that he does not see", n)
	}
	partner.Swap("/inbox/bulk", "all", "1", "sure", "1", "do", "open", "back", "/inbox?tag=봄맞이&view=pending", "until", until).Is(204)
	s.Must(func(tx *db.Tx) error { return team.Disable(s.Mina.Acting(tx), tx, partner.ID) })
	s.Run()
	if n := s.open("봄맞이"); n != 2 {
		t.Errorf("%d are open: somebody who has left changed them", n)
	}
}
