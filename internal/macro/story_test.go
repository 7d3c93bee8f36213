package macro_test

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"testing"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/macro"
	"baraji/internal/team"
)

var hashed = sync.OnceValue(func() team.Hashed {
	h, err := team.HashPassword("moonlight lamp")
	if err != nil {
		panic(err)
	}
	return h
})

// desk is a shop with two agents, one of them in a team, a manager, and a partner of the other team.
type desk struct {
	*dbtest.Desk
	t                       *testing.T
	kim, lee, boss, partner context.Context
	leeID                   team.ID
	crew, other             team.TeamID
	talk                    conversation.ID
	customer                contact.ID
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) {
		d := &desk{Desk: base, t: t}
		event.NewLog(base.DB, job.NewRunner(base.DB, slog.New(slog.DiscardHandler)))
		contact.Use(base.DB, conversation.Part())
		ctx := team.AsSystem(t.Context())
		d.do(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			if err = team.ChangeFirm(ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
				return err
			}
			if d.crew, err = team.MakeTeam(ctx, tx, "Returns", ""); err != nil {
				return err
			}
			if d.other, err = team.MakeTeam(ctx, tx, "Workshop", ""); err != nil {
				return err
			}
			make := func(name, role string, teams ...team.TeamID) (context.Context, team.ID) {
				who, e := team.MakePerson(ctx, tx, name+"@dalbit.example", name, role, hashed())
				if e != nil {
					t.Fatal(e)
				}
				for _, g := range teams {
					if e := team.SetMembers(ctx, tx, g, []team.ID{who}); e != nil {
						t.Fatal(e)
					}
				}
				actor, e := team.ActorOf(ctx, tx, who)
				if e != nil {
					t.Fatal(e)
				}
				return team.With(t.Context(), actor), who
			}
			d.kim, _ = make("Kim", team.Agent, d.crew)
			d.lee, d.leeID = make("Lee", team.Agent)
			d.boss, _ = make("Boss", team.Manager)
			d.partner, _ = make("Partner", team.Partner, d.other)
			in, err := inbox.Create(ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example", Team: d.other})
			if err != nil {
				return err
			}
			who, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "한솔 {firm.name}", Email: "hansol@home.example"})
			if err != nil {
				return err
			}
			d.customer = who.ID
			got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: in, Contact: who, Message: conversation.Message{FromName: who.Name, FromAddress: who.Email, Subject: "환불", Text: "환불해 주세요"}})
			d.talk = got.Conversation
			return err
		})
		fn(t, d)
	})
}

func (d *desk) do(ctx context.Context, fn func(ctx context.Context, tx *db.Tx) error) {
	d.t.Helper()
	if err := d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		d.t.Fatal(err)
	}
}

// kind is how something is refused; "" if it is not.
func (d *desk) kind(ctx context.Context, fn func(ctx context.Context, tx *db.Tx) error) problem.Kind {
	d.t.Helper()
	err := d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
	if err == nil {
		return ""
	}
	return problem.KindOf(err)
}

func (d *desk) make(ctx context.Context, g macro.Given) (key macro.ID) {
	d.t.Helper()
	d.do(ctx, func(ctx context.Context, tx *db.Tx) (err error) { key, err = macro.Make(ctx, tx, g); return err })
	return key
}

func (d *desk) get(ctx context.Context, key macro.ID) (m macro.Macro) {
	d.t.Helper()
	d.do(ctx, func(ctx context.Context, tx *db.Tx) (err error) { m, err = macro.Get(ctx, tx, key); return err })
	return m
}

func act(do string, with ...string) automation.Act {
	a := automation.Act{Do: do, With: map[string]string{}}
	for i := 0; i+1 < len(with); i += 2 {
		a.With[with[i]] = with[i+1]
	}
	return a
}

func says(name string, who macro.For, text string, acts ...automation.Act) macro.Given {
	return macro.Given{Name: name, For: who, Content: macro.Content{Text: i18n.Text{i18n.English: text}, Acts: acts}}
}

