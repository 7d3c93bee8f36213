package browser

import (
	"context"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/app/demo"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/team"
	"baraji/test/rig/house"

	"github.com/pquerna/otp/totp"
)

// place is a desk with somebody who looks at it.
type place struct {
	*house.House
	as       *house.Visitor
	password string
	talk     conversation.Conversation // one with something to look at
}

// shop is the sample shop as its owner sees it, with what a shop has besides: people who are invited, tags, fields, jobs that failed.
func shop(t *testing.T) place {
	t.Helper()
	d := dbtest.New(t, db.SQLite)
	d.Clock.Advance(5*time.Hour + 30*time.Minute) // half past two in Seoul
	c := app.Config{Data: t.TempDir(), Database: d.URL, Now: d.Clock.Now, Real: time.Now}
	who, err := demo.Fill(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	h := house.Open(t, d.Clock, c)
	p := place{House: h, as: h.Enter(who.Email, who.Password), password: who.Password}
	h.Must(func(tx *db.Tx) error {
		all, err := inbox.List(h.System(), tx)
		if err == nil {
			h.Inbox = all[0]
		}
		return err
	})
	h.PostOffice()
	for _, form := range [][]string{
		{"/settings/people/invite", "name", "차이안", "email", "ian@dalbit.example", "role", "agent"},
		{"/settings/roles/new", "title", "수습 상담원", "rights", "conversation.read", "rights", "conversation.note", "see", "teams"},
		{"/settings/tags", "name", "도매"}, {"/settings/tags", "name", "낭독회"},
		{"/settings/fields/conversation/new", "label_ko", "제품 번호", "label_en", "Serial number", "key", "serial", "type", "text", "rank", "1"},
		{"/settings/tokens/new", "name", "주문 시스템", "as", "itself", "role", "agent", "rate", "60"},
	} {
		if a := p.as.Post(form[0], form[1:]...); a.Status >= 400 {
			t.Fatalf("%s: %d: %s", form[0], a.Status, a.Words())
		}
	}
	p.talk = p.rich(t)
	id := p.talk.ID
	p.as.Do(func(ctx context.Context, tx *db.Tx) error {
		if _, err := conversation.AddNote(ctx, tx, id, conversation.Remark{Text: "지난주에도 같은 상자로 나갔어요. **포장을 바꿔야** 할까요?"}); err != nil {
			return err
		}
		_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: "I am sorry, Amelia. A **new shade** leaves today:\n\n- it arrives on Saturday\n- you need not send the pieces back"})
		return err
	})
	h.Run()
	d.Clock.Advance(10 * time.Second) // until the assistant looks what it can learn
	h.Run()
	return p
}

// Links into the shop, as its pages have them.

func (p place) link(t *testing.T, list, pattern string) string {
	t.Helper()
	return p.as.Get(list).Is(200).Find(`href="(` + pattern + `)"`)
}

// rich is an open conversation with files and many words.
func (p place) rich(t *testing.T) (c conversation.Conversation) {
	t.Helper()
	best := -1
	p.Must(func(tx *db.Tx) error {
		ctx := p.System()
		list, _, err := conversation.List(ctx, tx, conversation.Filter{Status: []conversation.Status{conversation.Open}}, conversation.Page{Limit: 100})
		if err != nil {
			return err
		}
		for _, found := range list {
			said, err := conversation.Messages(ctx, tx, found.ID, 0, 50)
			if err != nil {
				return err
			}
			rich := min(len(said), 6)
			for _, m := range said {
				rich += 3 * len(m.Attachments)
			}
			if found.MergedInto == 0 && rich > best {
				best, c = rich, found
			}
		}
		return nil
	})
	return c
}

// ownConsent is the page on which a customer says whether news may come.
func (p place) ownConsent(t *testing.T, who contact.ID) (path string) {
	t.Helper()
	p.Must(func(tx *db.Tx) error {
		whole, err := contact.Whole(p.System(), tx, who)
		for _, a := range whole.Addresses {
			if a.Kind == contact.Email && path == "" {
				path = p.Consents.Path(a.ID)
			}
		}
		return err
	})
	return path
}

// other is a customer other than this one.
func (p place) other(t *testing.T, than contact.ID) (id contact.ID) {
	t.Helper()
	p.as.Do(func(ctx context.Context, tx *db.Tx) error {
		list, _, err := contact.List(ctx, tx, contact.Filter{})
		for _, c := range list {
			if c.ID != than {
				id = c.ID
			}
		}
		return err
	})
	return id
}

// door is a small desk for the pages before the desk: with links that were mailed, and somebody who has a second factor.
type door struct {
	*house.House
	reset, join string
	half        *house.Visitor // he gave his password
	secured     *house.Visitor // he has a second factor
	must        *house.Visitor // his role needs a second factor, and he has none
}

func doors(t *testing.T) door {
	t.Helper()
	h := house.New(t, dbtest.New(t, db.SQLite)).Furnish()
	d := door{House: h}
	sink := h.PostOffice()
	h.Hire("noah", team.Agent)
	h.Stranger().Post("/forgot", "email", house.Address("noah"))
	d.reset = h.Link(h.Letter(sink))
	h.Mina.Post("/settings/people/invite", "name", "차이안", "email", "ian@dalbit.example", "role", "agent")
	d.join = h.Link(h.Letter(sink))
	d.secured = h.As("dana", team.Agent)
	page := d.secured.Post("/profile/factor/new", "password", house.Password).Is(200)
	secret := page.Find(`name="secret" value="([A-Z2-7]+)"`)
	code, err := totp.GenerateCode(secret, h.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	d.secured.Post("/profile/factor/confirm", "code", code, "secret", secret, "url", page.Find(`name="url" value="([^"]+)"`)).Is(200)
	d.half = h.Stranger()
	d.half.Post("/sign-in", "email", house.Address("dana"), "password", house.Password)
	h.Mina.Post("/settings/roles/light/factor", "required", "true")
	d.must = h.As("lee", team.Light)
	return d
}
