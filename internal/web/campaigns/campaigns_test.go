package campaigns_test

import (
	"strings"
	"testing"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/mail"
	"baraji/internal/segment"
	"baraji/internal/team"
	"baraji/test/rig"
	"baraji/test/rig/house"
)

// TestACampaignFromItsDraftToWhoLeaves goes through the pages as somebody of the firm does, and then as a customer and their mail program do.
func TestACampaignFromItsDraftToWhoLeaves(t *testing.T) {
	h := house.New(t, dbtest.New(t, dbtest.Engines()[0])).Furnish()
	sink := h.PostOffice()
	var group segment.ID
	var jane contact.ID
	h.Must(func(tx *db.Tx) (err error) {
		ctx := h.System()
		for _, name := range []string{"jane", "never"} {
			c, err := contact.Create(ctx, tx, contact.Sender{Email: name + "@x.example", Name: name, Language: "en"})
			if err != nil {
				return err
			}
			if err := contact.Tag(ctx, tx, c.ID, []string{"news"}, nil); err != nil {
				return err
			}
			if name == "jane" {
				jane = c.ID
				if err := consent.Give(ctx, tx, consent.Given{Who: c.ID, Purpose: consent.Advertising, How: consent.ByImport}); err != nil {
					return err
				}
			}
		}
		group, err = segment.Make(ctx, tx, segment.Segment{Name: "News", If: segment.If{Field: "customer.tags", Op: "has", Values: []string{"news"}}})
		return err
	})
	sal, boss := h.As("sal", team.Sales), h.As("boss", team.Admin)
	h.As("noah", team.Agent).Get("/campaigns").Is(403)
	boss.Post("/settings/sending", "reach", "02-000", "rate", "none", "from", "21:00", "to", "08:00", "most", "1", "days", "7").Is(422).Says("Between 1 and 6000 mails in a minute.", `value="02-000"`)
	sal.Get("/campaigns").Is(200).Says("No campaigns yet")
	given := []string{"name", "Autumn", "purpose", "advertising", "segment", group.String(), "inbox", h.Inbox.ID.String(), "rate", "60", "from", "21:00", "to", "08:00", "most", "1", "days", "7",
		"subject_en", "Hello {customer.name}", "text_en", "**New** lamps, {customer.name}."}
	sal.Post("/campaigns/new", append([]string{"name", ""}, given[2:]...)...).Is(422).Says("Give it a name.", "**New** lamps")
	sal.Post("/campaigns/new", given...)
	at := sal.Get("/campaigns").Find(`href="(/campaigns/cpn_[^"?]+)"`)
	sal.Get(at).Is(200).Says("Autumn", "2 customers")
	if body := sal.Get(at + "/preview?who=" + jane.String()).Is(200).Body; !strings.Contains(body, "<strong>New</strong> lamps, jane.") || strings.Contains(body, "<script") {
		t.Errorf("the preview: %s", body)
	}
	sal.Post(at + "/check").Leads(at)
	h.Run()
	sal.Get(at).Says("Would get it", "Did not agree to advertising")
	sal.Get(at + "/foreseen?why=no_consent").Is(200).Says("never").Hides("jane@x.example")
	sal.Post(at + "/start").Is(422).Says("Advertising has to say how its sender is reached.")
	boss.Post("/settings/sending", "reach", "02-000", "rate", "60", "from", "21:00", "to", "08:00", "most", "1", "days", "7").Leads("/settings/sending")
	sal.Post(at+"/plan", "at", "2001-01-01T09:00").Is(422).Says("Choose a time that is still to come, within a year.")
	sal.Post(at + "/start").Leads(at)
	h.Run()
	sal.Get(at).Says("Did not agree to advertising", "Done")
	row := sal.Get(at + "/people?state=sent").Is(200).Says("jane").Find(`href="(/mails/cmr_[^"]+)"`)
	h.As("noah2", team.Agent).Get(row).Is(200).Says("Hello jane", "Autumn")
	sal.Get(row + "/html").Is(200).Says("lamps, jane.")
	sal.Get("/customers/" + jane.String()).Says("Campaign: Autumn")
	sal.Post(at+"/edit", given...).Is(409)
	leaves(t, h, sink, jane)
}

func leaves(t *testing.T, h *house.House, sink *rig.MailSink, jane contact.ID) {
	t.Helper()
	raw, err := sink.Mails()[0].Raw()
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	off := strings.Trim(m.Header.Get("List-Unsubscribe"), "<>")
	path := off[strings.Index(off, "/off/"):]
	stranger := h.Stranger()
	may := func() (why consent.Why) {
		h.Must(func(tx *db.Tx) (err error) {
			why, err = consent.May(h.System(), tx, jane, "jane@x.example", consent.Advertising)
			return err
		})
		return why
	}
	stranger.Get(path).Is(200).Says("No more mails", "jane@x.example")
	stranger.Get(path + "?lang=ko").Is(200).Says("수신거부")
	if why := may(); why != "" {
		t.Fatalf("to look took her off: %s", why)
	}
	stranger.Post(path[:len(path)-1]+"x", "List-Unsubscribe", "One-Click").Is(404)
	stranger.Send("POST", path, strings.NewReader("List-Unsubscribe=One-Click"), "Content-Type", "application/x-www-form-urlencoded").Is(200).Says("Done")
	stranger.Post(path, "List-Unsubscribe", "One-Click").Is(200)
	if why := may(); why != consent.IsTakenBack {
		t.Errorf("after one click: %q", why)
	}
}
