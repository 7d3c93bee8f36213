package portal_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/portal"
	"baraji/internal/team"
	"baraji/test/rig"
	"baraji/test/rig/house"
)

// shop is a house with a post office and two customers of one company.
type shop struct {
	*house.House
	t    *testing.T
	sink *rig.MailSink
}

func each(t *testing.T, fn func(t *testing.T, s *shop)) {
	house.Each(t, func(t *testing.T, h *house.House) {
		s := &shop{House: h.Furnish(), t: t}
		s.sink = s.PostOffice()
		fn(t, s)
	})
}

// wrote makes a conversation of a customer.
func (s *shop) wrote(email, subject, text string, files ...conversation.Attachment) (id conversation.ID) {
	s.t.Helper()
	s.Must(func(tx *db.Tx) error {
		who, _, err := contact.Resolve(s.System(), tx, contact.Sender{Email: email})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(s.System(), tx, conversation.Inbound{Inbox: s.Inbox, Contact: who,
			Message: conversation.Message{FromName: email, FromAddress: email, Subject: subject, Text: text, Attachments: files}})
		id = got.Conversation
		return err
	})
	return id
}

// link is the path of a link that is mailed to an address.
func (s *shop) link(v *house.Visitor, email string) string {
	s.t.Helper()
	v.Post("/portal/sign-in?lang=en", "email", email).Is(303)
	return s.Link(s.Letter(s.sink))
}

// in is a browser in which a customer is signed in.
func (s *shop) in(email string) *house.Visitor {
	s.t.Helper()
	v := s.Stranger()
	path := s.link(v, email)
	v.Get(path).Is(200).Says("Continue")
	v.Post(path).Is(303).Leads("/portal")
	return v
}

func (s *shop) talk(id conversation.ID) (c conversation.Conversation) {
	s.t.Helper()
	s.Must(func(tx *db.Tx) (err error) { c, err = conversation.Get(s.System(), tx, id); return err })
	return c
}

// A customer comes in by a mailed link, reads, answers with a file, closes, opens again, looks for words, asks something new.
func TestACustomerLooksAfterHisConversations(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		id := s.wrote("hana@customer.example", "My lamp", "It flickers.")
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: "Which **bulb** is in it?", Then: conversation.Pending})
			return err
		})
		s.Run()
		s.Stranger().Get("/portal").Is(303).Leads("/portal/sign-in")
		v := s.in("Hana@Customer.example")
		v.Get("/portal").Is(200).Says("My lamp", "Waits for you")
		at := "/portal/talks/" + id.String()
		page := v.Get(at).Is(200).Says("It flickers.", "<strong>bulb</strong>", "한서윤")
		key := page.Find(`name="key" value="([^"]+)"`)
		s.paper(v, at, "key", key, "text", "A round one.", "@files", "../bulb.txt:abc").Is(303)
		s.paper(v, at, "key", key, "text", "A round one.").Is(303)
		if got := v.Get(at).Is(200).Says("A round one.", "bulb.txt"); strings.Count(got.Body, "A round one.") != 1 {
			t.Error("what was sent twice from one page is there twice")
		}
		file := v.Get(at).Find(`href="(` + at + `/file/[^"]+)"`)
		if a := v.Get(file).Is(200); a.Body != "abc" || !strings.Contains(a.Header.Get("Content-Disposition"), "bulb.txt") {
			t.Errorf("the file is %q, %v", a.Body, a.Header)
		}
		if c := s.talk(id); c.Status != conversation.Open || c.WaitingSince.IsZero() {
			t.Errorf("after his answer: %+v", c)
		}
		s.Mina.Get("/inbox/"+id.String()).Says("A round one.", "bulb.txt")

		v.Post(at + "/close").Is(303)
		if c := s.talk(id); c.Status != conversation.Solved {
			t.Errorf("closed: %s", c.Status)
		}
		v.Get("/portal").Says("Nothing is open")
		v.Get("/portal?show=solved").Says("My lamp")
		v.Post(at + "/reopen").Is(303)
		if c := s.talk(id); c.Status != conversation.Open {
			t.Errorf("reopened: %s", c.Status)
		}
		v.Get("/portal?q=flickers").Says("My lamp")
		v.Get("/portal?q=nothing").Hides("My lamp")

		key = v.Get("/portal/new").Is(200).Find(`name="key" value="([^"]+)"`)
		s.paper(v, "/portal/new", "key", key, "subject", "", "text", "My words").Is(422).Says("Enter a subject.", "My words")
		key = v.Get("/portal/new").Find(`name="key" value="([^"]+)"`)
		to := s.paper(v, "/portal/new", "key", key, "subject", "Another lamp", "text", "Do you have one?").Is(303).To
		v.Get(to).Says("Another lamp", "Do you have one?")
		s.Mina.Post("/inbox"+strings.TrimPrefix(to, "/portal/talks")+"/say", "kind", "reply", "reply", "We do.", "to", "hana@customer.example").Is(303)
		s.Clock.Advance(time.Minute)
		if m := s.Letter(s.sink); !strings.Contains(m.Text, "We do.") || m.To[0].Addr != "hana@customer.example" {
			t.Errorf("the answer went to %v: %q", m.To, m.Text)
		}
		v.Get(to).Says("We do.")

		v.Get("/portal/language/ko?to=/portal").Leads("/portal")
		v.Get("/portal").Says("내 문의")
	})
}

