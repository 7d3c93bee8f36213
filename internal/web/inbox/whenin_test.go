package inbox

import (
	"testing"
	"time"
)

func TestTheTimeThatASentenceNames(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 18, 14, 0, 0, 0, zone) // a Wednesday
	for sentence, want := range map[string]string{
		"We will send the new lamp by Friday.":            "2026-11-20 09:00 day",
		"The refund is yours tomorrow at 3pm, I promise.": "2026-11-19 15:00 time",
		"금요일까지 새 전등을 보내 드릴게요.":                            "2026-11-20 09:00 day",
		"12월 3일까지 고쳐 드리겠습니다.":                             "2026-12-03 09:00 day",
		"내일 오후 2시에 전화드릴게요.":                               "2026-11-19 14:00 time",
		"We will mend it on 2026-12-01.":                  "2026-12-01 09:00 day",
		"You get 10% off, for ever.":                      "none",
		"":                                                "none",
	} {
		at, timed, ok := whenIn(sentence, now)
		got := "none"
		if ok {
			got = at.Format("2006-01-02 15:04") + map[bool]string{true: " time", false: " day"}[timed]
		}
		if got != want {
			t.Errorf("%q: %s, want %s", sentence, got, want)
		}
	}
}

func FuzzWhenIn(f *testing.F) {
	f.Add("금요일까지 3시 반")
	f.Add("in 3 days, or (maybe) next monday 14:00")
	f.Fuzz(func(t *testing.T, s string) {
		now := time.Date(2026, 11, 18, 14, 0, 0, 0, time.UTC)
		if at, _, ok := whenIn(s, now); ok && !at.After(now) {
			t.Errorf("%q is past: %s", s, at)
		}
	})
}
