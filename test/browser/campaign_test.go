package browser

import (
	"fmt"
	"strings"
	"testing"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/mail"
	"baraji/internal/segment"
	"baraji/test/rig"
	"baraji/test/rig/house"
)

// mailing is a shop that has written to sixty customers, with two texts beside each other.
type mailing struct {
	*house.House
	campaign string // its page
	mail     string // the page of one of its mails
	off      string // where the customer of that mail may leave
}

// hasWritten sends a campaign: some did not agree, one server refuses, and some leave.
func hasWritten(t *testing.T) mailing {
	t.Helper()
	h := house.New(t, dbtest.New(t, db.SQLite)).Furnish()
	sink := h.PostOffice()
	sink.Always("guest11@x.example", rig.RefuseRecipient(550))
	w := mailing{House: h}
	var group segment.ID
	h.Must(func(tx *db.Tx) (err error) {
		group, err = segment.Make(h.System(), tx, segment.Segment{Name: "뉴스 받는 고객", If: segment.If{Field: "customer.tags", Op: "has", Values: []string{"news"}}})
		for i := 0; i < 60 && err == nil; i++ {
			err = newsReader(h, tx, i)
		}
		return err
	})
	h.Mina.Post("/settings/sending", "reach", "02-555-0101", "sender", "달빛상점", "address", "서울시 성동구 달빛로 1", "rate", "6000", "from", "21:00", "to", "08:00", "most", "1", "days", "7").Leads("/settings/sending")
	h.Mina.Post("/campaigns/new", "name", "겨울 무드등 소식", "purpose", "advertising", "segment", group.String(), "inbox", h.Inbox.ID.String(), "rate", "6000", "from", "21:00", "to", "08:00", "most", "1", "days", "7",
		"subject_ko", "{customer.name}님, 겨울 무드등이 나왔어요", "text_ko", "{customer.name}님, **밤배 무드등**에 새 색이 둘 생겼어요.", "subject_en", "The winter lamps are here", "text_en", "**New** lamps, {customer.name}.",
		"compare", "yes", "share", "50", "other.subject_ko", "겨울 무드등이 나왔어요", "other.text_ko", "새 색이 둘 생겼어요.", "other.subject_en", "Winter lamps", "other.text_en", "Two new colours.")
	w.campaign = h.Mina.Get("/campaigns").Find(`href="(/campaigns/cpn_[^"?]+)"`)
	h.Mina.Post(w.campaign + "/start").Leads(w.campaign)
	h.Run()
	w.mail = h.Mina.Get(w.campaign + "/people?state=sent").Is(200).Find(`href="(/mails/cmr_[^"]+)"`)
	for i, m := range sink.Mails()[:5] {
		raw, err := m.Raw()
		if err != nil {
			t.Fatal(err)
		}
		letter, err := mail.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		off := strings.Trim(letter.Header.Get("List-Unsubscribe"), "<>")
		path := off[strings.Index(off, "/off/"):]
		if i == 0 {
			w.off = path
			continue
		}
		h.Stranger().Post(path, "List-Unsubscribe", "One-Click").Is(200)
	}
	h.Run()
	return w
}

func newsReader(h *house.House, tx *db.Tx, i int) error {
	ctx := h.System()
	c, err := contact.Create(ctx, tx, contact.Sender{Email: fmt.Sprintf("guest%d@x.example", i), Name: fmt.Sprint("손님 ", i), Language: []string{"ko", "en"}[i/40]})
	if err == nil {
		err = contact.Tag(ctx, tx, c.ID, []string{"news"}, nil)
	}
	if err != nil || i%10 == 3 {
		return err
	}
	return consent.Give(ctx, tx, consent.Given{Who: c.ID, Purpose: consent.Advertising, How: consent.ByImport})
}

// views are its pages.
func (w mailing) views() []view {
	return []view{
		{name: "campaign-done", path: w.campaign, as: w.Mina, house: w.House, tall: 1900},
		{name: "campaigns-done", path: "/campaigns", as: w.Mina, house: w.House},
		{name: "campaign-sent", path: w.campaign + "/people?state=sent", as: w.Mina, house: w.House},
		{name: "campaign-skipped", path: w.campaign + "/people?state=skipped", as: w.Mina, house: w.House},
		{route: "/mails/{id}", name: "campaign-mail", path: w.mail, as: w.Mina, house: w.House},
		{route: "/off/{id}/{token}", name: "leave-campaign", path: w.off, as: w.Stranger(), house: w.House},
	}
}
