package incident_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// parts makes components and gives their ids.
func (d *desk) parts(names ...string) (ids []incident.ComponentID) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		var list []incident.Component
		for _, n := range names {
			list = append(list, incident.Component{Name: i18n.Text{i18n.English: n}})
		}
		sys := team.AsSystem(d.ctx)
		if err := incident.SetComponents(sys, tx, list); err != nil {
			return err
		}
		all, err := incident.Components(sys, tx)
		for _, c := range all {
			ids = append(ids, c.ID)
		}
		return err
	})
	return ids
}

func (d *desk) board() (b incident.Board) {
	d.t.Helper()
	if err := d.Read(d.ctx, func(tx *db.Tx) (err error) { b, err = incident.Look(d.ctx, tx); return err }); err != nil {
		d.t.Fatal(err)
	}
	return b
}

func TestTheStatusPageShowsWhatIsAndWhatWas(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		c := d.parts("Shop", "App")
		if b := d.board(); b.Worst != incident.Fine || len(b.Parts) != 2 || b.Parts[0].Up != 1 {
			t.Errorf("at first: %+v", b)
		}
		d.Clock.Advance(100 * 24 * time.Hour)
		var i incident.Incident
		d.do(func(tx *db.Tx) (err error) {
			i, err = incident.Open(d.ctx, tx, incident.Given{Title: i18n.Text{i18n.English: "No app"}, Severity: "critical", Public: true, Impacts: map[incident.ComponentID]incident.Impact{c[1]: incident.Out}})
			return err
		})
		d.do(func(tx *db.Tx) error {
			_, err := incident.Open(d.ctx, tx, incident.Given{Title: i18n.Text{i18n.English: "Ours alone"}, Severity: "minor", Impacts: map[incident.ComponentID]incident.Impact{c[0]: incident.Out}})
			return err
		})
		b := d.board()
		if b.Worst != incident.Out || b.Parts[0].Now != incident.Fine || b.Parts[1].Now != incident.Out || b.Parts[1].Days[89] != incident.Out || len(b.Open) != 1 {
			t.Errorf("while it lasts: %+v", b)
		}
		d.Clock.Advance(12 * time.Hour)
		d.do(func(tx *db.Tx) error {
			_, err := incident.Say(d.ctx, tx, incident.Update{Incident: i.ID, State: incident.Monitoring, Text: i18n.Text{i18n.English: "Mended in parts."}, Public: true, Impacts: map[incident.ComponentID]incident.Impact{c[1]: incident.Partial}})
			return err
		})
		d.Clock.Advance(12 * time.Hour)
		d.says(i.ID, incident.Resolved, "Over.")
		d.Clock.Advance(24 * time.Hour)
		b = d.board()
		p := b.Parts[1]
		whole := d.Clock.Now().Sub(d.Clock.Now().In(time.FixedZone("KST", 9*3600)).Truncate(24*time.Hour)) + 89*24*time.Hour // roughly: the page begins at midnight in Seoul
		lost := 18 * time.Hour                                                                                               // twelve hours whole, twelve by half
		if want := 1 - float64(lost)/float64(whole); p.Up < want-0.001 || p.Up > want+0.001 {
			t.Errorf("worked %.4f, want about %.4f", p.Up, want)
		}
		if b.Worst != incident.Fine || p.Now != incident.Fine || len(b.Past) != 1 || len(b.Past[0].Updates) != 2 {
			t.Errorf("when it is over: %+v", b)
		}
		if b.Parts[0].Up != 1 {
			t.Errorf("an incident that is not public lowered what everybody sees: %v", b.Parts[0].Up)
		}
	})
}

