package team_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func TestSetUpIsOpenOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		firm := team.Firm{Name: " 달빛상점 ", Language: "ko", Zone: "Asia/Seoul"}
		needed := func() (yes bool) {
			h.must(func(tx *db.Tx) (err error) { yes, err = team.SetUpNeeded(t.Context(), tx); return err })
			return yes
		}
		if !needed() {
			t.Fatal("not needed")
		}
		wantKind(t, h.write(func(tx *db.Tx) error {
			_, err := team.SetUp(t.Context(), tx, team.Firm{Name: "x", Language: "ko", Zone: "Mars"}, "a@b.example", "A", hashed())
			return err
		}), problem.Invalid)
		var mu sync.Mutex
		var wg sync.WaitGroup
		won, ids := 0, map[team.ID]bool{}
		for _, email := range []string{"one@moonlight.example", "two@moonlight.example", "three@moonlight.example"} {
			wg.Go(func() {
				var id team.ID
				err := h.Write(t.Context(), func(tx *db.Tx) (err error) {
					id, err = team.SetUp(t.Context(), tx, firm, email, "서윤", hashed())
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
					ids[id] = true
				} else if problem.KindOf(err) != problem.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won != 1 || needed() {
			t.Fatalf("%d won, needed %v", won, needed())
		}
		h.must(func(tx *db.Tx) error {
			f, err := team.GetFirm(t.Context(), tx)
			if f != (team.Firm{Name: "달빛상점", Language: "ko", Zone: "Asia/Seoul"}) {
				t.Errorf("%+v", f)
			}
			all, _ := team.People(t.Context(), tx, team.Filter{})
			if len(all) != 1 || all[0].Role != team.Owner || !ids[all[0].ID] {
				t.Errorf("%+v", all)
			}
			return err
		})
	})
}

func TestSetUpIsGoneOnceSomebodyWasMade(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("seoyun", team.Agent)
		wantKind(t, h.write(func(tx *db.Tx) error {
			_, err := team.SetUp(t.Context(), tx, team.Firm{Name: "x", Language: "ko", Zone: "Asia/Seoul"}, "a@b.example", "A", hashed())
			return err
		}), problem.Conflict)
	})
}

func TestTheLastOwnerStays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.person("a", team.Owner)
		wantKind(t, h.write(func(tx *db.Tx) error { return team.GiveRole(h.as2(tx, a), tx, a, team.Agent) }), problem.Conflict)
		wantKind(t, h.write(func(tx *db.Tx) error { return team.Disable(h.system(), tx, a) }), problem.Conflict)
		b := h.person("b", team.Owner)
		// Two owners unmake each other at the same time.
		ctxA, ctxB := h.as(a), h.as(b)
		var wg sync.WaitGroup
		errs := make([]error, 2)
		wg.Go(func() {
			errs[0] = h.Write(ctxA, func(tx *db.Tx) error { return team.GiveRole(ctxA, tx, b, team.Admin) })
		})
		wg.Go(func() { errs[1] = h.Write(ctxB, func(tx *db.Tx) error { return team.Disable(ctxB, tx, a) }) })
		wg.Wait()
		owners := 0
		for _, id := range []team.ID{a, b} {
			if p := h.get(id); p.Role == team.Owner && p.State == team.Active {
				owners++
			}
		}
		if owners != 1 {
			t.Errorf("%d owners are left: %v", owners, errs)
		}
	})
}