func (d *desk) has(ctx context.Context) (names []string) {
	d.t.Helper()
	d.do(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := macro.List(ctx, tx)
		for _, m := range list {
			names = append(names, m.Name)
		}
		return err
	})
	slices.Sort(names)
	return names
}

func TestWhoHasAMacroAndWhoMayChangeIt(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		all := d.make(d.boss, says("All", macro.Everyone, "Hello"))
		crew := says("Crew", macro.OfTeam, "Hello")
		crew.Team = d.crew
		ofCrew := d.make(d.boss, crew)
		mine := d.make(d.kim, says("Kim's", macro.Mine, "Hello"))
		for who, c := range map[string]struct {
			ctx  context.Context
			want []string
		}{
			"Kim, of the team":      {d.kim, []string{"All", "Crew", "Kim's"}},
			"Lee, of no team":       {d.lee, []string{"All"}},
			"who manages settings":  {d.boss, []string{"All", "Crew"}},
			"a partner":             {d.partner, []string{"All"}},
			"a token of nobody":     {team.With(t.Context(), team.Actor{Token: 7, Rights: []team.Right{team.Reply}, See: team.SeeEverything}), []string{"All"}},
			"the program":           {team.AsSystem(t.Context()), []string{"All", "Crew"}},
			"who looks over people": {team.With(t.Context(), team.Actor{Person: 7, Rights: team.Rights, See: team.SeeEverything}), []string{"All", "Crew"}},
		} {
			if got := d.has(c.ctx); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s has %v, want %v", who, got, c.want)
			}
		}
		get := func(key macro.ID) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { _, err := macro.Get(ctx, tx, key); return err }
		}
		make := func(g macro.Given) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { _, err := macro.Make(ctx, tx, g); return err }
		}
		change := func(key macro.ID, who macro.For) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error {
				return macro.Change(ctx, tx, key, says("Other", who, "x"))
			}
		}
		remove := func(key macro.ID) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error { return macro.Delete(ctx, tx, key) }
		}
		reader := team.With(t.Context(), team.Actor{Person: 8, Rights: []team.Right{team.ReadConversations}, See: team.SeeEverything})
		light := team.With(t.Context(), team.Actor{Person: 9, Rights: []team.Right{team.ReadConversations, team.Note}, See: team.SeeEverything})
		noTeam := says("None", macro.OfTeam, "x")
		for what, c := range map[string]struct {
			ctx  context.Context
			do   func(context.Context, *db.Tx) error
			want problem.Kind
		}{
			"Lee opens Kim's":                     {d.lee, get(mine), problem.NotFound},
			"the boss opens Kim's":                {d.boss, get(mine), problem.NotFound},
			"Lee opens that of a team of others":  {d.lee, get(ofCrew), problem.NotFound},
			"who never writes opens one":          {reader, get(all), problem.Forbidden},
			"who only writes notes opens one":     {light, get(all), ""},
			"who only writes notes makes one":     {light, make(says("x", macro.Mine, "x")), problem.Forbidden},
			"an agent makes one for everyone":     {d.kim, make(says("x", macro.Everyone, "x")), problem.Forbidden},
			"an agent makes his team's":           {d.kim, make(crew), problem.Forbidden},
			"an agent changes everyone's":         {d.kim, change(all, macro.Everyone), problem.Forbidden},
			"an agent takes everyone's for his":   {d.kim, change(all, macro.Mine), problem.Forbidden},
			"an agent gives his to everyone":      {d.kim, change(mine, macro.Everyone), problem.Forbidden},
			"an agent deletes his team's":         {d.kim, remove(ofCrew), problem.Forbidden},
			"the boss deletes Kim's":              {d.boss, remove(mine), problem.NotFound},
			"of a team that is not there":         {d.boss, make(noTeam), problem.Invalid},
			"with nothing in it":                  {d.kim, make(says("x", macro.Mine, " ")), problem.Invalid},
			"without a name":                      {d.kim, make(says(" ", macro.Mine, "x")), problem.Invalid},
			"that answers":                        {d.kim, make(says("x", macro.Mine, "x", act("reply", "text", "x"))), problem.Invalid},
			"with an action that is not there":    {d.kim, make(says("x", macro.Mine, "x", act("explode"))), problem.Invalid},
			"with actions only":                   {d.kim, make(says("Acts", macro.Mine, "", act("tag", "tag", "vip"))), ""},
			"the program makes one of its own":    {team.AsSystem(t.Context()), make(says("x", macro.Mine, "x")), problem.Forbidden},
			"a shortcut of two words":             {d.kim, make(macro.Given{Name: "x", Shortcut: "a b", For: macro.Mine, Content: macro.Content{Text: i18n.Text{i18n.Korean: "x"}}}), problem.Invalid},
			"the boss brings back what was never": {d.boss, func(ctx context.Context, tx *db.Tx) error { return macro.Restore(ctx, tx, 5) }, problem.NotFound},
		} {
			if got := d.kind(c.ctx, c.do); got != c.want {
				t.Errorf("%s: %q, want %q", what, got, c.want)
			}
		}
		d.do(d.boss, change(all, macro.Mine))
		if got := d.has(d.lee); len(got) != 0 {
			t.Errorf("what the boss made his own: %v", got)
		}
	})
}

