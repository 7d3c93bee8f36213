package form_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/test/rig"
)

func TestWhatIsSentBecomesAConversation(t *testing.T) {
	each(t, repair(), func(t *testing.T, s *shop) {
		stamp := s.page()
		in := form.Sent{Stamp: stamp, Answers: filled("about", "My lamp flickers", "phone", "010-2345-6789", "bought", "2026-01-31", "which", "never asked"),
			Files: []form.File{{Field: "photo", Name: "lamp.jpg", Type: "image/jpeg", Size: 3, Blob: "x"}}}
		first, err := s.try(in)
		if err != nil {
			t.Fatal(err)
		}
		second, err := s.try(in)
		if err != nil || !second.Again || second.Submission != first.Submission {
			t.Errorf("sent twice from one page: %+v, %v; want the first one, %v", second, err, first.Submission)
		}
		talks := s.talks()
		if len(talks) != 1 {
			t.Fatalf("%d conversations, want one", len(talks))
		}
		c := talks[0]
		if c.Channel != form.Channel || c.Subject != "My lamp flickers" || c.ContactName != "Mina Kim" || c.Inbox != s.form.Inbox || c.Language != "en" {
			t.Errorf("%+v", c)
		}
		m := s.messages(c.ID)[0]
		want := "It flickers.\n\nName: Mina Kim\nE-mail: mina@customer.example\nPhone: 010-2345-6789\nAbout: My lamp flickers\nWhat is it?: Lamp\nBought on: 2026-01-31\n" +
			"✓ I agree that you keep this.\nsource: site"
		if m.Text != want {
			t.Errorf("the message says\n%s\nwant\n%s", m.Text, want)
		}
		if !slices.Contains(m.Flags, form.Unverified) || m.FromAddress != "mina@customer.example" || len(m.Attachments) != 1 || m.Attachments[0].Name != "lamp.jpg" {
			t.Errorf("%+v", m)
		}
		s.do(func(ctx context.Context, tx *db.Tx) error {
			agreed, err := form.Consents(ctx, tx, c.Contact)
			if err != nil || len(agreed) != 1 || agreed[0].Wording != "I agree that you keep this." || agreed[0].Version != 1 || agreed[0].At.IsZero() {
				t.Errorf("agreed to %+v, %v", agreed, err)
			}
			return nil
		})
	})
}

// Nobody who fills in a form has proven who he is: what is known of the person he names stays as it is.
func TestAKnownCustomerIsMatchedAndNothingOfHimChanges(t *testing.T) {
	each(t, repair(), func(t *testing.T, s *shop) {
		var mina contact.Contact
		var before, after contact.Profile
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			if mina, err = contact.Create(ctx, tx, contact.Sender{Email: "Mina@Customer.example", Phone: "010-1111-2222"}); err != nil {
				return err
			}
			before, err = contact.Whole(ctx, tx, mina.ID)
			return err
		})
		s.send(filled("name", "Not Mina", "phone", "010-9999-9999"))
		s.send(filled("name", "Not Mina", "email", "mallory@evil.example", "phone", "010-1111-2222"))
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			after, err = contact.Whole(ctx, tx, mina.ID)
			return err
		})
		after.LastSeenAt = before.LastSeenAt
		if fmt.Sprintf("%+v", before) != fmt.Sprintf("%+v", after) {
			t.Errorf("the customer changed:\n%+v\n%+v", before, after)
		}
		talks := s.talks()
		if len(talks) != 2 || talks[1].Contact != mina.ID {
			t.Errorf("what names her address is on her line: %+v", talks)
		}
		if talks[0].Contact == mina.ID {
			t.Error("whoever knows her phone number stands on her line with his own mail address")
		}
	})
}

