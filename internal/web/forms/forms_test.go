package forms_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/test/rig/house"
)

// shop is a house with a form that is live.
type shop struct {
	*house.House
	t    *testing.T
	form form.Form
}

func both(text string) form.Text { return form.Text{i18n.Korean: text, i18n.English: text} }

func each(t *testing.T, fn func(t *testing.T, s *shop)) {
	house.Each(t, func(t *testing.T, h *house.House) {
		s := &shop{House: h.Furnish(), t: t}
		s.make("repair", form.Definition{Title: form.Text{i18n.Korean: "수리 신청", i18n.English: "Repair request"}, Help: true, Origins: []string{"https://shop.example"},
			Thanks: form.Text{i18n.English: "We look at it tomorrow."},
			Fields: []form.Field{
				{Key: "name", Kind: form.Line, Label: form.Text{i18n.Korean: "성함", i18n.English: "Your name"}, As: form.AsName},
				{Key: "email", Kind: form.Email, Label: both("E-mail"), Required: true},
				{Key: "kind", Kind: form.Choice, Label: both("What is it?"), Required: true, Choices: []form.Option{{Value: "lamp", Label: both("A lamp")}, {Value: "other", Label: both("Something else")}}},
				{Key: "which", Kind: form.Line, Label: both("What else?"), Required: true, When: &form.Condition{Field: "kind", Is: []string{"other"}}},
				{Key: "text", Kind: form.Long, Label: both("What happened?"), Required: true},
				{Key: "photo", Kind: form.Upload, Label: both("Photo")},
				{Key: "source", Kind: form.Hidden, Default: "site"},
			}})
		fn(t, s)
	})
}

func (s *shop) make(slug string, d form.Definition) {
	s.t.Helper()
	s.Must(func(tx *db.Tx) (err error) {
		if s.form, err = form.Create(s.System(), tx, form.Form{Name: slug, Slug: slug, Inbox: s.Inbox.ID, Definition: d}); err != nil {
			return err
		}
		return form.SetState(s.System(), tx, s.form.ID, form.Live)
	})
}

// paper is what a browser sends of a form: pairs of name and text; a name that begins with @ is a file, its text "name:content".
func (s *shop) paper(v *house.Visitor, path string, pairs ...string) house.Answer {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, file := strings.CutPrefix(pairs[i], "@")
		if !file {
			m.WriteField(name, pairs[i+1])
			continue
		}
		called, content, _ := strings.Cut(pairs[i+1], ":")
		w, err := m.CreateFormFile(name, called)
		if err != nil {
			s.t.Fatal(err)
		}
		w.Write([]byte(content))
	}
	m.Close()
	return v.Send("POST", path, &b, "Content-Type", m.FormDataContentType())
}

const stampIn = `name="form-stamp" value="([^"]+)"`

// open is the stamp of a page that somebody has had open for a while.
func (s *shop) open(v *house.Visitor, path string) string {
	s.t.Helper()
	stamp := v.Get(path).Is(200).Find(stampIn)
	s.Clock.Advance(10 * time.Second)
	return stamp
}

func (s *shop) talks() (list []conversation.Conversation) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, _, err = conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 100})
		return err
	})
	return list
}

// A customer fills in the form, the team answers in the inbox, he gets a mail and writes back: one conversation.
func TestAFormIsSentAnsweredByMailAndGoesOn(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		sink := s.PostOffice()
		v := s.Stranger()
		stamp := s.open(v, "/f/repair?lang=en")
		v.Get("/f/repair?lang=en").Says("Repair request", "Your name", "What happened?", "Only if “What is it?” is: Something else")
		v.Get("/f/repair?lang=ko").Says("수리 신청", "성함", "보내기")
		to := s.paper(v, "/f/repair?lang=en", "form-stamp", stamp, "name", "Hana Lee", "email", "hana@customer.example", "kind", "lamp", "text", "It flickers.", "@photo", "../../lamp.txt:abc").Is(303).To
		v.Get(to).Is(200).Says("It has arrived", "We look at it tomorrow.")
		s.paper(v, "/f/repair?lang=en", "form-stamp", stamp, "email", "hana@customer.example", "kind", "lamp", "text", "It flickers.").Is(303)
		talks := s.talks()
		if len(talks) != 1 || talks[0].Subject != "Repair request" {
			t.Fatalf("%+v, want one conversation", talks)
		}
		path := "/inbox/" + talks[0].ID.String()
		s.Mina.Get(path).Is(200).Says("It flickers.", "Hana Lee", "lamp.txt").Hides("../")
		s.Mina.Post(path+"/say", "kind", "reply", "reply", "Send it to us.", "to", "hana@customer.example").Is(303)
		s.Clock.Advance(time.Minute)
		m := s.Letter(sink)
		if !strings.Contains(m.Text, "Send it to us.") || m.To[0].Addr != "hana@customer.example" || m.From[0].Addr != s.Inbox.Address {
			t.Errorf("the mail is %q to %v", m.Text, m.To)
		}
	})
}