// Whoever asks for a link learns nothing, and few mails go to one address.
func TestAskingForALinkTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.wrote("hana@customer.example", "My lamp", "It flickers.")
		v := s.Stranger()
		known, unknown := v.Post("/portal/sign-in?lang=en", "email", "hana@customer.example"), v.Post("/portal/sign-in?lang=en", "email", "nobody@elsewhere.example")
		if known.Status != unknown.Status || known.To != unknown.To || known.Body != unknown.Body {
			t.Errorf("known %d %q, unknown %d %q", known.Status, known.To, unknown.Status, unknown.To)
		}
		for range 10 {
			v.Post("/portal/sign-in?lang=en", "email", "hana@customer.example")
		}
		s.Run()
		if n := len(s.sink.Mails()); n != 3 {
			t.Errorf("%d mails, want 3 for the known address and none for the other", n)
		}
		var limited bool
		for range 20 {
			limited = limited || v.Post("/portal/sign-in?lang=en", "email", "other@elsewhere.example").Status == 429
		}
		if !limited {
			t.Error("one place may ask for ever")
		}
		v.Post("/portal/sign-in?lang=en", "email", "no address").Is(422)
	})
}

// T36: links are good once, for a while, as they are, and not after they were revoked.
func TestLinksCannotBeForgedOrUsedAgain(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.wrote("hana@customer.example", "My lamp", "It flickers.")
		v := s.Stranger()
		used := s.link(v, "hana@customer.example")
		v.Get(used).Is(200)
		v.Get(used).Is(200) // looking uses nothing up
		v.Post(used).Is(303)
		s.Stranger().Post(used).Is(404).Says("not good any more")
		late := s.link(v, "hana@customer.example")
		s.Clock.Advance(31 * time.Minute)
		s.Stranger().Post(late).Is(404)
		s.Clock.Advance(24 * time.Hour)
		revoked := s.link(v, "hana@customer.example")
		v.Post("/portal/sessions/end").Is(303)
		s.Stranger().Post(revoked).Is(404)

		accepted, tried := 0, 0
		for range rig.Size(10, 200) {
			s.Clock.Advance(25 * time.Hour)
			token := strings.TrimPrefix(s.link(v, "hana@customer.example"), "/portal/enter/")
			if len(token)*5 < 128 {
				t.Fatalf("a token has %d bits", len(token)*5)
			}
			s.Must(func(tx *db.Tx) error {
				for i := range len(token) * 8 {
					b := []byte(token)
					b[i/8] ^= 1 << (i % 8)
					tried++
					if _, err := portal.Peek(t.Context(), tx, string(b)); err == nil {
						accepted++
					}
				}
				return nil
			})
		}
		t.Logf("%d forged links tried, %d accepted", tried, accepted)
		if accepted > 0 {
			t.Errorf("%d of %d forged links were accepted", accepted, tried)
		}
	})
}

