package portal

import (
	"context"
	"net/http"
	"net/url"

	"baraji/internal/assistant"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/portal"
	"baraji/internal/routing"
	"baraji/internal/sla"
	"baraji/internal/team"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// talks is a page of conversations.
type talks struct {
	portal.Guest
	portal.Find
	List []conversation.Conversation
	Next string
}

// at is the address of the list with other choices.
func (p talks) at(f portal.Find) string {
	q := url.Values{}
	if f.Company {
		q.Set("of", "company")
	}
	if f.Solved {
		q.Set("show", "solved")
	}
	if f.Words != "" {
		q.Set("q", f.Words)
	}
	if f.After != "" {
		q.Set("after", f.After)
	}
	if len(q) == 0 {
		return "/portal"
	}
	return "/portal?" + q.Encode()
}

func (a area) list(w http.ResponseWriter, v visit) error {
	q := v.r.URL.Query()
	p := talks{Guest: v.Guest, Find: portal.Find{Company: q.Get("of") == "company", Solved: q.Get("show") == "solved", Words: q.Get("q"), After: q.Get("after")}}
	err := a.DB.Read(v.ctx, func(tx *db.Tx) (err error) { p.List, p.Next, err = portal.List(v.ctx, tx, v.Guest, p.Find); return err })
	if err != nil {
		return err
	}
	ui.Render(w, v.r, http.StatusOK, listPage(p))
	return nil
}

// talkPage is one conversation, with what is being written.
type talk struct {
	portal.Guest
	portal.Talk
	Key     string
	Text    string
	Expect  string // when he is answered, while he waits
	Trouble ui.Trouble
}

var errTalk = problem.New(problem.NotFound, "There is no such conversation.")

func (a area) load(v visit) (p talk, err error) {
	key, err := id.Read[conversation.ID](v.r.PathValue("id"))
	if err != nil {
		return p, errTalk
	}
	p.Guest, p.Key = v.Guest, secret.Token()
	err = a.DB.Read(v.ctx, func(tx *db.Tx) (err error) {
		if p.Talk, err = portal.Get(v.ctx, tx, v.Guest, key); err != nil || p.Talk.WaitingSince.IsZero() {
			return err
		}
		p.Expect, err = expected(v, tx, p.Talk.Conversation)
		return err
	})
	return p, err
}

// expected says when the guest is answered: of a question that waits, when that was promised, as long as it is still ahead.
func expected(v visit, tx *db.Tx, c conversation.Conversation) (string, error) {
	ctx := team.AsSystem(v.ctx)
	clocks, err := sla.Of(ctx, tx, c.ID)
	if err != nil {
		return "", err
	}
	for _, which := range []sla.Which{sla.First, sla.Next} {
		if due := clocks[c.ID].Due(which); due.After(tx.Now()) {
			return routing.Answer(ctx, routing.Expected{By: due, Zone: i18n.Of(ctx).Zone}, tx.Now()), nil
		}
	}
	s, err := routing.From(ctx, tx, c.Company, routing.Subject{Stage: string(c.Stage), Type: c.Type, Severity: c.Severity, Channel: c.Channel, Team: c.Team})
	if err != nil {
		return "", err
	}
	return routing.Promise(ctx, tx, s)
}

func (a area) talk(w http.ResponseWriter, v visit) error {
	p, err := a.load(v)
	if err != nil {
		return err
	}
	ui.Render(w, v.r, http.StatusOK, talkPage(p))
	return nil
}

func (a area) answer(w http.ResponseWriter, v visit) error {
	p, err := a.load(v)
	if err != nil {
		return err
	}
	s, err := a.saying(v)
	if err == nil {
		err = a.write(v, func(tx *db.Tx) error { return portal.Answer(v.ctx, tx, v.Guest, p.Talk.ID, s) })
	}
	if err != nil {
		if p.Trouble, err = ui.TroubleOf(w, v.r, err); err != nil {
			return err
		}
		p.Text = s.Text
		ui.Render(w, v.r, p.Trouble.Status, talkPage(p))
		return nil
	}
	http.Redirect(w, v.r, "/portal/talks/"+p.Talk.ID.String()+"#last", http.StatusSeeOther)
	return nil
}

// turn closes a conversation, or opens it again.
func (a area) turn(w http.ResponseWriter, v visit) error {
	do := map[string]func(context.Context, *db.Tx, portal.Guest, conversation.ID) error{"close": portal.Close, "reopen": portal.Reopen}[v.r.PathValue("act")]
	key, err := id.Read[conversation.ID](v.r.PathValue("id"))
	if err != nil || do == nil {
		return errTalk
	}
	if err := a.write(v, func(tx *db.Tx) error { return do(v.ctx, tx, v.Guest, key) }); err != nil {
		return err
	}
	http.Redirect(w, v.r, "/portal/talks/"+key.String(), http.StatusSeeOther)
	return nil
}

func (a area) file(w http.ResponseWriter, v visit) error {
	talk, err := id.Read[conversation.ID](v.r.PathValue("id"))
	if err != nil {
		return errTalk
	}
	key, err := id.Read[conversation.AttachmentID](v.r.PathValue("file"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such file.")
	}
	var f conversation.Attachment
	err = a.DB.Read(v.ctx, func(tx *db.Tx) (err error) { f, err = portal.File(v.ctx, tx, v.Guest, talk, key); return err })
	if err != nil {
		return err
	}
	return ui.SendFile(w, v.r, a.Blobs, f.Blob, f.Name, v.r.URL.Query().Has("inline"))
}

// question is a new one as it is being written.
type question struct {
	portal.Guest
	Forms   []form.Form // other ways to ask
	Found   *found      // what may answer it, where he asked for that before he sends
	Key     string
	Subject string
	Text    string
	Expect  string // when he is answered
	Trouble ui.Trouble
}

func (a area) begin(w http.ResponseWriter, v visit) error {
	return a.showQuestion(w, v, http.StatusOK, question{Subject: v.r.URL.Query().Get("subject")})
}

func (a area) showQuestion(w http.ResponseWriter, v visit, status int, p question) error {
	p.Guest = v.Guest
	if p.Key == "" {
		p.Key = secret.Token()
	}
	err := a.DB.Read(v.ctx, func(tx *db.Tx) (err error) {
		if p.Forms, err = form.Shown(v.ctx, tx); err != nil {
			return err
		}
		p.Expect, err = expected(v, tx, conversation.Conversation{Channel: portal.Channel, Company: v.Guest.Contact.Company})
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, v.r, status, questionPage(p))
	return nil
}

// begun sends a question; with do=look it is answered first, for browsers without scripts.
func (a area) begun(w http.ResponseWriter, v visit) error {
	s, err := a.saying(v)
	if err == nil && v.r.PostFormValue("do") == "look" {
		seen, err := a.seek(v, s.Key, s.Subject+" "+s.Text, "")
		if err != nil {
			return err
		}
		return a.showQuestion(w, v, http.StatusOK, question{Key: s.Key, Subject: s.Subject, Text: s.Text, Found: &seen})
	}
	var made conversation.ID
	if err == nil {
		err = a.write(v, func(tx *db.Tx) (err error) {
			if made, err = portal.Begin(v.ctx, tx, v.Guest, s); err != nil || made == 0 {
				return err
			}
			return assistant.HandedOver(v.ctx, tx, assistant.Portal, s.Key, made)
		})
	}
	if err != nil {
		trouble, err := ui.TroubleOf(w, v.r, err)
		if err != nil {
			return err
		}
		return a.showQuestion(w, v, trouble.Status, question{Subject: s.Subject, Text: s.Text, Trouble: trouble})
	}
	to := "/portal"
	if made != 0 {
		to = "/portal/talks/" + made.String()
	}
	http.Redirect(w, v.r, to, http.StatusSeeOther)
	return nil
}

// body is what an agent wrote, made fit to be shown by kit/html.
func body(m conversation.Message) templ.Component { return shown(html.FromMarkdown(m.Text)) }

// shown puts what kit/html made into a page.
func shown(made string) templ.Component { return templ.Raw(made) }