func TestDeletedOnesComeBackForSomeTime(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		key := d.make(d.kim, says("Mine", macro.Mine, "x"))
		d.do(d.kim, func(ctx context.Context, tx *db.Tx) error { return macro.Delete(ctx, tx, key) })
		if got := d.has(d.kim); len(got) != 0 {
			t.Errorf("after it was deleted: %v", got)
		}
		d.do(d.kim, func(ctx context.Context, tx *db.Tx) error { return macro.Forget(ctx, tx, tx.Now().Add(-macro.Kept)) })
		d.do(d.kim, func(ctx context.Context, tx *db.Tx) error { return macro.Restore(ctx, tx, key) })
		if got := d.has(d.kim); len(got) != 1 {
			t.Errorf("after it came back: %v", got)
		}
		d.do(d.kim, func(ctx context.Context, tx *db.Tx) error { return macro.Delete(ctx, tx, key) })
		d.Clock.Advance(macro.Kept + 1e9)
		d.do(d.kim, func(ctx context.Context, tx *db.Tx) error { return macro.Forget(ctx, tx, tx.Now().Add(-macro.Kept)) })
		if got := d.kind(d.kim, func(ctx context.Context, tx *db.Tx) error { return macro.Restore(ctx, tx, key) }); got != problem.NotFound {
			t.Errorf("after it was forgotten: %q", got)
		}
	})
}

func TestATextIsFilledInTheCustomersLanguageAndOnlyFilled(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		both := says("Both", macro.Mine, "Dear {customer.name}, #{conversation.number} {{7*7}} ${agent.name} {customer.password}")
		both.Text[i18n.Korean] = "{customer.name}님, {agent.name} 드림"
		english := says("English", macro.Mine, "Only English")
		for _, c := range []struct {
			given macro.Given
			in    i18n.Locale
			want  string
		}{
			{both, i18n.English, "Dear 한솔 {firm.name}, #1001 {{7*7}} $Kim "}, // what a customer calls himself is not looked through
			{both, i18n.Korean, "한솔 {firm.name}님, Kim 드림"},
			{english, i18n.Korean, "Only English"},
		} {
			key := d.make(d.kim, c.given)
			d.do(d.kim, func(ctx context.Context, tx *db.Tx) error {
				w, err := macro.Choose(ctx, tx, key, d.talk.String(), c.in)
				if w.Text != c.want {
					t.Errorf("%q, want %q", w.Text, c.want)
				}
				return err
			})
		}
	})
}

