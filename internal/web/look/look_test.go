package look

import (
	"context"
	"math"
	"testing"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/kit/i18n"
)

func TestAColourIsJudged(t *testing.T) {
	for _, c := range []struct {
		name, color     string
		letters, light  float64
		onLight, onDark bool
		better          string
	}{
		{"our own", "#00635f", 7.1, 7.1, true, true, ""},
		{"black vanishes on a dark screen", "#000000", 21, 21, true, false, "#424242"},
		{"white vanishes on a white page", "#ffffff", 21, 1, false, true, "#949494"},
		{"a pale yellow", "#ffd400", 14.6, 1.4, false, true, "#ad9000"},
		{"a middle grey", "#777777", 4.7, 4.5, true, true, ""},
	} {
		v, ok := Judge(c.color)
		if !ok || math.Abs(v.Letters-c.letters) > .1 || math.Abs(v.Light-c.light) > .1 || v.OnLight() != c.onLight || v.OnDark() != c.onDark || v.Better != c.better {
			t.Errorf("%s: %+v, want %+v", c.name, v, c)
		}
		if v.Better != "" {
			if again, _ := Judge(v.Better); again.Better != "" {
				t.Errorf("%s: %s is no better: %+v", c.name, v.Better, again)
			}
		}
	}
	for _, s := range []string{"", "red", "#12345", "#12345g", "123456#"} {
		if _, ok := Judge(s); ok {
			t.Errorf("%q is a colour", s)
		}
	}
}

// Whatever colour a firm takes: its letters can be read, and what is proposed instead is better.
func FuzzJudge(f *testing.F) {
	f.Add("#00635f")
	f.Add("#fffffe")
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := Judge(s)
		if !ok {
			return
		}
		if v.Letters < 4.5 {
			t.Errorf("%s: letters %v", s, v.Letters)
		}
		if v.Better != "" {
			if b, ok := Judge(v.Better); !ok || !b.OnLight() {
				t.Errorf("%s: %s is proposed: %+v", s, v.Better, b)
			}
		}
	})
}

func TestWhatNobodyChoseIsOurs(t *testing.T) {
	ctx := i18n.With(context.Background(), i18n.Reader{Locale: i18n.Korean})
	bare := Of(ctx, chat.Settings{}, "달빛조명", chat.Expectation{})
	if bare.Title != "달빛조명" || bare.Greeting == "" || bare.Status != "" || bare.Words["send"] == "" {
		t.Errorf("nothing chosen: %+v", bare)
	}
	s := chat.Settings{Title: map[string]string{"ko": "도와드려요"}, Greeting: map[string]string{"en": "Hello"}, Ask: []chat.Question{{Label: map[string]string{"en": "Order number"}, Required: true}}}
	l := Of(ctx, s, "달빛조명", chat.Expectation{Within: 4 * time.Minute})
	if l.Title != "도와드려요" || l.Greeting != bare.Greeting || l.Status == "" || len(l.Questions) != 1 || l.Questions[0] != (Question{"Order number", true}) {
		t.Errorf("chosen: %+v", l)
	}
}

func TestAfterHoursOneReadsWhenSomebodyIsBack(t *testing.T) {
	seoul := time.FixedZone("KST", 9*3600)
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, seoul)
	for _, c := range []struct {
		locale i18n.Locale
		now    time.Time
		mail   bool
		want   string
	}{
		{i18n.English, monday.Add(-13 * time.Hour), false, "Nobody is here now. We answer here from Mon\u00a023\u00a0Nov 09:00"},
		{i18n.Korean, monday.Add(-13 * time.Hour), true, "지금은 근무 시간이 아니에요. 11월 23일(월) 09:00부터 메일로 답할게요"},
		{i18n.Korean, monday.Add(-time.Hour), false, "지금은 근무 시간이 아니에요. 09:00부터 여기서 답할게요"},
	} {
		ctx := i18n.With(context.Background(), i18n.Reader{Locale: c.locale, Now: c.now})
		if got := Of(ctx, chat.Settings{AskEmail: c.mail}, "달빛조명", chat.Expectation{Away: true, Back: monday}).Status; got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