func TestOneWithoutAMailAddressIsMatchedByPhone(t *testing.T) {
	d := repair()
	d.Fields[1].Required = false
	each(t, d, func(t *testing.T, s *shop) {
		s.send(form.Answers{"name": {"A"}, "phone": {"010-2345-6789"}, "kind": {"lamp"}, "text": {"One."}, "agree": {"yes"}})
		s.send(form.Answers{"name": {"A"}, "phone": {"+82 10 2345 6789"}, "kind": {"lamp"}, "text": {"Two."}, "agree": {"yes"}})
		s.send(form.Answers{"name": {"B"}, "kind": {"lamp"}, "text": {"Three."}, "agree": {"yes"}})
		talks := s.talks()
		if talks[1].Contact != talks[2].Contact || talks[0].Contact == talks[1].Contact {
			t.Errorf("%v %v %v", talks[0].Contact, talks[1].Contact, talks[2].Contact)
		}
	})
}

func TestWhatIsWrongIsSaidFieldByField(t *testing.T) {
	each(t, repair(), func(t *testing.T, s *shop) {
		for name, c := range map[string]struct {
			given  form.Answers
			fields []string
		}{
			"nothing":              {form.Answers{}, []string{"name", "email", "kind", "text", "agree"}},
			"no address":           {filled("email", "mina at home"), []string{"email"}},
			"two addresses":        {filled("email", "a@b.example, c@d.example"), []string{"email"}},
			"a header in it":       {filled("email", "a@b.example\r\nBcc: c@d.example"), []string{"email"}},
			"no phone":             {filled("phone", "call me"), []string{"phone"}},
			"no such choice":       {filled("kind", "dragon"), []string{"kind"}},
			"too few":              {filled("pieces", "0"), []string{"pieces"}},
			"too many":             {filled("pieces", "11"), []string{"pieces"}},
			"not a number":         {filled("pieces", "NaN"), []string{"pieces"}},
			"not a day":            {filled("bought", "2026-02-30"), []string{"bought"}},
			"asked because of one": {filled("kind", "other"), []string{"which"}},
			"too long":             {filled("text", strings.Repeat("말", 20001)), []string{"text"}},
		} {
			t.Run(name, func(t *testing.T) { s.refused(problem.Invalid, form.Sent{Answers: c.given}, c.fields...) })
		}
		if n := len(s.talks()); n != 0 {
			t.Errorf("%d conversations came of what was refused", n)
		}
	})
}

func TestOnlyOurPagesAreTaken(t *testing.T) {
	each(t, repair(), func(t *testing.T, s *shop) {
		good := s.page()
		for _, stamp := range []string{"x", good[1:], good + "A", strings.Repeat("A", len(good)), s.forms.Stamp(s.form.ID+1, 1, s.Clock.Now())} {
			s.refused(problem.Conflict, form.Sent{Stamp: stamp, Answers: filled()})
		}
		for i := range len(good) * 6 { // each bit of it
			b := []byte(good)
			b[i/6] = flip(b[i/6], i%6)
			s.refused(problem.Conflict, form.Sent{Stamp: string(b), Answers: filled()})
		}
		s.Clock.Advance(4 * 24 * time.Hour)
		s.refused(problem.Conflict, form.Sent{Stamp: good, Answers: filled()})
		s.do(func(ctx context.Context, tx *db.Tx) error { return form.SetState(ctx, tx, s.form.ID, form.Closed) })
		s.refused(problem.Conflict, form.Sent{Answers: filled()})
	})
}

// flip turns one of the six bits that a character of base64 stands for.
func flip(c byte, bit int) byte {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return digits[strings.IndexByte(digits, c)^1<<bit]
}