func TestNobodyGrantsWhatHeHasNot(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		owner, admin, agent := h.person("owner", team.Owner), h.person("admin", team.Admin), h.person("agent", team.Agent)
		var lead string
		h.must(func(tx *db.Tx) (err error) {
			lead, err = team.MakeRole(h.as2(tx, admin), tx, team.Role{Title: "Team lead", See: team.SeeTeams,
				Rights: []team.Right{team.ManagePeople, team.ReadConversations, team.Reply, team.Note, team.Handle, team.ReadContacts}})
			return err
		})
		head := h.person("head", lead)
		type step = func(ctx context.Context, tx *db.Tx) error
		make := func(role string) step {
			return func(ctx context.Context, tx *db.Tx) error {
				_, err := team.Invite(ctx, tx, team.Invitee{Email: "x@moonlight.example", Name: "x", Role: role})
				return err
			}
		}
		give := func(to team.ID, role string) step {
			return func(ctx context.Context, tx *db.Tx) error { return team.GiveRole(ctx, tx, to, role) }
		}
		role := func(rights ...team.Right) step {
			return func(ctx context.Context, tx *db.Tx) error {
				_, err := team.MakeRole(ctx, tx, team.Role{Title: "Own", See: team.SeeMine, Rights: rights})
				return err
			}
		}
		token := func(tok team.Token) step {
			return func(ctx context.Context, tx *db.Tx) error {
				tok.Name = "x"
				_, _, err := team.NewToken(ctx, tx, tok)
				return err
			}
		}
		for name, c := range map[string]struct {
			who  team.ID
			do   step
			want problem.Kind
		}{
			"an agent invites":                      {agent, make(team.Light), problem.Forbidden},
			"an admin makes an admin":               {admin, make(team.Admin), ""},
			"an admin makes an owner":               {admin, make(team.Owner), problem.Forbidden},
			"an owner makes an owner":               {owner, make(team.Owner), ""},
			"an admin unmakes an owner":             {admin, give(owner, team.Agent), problem.Forbidden},
			"an admin makes himself an owner":       {admin, give(admin, team.Owner), problem.Forbidden},
			"a lead makes himself an admin":         {head, give(head, team.Admin), problem.Forbidden},
			"a lead changes whom he could not make": {head, give(agent, team.Light), problem.Forbidden},
			"a lead shows somebody everything":      {head, func(ctx context.Context, tx *db.Tx) error { return team.Show(ctx, tx, head, team.SeeEverything) }, problem.Forbidden},
			"a lead disables an admin":              {head, func(ctx context.Context, tx *db.Tx) error { return team.Disable(ctx, tx, admin) }, problem.Forbidden},
			"a lead takes an admin's address": {head, func(ctx context.Context, tx *db.Tx) error {
				return team.ChangeEmail(ctx, tx, admin, "y@moonlight.example")
			}, problem.Forbidden},
			"a lead makes a role of his rights":    {head, role(team.Reply), ""},
			"a lead makes a role with more":        {head, role(team.Reply, team.Export), problem.Forbidden},
			"a role that owns":                     {owner, role(team.Own), problem.Invalid},
			"a role without rights":                {owner, role(), problem.Invalid},
			"a role with a right that is none":     {owner, role("everything"), problem.Invalid},
			"a built-in role is edited":            {owner, func(ctx context.Context, tx *db.Tx) error { return team.EditRole(ctx, tx, team.Role{Name: team.Agent}) }, problem.Conflict},
			"a role in use is deleted":             {owner, func(ctx context.Context, tx *db.Tx) error { return team.DeleteRole(ctx, tx, lead) }, problem.Conflict},
			"an agent makes a token":               {agent, token(team.Token{Role: team.Agent}), problem.Forbidden},
			"an admin makes an owner's token":      {admin, token(team.Token{Role: team.Owner}), problem.Forbidden},
			"an admin makes one in another's name": {admin, token(team.Token{Person: agent}), problem.Invalid},
			"an admin makes his own":               {admin, token(team.Token{Person: admin, Rate: 600}), ""},
			"a token with more than its role":      {admin, token(team.Token{Role: team.Agent, Rights: []team.Right{team.Export}}), problem.Invalid},
			"an agent reads tokens":                {agent, func(ctx context.Context, tx *db.Tx) error { _, err := team.Tokens(ctx, tx); return err }, problem.Forbidden},
			"an agent changes the firm":            {agent, func(ctx context.Context, tx *db.Tx) error { return team.ChangeFirm(ctx, tx, team.Firm{}) }, problem.Forbidden},
			"an agent makes a team":                {agent, func(ctx context.Context, tx *db.Tx) error { _, err := team.MakeTeam(ctx, tx, "x", ""); return err }, problem.Forbidden},
			"an admin sets a password":             {admin, func(ctx context.Context, tx *db.Tx) error { return team.SetPassword(ctx, tx, agent, hashed()) }, problem.Forbidden},
			"nobody makes a person":                {0, make(team.Light), problem.Forbidden},
		} {
			undo := problem.New(problem.Internal, "undo")
			err := h.write(func(tx *db.Tx) error {
				if err := c.do(h.as2(tx, c.who), tx); err != nil {
					return err
				}
				return undo
			})
			if c.want == "" && err != error(undo) || c.want != "" && problem.KindOf(err) != c.want {
				t.Errorf("%s: got %v, want %q", name, err, c.want)
			}
		}
	})
}

func TestARoleChangesForAllWhoHaveItAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		owner := h.person("owner", team.Owner)
		r := team.Role{Title: "Returns", About: "Only returns", See: team.SeeTeams, Masked: true, Rights: []team.Right{team.Reply, team.ReadConversations}}
		h.must(func(tx *db.Tx) (err error) { r.Name, err = team.MakeRole(h.as2(tx, owner), tx, r); return err })
		h.person("seoyun", r.Name)
		in := h.signIn("seoyun")
		a, _, _ := h.who(in.Token)
		if !a.Can(team.Reply) || !a.Masked || a.See != team.SeeTeams {
			t.Errorf("%+v", a)
		}
		r.Rights, r.Masked = []team.Right{team.ReadConversations}, false
		h.must(func(tx *db.Tx) error { return team.EditRole(h.as2(tx, owner), tx, r) })
		a, _, _ = h.who(in.Token)
		if a.Can(team.Reply) || !a.Can(team.ReadConversations) || a.Masked {
			t.Errorf("%+v", a)
		}
		h.must(func(tx *db.Tx) error {
			all, err := team.Roles(t.Context(), tx)
			var names []string
			for _, r := range all {
				names = append(names, r.Name)
			}
			want := []string{team.Owner, team.Admin, team.Manager, team.Agent, team.Sales, team.Partner, team.Light, r.Name}
			if !slices.Equal(names, want) {
				t.Errorf("%v", names)
			}
			return err
		})
		wantKind(t, h.write(func(tx *db.Tx) error {
			_, err := team.MakeRole(h.system(), tx, team.Role{Title: "returns", See: team.SeeMine, Rights: r.Rights})
			return err
		}), problem.Conflict)
	})
}

func TestARoleThatIsTakenAwayEndsSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("owner", team.Owner)
		id := h.person("seoyun", team.Agent)
		in := h.signIn("seoyun")
		h.must(func(tx *db.Tx) error { return team.GiveRole(h.system(), tx, id, team.Manager) })
		if _, _, err := h.who(in.Token); err == nil {
			t.Error("the session of before goes on")
		}
		if a, _, err := h.who(h.signIn("seoyun").Token); err != nil || !a.Can(team.Export) {
			t.Errorf("%+v %v", a, err)
		}
	})
}

func TestTeams(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		owner, a, b := h.person("owner", team.Owner), h.person("a", team.Partner), h.person("b", team.Agent)
		var night, day team.TeamID
		h.must(func(tx *db.Tx) (err error) {
			ctx := h.as2(tx, owner)
			if night, err = team.MakeTeam(ctx, tx, "밤 상담", "밤에 답해요"); err != nil {
				return err
			}
			if day, err = team.MakeTeam(ctx, tx, "Day", ""); err != nil {
				return err
			}
			if err := team.SetMembers(ctx, tx, night, []team.ID{a, b, b}); err != nil {
				return err
			}
			return team.SetTeams(ctx, tx, b, []team.TeamID{day})
		})
		wantKind(t, h.write(func(tx *db.Tx) error { _, err := team.MakeTeam(h.system(), tx, "DAY", ""); return err }), problem.Conflict)
		wantKind(t, h.write(func(tx *db.Tx) error { return team.ChangeTeam(h.system(), tx, night, "day", "") }), problem.Conflict)
		wantKind(t, h.write(func(tx *db.Tx) error { return team.SetTeams(h.system(), tx, b, []team.TeamID{77}) }), problem.NotFound)
		actor, _, err := h.who(h.signIn("a").Token)
		if err != nil || !slices.Equal(actor.Teams, []team.TeamID{night}) || actor.See != team.SeeTeams || !actor.Masked {
			t.Errorf("%+v %v", actor, err)
		}
		if p := h.get(b); !slices.Equal(p.Teams, []team.TeamID{day}) {
			t.Errorf("%+v", p)
		}
		h.must(func(tx *db.Tx) error {
			all, err := team.Teams(t.Context(), tx)
			if want := []team.Team{{day, "Day", "", 1}, {night, "밤 상담", "밤에 답해요", 1}}; !slices.Equal(all, want) {
				t.Errorf("%+v", all)
			}
			return err
		})
		h.must(func(tx *db.Tx) error { return team.DeleteTeam(h.system(), tx, night) })
		if p := h.get(a); len(p.Teams) != 0 {
			t.Errorf("%+v", p)
		}
		if got, want := h.kinds(night.String()), []string{"team_made", "members_changed", "members_changed", "team_deleted"}; !slices.Equal(got, want) {
			t.Errorf("log %v", got)
		}
	})
}

