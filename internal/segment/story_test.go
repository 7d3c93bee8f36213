package segment_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/team"
)

var hash = sync.OnceValues(func() (team.Hashed, error) { return team.HashPassword("moonlight lamp") })

func hashed(t *testing.T) team.Hashed {
	h, err := hash()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func is(field, op string, values ...string) segment.If {
	return segment.If{Field: field, Op: op, Values: values}
}

func group(mode string, of ...segment.If) segment.If { return segment.If{Mode: mode, Of: of} }

// Each condition finds whom it says, in a count, a list, and asked of one person; its opposite finds all others.
func TestEveryCondition(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		seen := map[string]bool{}
		for _, c := range []struct {
			in   segment.If
			want string
		}{
			{segment.If{}, "Ara Bor Chl Dur"},
			{is("customer.stage", "is", "post-sale"), "Ara"},
			{is("customer.stage", "is", "post-sale", "former"), "Ara Chl"},
			{is("customer.stage", "is_not", "post-sale"), "Bor Chl Dur"},
			{is("customer.stage", "empty"), ""},
			{is("customer.stage", "filled"), "Ara Bor Chl Dur"},
			{is("customer.tags", "has", "Vip"), "Ara"},
			{is("customer.tags", "has", "LAMP "), "Ara Bor"},
			{is("customer.tags", "has_not", "vip"), "Bor Chl Dur"},
			{is("customer.tags", "empty"), "Chl Dur"},
			{is("customer.language", "is", "ko", "en"), "Ara Bor"},
			{is("customer.zone", "is", "Europe/Berlin"), "Bor"},
			{is("customer.zone", "empty"), "Ara Chl Dur"},
			{is("customer.industry", "contains", "clair"), "Ara"},
			{is("customer.industry", "is", "Éclairage"), "Ara"},
			{is("customer.industry", "begins", "Écl"), "Ara"},
			{is("customer.industry", "begins", "clair"), ""},
			{is("customer.name", "contains", "%"), "Dur"},
			{is("customer.name", "contains", "_' or 1=1 --"), "Dur"},
			{is("customer.name", "is", "ara"), "Ara"},
			{is("customer.name", "contains", `\`), ""},
			{is("customer.email", "contains", "@moon"), "Ara"},
			{is("customer.email", "empty"), "Dur"},
			{is("customer.phone", "filled"), "Dur"},
			{is("customer.persona", "empty"), "Ara Bor Chl Dur"},
			{is("customer.title", "filled"), ""},
			{is("customer.gender", "filled"), ""},
			{is("customer.region", "is_not", "Busan"), "Ara Bor Chl Dur"},
			{is("customer.birth_year", "at_most", "1995"), "Ara"},
			{is("customer.birth_year", "at_least", "1990.5"), ""},
			{is("customer.owner", "is", s.mina.String()), "Ara"},
			{is("customer.owner", "is", "nonsense"), ""},
			{is("customer.owner", "empty"), "Bor Chl Dur"},
			{is("customer.consent", "yes"), "Ara"},
			{is("customer.consent", "no"), "Bor Chl Dur"},
			{is("customer.blocked", "yes"), ""},
			{is("customer.blocked", "no"), "Ara Bor Chl Dur"},
			{is("customer.seen_at", "empty"), "Ara Bor Chl Dur"},
			{is("customer.seen_at", "longer_ago", "1"), ""},
			{is("customer.created_at", "within_last", "1"), "Ara Bor Chl Dur"},
			{is("customer.created_at", "longer_ago", "1"), ""},
			{is("customer.field.plan", "is", "gold"), "Ara"},
			{is("customer.field.plan", "is_not", "gold"), "Bor Chl Dur"},
			{is("customer.field.seats", "at_least", "10"), "Ara"},
			{is("customer.field.seats", "at_most", "3"), "Bor"},
			{is("customer.field.seats", "equals", "12"), "Ara"},
			{is("customer.field.seats", "empty"), "Chl Dur"},
			{is("customer.field.renews", "within_next", "20"), "Ara"},
			{is("customer.field.renews", "within_next", "19"), ""},
			{is("customer.field.renews", "later_than", "19"), "Ara"},
			{is("customer.field.renews", "within_last", "40"), "Bor"},
			{is("customer.field.renews", "longer_ago", "39"), "Bor"},
			{is("customer.field.motto", "contains", "0% l"), "Ara"},
			{is("customer.field.motto", "contains", "t__"), ""},
			{is("customer.field.motto", "contains_not", "light"), "Bor Chl Dur"},
			{is("company.name", "contains", "moon"), "Ara"},
			{is("company.name", "contains_not", "moon"), "Bor Chl Dur"},
			{is("company.tier", "is", "a"), "Ara"},
			{is("company.industry", "filled"), ""},
			{is("company.size", "is", "10-99"), "Ara"},
			{is("company.value", "at_least", "1200000"), "Ara"},
			{is("company.value", "at_least", "1200001"), ""},
			{is("company.owner", "empty"), "Ara Bor Chl Dur"},
			{is("company.field.region", "is", "gangnam"), "Ara"},
			{is("company.field.region", "empty"), "Bor Chl Dur"},
			{is("talk.open", "at_least", "1"), "Ara"},
			{is("talk.open", "at_most", "0"), "Bor Chl Dur"},
			{is("talk.open", "equals", "0"), "Bor Chl Dur"},
			{is("talk.all", "at_least", "2"), "Bor"},
			{is("talk.all", "equals", "1"), "Ara"},
			{is("talk.all", "at_least", "1.5"), "Bor"},
			{is("talk.all", "at_most", "-1"), ""},
			{is("talk.complaints", "at_least", "1"), "Ara"},
			{is("talk.last_at", "within_last", "30"), "Ara"},
			{is("talk.last_at", "longer_ago", "30"), "Bor"},
			{is("talk.last_at", "empty"), "Chl Dur"},
			{is("talk.tags", "has", "refund"), "Ara Bor"},
			{is("talk.tags", "empty"), "Chl Dur"},
			{group("all", is("customer.tags", "has", "lamp"), is("customer.language", "is", "en")), "Bor"},
			{group("any", is("customer.tags", "has", "vip"), is("customer.stage", "is", "former")), "Ara Chl"},
			{group("none", is("customer.tags", "has", "vip"), is("customer.stage", "is", "former")), "Bor Dur"},
			{group("all", group("any", is("customer.language", "is", "ko"), is("customer.language", "is", "en")), group("none", is("talk.open", "at_least", "1"))), "Bor"},
			{group("all", segment.If{Mode: "any"}, is("customer.tags", "has", "vip")), "Ara"},
			{group("any", segment.If{Mode: "none", Of: []segment.If{{}}}, is("customer.tags", "has", "vip")), "Ara"},
		} {
			f, _ := segment.FieldOf(c.in.Field)
			seen[f.Key] = true
			got, err := s.found(c.in)
			if err != nil {
				t.Errorf("%+v: %v", c.in, err)
			} else if strings.Join(got, " ") != c.want {
				t.Errorf("%+v: %v, want %s", c.in, got, c.want)
			}
		}
		for _, f := range segment.Fields {
			if !seen[f.Key] {
				t.Errorf("%s is not tried", f.Key)
			}
		}
	})
}

// What is typed by hand is checked where it is typed.
func TestWhatIsWrongWithASegment(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		deep := is("customer.stage", "filled")
		for range 6 {
			deep = group("all", deep)
		}
		many := segment.If{}
		for range 61 {
			many.Of = append(many.Of, is("customer.stage", "filled"))
		}
		for want, in := range map[string]segment.Segment{
			"name":       {Name: " \n", If: segment.If{}},
			"about":      {Name: "a", About: strings.Repeat("가", 501)},
			"if.mode":    {Name: "a", If: segment.If{Mode: "some"}},
			"if.0.field": {Name: "a", If: group("all", is("customer.shoe_size", "is", "44"))},
			"if.0.op":    {Name: "a", If: group("all", is("customer.stage", "contains", "sale"))},
			"if.0.value": {Name: "a", If: group("all", is("customer.stage", "is", "elsewhere"))},
			"if.value":   {Name: "a", If: is("customer.seen_at", "within_last", "soon")},
			"if.field":   {Name: "a", If: is("customer.field.unknown", "is", "x")},
			"if":         {Name: "a", If: many},
			"if.0.0.0.0": {Name: "a", If: deep},
		} {
			err := s.try(func(tx *db.Tx) error { _, err := segment.Make(s.ctx, tx, in); return err })
			fields := problem.Fields(err)
			if !slices.ContainsFunc(fields, func(f problem.Field) bool { return f.Name == want }) {
				t.Errorf("%s: %v %v", want, err, fields)
			}
		}
	})
}

// A segment is made, changed and deleted; its name is its own.
func TestASegmentIsKept(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		var id segment.ID
		s.do(func(tx *db.Tx) (err error) {
			id, err = segment.Make(s.ctx, tx, segment.Segment{Name: "  Lamp \x00 people ", About: "for the lamp", If: is("customer.tags", "has", "lamp", "lamp", " ")})
			return err
		})
		if err := s.try(func(tx *db.Tx) error {
			_, err := segment.Make(s.ctx, tx, segment.Segment{Name: "Lamp people"})
			return err
		}); len(problem.Fields(err)) == 0 {
			t.Errorf("two of one name: %v", err)
		}
		s.do(func(tx *db.Tx) error {
			got, err := segment.Get(s.ctx, tx, id)
			if got.Name != "Lamp people" || !slices.Equal(got.If.Values, []string{"lamp"}) {
				t.Errorf("%+v", got)
			}
			in, err2 := segment.Of(s.ctx, tx, s.ids["Bor"])
			if err2 != nil || len(in) != 1 {
				t.Errorf("Boris is in %v: %v", in, err2)
			}
			got.Name, got.If = "Everybody", segment.If{}
			if err == nil {
				err = segment.Change(s.ctx, tx, got)
			}
			return err
		})
		s.do(func(tx *db.Tx) error {
			list, err := segment.List(s.ctx, tx)
			if len(list) != 1 || list[0].Name != "Everybody" || !list[0].If.Empty() {
				t.Errorf("%+v", list)
			}
			if err == nil {
				err = segment.Delete(s.ctx, tx, id)
			}
			return err
		})
		if err := s.try(func(tx *db.Tx) error { return segment.Delete(s.ctx, tx, id) }); problem.KindOf(err) != problem.NotFound {
			t.Errorf("twice: %v", err)
		}
	})
}

// A field that is taken away makes no segment larger: the segment says that it cannot be asked.
func TestAFieldThatIsGoneLetsNobodyIn(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		not := group("none", is("customer.field.plan", "is", "gold"))
		if got, err := s.found(not); err != nil || len(got) != 3 {
			t.Fatalf("%v %v", got, err)
		}
		s.do(func(tx *db.Tx) error {
			list, err := contact.Fields(s.ctx, tx, contact.OfContact)
			for _, f := range list {
				if f.Key == "plan" && err == nil {
					err = contact.RemoveField(s.ctx, tx, f.ID)
				}
			}
			return err
		})
		if got, err := s.found(not); problem.KindOf(err) != problem.Conflict {
			t.Errorf("%v %v", got, err)
		}
	})
}

// Conversations that one may not see do not count, and who sees masked data learns nothing from a segment.
func TestASegmentTellsNoMoreThanOneMaySee(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		all := s.ctx
		actor := team.Actor{Person: s.mina, Rights: []team.Right{team.ReadContacts, team.EditContacts, team.ReadConversations}, See: team.SeeTeams}
		s.ctx = team.With(all, actor)
		if got, err := s.found(is("talk.open", "at_least", "1")); err != nil || len(got) != 0 {
			t.Errorf("another team's conversations are counted: %v %v", got, err)
		}
		actor.Teams = []team.TeamID{s.other}
		s.ctx = team.With(all, actor)
		if got, err := s.found(is("talk.open", "at_least", "1")); err != nil || len(got) != 1 {
			t.Errorf("the own team's are not: %v %v", got, err)
		}
		actor.Masked = true
		s.ctx = team.With(all, actor)
		hidden := group("any", is("customer.stage", "filled"), group("none", is("customer.email", "contains", "moon")))
		if got, err := s.found(hidden); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("%v %v", got, err)
		}
		if err := s.try(func(tx *db.Tx) error {
			_, _, err := segment.Try(s.ctx, tx, is("customer.field.plan", "is", "gold"), 5)
			return err
		}); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("tried: %v", err)
		}
		if got, err := s.found(is("customer.stage", "is", "former")); err != nil || len(got) != 1 {
			t.Errorf("%v %v", got, err)
		}
		s.ctx = team.With(all, team.Actor{Person: s.mina, Rights: []team.Right{team.ReadContacts}})
		if err := s.try(func(tx *db.Tx) error { _, err := segment.Make(s.ctx, tx, segment.Segment{Name: "a"}); return err }); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("made: %v", err)
		}
	})
}

// Whoever was merged is counted once, as whom they are now, and those who are gone are in no segment.
func TestMergedAndErasedCustomers(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		vip := is("customer.tags", "has", "vip")
		s.do(func(tx *db.Tx) error { _, err := contact.Merge(s.ctx, tx, s.ids["Chl"], s.ids["Ara"]); return err })
		ara := s.ids["Ara"]
		delete(s.ids, "Ara")
		got, err := s.found(vip)
		if err != nil || !slices.Equal(got, []string{"Chl"}) {
			t.Errorf("%v %v", got, err)
		}
		s.do(func(tx *db.Tx) error {
			holds, err := segment.Holds(s.ctx, tx, segment.Segment{If: vip}, ara)
			if !holds {
				t.Error("an old id does not lead to who they are now")
			}
			if err == nil {
				err = contact.Erase(s.ctx, tx, ara)
			}
			return err
		})
		s.do(func(tx *db.Tx) error {
			holds, err := segment.Holds(s.ctx, tx, segment.Segment{}, ara)
			if holds {
				t.Error("who is erased is in a segment")
			}
			return err
		})
	})
}

// Consent that is too old is none, for a segment as for the sending.
func TestConsentInASegment(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		yes := is("customer.consent", "yes")
		s.Clock.Advance(3 * 365 * 24 * time.Hour)
		if got, err := s.found(yes); err != nil || len(got) != 0 {
			t.Errorf("old: %v %v", got, err)
		}
		s.do(func(tx *db.Tx) error { return consent.SetRules(s.ctx, tx, consent.Rules{ForEver: true}) })
		if got, err := s.found(yes); err != nil || len(got) != 1 {
			t.Errorf("for ever: %v %v", got, err)
		}
		s.do(func(tx *db.Tx) error {
			return consent.Withdraw(s.ctx, tx, s.ids["Ara"], "ara@moon.example", consent.Advertising, consent.ByLink, "")
		})
		if got, err := s.found(yes); err != nil || len(got) != 0 {
			t.Errorf("taken back: %v %v", got, err)
		}
	})
}

// Members come in parts, each once.
func TestMembersInParts(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.do(func(tx *db.Tx) error {
			var all []contact.ID
			for after := contact.ID(0); ; {
				_, err := segment.Members(context.Background(), tx, segment.Segment{}, after, 3)
				if problem.KindOf(err) != problem.Forbidden {
					t.Errorf("nobody may ask: %v", err)
				}
				some, err := segment.Members(s.ctx, tx, segment.Segment{}, after, 3)
				if err != nil || len(some) == 0 {
					if len(all) != 4 || !slices.IsSorted(all) {
						t.Errorf("%v", all)
					}
					return err
				}
				all, after = append(all, some...), some[len(some)-1]
			}
		})
	})
}
