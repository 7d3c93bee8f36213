package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/mail"
	"baraji/internal/knowledge"
	"baraji/internal/night"
	"baraji/internal/oncall"
	"baraji/internal/routing"
	"baraji/internal/shift"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// friday is a shop that closes at six on Friday: a partner stands at night, and two of the house are on call.
type friday struct {
	*tale
	day, night         team.TeamID
	kim, lee, park     team.ID // of the day's desk, of the day's desk, the partner's
	partner            shift.RotaID
	service            oncall.ServiceID
	critical, harmless conversation.ID
}

// A critical fault of a gold customer on Friday at 23:40, and a harmless question of the same minute: what becomes of them until
// Monday, as everybody sees it who has a part in it.
func TestFridayNight(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			f := friday{tale: open(t, engine)}
			f.furnish()
			f.at("2026-11-27 23:40")
			f.files["critical"] = letter("mina@haneul.example", "결제가 안 돼요", "밤 11시부터 호텔 예약 결제가 안 됩니다. 급해요!")
			f.files["harmless"] = letter("bora@example.com", "포장 문의", "선물 포장은 어떻게 하나요?")
			for _, name := range []string{"critical", "harmless"} {
				f.ok(f.mail([]string{name}, ""))
			}
			f.due()
			f.critical, f.harmless = f.about("결제가 안 돼요"), f.about("포장 문의")
			f.scope()
			f.page()
			f.handOver()
			f.morning()
			f.review()
		})
	}
}

func letter(from, subject, text string) string {
	return fmt.Sprintf("From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s>\nContent-Type: text/plain; charset=utf-8\nMIME-Version: 1.0\n\n%s\n", from, shop, subject, from, text)
}

func (f *friday) ok(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *friday) do(fn func(ctx context.Context, tx *db.Tx) error) {
	f.t.Helper()
	f.ok(f.DB.Write(f.ctx, func(tx *db.Tx) error { return fn(f.ctx, tx) }))
}

// as does something as somebody who works here.
func (f *friday) as(who team.ID, fn func(ctx context.Context, tx *db.Tx) error) error {
	f.t.Helper()
	var a team.Actor
	f.do(func(ctx context.Context, tx *db.Tx) (err error) { a, err = team.ActorOf(ctx, tx, who); return err })
	ctx := team.With(f.t.Context(), a)
	return f.DB.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

// at lets the clock come to a time in Seoul, with all that is due on the way.
func (f *friday) at(text string) {
	f.t.Helper()
	zone, err := time.LoadLocation("Asia/Seoul")
	f.ok(err)
	to, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	f.ok(err)
	f.clock.Advance(to.Sub(f.clock.Now()))
	f.due()
}

func (f *friday) due() {
	f.t.Helper()
	f.ok(f.run(nil, ""))
}

func (f *friday) furnish() {
	hashed, err := f.Door.Hash(f.ctx, "moonlight lamp")
	f.ok(err)
	f.at("2026-11-26 10:00")
	f.do(func(ctx context.Context, tx *db.Tx) (err error) {
		for _, p := range []struct {
			id         *team.ID
			name, role string
		}{{&f.kim, "Kim", team.Agent}, {&f.lee, "Lee", team.Agent}, {&f.park, "Park", team.Partner}} {
			if *p.id, err = team.MakePerson(ctx, tx, strings.ToLower(p.name)+"@shop.example", p.name, p.role, hashed); err != nil {
				return err
			}
		}
		for _, t := range []struct {
			id   *team.TeamID
			name string
			who  []team.ID
		}{{&f.day, "Desk", []team.ID{f.kim, f.lee}}, {&f.night, "Night", []team.ID{f.park}}} {
			if *t.id, err = team.MakeTeam(ctx, tx, t.name, ""); err != nil {
				return err
			}
			if err = team.SetMembers(ctx, tx, *t.id, t.who); err != nil {
				return err
			}
		}
		rota := func(name string, mode shift.Mode, of team.TeamID, when []shift.Span, people ...team.ID) (shift.RotaID, error) {
			return shift.Make(ctx, tx, shift.Rota{Name: name, Mode: mode, Team: of, Color: 1, Layers: []shift.Layer{
				{Name: name, Slots: [][]team.ID{people}, First: hours.Date{Year: 2026, Month: time.November, Day: 1}, Every: 1, Unit: shift.Weeks, Hours: when}}})
		}
		if f.partner, err = rota("Partner", shift.Partner, f.night, nil, f.park); err != nil {
			return err
		}
		call, err := rota("On call", shift.OnCall, 0, nil, f.lee)
		if err != nil {
			return err
		}
		office := []shift.Span{{Days: []time.Weekday{1, 2, 3, 4, 5}, From: 9 * 60, To: 18 * 60}}
		if _, err = rota("Desk", shift.InHouse, f.day, office, f.kim, f.lee); err != nil {
			return err
		}
		f.service, err = oncall.MakeService(ctx, tx, oncall.Service{Name: "Payments", Course: oncall.Course{
			Steps: []oncall.Step{{Who: []oncall.Target{{Person: f.kim}}, Wait: 5}, {Who: []oncall.Target{{Rota: call}}, Wait: 10}},
			Rules: []oncall.Rule{{On: oncall.Asked, Severity: "critical", Tier: "gold", When: oncall.AfterHours, Urgent: true}}}})
		if err != nil {
			return err
		}
		if err = sla.SetTargets(ctx, tx, []sla.Target{{Severity: "critical", First: 15, Counts: sla.Wall}, {First: 10, Counts: sla.Working}}); err != nil {
			return err
		}
		if err = inbox.SetText(ctx, tx, f.in.ID, inbox.AutoReply, "ko", "잘 받았어요. {expected}"); err != nil {
			return err
		}
		if _, err = contact.CreateCompany(ctx, tx, contact.Company{Name: "Haneul Hotel", Tier: "Gold", Domains: []string{"haneul.example"}}); err != nil {
			return err
		}
		return routing.Set(ctx, tx, routing.Lists{
			Grades: []routing.Grade{{Words: []string{"결제가 안"}, SetType: "problem", SetSeverity: "critical", SetPriority: "urgent"}},
			Scopes: []routing.Scope{{When: routing.When{Severity: "critical", Tier: "gold"}, By: f.partner, Within: 15}},
			Rules:  []routing.Rule{{Name: "all", To: routing.ToTeam, Team: f.day, Known: true}},
		})
	})
}

// about is the conversation with a subject.
func (f *friday) about(subject string) conversation.ID {
	f.t.Helper()
	var found conversation.ID
	f.do(func(ctx context.Context, tx *db.Tx) error {
		list, _, err := conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 100})
		for _, c := range list {
			if c.Subject == subject {
				found = c.ID
			}
		}
		return err
	})
	if found == 0 {
		f.t.Fatalf("there is no conversation “%s”", subject)
	}
	return found
}

