package inbox

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/incident"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/routing"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// What comes after its time says so, in its line of the conversation; what comes in time says no more than before.
func TestWhatCameLateSaysSo(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	due := at.Add(-2*time.Hour - 10*time.Minute)
	people := map[team.ID]string{1: "Mina"}
	for _, tt := range []struct {
		fact   event.Fact
		en, ko string
	}{
		{conversation.StatusSet{From: conversation.Snoozed, To: conversation.Open}, "The snooze is over", "미뤄 둔 시간이 끝났어요"},
		{conversation.StatusSet{From: conversation.Snoozed, To: conversation.Open, Due: due}, "The snooze is over · 2 h 10 min late",
			"미뤄 둔 시간이 끝났어요 · 2시간 10분 늦게 처리했어요"},
		{sla.Warned{Clock: sla.First, Due: at}, "", ""},
		{sla.Warned{Clock: sla.First, Due: at, Left: due}, "The time promised for the first answer was nearly up · 2 h 10 min late",
			"첫 답변을 약속한 시간이 거의 다 됐어요 · 2시간 10분 늦게 처리했어요"},
		{sla.Broken{Clock: sla.Solve, Due: at.Add(-time.Second)}, "", ""},
		{sla.Broken{Clock: sla.Solve, Due: due, Late: true}, "The time promised for the solution had passed · 2 h 10 min late",
			"해결을 약속한 시간이 지났어요 · 2시간 10분 늦게 처리했어요"},
		{routing.TakenBack{From: 1, Due: due}, "Taken back from Mina, who had not answered · 2 h 10 min late",
			"답이 없어서 Mina에게서 되돌렸어요 · 2시간 10분 늦게 처리했어요"},
		{incident.ToldElsewhere{Number: 1042}, "The customer was told of the incident in conversation #1042", "장애 소식은 대화 #1042에서 고객에게 알렸어요"},
	} {
		body, err := json.Marshal(tt.fact)
		if err != nil {
			t.Fatal(err)
		}
		for locale, want := range map[i18n.Locale]string{i18n.English: tt.en, i18n.Korean: tt.ko} {
			ctx := i18n.With(context.Background(), i18n.Reader{Locale: locale, Zone: time.UTC, Now: at})
			e := event.Event{Kind: tt.fact.EventKind(), Actor: "system", At: at, Body: body}
			if got := happened(ctx, e, people, nil, nil); strings.ReplaceAll(got.Text, "\u00a0", " ") != want {
				t.Errorf("%s: %q, want %q", tt.fact.EventKind(), got.Text, want)
			}
		}
	}
}