// He finds every conversation of his by its words, however old, and a page at a time; a note that holds them finds nothing.
func TestACustomerSearchesAllOfHisConversations(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.wrote("hana@customer.example", "The oldest", "About a chandelier.")
		for n := range 45 {
			s.wrote("hana@customer.example", fmt.Sprintf("Number %d", n), "Something with a bulb.")
		}
		other := s.wrote("boram@customer.example", "Somebody else", "My chandelier.")
		noted := s.wrote("hana@customer.example", "Last", "Nothing more.")
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.AddNote(ctx, tx, noted, conversation.Remark{Text: "He means the chandelier."})
			return err
		})
		v := s.in("hana@customer.example")
		v.Get("/portal?q=chandelier").Is(200).Says("The oldest", "1 conversation with").Hides("Last", "Somebody else", other.String(), noted.String())
		seen := map[string]bool{}
		path := "/portal?q=bulb"
		for pages := 1; ; pages++ {
			page := v.Get(path).Is(200)
			for _, m := range regexp.MustCompile(`Number \d+`).FindAllString(page.Body, -1) {
				if seen[m] {
					t.Errorf("%s is on two pages", m)
				}
				seen[m] = true
			}
			next := regexp.MustCompile(`href="(/portal\?after=[^"]+)"`).FindStringSubmatch(page.Body)
			if next == nil {
				if pages != 3 {
					t.Errorf("%d pages", pages)
				}
				break
			}
			path = strings.ReplaceAll(next[1], "&amp;", "&")
		}
		if len(seen) != 45 {
			t.Errorf("%d of 45 are found", len(seen))
		}
		v.Get("/portal?q=bulb&after=nonsense").Is(422)
	})
}

// Before a question is sent, what answers it is shown, also what only customers who are signed in may read; and when that was
// enough, nothing is sent and it counts.
func TestAnAnswerBeforeTheQuestion(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.wrote("hana@customer.example", "My lamp", "It flickers.")
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			for title, audience := range map[string]knowledge.Audience{"Return a chandelier": knowledge.Everybody, "Chandelier club": knowledge.SignedIn, "CANARY chandelier": knowledge.Internal} {
				id, err := knowledge.Create(ctx, tx, knowledge.Draft{})
				if err != nil {
					return err
				}
				if _, err := knowledge.Save(ctx, tx, id, knowledge.Edit{Audience: audience, Texts: map[i18n.Locale]knowledge.Words{i18n.English: {Title: title, Body: "How it goes with " + title + "."}}}); err != nil {
					return err
				}
				if err := knowledge.Publish(ctx, tx, id, false, i18n.English); err != nil {
					return err
				}
			}
			return nil
		})
		s.Run()
		v := s.in("hana@customer.example")
		key := v.Get("/portal/new").Is(200).Says("data-found").Find(`name="key" value="([^"]+)"`)
		help := v.Get("/portal/help?q=chandelier&key="+key).Is(200).Says("Return a chandelier", "Chandelier club", "That solved it").Hides("CANARY")
		v.Get("/portal/help?q=zzzz&key=" + key).Is(200).Hides("That solved it")
		club := help.Find(`href="(/portal/help/chandelier-club)"`)
		v.Get(club).Is(200).Says("How it goes with Chandelier club.", "Ask a person")
		s.Stranger().Get("/hc/en/a/chandelier-club").Is(404)
		s.picturesAreHis(v)
		s.Stranger().Get(club).Is(303).Leads("/portal/sign-in")

		// Without a script he looks first, and keeps what he wrote.
		s.paper(v, "/portal/new", "key", key, "subject", "chandelier", "text", "My words", "do", "look").Is(200).Says("Return a chandelier", "My words")

		before := s.figures()
		v.Post("/portal/helped", "key", key, "q", "chandelier", "article", "chandelier-club").Is(303).Leads("/portal/helped")
		v.Get("/portal/helped").Is(200).Says("Nothing was sent", "Ask a person")
		if got := s.figures(); got.Visits != before.Visits+1 || got.Solved != before.Solved+1 || got.Helped != before.Helped+1 {
			t.Errorf("figures of the portal: %+v, before %+v", got, before)
		}
		v.Post("/portal/helped", "key", key, "article", "canary-chandelier").Is(404)
		v.Post("/portal/helped", "ref", "nonsense").Is(404)

		// Who asks all the same is handed over, with what was tried.
		v.Get("/portal/help?q=chandelier&key=" + key)
		s.paper(v, "/portal/new", "key", key, "subject", "chandelier", "text", "It does not help").Is(303)
		if got := s.figures(); got.Handed != before.Handed+1 || got.Solved != before.Solved {
			t.Errorf("handed over: %+v, before %+v", got, before)
		}
	})
}