func TestFilesGoWithIt(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		var up conversation.Upload
		upload := func(ctx context.Context, tx *db.Tx) (err error) {
			up, err = conversation.AddUpload(ctx, tx, conversation.Upload{Name: "안내.pdf", Type: "application/pdf", Size: 3, Blob: "b1"})
			return err
		}
		d.do(d.kim, upload)
		g := says("Files", macro.Mine, "")
		g.Uploads = []macro.UploadID{up.ID}
		key := d.make(d.kim, g)
		m := d.get(d.kim, key)
		if len(m.Files) != 1 || m.Files[0].Name != "안내.pdf" {
			t.Fatalf("files %+v", m.Files)
		}
		var sent conversation.Message
		d.do(d.kim, func(ctx context.Context, tx *db.Tx) error {
			w, err := macro.Choose(ctx, tx, key, d.talk.String(), i18n.Korean)
			if err != nil {
				return err
			}
			sent, err = conversation.Reply(ctx, tx, d.talk, conversation.Answer{Text: "여기요", Files: []conversation.UploadID{w.Uploads[0].ID}})
			return err
		})
		if len(sent.Attachments) != 1 || sent.Attachments[0].Blob != "b1" {
			t.Errorf("sent %+v", sent.Attachments)
		}
		again := says("Files", macro.Mine, "x")
		again.Keep = []macro.FileID{m.Files[0].ID}
		d.make(d.kim, again) // a second one with the same file
		if got := d.kind(d.lee, func(ctx context.Context, tx *db.Tx) error { _, err := macro.Make(ctx, tx, again); return err }); got != problem.Invalid {
			t.Errorf("another's file: %q", got)
		}
		d.do(d.kim, func(ctx context.Context, tx *db.Tx) error {
			return macro.Change(ctx, tx, key, says("No files", macro.Mine, "x"))
		})
		d.do(d.kim, func(ctx context.Context, tx *db.Tx) error {
			if list, err := macro.Blobs(ctx, tx); err != nil || !reflect.DeepEqual(list, []string{"b1"}) {
				t.Errorf("blobs %v %v", list, err)
			}
			used, err := macro.UsesBlob(ctx, tx, "b1")
			if !used {
				t.Error("the second one has lost its file")
			}
			return err
		})
	})
}

func (d *desk) state() (c conversation.Conversation, tags []string, customer []string) {
	d.t.Helper()
	d.do(d.boss, func(ctx context.Context, tx *db.Tx) (err error) {
		if c, err = conversation.Get(ctx, tx, d.talk); err != nil {
			return err
		}
		p, err := contact.Whole(ctx, tx, d.customer)
		tags, customer = c.Tags, p.Tags
		return err
	})
	return c, tags, customer
}

func TestAStackIsDoneInOnePieceOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		away := d.get(d.kim, d.make(d.kim, says("Away", macro.Mine, "x", act("team", "team", d.crew.String()), act("assign", "person", d.leeID.String()), act("tag", "tag", "late"))))
		vip := d.get(d.kim, d.make(d.kim, says("VIP", macro.Mine, "x", act("tag", "tag", "vip"), act("set", "priority", "high"), act("tag_customer", "tag", "regular"))))
		choice := vip.All()
		choice.Acts = []int{0, 2} // the second was taken off
		list, err := macro.ParseChoices([]string{away.All().String(), choice.String(), choice.String()}, []string{away.All().Act(0), away.All().Act(1), away.All().Act(2), choice.Act(0), choice.Act(2)})
		if err != nil || !reflect.DeepEqual(list, []macro.Choice{away.All(), choice}) {
			t.Fatalf("%+v %v", list, err)
		}
		d.do(d.kim, func(ctx context.Context, tx *db.Tx) error { return macro.Use(ctx, tx, d.talk, list) })
		c, tags, customer := d.state()
		slices.Sort(tags)
		if c.Team != d.crew || c.Assignee != d.leeID || !reflect.DeepEqual(tags, []string{"late", "vip"}) || c.Priority == "high" || !reflect.DeepEqual(customer, []string{"regular"}) {
			t.Errorf("team %v, with %v, %v, %q, customer %v", c.Team, c.Assignee, tags, c.Priority, customer)
		}
		if m := d.get(d.kim, vip.ID); m.Used != 1 || m.UsedAt.IsZero() {
			t.Errorf("used %d at %v", m.Used, m.UsedAt)
		}
	})
}