func TestAChangedFormKeepsWhatWasSentWithTheOldOne(t *testing.T) {
	each(t, repair(), func(t *testing.T, s *shop) {
		open := s.page() // somebody has the first version open
		s.send(filled())
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			s.form.Fields[8].Label = both("Tell us everything")
			s.form.Fields = append(s.form.Fields, form.Field{Key: "new", Kind: form.Line, Label: both("New"), Required: true})
			s.form, err = form.Save(ctx, tx, s.form)
			return err
		})
		if s.form.Version != 2 {
			t.Fatalf("version %d, want 2: the first one was answered", s.form.Version)
		}
		if _, err := s.try(form.Sent{Stamp: open, Answers: filled("email", "other@customer.example")}); err != nil {
			t.Errorf("the page that was open is refused: %v", err)
		}
		s.refused(problem.Invalid, form.Sent{Answers: filled()}, "new")
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			s.form.Name = "Repairs"
			s.form, err = form.Save(ctx, tx, s.form)
			return err
		})
		if s.form.Version != 2 {
			t.Errorf("version %d, want 2: nobody has answered it yet", s.form.Version)
		}
	})
}

func TestWhatLooksLikeAMachineIsHeldAndNotLost(t *testing.T) {
	each(t, repair(), func(t *testing.T, s *shop) {
		for _, in := range []form.Sent{
			{Answers: filled(), Stamp: s.forms.Stamp(s.form.ID, s.form.Version, s.Clock.Now())},
			{Answers: filled(), Trap: "http://spam.example"},
			{Answers: filled("text", "Buy https://a.example https://b.example www.c.example now")},
		} {
			if _, err := s.try(in); err != nil {
				t.Fatal(err)
			}
		}
		s.send(filled("text", "The page https://shop.example/lamp says it is bright, but mine is dark and I have tried everything there is to try."))
		if n := len(s.talks()); n != 1 {
			t.Errorf("%d conversations, want the one with a link in a sentence", n)
		}
		var held []form.HeldOne
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			held, err = form.HeldOf(ctx, tx, s.form.ID)
			return err
		})
		var reasons []string
		for _, h := range held {
			reasons = append(reasons, string(h.Reason))
		}
		slices.Sort(reasons)
		if !slices.Equal(reasons, []string{"fast", "links", "trap"}) {
			t.Fatalf("held because of %v", reasons)
		}
		s.do(func(ctx context.Context, tx *db.Tx) error {
			if _, err := s.forms.Accept(ctx, tx, held[0].ID); err != nil {
				return err
			}
			_, err := form.Discard(ctx, tx, held[1].ID)
			return err
		})
		if n := len(s.talks()); n != 2 {
			t.Errorf("%d conversations after one was accepted, want 2", n)
		}
		err := s.Write(s.boss, func(tx *db.Tx) error { _, err := s.forms.Accept(s.boss, tx, held[1].ID); return err })
		if problem.KindOf(err) != problem.Conflict {
			t.Errorf("accepted what was discarded: %v", err)
		}
	})
}

func TestManyFromOnePlaceAreHeldAndMassesRefused(t *testing.T) {
	each(t, repair(), func(t *testing.T, s *shop) {
		var last error
		sent := 0
		for i := range 150 {
			stamp := s.forms.Stamp(s.form.ID, 1, s.Clock.Now().Add(-time.Minute))
			_, last = s.try(form.Sent{Stamp: stamp, Answers: filled("email", fmt.Sprintf("c%d@customer.example", i)), From: fmt.Sprintf("2001:db8:1:1::%x", i)})
			if last != nil {
				break
			}
			sent++
		}
		if p, ok := problem.As(last); !ok || p.Kind != problem.Limited || p.RetryAfter == 0 || sent != 120 {
			t.Errorf("after %d: %v", sent, last)
		}
		if n := len(s.talks()); n != 20 {
			t.Errorf("%d conversations from one place within an hour, want 20", n)
		}
	})
}