// What the assistant is sure of stands first. The same answer is not counted at each letter; what is for the team only is never said (T53).
func TestTheAssistantAnswersInThePortal(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.wrote("hana@customer.example", "My lamp", "It flickers.")
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			for _, n := range []assistant.Answer{
				{Title: "How long does it take?", Body: "It arrives **tomorrow**.", Audience: knowledge.SignedIn, Phrasings: []string{"when does my parcel come", "how long is delivery", "when will it arrive", "delivery time"}},
				{Title: "Door code", Body: "CANARY 4711", Audience: knowledge.Internal, Phrasings: []string{"what is the code of the store room"}},
			} {
				n.Locale = i18n.English
				if _, err := assistant.Create(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if _, err := s.Helper.Retrain(s.System()); err != nil {
			t.Fatal(err)
		}
		v := s.in("hana@customer.example")
		key := v.Get("/portal/new").Is(200).Find(`name="key" value="([^"]+)"`)
		at := "/portal/help?key=" + key + "&q="
		said := v.Get(at+"when+does+my+parcel+come").Is(200).Says("How long does it take?", "<strong>tomorrow</strong>", "That solved it")
		ref, target := said.Find(`name="ref" value="([^"]+)"`), said.Find(`data-target="([^"]+)"`)
		v.Get(at + "when+does+my+parcel+come+please&shown=" + target).Is(204)
		v.Get(at+"what+is+the+code+of+the+store+room").Is(200).Hides("CANARY", "Door code")
		v.Post("/portal/helped", "ref", ref).Is(303).Leads("/portal/helped")
		if got := s.figures(); got.Visits != 1 || got.Solved != 1 || got.Helped != 1 {
			t.Errorf("figures of the portal: %+v", got)
		}
	})
}

// figures are those of the assistant in the portal.
func (s *shop) figures() (f assistant.Figures) {
	s.t.Helper()
	s.Must(func(tx *db.Tx) error {
		d, err := assistant.Measure(s.System(), tx, s.Clock.Now().Add(-24*time.Hour), s.Clock.Now().Add(time.Hour))
		f = d.Places[assistant.Portal]
		return err
	})
	return f
}

