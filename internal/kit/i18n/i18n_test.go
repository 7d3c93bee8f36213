package i18n

import (
	"context"
	"testing"
	"time"
)

func in(l Locale) context.Context {
	seoul := time.FixedZone("Asia/Seoul", 9*3600)
	return With(context.Background(), Reader{Locale: l, Zone: seoul, Now: time.Date(2026, 11, 20, 14, 7, 0, 0, seoul)})
}

func TestParticleFollowsTheSound(t *testing.T) {
	cases := []struct{ word, pair, want string }{
		{"윤하람", "이/가", "이"}, {"하루", "이/가", "가"},
		{"서울", "으로/로", "로"}, {"부산", "으로/로", "으로"}, {"제주", "으로/로", "로"},
		{"물결", "을/를", "을"}, {"김도담", "과/와", "과"}, {"#1042", "은/는", "는"},
		{"#1043", "은/는", "은"}, {"100", "을/를", "을"}, {"1", "으로/로", "로"},
		{"“매장”", "이/가", "이"}, {"하루(주)", "이/가", "가"},
		{"Noah", "이/가", "가"}, {"email", "으로/로", "로"}, {"Google", "은/는", "은"},
		{"chat", "을/를", "을"}, {"Slack", "으로/로", "으로"}, {"iPhone", "을/를", "을"}, {"note", "을/를", "를"}, {"Mark", "이/가", "가"},
		{"URL", "을/를", "을"}, {"API", "을/를", "를"}, {"CRM", "을/를", "을"},
		{"東京", "이/가", "가"}, {"", "이/가", "가"}, {"🙂", "은/는", "는"},
	}
	for _, c := range cases {
		if got := Particle(c.word, c.pair); got != c.want {
			t.Errorf("%s + %s: got %s, want %s", c.word, c.pair, got, c.want)
		}
	}
}