func (f *friday) get(id conversation.ID) (c conversation.Conversation) {
	f.t.Helper()
	f.do(func(ctx context.Context, tx *db.Tx) (err error) { c, err = conversation.Get(ctx, tx, id); return err })
	return c
}

// scope: the critical one is served by whoever stands, the harmless one is promised for Monday.
func (f *friday) scope() {
	f.t.Helper()
	c, h := f.get(f.critical), f.get(f.harmless)
	if c.Severity != "critical" || c.Priority != "urgent" || c.Assignee != f.park {
		f.t.Errorf("critical: %s, %s, of %v; Park is %v", c.Severity, c.Priority, c.Assignee, f.park)
	}
	if h.Assignee != 0 || h.Severity != "" {
		f.t.Errorf("harmless: %s, of %v", h.Severity, h.Assignee)
	}
	promised := map[string]string{}
	for _, m := range f.sink.Mails() {
		raw, err := m.Raw()
		f.ok(err)
		parsed, err := mail.Parse(raw)
		f.ok(err)
		for _, to := range parsed.To {
			promised[to.Addr] = parsed.Text
		}
	}
	if !strings.Contains(promised["mina@haneul.example"], "오늘 23:55까지 답해 드릴게요") {
		f.t.Errorf("Mina was told %q", promised["mina@haneul.example"])
	}
	if !strings.Contains(promised["bora@example.com"], "11월 30일(월) 09:10까지 답해 드릴게요") {
		f.t.Errorf("Bora was told %q", promised["bora@example.com"])
	}
	if err := f.as(f.park, func(ctx context.Context, tx *db.Tx) error {
		_, err := conversation.Get(ctx, tx, f.harmless)
		return err
	}); err == nil {
		f.t.Error("the partner sees what is not his")
	}
}

// calls are the pages of the critical one.
func (f *friday) calls() (list []oncall.Page) {
	f.t.Helper()
	f.do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = oncall.List(ctx, tx, oncall.Filter{}, 10)
		return err
	})
	return list
}

// page: Kim is told and does not answer, then Lee is, and does.
func (f *friday) page() {
	f.t.Helper()
	list := f.calls()
	if len(list) != 1 || list[0].Conversation != f.critical || list[0].State != oncall.Running {
		f.t.Fatalf("pages: %+v", list)
	}
	told := func() (people []team.ID) {
		f.do(func(ctx context.Context, tx *db.Tx) error {
			tellings, err := oncall.Tellings(ctx, tx, list[0].ID)
			for _, x := range tellings {
				people = append(people, x.Person)
			}
			return err
		})
		return people
	}
	if got := told(); len(got) != 1 || got[0] != f.kim {
		f.t.Errorf("at 23:40 %v are told; Kim is %v", got, f.kim)
	}
	f.at("2026-11-27 23:44")
	if got := told(); len(got) != 1 {
		f.t.Errorf("at 23:44 %v are told", got)
	}
	f.at("2026-11-27 23:45")
	if got := told(); len(got) != 2 || got[1] != f.lee {
		f.t.Errorf("at 23:45 %v are told; Lee is %v", got, f.lee)
	}
	f.at("2026-11-27 23:48")
	f.ok(f.as(f.lee, func(ctx context.Context, tx *db.Tx) error { return oncall.Acknowledge(ctx, tx, list[0].ID) }))
	f.at("2026-11-28 00:30")
	if got := f.calls()[0]; got.State != oncall.Acked || got.AckedBy != f.lee || len(told()) != 2 {
		f.t.Errorf("after Lee acknowledged: %s by %v, told %v", got.State, got.AckedBy, told())
	}
}