// Two customers of one company, and everything in a conversation that is not a customer's to see, marked with words that
// must come up nowhere.
func TestACustomerSeesHisOwnAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		blob, err := s.Blobs.Put(s.System(), strings.NewReader("CANARY-content"))
		if err != nil {
			t.Fatal(err)
		}
		file := conversation.Attachment{Name: "CANARY-file.txt", Type: "text/plain", Size: 3, Blob: string(blob.Key)}
		mine := s.wrote("hana@firm.example", "Hana asks", "Hana's words")
		theirs := s.wrote("boram@firm.example", "CANARY-boram-subject", "CANARY-boram-words", file)
		var company contact.CompanyID
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			company = mustTalk(ctx, tx, t, mine).Company
			if company == 0 || company != mustTalk(ctx, tx, t, theirs).Company {
				t.Fatal("the two are not of one company")
			}
			if _, err := conversation.AddNote(ctx, tx, mine, conversation.Remark{Text: "CANARY-note"}); err != nil {
				return err
			}
			if err := conversation.SaveDraft(ctx, tx, mine, conversation.FromAgent, "CANARY-draft"); err != nil {
				return err
			}
			for _, a := range []conversation.Answer{
				{Text: "CANARY-later", SendAt: tx.Now().Add(time.Hour)},
				{Text: "CANARY-to-supplier", To: []conversation.Address{{Name: "CANARY-name", Address: "canary-supplier@elsewhere.example"}}},
				{Text: "For Hana", To: []conversation.Address{{Address: "hana@firm.example"}}, Cc: []conversation.Address{{Address: "canary-copy@elsewhere.example"}}},
			} {
				if _, err := conversation.Reply(ctx, tx, mine, a); err != nil {
					return err
				}
			}
			supplier, _, err := contact.Resolve(s.System(), tx, contact.Sender{Email: "canary-supplier@elsewhere.example", Name: "CANARY-name"})
			if err != nil {
				return err
			}
			_, err = conversation.Receive(s.System(), tx, conversation.Inbound{Inbox: s.Inbox, Contact: supplier, Continues: mine,
				Message: conversation.Message{FromAddress: "canary-supplier@elsewhere.example", Text: "CANARY-from-supplier", Attachments: []conversation.Attachment{file}}})
			return err
		})
		s.Run()
		v := s.in("hana@firm.example")
		at := "/portal/talks/" + mine.String()
		canary := []string{"CANARY", "canary"}
		v.Get(at).Is(200).Says("Hana's words", "For Hana").Hides(canary...)
		for _, path := range []string{"/portal", "/portal?show=solved", "/portal?of=company", "/portal?q=CANARY", "/portal/new", "/portal/sessions"} {
			v.Get(path).Is(200).Hides("CANARY-boram", "CANARY-n", "CANARY-d", "CANARY-l", "CANARY-t", "CANARY-f", "canary-")
		}
		v.Get("/portal?q=canary").Says("0 conversations")

		// Every way to what is his colleague's is closed, as if it were not there.
		other, gone := "/portal/talks/"+theirs.String(), "/portal/talks/cnv_0000000000zz1"
		var files []string
		s.Must(func(tx *db.Tx) error {
			for _, id := range []conversation.ID{mine, theirs} {
				list, err := conversation.Messages(s.System(), tx, id, 0, 50)
				if err != nil {
					return err
				}
				for _, m := range list {
					for _, f := range m.Attachments {
						files = append(files, f.ID.String())
					}
				}
			}
			return nil
		})
		if len(files) != 2 {
			t.Fatalf("%d files, want 2", len(files))
		}
		same := func(method, tail string, pairs ...string) {
			t.Helper()
			ask := func(base string) house.Answer {
				if method == "GET" {
					return v.Get(base + tail)
				}
				return v.Post(base+tail, pairs...)
			}
			a, b := ask(other), ask(gone)
			if a.Status != 404 || b.Status != 404 || a.Words() != b.Words() {
				t.Errorf("%s %s: %d on a colleague's, %d on what never was", method, tail, a.Status, b.Status)
			}
		}
		same("GET", "")
		same("POST", "", "key", strings.Repeat("k", 20), "text", "x")
		same("POST", "/close")
		same("POST", "/reopen")
		for _, f := range files {
			same("GET", "/file/"+f)
			v.Get(at + "/file/" + f).Is(404)
		}
		if s.talk(theirs).Status != conversation.Open {
			t.Error("a colleague's conversation was changed")
		}

		// The firm lets the company share: now he may read, not write; still nothing else.
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error { return portal.ShareCompany(ctx, tx, company, true) })
		v.Get("/portal?of=company").Says("CANARY-boram-subject")
		v.Get("/portal").Hides("CANARY")
		v.Get(other).Is(200).Says("CANARY-boram-words", "your company shares")
		v.Post(other + "/close").Is(404)
		v.Post(other, "key", strings.Repeat("k", 20), "text", "x").Is(404)
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error { return portal.ShareCompany(ctx, tx, company, false) })
		v.Get(other).Is(404)
	})
}

