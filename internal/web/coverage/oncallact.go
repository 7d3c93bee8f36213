package coverage

import (
	"context"
	"net/http"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// paging is the question whom to page, and for what.
type paging struct {
	Services     []oncall.Service
	Service      string
	Conversation string
	Title        string // of the conversation
	Text         string
	Waits        bool
	Trouble      ui.Trouble
}

func (a area) readPaging(r *http.Request) (p paging, err error) {
	ctx := r.Context()
	p = paging{Service: r.FormValue("service"), Conversation: r.FormValue("conversation"), Text: r.FormValue("title"), Waits: r.FormValue("waits") != ""}
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Services, err = oncall.Services(ctx, tx); err != nil {
			return err
		}
		talk, err := id.Read[conversation.ID](p.Conversation)
		if err != nil {
			p.Conversation = ""
			return nil
		}
		titles, err := conversation.Titles(ctx, tx, []conversation.ID{talk})
		p.Title = titles[talk]
		return err
	})
	return p, err
}

func (a area) pageForm(w http.ResponseWriter, r *http.Request) error {
	p, err := a.readPaging(r)
	if err != nil {
		return err
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, pageDialog(p))
		return nil
	}
	ui.Render(w, r, http.StatusOK, pagePage(p))
	return nil
}

// pageOut is POST /coverage/on-call/page.
func (a area) pageOut(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	of, _ := id.Read[oncall.ServiceID](r.FormValue("service"))
	talk, _ := id.Read[conversation.ID](r.FormValue("conversation"))
	var made oncall.Page
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		made, err = oncall.Open(ctx, tx, of, oncall.Call{Conversation: talk, Title: r.FormValue("title"), Reason: oncall.ByHand, Urgent: r.FormValue("waits") == ""})
		return err
	})
	if err == nil {
		return done(w, r, made.Path(), "called_out", "")
	}
	p, readErr := a.readPaging(r)
	if readErr != nil {
		return readErr
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	if ui.Fragment(r) {
		ui.Render(w, r, p.Trouble.Status, pageDialog(p))
		return nil
	}
	ui.Render(w, r, p.Trouble.Status, pagePage(p))
	return nil
}

// answered does one thing to a page, and leads back to where it was pressed.
func (a area) answered(w http.ResponseWriter, r *http.Request, word string, do func(context.Context, *db.Tx, oncall.ID) error) error {
	ctx := r.Context()
	at, err := pageID(r)
	if err != nil {
		return err
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx, at) }); err != nil {
		return err
	}
	to := onCallPath + "/pages/" + at.String()
	if back := r.FormValue("back"); strings.HasPrefix(back, "/") {
		to = ui.Local(back)
	}
	return done(w, r, to, word, "")
}

func (a area) acknowledge(w http.ResponseWriter, r *http.Request) error {
	return a.answered(w, r, "acknowledged", oncall.Acknowledge)
}

func (a area) resolvePage(w http.ResponseWriter, r *http.Request) error {
	return a.answered(w, r, "resolved", oncall.Resolve)
}

func (a area) reassign(w http.ResponseWriter, r *http.Request) error {
	return a.answered(w, r, "reassigned", func(ctx context.Context, tx *db.Tx, at oncall.ID) error {
		to, err := id.Read[team.ID](r.FormValue("person"))
		if err != nil {
			return problem.For("person", "Choose somebody who works here.")
		}
		return oncall.Reassign(ctx, tx, at, to)
	})
}

// answering is what one sees who follows the link of a mail or a push: what it is, and one button.
type answering struct {
	Notice notice.Notice
	Page   oncall.Page
	Done   bool // somebody has it
	Mine   bool
	By     string
}

// answerForm is GET /answer/{id}/{token}. It changes nothing: programs follow the links of mails too.
func (a area) answerForm(w http.ResponseWriter, r *http.Request) error {
	return a.byLink(w, r, false)
}

// answer is POST /answer/{id}/{token}: whoever was told has it.
func (a area) answer(w http.ResponseWriter, r *http.Request) error { return a.byLink(w, r, true) }

func (a area) byLink(w http.ResponseWriter, r *http.Request, does bool) error {
	n, err := id.Read[notice.ID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "This link is not valid, or not any more.")
	}
	var p answering
	var reader i18n.Reader
	run := a.DB.Read
	if does {
		run = a.DB.Write
	}
	err = run(r.Context(), func(tx *db.Tx) error {
		ctx, said, err := a.Notices.Answering(r.Context(), tx, n, r.PathValue("token"))
		if err != nil {
			return err
		}
		at, err := id.Read[oncall.ID](said.Subject)
		if err != nil {
			return problem.New(problem.NotFound, "This link is not valid, or not any more.")
		}
		if does {
			if err := acknowledgeFirst(ctx, tx, at); err != nil {
				return err
			}
		}
		if reader, err = readerOf(ctx, tx, said.Person); err != nil {
			return err
		}
		p, err = readAnswering(ctx, tx, said, at)
		return err
	})
	if err != nil {
		return err
	}
	v := ui.Of(r.Context())
	v.Locale, v.Zone = reader.Locale, reader.Zone
	ui.Render(w, r.WithContext(ui.With(r.Context(), v)), http.StatusOK, answerPage(p))
	return nil
}

// acknowledgeFirst takes a page that nobody has: a link does not take it from another.
func acknowledgeFirst(ctx context.Context, tx *db.Tx, at oncall.ID) error {
	p, err := oncall.Get(ctx, tx, at)
	if err != nil || p.State == oncall.Acked {
		return err
	}
	return oncall.Acknowledge(ctx, tx, at)
}

func readAnswering(ctx context.Context, tx *db.Tx, said notice.Notice, at oncall.ID) (p answering, err error) {
	p.Notice = said
	if p.Page, err = oncall.Get(ctx, tx, at); err != nil {
		return p, err
	}
	p.Done = p.Page.State == oncall.Acked || p.Page.State == oncall.Over
	p.Mine = p.Page.AckedBy == said.Person
	if p.Page.AckedBy != 0 {
		by, err := team.Get(ctx, tx, p.Page.AckedBy)
		if err != nil {
			return p, err
		}
		p.By = by.Name
	}
	return p, nil
}

// readerOf is how somebody reads, who is not signed in here.
func readerOf(ctx context.Context, tx *db.Tx, who team.ID) (i18n.Reader, error) {
	p, err := team.Get(ctx, tx, who)
	if err != nil {
		return i18n.Reader{}, err
	}
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return i18n.Reader{}, err
	}
	if p.Language == "" {
		p.Language = firm.Language
	}
	return i18n.Reader{Locale: i18n.Locale(p.Language), Zone: zoneNamed(p.Zone, firm.Zone), Now: tx.Now()}, nil
}