func TestOnesProfile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		ctx := h.as(id)
		c := team.Choices{Language: "ko", Zone: "Asia/Seoul", Theme: "dark", Density: "compact", EnterSends: true,
			Signatures: map[string]string{"ko": "서윤 드림", "en": "Seoyun", "fr": "x"}}
		save := func(name string, c team.Choices) error {
			return h.write(func(tx *db.Tx) error { return team.ChangeProfile(ctx, tx, name, c) })
		}
		if err := save("  서윤   김 ", c); err != nil {
			t.Fatal(err)
		}
		p := h.get(id)
		if p.Name != "서윤 김" || p.Language != "ko" || p.Zone != "Asia/Seoul" || p.Theme != "dark" || p.Density != "compact" || p.Shortcuts || !p.EnterSends ||
			len(p.Signatures) != 2 || p.Signatures["ko"] != "서윤 드림" {
			t.Errorf("%+v", p)
		}
		for _, bad := range []team.Choices{{Language: "fr"}, {Zone: "Local"}, {Zone: "../etc"}, {Theme: "pink"}, {Density: "x"}} {
			wantKind(t, save("x", bad), problem.Invalid)
		}
		wantKind(t, save(" \n ", c), problem.Invalid)
		_, s, _ := h.who(h.signIn("seoyun").Token)
		if s.Choices.Language != "ko" || s.Choices.Theme != "dark" || !s.Choices.EnterSends || s.Email != "seoyun@moonlight.example" {
			t.Errorf("%+v", s)
		}
	})
}

func TestOnePersonOneAddress(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("owner", team.Owner)
		id := h.person("seoyun", team.Agent)
		make := func(email string) error {
			return h.write(func(tx *db.Tx) error {
				_, err := team.MakePerson(h.system(), tx, email, "x", team.Agent, hashed())
				return err
			})
		}
		wantKind(t, make("SEOYUN@MOONLIGHT.example"), problem.Conflict)
		for _, bad := range []string{"", "x", "x@", "@x.example", "a b@x.example", "x@y.example\r\nBcc: z@y.example", "x <x@y.example>", "서윤@x.example", "x@y@z.example", "\u212Aim@x.example"} {
			wantKind(t, make(bad), problem.Invalid)
		}
		change := func(email string) error {
			return h.write(func(tx *db.Tx) error { return team.ChangeEmail(h.system(), tx, id, email) })
		}
		wantKind(t, change("Owner@moonlight.example"), problem.Conflict)
		if err := change("New@moonlight.example"); err != nil {
			t.Fatal(err)
		}
		h.must(func(tx *db.Tx) error {
			p, err := team.ByEmail(t.Context(), tx, "nEW@moonlight.example")
			if p.ID != id {
				t.Errorf("%+v", p)
			}
			all, err2 := team.People(t.Context(), tx, team.Filter{Text: "NEW@"})
			if err2 != nil || len(all) != 1 {
				t.Errorf("%+v, %v", all, err2)
			}
			return err
		})
	})
}

