package demo

import (
	"context"

	"baraji/internal/channel/chat"
	"baraji/internal/contact"
	"baraji/internal/flow"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Those who work in the shop, whom the talks name.
const (
	seoyun = "한서윤"
	jihu   = "오지후"
	gaon   = "문가온"
	noah   = "Noah Bennett"
	daon   = "서다온"
	ideun  = "강이든"
	clara  = "Clara Voss"
	dodam  = "백도담"
)

var staff = []struct {
	name, email, role, language string
	teams                       []string
}{
	{seoyun, "seoyun@dalbit.example", team.Owner, "", []string{"support"}},
	{jihu, "jihu@dalbit.example", team.Manager, "", []string{"support", "workshop"}},
	{gaon, "gaon@dalbit.example", team.Agent, "", []string{"support"}},
	{noah, "noah@dalbit.example", team.Agent, "en", []string{"support"}},
	{daon, "daon@dalbit.example", team.Agent, "", []string{"workshop"}},
	{ideun, "ideun@dalbit.example", team.Sales, "", []string{"sales"}},
	{clara, "clara@dalbit.example", team.Sales, "en", []string{"sales"}},
	{dodam, "dodam@baramdesk.example", team.Partner, "", []string{"support"}},
}

var teams = []struct{ key, name, about string }{
	{"support", "고객지원", "주문, 배송, 쓰는 법"},
	{"sales", "영업", "견적, 납품, 계약"},
	{"workshop", "공방", "수리, 교환, 반품"},
}

// open makes all that a shop has before its first customer comes.
func (s *story) open(ctx context.Context, tx *db.Tx, hashed team.Hashed) error {
	if err := s.hire(ctx, tx, hashed); err != nil {
		return err
	}
	if err := setting.Set(ctx, tx, kept, made{People: s.people}); err != nil {
		return err
	}
	if err := s.inboxes(ctx, tx); err != nil {
		return err
	}
	for _, f := range fields {
		if _, err := contact.DefineField(ctx, tx, f); err != nil {
			return err
		}
	}
	for _, f := range firms {
		if err := f.create(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) hire(ctx context.Context, tx *db.Tx, hashed team.Hashed) error {
	s.people, s.teams, s.actors = nil, map[string]team.TeamID{}, map[string]team.Actor{}
	for _, t := range teams {
		id, err := team.MakeTeam(ctx, tx, t.name, t.about)
		if err != nil {
			return err
		}
		s.teams[t.key] = id
	}
	for i, p := range staff {
		id, err := s.make(ctx, tx, i, hashed)
		if err != nil {
			return err
		}
		s.people = append(s.people, id)
		var in []team.TeamID
		for _, key := range p.teams {
			in = append(in, s.teams[key])
		}
		if err := team.SetTeams(ctx, tx, id, in); err != nil {
			return err
		}
		actor, err := team.ActorOf(ctx, tx, id)
		if err != nil {
			return err
		}
		s.actors[p.name] = actor
		if p.language != "" {
			err = team.ChangeProfile(team.With(ctx, actor), tx, p.name, team.Choices{Language: p.language, Shortcuts: true})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *story) make(ctx context.Context, tx *db.Tx, i int, hashed team.Hashed) (team.ID, error) {
	p := staff[i]
	if i == 0 {
		return team.SetUp(ctx, tx, team.Firm{Name: "달빛상점", Language: "ko", Zone: "Asia/Seoul"}, p.email, p.name, hashed)
	}
	return team.MakePerson(ctx, tx, p.email, p.name, p.role, hashed)
}

// inboxes have no servers, so that nothing tries to reach any.
func (s *story) inboxes(ctx context.Context, tx *db.Tx) (err error) {
	s.support, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "달빛상점", Channel: "email", Address: "support@dalbit.example", Team: s.teams["support"], Language: "ko"})
	if err != nil {
		return err
	}
	s.sales, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "달빛상점 영업", Channel: "email", Address: "sales@dalbit.example", Team: s.teams["sales"], Language: "ko"})
	if err != nil {
		return err
	}
	talk, err := s.Chat.Create(ctx, tx, inbox.Inbox{Name: "달빛상점 채팅", Team: s.teams["support"], Language: "ko"}, chat.Settings{AskName: true, AskEmail: true,
		Title:    map[string]string{"ko": "달빛상점", "en": "Dalbit"},
		Greeting: map[string]string{"ko": "안녕하세요! 램프든 배송이든 편하게 물어보세요.", "en": "Hello! Ask us about lamps, delivery, anything."}})
	if err != nil {
		return err
	}
	if _, err := flow.Publish(ctx, tx, talk.ID, flow.Sample(i18n.Korean)); err != nil {
		return err
	}
	for _, in := range []inbox.Inbox{s.support, s.sales} {
		for language, text := range map[string]string{"ko": "{agent} 드림\n달빛상점 · 서울 성북구 달빛로 7", "en": "{agent}\nDalbit · 7 Dalbit-ro, Seoul"} {
			if err := inbox.SetText(ctx, tx, in.ID, inbox.Signature, language, text); err != nil {
				return err
			}
		}
	}
	return nil
}