// A partner does not see the conversation any more once it is another team's: that comes last, so the rest is done.
func TestWhoGivesItAwayDoesTheRestBefore(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		m := d.get(d.partner, d.make(d.partner, says("Away", macro.Mine, "x", act("team", "team", d.crew.String()), act("tag", "tag", "late"), act("note", "text", "For {customer.name}"))))
		d.do(d.partner, func(ctx context.Context, tx *db.Tx) error { return macro.Use(ctx, tx, d.talk, []macro.Choice{m.All()}) })
		c, tags, _ := d.state()
		if c.Team != d.crew || !slices.Contains(tags, "late") || c.Messages != 2 {
			t.Errorf("team %v, %v, %d messages", c.Team, tags, c.Messages)
		}
		if got := d.kind(d.partner, func(ctx context.Context, tx *db.Tx) error { return macro.Use(ctx, tx, d.talk, []macro.Choice{m.All()}) }); got != problem.NotFound {
			t.Errorf("what he does not see: %q", got)
		}
	})
}

func TestWhatFailsUndoesAllWithTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		tagging := d.get(d.kim, d.make(d.boss, says("All", macro.Everyone, "x", act("tag", "tag", "vip"), act("tag_customer", "tag", "regular"))))
		use := func(list ...macro.Choice) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error {
				if _, err := conversation.AddNote(ctx, tx, d.talk, conversation.Remark{Text: "Look"}); err != nil {
					return err
				}
				return macro.Use(ctx, tx, d.talk, list)
			}
		}
		// A partner may tag conversations, and may not change customers.
		if got := d.kind(d.partner, use(tagging.All())); got != problem.Forbidden {
			t.Errorf("without the right: %q", got)
		}
		changed := says("All", macro.Everyone, "x", act("tag", "tag", "other"))
		d.do(d.boss, func(ctx context.Context, tx *db.Tx) error { return macro.Change(ctx, tx, tagging.ID, changed) })
		if got := d.kind(d.kim, use(tagging.All())); got != problem.Conflict {
			t.Errorf("after it was changed: %q", got)
		}
		late := d.get(d.kim, tagging.ID).All()
		late.Acts = []int{0, 1}
		if got := d.kind(d.kim, use(late)); got != problem.Invalid {
			t.Errorf("an action that it has not: %q", got)
		}
		d.do(d.boss, func(ctx context.Context, tx *db.Tx) error { return macro.Delete(ctx, tx, tagging.ID) })
		if got := d.kind(d.kim, use(tagging.All())); got != problem.NotFound {
			t.Errorf("after it was deleted: %q", got)
		}
		if c, tags, customer := d.state(); c.Messages != 1 || len(tags)+len(customer) > 0 {
			t.Errorf("%d messages, %v, %v", c.Messages, tags, customer)
		}
	})
}

func TestWhatAFormCarriesIsRead(t *testing.T) {
	key := macro.ID(5).String()
	for _, c := range [][2][]string{
		{{"x"}, nil}, {{key}, nil}, {{key + ".x"}, nil}, {{key + ".1.0.0"}, nil}, {{key + ".1"}, {key + ".1"}}, {{key + ".1"}, {key + ".2.0"}}, {{key + ".1"}, {key + ".1.-1"}}, {nil, {key + ".1.0"}}, {{"con_0000000000001.1"}, nil},
	} {
		if list, err := macro.ParseChoices(c[0], c[1]); problem.KindOf(err) != problem.Invalid {
			t.Errorf("%v: %v %v", c, list, err)
		}
	}
}

func TestWhatOneTypesFindsIt(t *testing.T) {
	m := macro.Macro{Name: "환불 안내", Shortcut: "refund", Content: macro.Content{Text: i18n.Text{i18n.English: "We pay you back.", i18n.Korean: "3일 안에 돌려드려요."}}}
	for _, asked := range []string{"", "환불", "ㅎㅂ", "ㅎㅂ ㅇㄴ", "안내 환", "ref", "REFUND", "pay back", "돌려", "ghksqnf"} {
		if !m.Fits(asked) {
			t.Errorf("%q does not find it", asked)
		}
	}
	for _, asked := range []string{"교환", "ㄱㅎ", "환불 교환"} {
		if m.Fits(asked) {
			t.Errorf("%q finds it", asked)
		}
	}
}