func TestNoticesStopAtAnAddressThatFails(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		may := func() (yes bool) {
			h.must(func(tx *db.Tx) (err error) { yes, err = team.MayNotify(t.Context(), tx, id); return err })
			return yes
		}
		for i := range 5 {
			if may() != (i < 3) {
				t.Errorf("after %d bounces: %v", i, may())
			}
			h.must(func(tx *db.Tx) error { return team.NoticeBounced(h.system(), tx, " Seoyun@moonlight.example") })
		}
		h.must(func(tx *db.Tx) error { return team.NoticeBounced(h.system(), tx, "nobody@moonlight.example") })
		if !h.get(id).Failing || h.count("team.address_failing") != 1 {
			t.Errorf("%+v", h.get(id))
		}
		ctx := h.as(id)
		h.must(func(tx *db.Tx) error { return team.TrustAddress(ctx, tx, id) })
		if !may() {
			t.Error("still failing")
		}
	})
}

func TestAToken(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		boss := h.person("boss", team.Owner)
		id := h.person("admin", team.Admin)
		make := func(tok team.Token) (key string, kid team.TokenID) {
			h.must(func(tx *db.Tx) (err error) { key, kid, err = team.NewToken(h.as2(tx, id), tx, tok); return err })
			return key, kid
		}
		own, ownID := make(team.Token{Name: "shop", Role: team.Agent, Rate: 60})
		a, err := h.token(own)
		if err != nil || a.Token != ownID || a.Person != 0 || a.Name != "shop" || !a.Can(team.Reply) || a.Can(team.Export) || len(own) != 44 {
			t.Fatalf("%+v %v", a, err)
		}
		mine, _ := make(team.Token{Name: "script", Person: id, Rights: []team.Right{team.Export, team.ManagePeople}, ExpiresAt: h.Now().Add(time.Hour)})
		a, err = h.token(mine)
		if err != nil || a.Person != id || a.Name != "admin" || !a.Can(team.Export) || a.Can(team.Reply) {
			t.Fatalf("%+v %v", a, err)
		}
		// Its rights are those of its person at the moment of use.
		h.must(func(tx *db.Tx) error { return team.GiveRole(h.as2(tx, boss), tx, id, team.Manager) })
		if a, err = h.token(mine); err != nil || !a.Can(team.Export) || a.Can(team.ManagePeople) {
			t.Errorf("%+v %v", a, err)
		}
		// A right that the program no longer knows must not widen it.
		h.must(func(tx *db.Tx) error {
			_, err := team.Change(t.Context(), tx, `UPDATE team_token SET rights = 'gone.right' WHERE person_id = $1`, id)
			return err
		})
		if a, err = h.token(mine); err != nil || len(a.Rights) != 0 {
			t.Errorf("%+v %v", a, err)
		}
		h.Clock.Advance(time.Hour)
		if _, err := h.token(mine); err == nil {
			t.Error("it does not expire")
		}
		h.door.Flush(t.Context())
		h.must(func(tx *db.Tx) error {
			all, err := team.Tokens(h.as2(tx, boss), tx)
			if len(all) != 2 || all[1].Prefix != own[:8] || all[1].UsedAt.IsZero() || all[1].UsedFrom != "203.0.113.7" || all[1].MadeBy != id.String() {
				t.Errorf("%+v", all)
			}
			return err
		})
		h.must(func(tx *db.Tx) error { return team.RevokeToken(h.as2(tx, boss), tx, ownID) })
		for _, bad := range []string{own, "", "brj_", own[4:], own + "x"} {
			if _, err := h.token(bad); err == nil {
				t.Errorf("%q opens", bad)
			}
		}
		if got, want := h.kinds(ownID.String()), []string{"token_made", "token_revoked"}; !slices.Equal(got, want) {
			t.Errorf("log %v", got)
		}
	})
}

func TestATokenHasItsRate(t *testing.T) {
	h := newHouse(t, dbtest.New(t, dbtest.Engines()[0]))
	now := h.Now()
	tok := team.Token{ID: 1, Rate: 60}
	for range 60 {
		if err := h.door.Spend(tok, now); err != nil {
			t.Fatal(err)
		}
	}
	if d := wait(t, h.door.Spend(tok, now)); d != time.Second {
		t.Errorf("wait %v", d)
	}
	if err := h.door.Spend(tok, now.Add(time.Second)); err != nil {
		t.Error(err)
	}
	wait(t, h.door.Spend(tok, now.Add(time.Second)))
	for range 1000 {
		if err := h.door.Spend(team.Token{ID: 2}, now); err != nil {
			t.Fatal("no limit, but ", err)
		}
	}
}
