package api

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"testing"
	"time"

	"baraji/internal/channel/email"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig"
)

// mailing is a shop that can write to many: a segment of three who agreed to it and one who did not, and an inbox with a server behind it.
func (w *world) mailing() (sink *rig.MailSink, group, from string) {
	w.t.Helper()
	sink = rig.Sink(w.t, rig.SinkSetup{})
	host, port, _ := net.SplitHostPort(sink.Addr)
	n, _ := strconv.Atoi(port)
	w.do(func(ctx context.Context, tx *db.Tx) error {
		in, err := inbox.Create(ctx, tx, inbox.Inbox{Name: "Lamps", Channel: "email", Address: "lamps@shop.example"})
		if err != nil {
			return err
		}
		from = in.ID.String()
		a, err := w.server.Mail.Account(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		a.SMTP = email.Server{Host: host, Port: n, Security: email.Plain}
		return w.server.Mail.SetAccount(ctx, tx, a)
	})
	for i := range 4 {
		who := w.call(w.admin, "POST", "/contacts", map[string]any{"name": "Hana", "email": fmt.Sprintf("hana%d@x.example", i), "tags": []string{"news"}}).want(201)["id"].(string)
		if i > 0 {
			w.call(w.admin, "POST", "/contacts/"+who+"/consents", map[string]any{"what": "given", "how": "import", "wording": "News by mail"}).want(201)
		}
	}
	news := map[string]any{"name": "News", "if": map[string]any{"field": "customer.tags", "op": "has", "values": []string{"news"}}}
	return sink, w.call(w.admin, "POST", "/segments", news).want(201)["id"].(string), from
}

// drained does what is due, over some time.
func (w *world) drained() {
	w.t.Helper()
	for range 10 {
		if err := w.jobs.Drain(w.system()); err != nil {
			w.t.Fatal(err)
		}
		w.Clock.Advance(10 * time.Second)
	}
}

// refused checks what was wrong with which field.
func (w *world) refused(r reply, field string) {
	w.t.Helper()
	if got := at(r.want(422), "errors.0.field"); got != field {
		w.t.Errorf("refused for %v, want %s: %s", got, field, r.Body)
	}
}

func TestACampaignByTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sink, group, from := w.mailing()
		sales := w.token(team.Sales)
		do := func(method, path string, body any) reply { t.Helper(); return w.call(sales, method, path, body) }

		w.refused(do("POST", "/campaigns", map[string]any{"purpose": "notice"}), "name")
		w.refused(do("POST", "/campaigns", map[string]any{"name": "A", "purpose": "notice", "segment_id": "nonsense"}), "segment_id")
		w.refused(do("POST", "/campaigns", map[string]any{"name": "A", "purpose": "notice", "segment_id": "seg_0000000000zz1"}), "segment_id")
		w.refused(do("POST", "/campaigns", map[string]any{"name": "A", "purpose": "notice", "share": 91}), "share")
		w.refused(do("POST", "/campaigns", map[string]any{"name": "A", "purpose": "notice", "manners": map[string]any{"rate": 0}}), "manners.rate")
		w.refused(do("POST", "/campaigns", map[string]any{"name": "A", "purpose": "notice", "manners": map[string]any{"night_to": "25:00"}}), "manners.night_to")

		c := do("POST", "/campaigns", map[string]any{"name": "Autumn", "purpose": "advertising", "segment_id": group, "inbox_id": from, "manners": map[string]any{"quiet": false}}).want(201)
		path := "/campaigns/" + c["id"].(string)
		if c["state"] != "draft" || at(c, "manners.quiet") != false || at(c, "manners.rate") != 120.0 || at(c, "manners.night_from") != "21:00" {
			t.Errorf("made %v", c)
		}
		w.refused(do("POST", path+"/start", nil), "letter.text.en")
		c = do("PATCH", path, map[string]any{"letter": map[string]any{"subject": map[string]any{"en": "Lamps"}, "text": map[string]any{"en": "Dear {customer.name|customer}"}}}).want(200)
		if c["name"] != "Autumn" || at(c, "letter.subject.en") != "Lamps" || at(c, "manners.quiet") != false || c["segment_id"] != group {
			t.Errorf("changed %v", c)
		}

		w.refused(do("POST", path+"/start", nil), "foot.reach") // the law wants it
		do("PATCH", "/campaigns/defaults", map[string]any{"mark": false}).want(403)
		w.refused(w.call(w.admin, "PATCH", "/campaigns/defaults", map[string]any{"manners": map[string]any{"days": 400}}), "manners.days")
		w.call(w.admin, "PATCH", "/campaigns/defaults", map[string]any{"foot": map[string]any{"reach": "02-000-0000"}, "manners": map[string]any{"rate": 60}}).want(200)
		if d := do("GET", "/campaigns/defaults", nil).want(200); at(d, "foot.reach") != "02-000-0000" || at(d, "manners.rate") != 60.0 || at(d, "manners.days") != 7.0 || d["mark"] != true {
			t.Errorf("defaults %v", d)
		}

		if f := do("POST", path+"/forecast", nil).want(202); f["counting"] != true {
			t.Errorf("asked for %v", f)
		}
		w.drained()
		if f := do("GET", path+"/forecast", nil).want(200); f["counting"] != false || f["all"] != 4.0 || f["get"] != 3.0 || at(f, "not.no_consent") != 1.0 {
			t.Errorf("forecast %v", f)
		}

		w.refused(do("POST", path+"/start", map[string]any{"at": w.Clock.Now().Add(-time.Hour)}), "at")
		if c := do("POST", path+"/start", map[string]any{"at": w.Clock.Now().Add(time.Hour)}).want(200); c["state"] != "planned" || c["planned_at"] == nil {
			t.Errorf("planned %v", c)
		}
		if c := do("POST", path+"/unplan", nil).want(200); c["state"] != "draft" || c["planned_at"] != nil {
			t.Errorf("not planned any more %v", c)
		}
		for range 2 { // it is begun once
			if c := w.call(sales, "POST", path+"/start", nil, "Idempotency-Key", "go").want(200); c["state"] != "sending" {
				t.Errorf("begun %v", c)
			}
		}
		do("POST", path+"/start", nil).want(409)
		do("PATCH", path, map[string]any{"name": "Other"}).want(409)
		do("DELETE", path, nil).want(409)
		do("POST", path+"/forecast", nil).want(409)

		if c := do("POST", path+"/pause", nil).want(200); c["state"] != "paused" {
			t.Errorf("paused %v", c)
		}
		w.drained()
		if n := len(sink.Mails()); n != 0 {
			t.Errorf("%d mails left a campaign that was paused", n)
		}
		do("POST", path+"/resume", nil).want(200)
		w.drained()
		c = do("GET", path, nil).want(200)
		if c["state"] != "done" || c["ended_at"] == nil || at(c, "results.all") != 4.0 || at(c, "results.sent") != 3.0 || at(c, "results.skipped") != 1.0 || at(c, "results.waiting") != 0.0 ||
			at(c, "variants.a.sent") != 3.0 || at(c, "skipped_for.no_consent") != 1.0 {
			t.Errorf("in the end %v", c)
		}
		if n := len(sink.Mails()); n != 3 {
			t.Errorf("%d mails left", n)
		}
		do("POST", path+"/stop", nil).want(409)

		w.copied(do, path)
		w.receivers(do, path)
	})
}