func TestMaintenanceRunsByTheClock(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		c := d.parts("Shop")
		var m incident.MaintenanceID
		d.do(func(tx *db.Tx) (err error) {
			m, err = incident.Plan(d.ctx, tx, incident.Maintenance{Title: i18n.Text{i18n.English: "New disks"}, Components: c, From: tx.Now().Add(time.Hour), To: tx.Now().Add(2 * time.Hour)})
			return err
		})
		look := func(want incident.Impact, planned int) {
			t.Helper()
			if b := d.board(); b.Worst != want || len(b.Planned) != planned {
				t.Errorf("%s and %d planned, want %s and %d", b.Worst, len(b.Planned), want, planned)
			}
		}
		look(incident.Fine, 1)
		d.Clock.Advance(90 * time.Minute)
		look(incident.Upkeep, 1)
		d.Clock.Advance(time.Hour)
		look(incident.Fine, 0)
		if err := d.Write(d.ctx, func(tx *db.Tx) error { return incident.Cancel(d.ctx, tx, m) }); err == nil {
			t.Error("what is over was called off")
		}
	})
}

// subscribes asks, and confirms by the link of the mail.
func (d *desk) subscribes(email string, l i18n.Locale, about ...incident.ComponentID) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error { return d.broken.Subscribe(d.ctx, tx, email, l, about) })
	d.drain()
	last := d.mails[len(d.mails)-1]
	if last.To != email || last.Unsubscribe != "" {
		d.t.Fatalf("the mail that asks: %+v", last)
	}
	s := d.opened(last.Text, "confirm")
	d.do(func(tx *db.Tx) error { return incident.Confirm(d.ctx, tx, s) })
}

// opened is whose the link in a text is.
func (d *desk) opened(text, purpose string) (s incident.Subscriber) {
	d.t.Helper()
	dir := map[string]string{"confirm": "/status/confirm/", "leave": "/status/mails/"}[purpose]
	_, rest, ok := strings.Cut(text, dir)
	if !ok {
		d.t.Fatalf("no link to %s in %q", purpose, text)
	}
	who, token, _ := strings.Cut(strings.Fields(rest)[0], "/")
	if err := d.Read(d.ctx, func(tx *db.Tx) (err error) { s, err = d.broken.Open(d.ctx, tx, purpose, who, token); return err }); err != nil {
		d.t.Fatal(err)
	}
	return s
}

func TestSubscribersHearWhatTheyChose(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		c := d.parts("Shop", "App")
		d.subscribes("all@reader.example", i18n.English)
		d.subscribes("shop@reader.example", i18n.Korean, c[0])
		d.do(func(tx *db.Tx) error { return d.broken.Subscribe(d.ctx, tx, "never@reader.example", i18n.English, nil) })
		d.drain()
		d.mails = nil
		var i incident.Incident
		d.do(func(tx *db.Tx) (err error) {
			i, err = incident.Open(d.ctx, tx, incident.Given{Title: i18n.Text{i18n.English: "No app"}, Severity: "major", Public: true, Impacts: map[incident.ComponentID]incident.Impact{c[1]: incident.Out}})
			return err
		})
		d.says(i.ID, incident.Identified, "The fuse.")
		d.drain()
		if len(d.mails) != 1 || d.mails[0].To != "all@reader.example" || !strings.Contains(d.mails[0].Text, "The fuse.") || !strings.HasPrefix(d.mails[0].Unsubscribe, "https://desk.example/status/mails/") {
			t.Fatalf("mails: %+v", d.mails)
		}
		d.do(func(tx *db.Tx) error {
			return incident.Leave(d.ctx, tx, d.opened(d.mails[0].Unsubscribe, "leave"))
		})
		d.mails = nil
		d.do(func(tx *db.Tx) error {
			_, err := incident.Plan(d.ctx, tx, incident.Maintenance{Title: i18n.Text{i18n.English: "New disks", i18n.Korean: "디스크 교체"}, From: tx.Now().Add(time.Hour), To: tx.Now().Add(2 * time.Hour)})
			return err
		})
		d.drain()
		if len(d.mails) != 1 || d.mails[0].To != "shop@reader.example" || !strings.Contains(d.mails[0].Subject, "디스크 교체") {
			t.Errorf("mails about maintenance: %+v", d.mails)
		}
	})
}

func TestAMailThatCannotBeSentIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.subscribes("one@reader.example", i18n.English)
		d.subscribes("two@reader.example", i18n.English)
		i := d.opens()
		d.mails, d.refuse = nil, errors.New("no route to the post office")
		d.says(i.ID, incident.Identified, "The fuse.")
		_ = d.jobs.Drain(team.AsSystem(d.t.Context()))
		d.refuse = nil
		for range 8 {
			d.Clock.Advance(time.Hour)
			_ = d.jobs.Drain(team.AsSystem(d.t.Context()))
		}
		got := map[string]int{}
		for _, m := range d.mails {
			got[m.To]++
		}
		if len(got) != 2 || got["one@reader.example"] != 1 || got["two@reader.example"] != 1 {
			t.Errorf("mails: %v", got)
		}
	})
}

func TestQuestionsBeforeAndAfterTheCauseIsMended(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		const week = 7 * 24 * time.Hour
		hana := d.customer("Hana", "en")
		i := d.opens()
		for n := range 3 { // two a week
			for range 2 {
				d.asks(hana, "I cannot sign in")
			}
			_ = n
			d.Clock.Advance(week)
		}
		d.says(i.ID, incident.Resolved, "Renewed.")
		d.drain()
		var a incident.ActionID
		d.do(func(tx *db.Tx) (err error) {
			a, err = incident.AddAction(d.ctx, tx, incident.Action{Incident: i.ID, Cause: true, Text: "Renew by itself", Owner: d.lead, Due: tx.Now().Add(week)})
			return err
		})
		d.do(func(tx *db.Tx) error { return incident.DoAction(d.ctx, tx, i.ID, a, true) })
		d.Clock.Advance(week)
		d.asks(hana, "sign in again?")
		d.Clock.Advance(week)
		d.do(func(tx *db.Tx) error {
			i, err := incident.Get(d.ctx, tx, i.ID)
			if err != nil {
				return err
			}
			actions, err := incident.Actions(d.ctx, tx, i.ID)
			if err != nil {
				return err
			}
			e, err := incident.EffectOf(d.ctx, tx, i, actions)
			if e.Before != 1 || e.After != 0.5 || e.Whole != 2 {
				t.Errorf("before %v, after %v over %d weeks; want 1, 0.5 over 2: %+v", e.Before, e.After, e.Whole, e.Weeks)
			}
			return err
		})
		d.do(func(tx *db.Tx) error {
			return incident.WriteReview(d.ctx, tx, i.ID, incident.Review{Happened: "It ran out.", Why: "Nobody looked."}, true)
		})
	})
}

func TestLinksFollowAMerge(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		hana := d.customer("Hana", "en")
		a, b := d.asks(hana, "sign in"), d.asks(hana, "still no sign in")
		i := d.opens()
		d.do(func(tx *db.Tx) error { return incident.Link(d.ctx, tx, i.ID, b) })
		d.do(func(tx *db.Tx) error { _, err := conversation.Merge(d.ctx, tx, a, b); return err })
		d.do(func(tx *db.Tx) error {
			list, err := incident.Of(d.ctx, tx, a)
			if len(list) != 1 {
				t.Errorf("the one that lives on is about %d incidents", len(list))
			}
			return err
		})
	})
}

func TestWhatIsKnownOfSomebodyGoesWithHim(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		hana := d.customer("Hana", "en", "app")
		d.subscribes(hana.Email, i18n.English)
		i := d.opens()
		d.do(func(tx *db.Tx) error { return incident.SetReach(d.ctx, tx, i.ID, []contact.Group{{Tag: "app"}}) })
		d.says(i.ID, incident.Identified, "The fuse.")
		d.drain()
		d.do(func(tx *db.Tx) error { return contact.Erase(team.AsSystem(d.ctx), tx, hana.ID) })
		d.do(func(tx *db.Tx) error {
			for _, q := range []string{`SELECT COUNT(*) FROM incident_notice`, `SELECT COUNT(*) FROM incident_subscriber`} {
				if n, err := db.Value[int](d.ctx, tx, q); err != nil || n != 0 {
					t.Errorf("%s: %d %v", q, n, err)
				}
			}
			return nil
		})
	})
}