func TestAnAnswerGoesByMail(t *testing.T) {
	each(t, repair(), func(t *testing.T, s *shop) {
		s.send(filled())
		c := s.talks()[0]
		s.do(func(ctx context.Context, tx *db.Tx) error {
			m, err := conversation.Reply(ctx, tx, c.ID, conversation.Answer{Text: "We repair it."})
			if err != nil {
				return err
			}
			return s.forms.OnReplied(ctx, tx, conversation.Replied{ID: c.ID, Message: m.ID, Channel: m.Channel})
		})
		if len(s.mailed) != 1 {
			t.Errorf("mailed %v, want one answer", s.mailed)
		}
	})
}

// What was typed is not kept beside a conversation that was deleted.
func TestADeletedConversationIsForgottenHereToo(t *testing.T) {
	each(t, repair(), func(t *testing.T, s *shop) {
		s.send(filled())
		id := s.talks()[0].ID
		s.do(func(ctx context.Context, tx *db.Tx) error {
			if err := conversation.Delete(ctx, tx, id); err != nil {
				return err
			}
			return form.OnDeleted(ctx, tx, conversation.Deleted{ID: id})
		})
		s.do(func(ctx context.Context, tx *db.Tx) error {
			n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM form_submission WHERE answers LIKE '%flickers%' OR email <> ''`)
			if n != 0 {
				t.Errorf("%d submissions still hold what was typed", n)
			}
			return err
		})
	})
}

// T26: a form is no way to send mail to others. 10,000 submissions (in the long form of the tests) name 100 victims over ten
// days, each from another place.
func TestNobodyIsFloodedThroughAForm(t *testing.T) {
	d := repair()
	d.Confirm = true
	each(t, d, func(t *testing.T, s *shop) {
		const evil = "EVILWORD"
		perDay := map[string]int{}
		days, batches := rig.Size(4, 10), rig.Size(3, 10)
		for day := range days {
			for batch := range batches {
				s.do(func(ctx context.Context, tx *db.Tx) error {
					for i := range 100 {
						a := form.Answers{"name": {evil}, "email": {fmt.Sprintf("victim%d@somewhere.example", i)}, "about": {evil}, "kind": {"other"}, "which": {evil},
							"text": {strings.Repeat("A sentence of the attacker that is long enough. ", 5) + "See https://evil.example"}, "agree": {"yes"}}
						in := form.Sent{Stamp: s.forms.Stamp(s.form.ID, 1, s.Clock.Now().Add(-time.Minute)), Language: i18n.English, Answers: a,
							From: fmt.Sprintf("10.%d.%d.%d", day, batch, i)}
						if _, err := s.forms.Submit(ctx, tx, s.form.ID, in); err != nil {
							return err
						}
					}
					return nil
				})
			}
			before := len(s.letters)
			if err := s.jobs.Drain(s.boss); err != nil {
				t.Fatal(err)
			}
			for _, l := range s.letters[before:] {
				perDay[fmt.Sprint(day, l.to)]++
			}
			s.Clock.Advance(24*time.Hour + time.Minute)
		}
		total := map[string]int{}
		for _, l := range s.letters {
			total[l.to]++
			for _, bad := range []string{"EVIL", "evil", "http", "attacker", "://", "www."} {
				if strings.Contains(l.subject+l.text+l.name, bad) {
					t.Fatalf("a mail holds %q: %+v", bad, l)
				}
			}
			if l.subject != s.letters[0].subject || l.text != s.letters[0].text {
				t.Fatalf("not everybody gets the same words: %+v", l)
			}
		}
		for who, n := range perDay {
			if n > 1 {
				t.Errorf("%s got %d mails in a day", who, n)
			}
		}
		for who, n := range total {
			if n > 3 {
				t.Errorf("%s got %d mails", who, n)
			}
		}
		var sent int
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			sent, err = db.Value[int](ctx, tx, `SELECT COUNT(*) FROM form_submission`)
			return err
		})
		if sent != days*batches*100 || len(total) != 100 {
			t.Errorf("%d submissions, %d victims: the test tries too little", sent, len(total))
		}
		t.Logf("%d submissions, %d victims, %d mails", sent, len(total), len(s.letters))
	})
}