// copied makes another campaign of one, which is stopped at once, and a third, which is removed.
func (w *world) copied(do func(method, path string, body any) reply, path string) {
	w.t.Helper()
	other := do("POST", path+"/copy", nil).want(201)
	if other["state"] != "draft" || at(other, "letter.subject.en") != "Lamps" || at(other, "results.all") != 0.0 {
		w.t.Errorf("copied %v", other)
	}
	if l := do("GET", "/campaigns?limit=1", nil).want(200); at(l, "items.0.id") != other["id"] || l["next"] == nil {
		w.t.Errorf("the newest is %v", l)
	} else if l := do("GET", "/campaigns?cursor="+l["next"].(string), nil).want(200); len(l["items"].([]any)) != 1 || at(l, "items.0.sent") != 3.0 || l["next"] != nil {
		w.t.Errorf("and then %v", l)
	}
	there := "/campaigns/" + other["id"].(string)
	do("POST", there+"/start", nil).want(200)
	if c := do("POST", there+"/stop", nil).want(200); c["state"] != "stopped" {
		w.t.Errorf("stopped %v", c)
	}
	do("POST", there+"/resume", nil).want(409)
	gone := "/campaigns/" + do("POST", path+"/copy", nil).want(201)["id"].(string)
	do("DELETE", gone, nil).want(204)
	do("GET", gone, nil).want(404)
	do("GET", gone+"/recipients", nil).want(404)
}

// receivers reads those who got a campaign, as who may, who sees them masked, and who may not.
func (w *world) receivers(do func(method, path string, body any) reply, path string) {
	w.t.Helper()
	seen := map[any]bool{}
	first := do("GET", path+"/recipients?limit=3", nil).want(200)
	rest := do("GET", path+"/recipients?limit=3&cursor="+first["next"].(string), nil).want(200)
	for _, r := range append(first["items"].([]any), rest["items"].([]any)...) {
		seen[at(r, "contact_id")] = true
	}
	if len(seen) != 4 || rest["next"] != nil {
		w.t.Errorf("%d on two pages, and then %v", len(seen), rest["next"])
	}
	if l := do("GET", path+"/recipients?state=skipped&why=no_consent", nil).want(200); len(l["items"].([]any)) != 1 || at(l, "items.0.why") != "no_consent" || at(l, "items.0.sent_at") != nil {
		w.t.Errorf("without a mail %v", l)
	}
	if l := do("GET", path+"/recipients?state=sent", nil).want(200); len(l["items"].([]any)) != 3 || at(l, "items.0.address") != "hana1@x.example" || at(l, "items.0.sent_at") == nil {
		w.t.Errorf("with a mail %v", l)
	}
	for query, field := range map[string]string{"state=lost": "state", "limit=101": "limit", "cursor=x": "cursor", "variant=c": "variant"} {
		w.refused(do("GET", path+"/recipients?"+query, nil), field)
	}
	var masked, blind string
	w.do(func(ctx context.Context, tx *db.Tx) (err error) {
		masked, err = team.MakeRole(ctx, tx, team.Role{Title: "Masked", Rights: []team.Right{team.RunCampaigns, team.ReadContacts}, See: team.SeeEverything, Masked: true})
		if err == nil {
			blind, err = team.MakeRole(ctx, tx, team.Role{Title: "Blind", Rights: []team.Right{team.RunCampaigns}, See: team.SeeEverything})
		}
		return err
	})
	if l := w.call(w.token(masked), "GET", path+"/recipients?state=sent", nil).want(200); at(l, "items.0.address") == "hana1@x.example" || at(l, "items.0.address") == "" {
		w.t.Errorf("masked %v", l)
	}
	w.call(w.token(blind), "GET", path+"/recipients", nil).want(403)
	agent := w.token(team.Agent)
	for _, s := range []string{"", "/recipients", "/forecast"} {
		w.call(agent, "GET", path+s, nil).want(403)
	}
	w.call(agent, "GET", "/campaigns", nil).want(403)
	w.call(agent, "GET", "/campaigns/defaults", nil).want(403)
}