func TestFill(t *testing.T) {
	cases := []struct {
		text string
		args []any
		want string
	}{
		{"{who|이/가} 맡았어요", []any{"who", "윤하람"}, "윤하람이 맡았어요"},
		{"{n|을/를} 봐요", []any{"n", 1042}, "1,042를 봐요"},
		{"문가온{은/는} 쉬어요", nil, "문가온은 쉬어요"},
		{"{missing} stays", nil, "{missing} stays"},
		{"an open { brace", nil, "an open { brace"},
		{"{a}{b}", []any{"a", "{b}", "b", "x"}, "{b}x"}, // what a customer wrote is never a placeholder
	}
	for _, c := range cases {
		if got := fill(c.text, c.args); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPlural(t *testing.T) {
	w := word{one: "{n} waits", other: "{n} wait"}
	for n, want := range map[int]string{0: "0 wait", 1: "1 waits", 2: "2 wait", 1000: "1,000 wait"} {
		args := []any{"n", n}
		if got := fill(w.choose(args), args); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestSentenceOfAProblem(t *testing.T) {
	const format = "You may not do this. Ask an administrator for the right “%s”."
	if got, want := Sentence(in(Korean), format, "export"), "이 일을 할 권한이 없어요. 관리자에게 “export” 권한을 부탁해 주세요."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Sentence(in(English), "%s is taken.", "A"), "A is taken."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMatch(t *testing.T) {
	cases := map[string]Locale{
		"ko-KR,ko;q=0.9,en-US;q=0.8": Korean, "en-GB, ko;q=0.5": English, "de, ko;q=0.3": Korean,
		"de": English, "": English, "ko;q=0": English, "KO": Korean, "en;q=0.2,ko;q=0.7": Korean, "ko;q=nonsense": English,
	}
	for accept, want := range cases {
		if got := Match(accept); got != want {
			t.Errorf("%q: got %s, want %s", accept, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	en, ko := in(English), in(Korean)
	cases := []struct{ got, want string }{
		{Number(en, 12408), "12,408"}, {Number(en, -1234567), "−1,234,567"}, {Number(en, 0), "0"}, {Number(en, 999), "999"},
		{Decimal(en, 4.66, 1), "4.7"}, {Decimal(en, -0.04, 1), "0.0"}, {Decimal(en, -1.25, 2), "−1.25"},
		{Percent(en, .68), "68%"},
		{Bytes(en, 4_100_000), "4.1\u00a0MB"}, {Bytes(en, 0), "0\u00a0B"}, {Bytes(en, 999_999), "1.0\u00a0MB"}, {Bytes(en, 25_000_000), "25\u00a0MB"},
		{Money(ko, 1164000, "KRW"), "1,164,000원"}, {Money(en, 1164000, "KRW"), "₩1,164,000"},
		{Money(en, 1250, "USD"), "$12.50"}, {Money(ko, -5, "EUR"), "−€0.05"}, {Money(en, 1234, "KWD"), "1.234\u00a0KWD"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestTimes(t *testing.T) {
	en, ko := in(English), in(Korean)
	now := Of(ko).Now
	cases := []struct{ got, want string }{
		{Date(ko, now), "11월 20일(금)"}, {Date(en, now), "Fri\u00a020\u00a0Nov"}, {Clock(ko, now.UTC()), "14:07"},
		{Day(ko, now.AddDate(-1, 0, 0)), "2025년 11월 20일"}, {Day(en, now.AddDate(-1, 0, 0)), "20\u00a0Nov\u00a02025"},
		{Moment(ko, now), "11월 20일(금) 14:07"}, {Weekday(ko, time.Friday), "금요일"},
		{Ago(ko, now.Add(-10*time.Second)), "방금"}, {Ago(ko, now.Add(-4*time.Minute)), "4분"}, {Ago(en, now.Add(-4*time.Minute)), "4\u00a0min"},
		{Ago(ko, now.Add(-2*time.Hour-20*time.Minute)), "2시간"}, {Ago(ko, now.Add(-15*time.Hour)), "어제"},
		{Ago(ko, now.AddDate(0, 0, -2)), "11월 18일"}, {Ago(ko, now.Add(4*time.Minute+5*time.Second)), "4분 뒤"},
		{Ago(en, now.Add(4*time.Minute)), "in 4\u00a0min"}, {Ago(ko, now.Add(12*time.Hour)), "내일"},
		{Duration(ko, 80*time.Minute), "1시간 20분"}, {Duration(en, 76*time.Hour), "3\u00a0d 4\u00a0h"}, {Duration(ko, 12*time.Second), "12초"}, {Duration(ko, 0), "0초"},
		{Duration(ko, 4*time.Minute+30*time.Second), "4분"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAgoAcrossMidnightStillCountsHours(t *testing.T) {
	seoul := Of(in(Korean)).Zone
	ctx := With(context.Background(), Reader{Locale: Korean, Zone: seoul, Now: time.Date(2026, 11, 20, 0, 30, 0, 0, seoul)})
	if got, want := Ago(ctx, time.Date(2026, 11, 19, 23, 30, 0, 0, seoul)), "1시간"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWithoutAReaderThingsAreEnglishAndWhole(t *testing.T) {
	if got, want := Ago(context.Background(), time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)), "2\u00a0Jan\u00a02026"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := T(context.Background(), "no.such"); got != "no.such" {
		t.Errorf("an unknown key gave %q", got)
	}
}

func FuzzFill(f *testing.F) {
	f.Add("{who|이/가} {n} {", "윤하람")
	f.Fuzz(func(t *testing.T, text, who string) { fill(text, []any{"who", who, "n", 3}) })
}

func FuzzMatch(f *testing.F) {
	f.Add("ko-KR,ko;q=0.9,en-US;q=0.8")
	f.Fuzz(func(t *testing.T, accept string) {
		if l := Match(accept); l != English && l != Korean {
			t.Errorf("%q gave %q", accept, l)
		}
	})
}