// What is wrong stands beside the field, and nothing that was typed is lost, a file included.
func TestNothingTypedIsLost(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		v := s.Stranger()
		stamp := s.open(v, "/f/repair?lang=en")
		back := s.paper(v, "/f/repair?lang=en", "form-stamp", stamp, "name", "Hana", "email", "hana at home", "kind", "other", "text", "It <b>flickers</b>.", "@photo", "lamp.txt:abc").Is(422)
		back.Says("“hana at home” is no e-mail address.", "Fill this in.", `value="hana at home"`, "It &lt;b&gt;flickers", "lamp.txt", "2 answers need another look").Hides("<b>flickers")
		if got := back.Find(stampIn); got != stamp {
			t.Error("the page that comes back has another stamp: sent twice it would be two")
		}
		first := back.Find(`<input[^>]*\bautofocus\b[^>]*\bname="([a-z]+)"|` + `name="([a-z]+)"[^>]*autofocus`)
		if first != "email" && !strings.Contains(back.Body, "autofocus") {
			t.Errorf("the focus is on %q, want the first error", first)
		}
		kept := back.Find(`name="form-kept" value="([^"]+)"`)
		s.paper(v, "/f/repair?lang=en", "form-stamp", stamp, "form-kept", kept+"x", "form-kept", kept, "name", "Hana", "email", "hana@customer.example", "kind", "other", "which", "A shade", "text", "It flickers.").Is(303)
		m := s.talks()[0]
		s.Mina.Get("/inbox/"+m.ID.String()).Says("lamp.txt", "What else?: A shade")
	})
}

func TestFilesThatDoNotFit(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		v := s.Stranger()
		stamp := s.open(v, "/f/repair?lang=en")
		full := []string{"form-stamp", stamp, "email", "hana@customer.example", "kind", "lamp", "text", "It flickers."}
		s.paper(v, "/f/repair?lang=en", append(full, "@photo", "run.exe:MZ")...).Is(422).Says("Files of this kind cannot be sent: run.exe.", "It flickers.")
		s.paper(v, "/f/repair?lang=en", append(full, "@photo", "big.png:"+strings.Repeat("x", form.MaxFile+1))...).Is(422).Says("“big.png” is too large", "It flickers.")
		before := s.blobs()
		s.paper(v, "/f/repair?lang=en", "form-stamp", "forged", "email", "hana@customer.example", "kind", "lamp", "text", "x", "@photo", "a.txt:abc").Is(409).Says("send it once more")
		if after := s.blobs(); after != before {
			t.Errorf("%d files are kept of a page that is not ours", after-before)
		}
	})
}

func (s *shop) blobs() (n int) {
	for _, err := range s.Blobs.Each(s.System()) {
		if err != nil {
			s.t.Fatal(err)
		}
		n++
	}
	return n
}

func TestWhoMayShowItInAFrame(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		v := s.Stranger()
		page := v.Get("/f/repair")
		if page.Header.Get("X-Frame-Options") != "DENY" || !strings.Contains(page.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Error("the page itself may be framed")
		}
		frame := v.Get("/f/repair/embed").Is(200)
		if frame.Header.Get("X-Frame-Options") != "" || !strings.Contains(frame.Header.Get("Content-Security-Policy"), "frame-ancestors 'self' https://shop.example;") &&
			!strings.HasSuffix(frame.Header.Get("Content-Security-Policy"), "frame-ancestors 'self' https://shop.example") {
			t.Errorf("the frame: %q", frame.Header.Get("Content-Security-Policy"))
		}
		if c := frame.Header.Get("Set-Cookie"); c != "" {
			t.Errorf("the page sets a cookie: %s", c)
		}
		evil := s.Stranger()
		if a := evil.Send("POST", "/f/repair", strings.NewReader("text=x"), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site"); a.Status != http.StatusForbidden {
			t.Errorf("another site sends our form: %d", a.Status)
		}
		v.Get("/f/embed.js").Is(200).Says("data-form")
	})
}

func TestKnownProblemsAndArticlesComeFirst(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.Must(func(tx *db.Tx) error {
			ctx := s.System()
			for title, issue := range map[string]knowledge.Issue{"Lamps of May flicker": knowledge.Open, "How to change the bulb": ""} {
				id, err := knowledge.Create(ctx, tx, knowledge.Draft{Locale: i18n.English})
				if err != nil {
					return err
				}
				if _, err := knowledge.Save(ctx, tx, id, knowledge.Edit{Audience: knowledge.Everybody, Issue: issue,
					Texts: map[i18n.Locale]knowledge.Words{i18n.English: {Title: title, Body: "Turn the bulb to the left."}}}); err != nil {
					return err
				}
				if err := knowledge.Publish(ctx, tx, id, false, i18n.English); err != nil {
					return err
				}
			}
			return nil
		})
		v := s.Stranger()
		v.Get("/f/repair?lang=en").Is(200).Says("We know about this already", "Lamps of May flicker")
		v.Get("/f/repair/help?lang=en&q=change+bulb").Is(200).Says("How to change the bulb", "This answered it")
		stamp := s.open(v, "/f/repair?lang=en")
		s.paper(v, "/f/repair?lang=en", "form-stamp", stamp, "text", "change the bulb", "form-do", "look").Is(200).Says("How to change the bulb", ">change the bulb</textarea>")
		v.Send("POST", "/f/repair/helped?lang=en", strings.NewReader("article=how-to-change-the-bulb"), "Content-Type", "application/x-www-form-urlencoded").Is(200).Says("Nothing was sent")
		s.Must(func(tx *db.Tx) error {
			f, err := form.Get(s.System(), tx, s.form.ID)
			if f.Helped != 1 {
				t.Errorf("helped %d times, want once", f.Helped)
			}
			return err
		})
	})
}

func TestAClosedFormAndADraft(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		v := s.Stranger()
		stamp := s.open(v, "/f/repair?lang=en")
		set := func(to form.State) {
			s.Must(func(tx *db.Tx) error { return form.SetState(s.System(), tx, s.form.ID, to) })
		}
		set(form.Closed)
		v.Get("/f/repair?lang=en").Is(http.StatusGone).Says("This form is closed.")
		s.paper(v, "/f/repair?lang=en", "form-stamp", stamp, "email", "hana@customer.example", "kind", "lamp", "text", "My words").Is(409).Says("This form is closed.", "My words")
		set(form.Draft)
		v.Get("/f/repair?lang=en").Is(404)
		v.Get("/f/nothing").Is(404)
	})
}
