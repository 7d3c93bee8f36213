package form_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// letter is a mail of the program.
type letter struct{ to, name, subject, text string }

// shop is a desk with an inbox and a form.
type shop struct {
	*dbtest.Desk
	t     testing.TB
	forms *form.Forms
	jobs  *job.Runner
	form  form.Form
	boss  context.Context

	mu      sync.Mutex
	letters []letter
	mailed  []conversation.MessageID
}

func each(t *testing.T, d form.Definition, fn func(t *testing.T, s *shop)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, open(t, desk, d)) })
}

func open(t testing.TB, desk *dbtest.Desk, d form.Definition) *shop {
	s := &shop{Desk: desk, t: t, boss: team.AsSystem(t.Context())}
	keys, err := secret.Parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
	if err != nil {
		t.Fatal(err)
	}
	db.Attach(desk.DB, keys)
	contact.Use(desk.DB, form.Part(), conversation.Part())
	s.jobs = job.NewRunner(desk.DB, slog.New(slog.DiscardHandler))
	s.forms = form.New(keys, s.jobs, desk.DB,
		func(_ context.Context, _ *db.Tx, m conversation.MessageID) error {
			s.mailed = append(s.mailed, m)
			return nil
		},
		func(_ context.Context, to, name, subject, text string) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.letters = append(s.letters, letter{to, name, subject, text})
			return nil
		})
	s.do(func(ctx context.Context, tx *db.Tx) error {
		if err := team.ChangeFirm(ctx, tx, team.Firm{Name: "달빛상점", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		in, err := inbox.Create(ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@shop.example"})
		if err != nil {
			return err
		}
		if s.form, err = form.Create(ctx, tx, form.Form{Name: "Repair", Slug: "repair", Inbox: in.ID, Definition: d}); err != nil {
			return err
		}
		return form.SetState(ctx, tx, s.form.ID, form.Live)
	})
	return s
}

func (s *shop) do(fn func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	if err := s.Write(s.boss, func(tx *db.Tx) error { return fn(s.boss, tx) }); err != nil {
		s.t.Fatal(err)
	}
}

// page is a page that somebody has open long enough to have read it.
func (s *shop) page() string {
	stamp := s.forms.Stamp(s.form.ID, s.form.Version, s.Clock.Now())
	s.Clock.Advance(10 * time.Second)
	return stamp
}

func (s *shop) try(in form.Sent) (got form.Taken, err error) {
	if in.Stamp == "" {
		in.Stamp = s.page()
	}
	if in.From == "" {
		in.From = "203.0.113.9"
	}
	if in.Language == "" {
		in.Language = i18n.English
	}
	err = s.Write(s.t.Context(), func(tx *db.Tx) error { got, err = s.forms.Submit(s.t.Context(), tx, s.form.ID, in); return err })
	return got, err
}

// send sends what has to be taken.
func (s *shop) send(a form.Answers) form.Taken {
	s.t.Helper()
	got, err := s.try(form.Sent{Answers: a})
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

func (s *shop) refused(kind problem.Kind, in form.Sent, fields ...string) {
	s.t.Helper()
	_, err := s.try(in)
	if err == nil || problem.KindOf(err) != kind {
		s.t.Fatalf("got %v, want a refusal: %s", err, kind)
	}
	var got []string
	for _, f := range problem.Fields(err) {
		got = append(got, f.Name)
	}
	if len(fields) > 0 && !equal(got, fields) {
		s.t.Errorf("fields %v, want %v", got, fields)
	}
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (s *shop) talks() (list []conversation.Conversation) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, _, err = conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 1000})
		return err
	})
	return list
}

func (s *shop) messages(id conversation.ID) (list []conversation.Message) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = conversation.Messages(ctx, tx, id, 0, 50)
		return err
	})
	return list
}

func both(text string) form.Text { return form.Text{i18n.Korean: text, i18n.English: text} }

// repair is a form with one of everything.
func repair() form.Definition {
	one := 1.0
	ten := 10.0
	return form.Definition{
		Title: form.Text{i18n.Korean: "수리 신청", i18n.English: "Repair"},
		Fields: []form.Field{
			{Key: "name", Kind: form.Line, Label: both("Name"), Required: true, As: form.AsName},
			{Key: "email", Kind: form.Email, Label: both("E-mail"), Required: true},
			{Key: "phone", Kind: form.Phone, Label: both("Phone")},
			{Key: "about", Kind: form.Line, Label: both("About"), As: form.AsSubject},
			{Key: "kind", Kind: form.Choice, Label: both("What is it?"), Required: true, Choices: []form.Option{
				{Value: "lamp", Label: form.Text{i18n.Korean: "램프", i18n.English: "Lamp"}}, {Value: "other", Label: form.Text{i18n.Korean: "기타", i18n.English: "Other"}}}},
			{Key: "which", Kind: form.Line, Label: both("Which?"), Required: true, When: &form.Condition{Field: "kind", Is: []string{"other"}}},
			{Key: "pieces", Kind: form.Number, Label: both("How many"), Min: &one, Max: &ten},
			{Key: "bought", Kind: form.Date, Label: both("Bought on")},
			{Key: "text", Kind: form.Long, Label: both("What happened?"), Required: true},
			{Key: "photo", Kind: form.Upload, Label: both("Photo")},
			{Key: "agree", Kind: form.Consent, Label: form.Text{i18n.Korean: "개인정보 수집에 동의해요.", i18n.English: "I agree that you keep this."}, Required: true},
			{Key: "source", Kind: form.Hidden, Default: "site"},
		},
	}
}

// filled are answers that will do.
func filled(more ...string) form.Answers {
	a := form.Answers{"name": {"Mina Kim"}, "email": {"mina@customer.example"}, "kind": {"lamp"}, "text": {"It flickers."}, "agree": {"yes"}}
	for i := 0; i+1 < len(more); i += 2 {
		a[more[i]] = []string{more[i+1]}
	}
	return a
}