func mustTalk(ctx context.Context, tx *db.Tx, t *testing.T, id conversation.ID) conversation.Conversation {
	t.Helper()
	c, err := conversation.Get(ctx, tx, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A session is the portal's own, can be ended, and ends when the address is no longer his.
func TestSessionsOfThePortal(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		id := s.wrote("hana@customer.example", "My lamp", "It flickers.")
		s.Mina.Get("/portal").Leads("/portal/sign-in")
		one := s.in("hana@customer.example")
		one.Get("/inbox").Is(303).Leads("/sign-in?to=%2Finbox")
		two := s.in("hana@customer.example")
		two.Get("/portal/sessions").Is(200).Says("This browser")
		two.Post("/portal/sessions/end").Is(303)
		one.Get("/portal").Leads("/portal/sign-in")
		two.Post("/portal/sign-out").Is(303)
		two.Get("/portal").Leads("/portal/sign-in")

		s.Clock.Advance(25 * time.Hour)
		three := s.in("hana@customer.example")
		if a := three.Send("POST", "/portal/talks/"+id.String()+"/close", strings.NewReader(""), "Content-Type", "application/x-www-form-urlencoded"); a.Status != 403 {
			t.Errorf("closed without a token: %d", a.Status)
		}
		s.Clock.Advance(31 * 24 * time.Hour)
		three.Get("/portal").Leads("/portal/sign-in")
		four := s.in("hana@customer.example")
		s.Must(func(tx *db.Tx) error { return contact.Erase(s.System(), tx, s.contact(tx, id)) })
		four.Get("/portal").Leads("/portal/sign-in")
	})
}

func (s *shop) contact(tx *db.Tx, id conversation.ID) contact.ID {
	c, err := conversation.Get(s.System(), tx, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return c.Contact
}

// Somebody of the team sends a customer a link, which he himself never sees.
func TestAnAgentSendsALink(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		id := s.wrote("hana@customer.example", "My lamp", "It flickers.")
		who := "/customers/" + s.talk(id).Contact.String()
		s.Mina.Get(who).Is(200).Says("Send a link to the portal")
		s.Mina.Post(who + "/portal").Is(303)
		m := s.Letter(s.sink)
		if m.To[0].Addr != "hana@customer.example" {
			t.Errorf("it went to %v", m.To)
		}
		s.Clock.Advance(6 * 24 * time.Hour)
		v := s.Stranger()
		v.Post(s.Link(m)).Leads("/portal")
		v.Get("/portal").Says("My lamp")
		h := s.As("partner", team.Light)
		h.Post(who + "/portal").Is(403)
	})
}

func (s *shop) paper(v *house.Visitor, path string, pairs ...string) house.Answer {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("_csrf", v.Token())
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

// picturesAreHis: a guest sees the pictures of what he may read, a stranger does not, and nobody those of the team.
func (s *shop) picturesAreHis(v *house.Visitor) {
	s.t.Helper()
	png := "\x89PNG\r\n\x1a\n0000"
	put, err := s.App.Blobs.Put(s.t.Context(), strings.NewReader(png))
	if err != nil {
		s.t.Fatal(err)
	}
	show := func(title string, who knowledge.Audience) (pic knowledge.PictureID) {
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			if pic, err = knowledge.AddPicture(ctx, tx, knowledge.Picture{Blob: string(put.Key), Type: "image/png", Size: put.Size}); err != nil {
				return err
			}
			a, err := knowledge.Create(ctx, tx, knowledge.Draft{})
			if err != nil {
				return err
			}
			if _, err := knowledge.Save(ctx, tx, a, knowledge.Edit{Audience: who, Texts: map[i18n.Locale]knowledge.Words{i18n.English: {Title: title, Body: "![dial](" + pic.String() + ")"}}}); err != nil {
				return err
			}
			return knowledge.Publish(ctx, tx, a, false, i18n.English)
		})
		return pic
	}
	his, ours := show("Dial of the club", knowledge.SignedIn), show("Dial of the team", knowledge.Internal)
	at := v.Get("/portal/help/dial-of-the-club").Is(200).Find(`src="(/portal/picture/[^"]+)"`)
	if got := v.Get(at).Is(200); got.Body != png || at != "/portal/picture/"+his.String() {
		s.t.Errorf("%s: %q", at, got.Body)
	}
	s.Stranger().Get(at).Is(303).Leads("/portal/sign-in")
	s.Stranger().Get(knowledge.PicturePath(i18n.English, his)).Is(404)
	v.Get("/portal/picture/" + ours.String()).Is(404)
}
