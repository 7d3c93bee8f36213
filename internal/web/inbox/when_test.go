package inbox

import (
	"testing"
	"time"
)

func TestWhen(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	// a Wednesday afternoon
	now := time.Date(2026, 11, 18, 14, 7, 0, 0, seoul)
	for text, want := range map[string]string{
		"2h30m": "11-18 16:37", "45m": "11-18 14:52", "3d": "11-21 14:07", "1w": "11-25 14:07", "in 2 hours": "11-18 16:07", "90 min": "11-18 15:37",
		"1 month": "12-18 14:07", "an hour": "11-18 15:07", "2 days later": "11-20 14:07",
		"2시간 30분": "11-18 16:37", "2시간 반": "11-18 16:37", "30분 뒤": "11-18 14:37", "3일": "11-21 14:07", "3일 뒤": "11-21 14:07", "사흘 뒤": "11-21 14:07",
		"일주일": "11-25 14:07", "2주 후": "12-02 14:07", "한 시간 뒤": "11-18 15:07", "하루": "11-19 14:07", "1개월": "12-18 14:07",
		"tomorrow": "11-19 09:00", "tomorrow 9am": "11-19 09:00", "9am tomorrow": "11-19 09:00", "tomorrow at 14:30": "11-19 14:30", "today 6pm": "11-18 18:00",
		"tonight": "11-18 20:00", "monday": "11-23 09:00", "next monday 10am": "11-23 10:00", "wed": "11-25 09:00", "friday afternoon": "11-20 14:00",
		"next week": "11-23 09:00", "next month": "12-01 09:00", "noon": "11-19 12:00", "5pm": "11-18 17:00", "9:30": "11-19 09:30", "12am": "11-19 00:00",
		"내일": "11-19 09:00", "내일 9시": "11-19 09:00", "내일 오후 3시 반": "11-19 15:30", "내일 3시": "11-19 15:00", "모레 10시": "11-20 10:00", "글피": "11-21 09:00",
		"월요일": "11-23 09:00", "다음 주 화요일": "11-24 09:00", "다음주 수요일 14:00": "11-25 14:00", "이번 주 금요일": "11-20 09:00", "오늘 저녁": "11-18 18:00",
		"정오": "11-19 12:00", "오후 6시": "11-18 18:00", "내일 아침": "11-19 09:00", "다음 달": "12-01 09:00", "금 15:00": "11-20 15:00", "내일까지": "11-19 09:00",
		"2026-12-01 10:00": "12-01 10:00", "12/1": "12-01 09:00", "1 Dec": "12-01 09:00", "Dec 1, 3pm": "12-01 15:00", "12월 1일 10시": "12-01 10:00", "25일까지": "11-25 09:00",
		"15일 2시": "12-15 14:00", "5일까지 9시": "12-05 09:00", "Monday ": "11-23 09:00", "day after tomorrow": "11-20 09:00", "오전 9:30": "11-19 09:30",
	} {
		got, ok := parseWhen(text, now)
		if !ok {
			t.Errorf("%q is not understood", text)
			continue
		}
		if s := got.Format("01-02 15:04"); s != want {
			t.Errorf("%q is %s, want %s", text, s, want)
		}
	}
	for _, text := range []string{"", "soon", "나중에", "25:00", "13월 1일", "2월 30일", "yesterday", "2026-01-01", "today 9am", "3 mon", "tomorrow tomorrow", "9am 10am",
		"오전 13시", "0m", "이번 주 월요일", "monday monday", "99999d"} {
		if got, ok := parseWhen(text, now); ok {
			t.Errorf("%q is understood as %s", text, got)
		}
	}
}

// A time is one on the wall: also on the days when clocks change.
func TestWhenClocksChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 28, 10, 0, 0, 0, berlin)
	got, _ := parseWhen("tomorrow 9am", now)
	if want := time.Date(2026, 3, 29, 7, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("%s, want %s", got.UTC(), want)
	}
}

func FuzzWhen(f *testing.F) {
	for _, s := range []string{"2h30m", "내일 9시", "next monday 14:00", "12월 1일 10시", "오후 3시 반", "1 Dec 2027"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 18, 14, 7, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		if at, ok := parseWhen(text, now); ok && !at.After(now) {
			t.Errorf("%q is %s, which is past", text, at)
		}
	})
}