// handOver: the partner answers, cannot solve it, and hands it over with what he knows.
func (f *friday) handOver() {
	f.t.Helper()
	f.ok(f.as(f.park, func(ctx context.Context, tx *db.Tx) error {
		if _, err := conversation.Reply(ctx, tx, f.critical, conversation.Answer{Text: "지금 확인하고 있어요. 예약은 전화로 받아 드릴게요."}); err != nil {
			return err
		}
		_, err := conversation.HandOver(ctx, tx, f.critical, conversation.Handover{Team: f.day, Text: "카드사 점검 때문인 것 같아요. 월요일 10시까지 전화하기로 약속했어요."})
		return err
	}))
	f.due()
	c := f.get(f.critical)
	if c.Team != f.day || c.Assignee == f.park {
		f.t.Errorf("handed over: team %v, of %v", c.Team, c.Assignee)
	}
	f.ok(f.DB.Write(f.ctx, func(tx *db.Tx) error {
		raw, err := conversation.Get(f.ctx, tx, f.critical)
		if err == nil && raw.FirstReplyAt.IsZero() {
			f.t.Error("nobody answered")
		}
		return err
	}))
}

// morning: Monday at nine both have somebody, the morning's queue shows the night, and an article is drafted from it.
func (f *friday) morning() {
	f.t.Helper()
	f.at("2026-11-30 09:00")
	for name, id := range map[string]conversation.ID{"critical": f.critical, "harmless": f.harmless} {
		if who := f.get(id).Assignee; who != f.kim && who != f.lee {
			f.t.Errorf("Monday at nine the %s one is of %v", name, who)
		}
	}
	groups := map[conversation.ID]night.Group{}
	f.ok(f.as(f.kim, func(ctx context.Context, tx *db.Tx) error {
		zone, err := time.LoadLocation("Asia/Seoul")
		if err != nil {
			return err
		}
		span := night.Span{From: time.Date(2026, 11, 27, 18, 0, 0, 0, zone), Until: time.Date(2026, 11, 30, 9, 0, 0, 0, zone)}
		list, err := night.Cases(ctx, tx, span)
		for _, c := range list {
			groups[c.ID] = c.Group
		}
		return err
	}))
	if groups[f.harmless] != night.Waits || groups[f.critical] == "" {
		f.t.Errorf("the morning sees %v", groups)
	}
	who := f.get(f.critical).Assignee
	f.ok(f.as(who, func(ctx context.Context, tx *db.Tx) error {
		if _, err := conversation.Reply(ctx, tx, f.critical, conversation.Answer{Text: "카드사 점검이 끝나 다시 결제하실 수 있어요.", Then: conversation.Solved}); err != nil {
			return err
		}
		_, err := knowledge.Create(ctx, tx, knowledge.Draft{Conversation: int64(f.critical), Locale: i18n.Korean, Title: "카드사 점검 중에 결제가 안 될 때", Body: "점검 시간을 확인해 주세요."})
		return err
	}))
	f.due()
	if got := f.calls()[0].State; got != oncall.Over {
		f.t.Errorf("it is solved, and its page is %s", got)
	}
}

// review: the incident is written up, with a cause that somebody mends.
func (f *friday) review() {
	f.t.Helper()
	f.ok(f.as(f.admin(), func(ctx context.Context, tx *db.Tx) error {
		in, err := incident.Open(ctx, tx, incident.Given{Title: i18n.Text{i18n.Korean: "카드 결제 장애", i18n.English: "Card payments fail"}, Severity: "critical", Inbox: f.in.ID})
		if err != nil {
			return err
		}
		if err := incident.Link(ctx, tx, in.ID, f.critical); err != nil {
			return err
		}
		if _, err := incident.Say(ctx, tx, incident.Update{Incident: in.ID, State: incident.Resolved, Text: i18n.Text{i18n.Korean: "다시 결제할 수 있어요.", i18n.English: "Payments work again."}}); err != nil {
			return err
		}
		if _, err := incident.AddAction(ctx, tx, incident.Action{Incident: in.ID, Cause: true, Text: "점검 일정을 미리 받기", Owner: f.kim, Due: tx.Now().AddDate(0, 0, 7)}); err != nil {
			return err
		}
		if err := incident.WriteReview(ctx, tx, in.ID, incident.Review{Happened: "카드사가 알리지 않고 점검했어요.", Why: "점검 일정을 받지 않고 있었어요.", Doing: "일정을 받기로 했어요."}, true); err != nil {
			return err
		}
		got, err := incident.Get(ctx, tx, in.ID)
		if err == nil && got.State != incident.Reviewed {
			f.t.Errorf("the incident is %s", got.State)
		}
		return err
	}))
	f.due()
}

// admin is who set the desk up.
func (f *friday) admin() team.ID { return team.From(f.agent).Person }
