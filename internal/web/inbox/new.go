package inbox

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/macro"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// beginning is the form of a new conversation.
type beginning struct {
	Doors                        []inbox.Inbox
	Door, To, Cc, Subject, Reply string
	Contact                      contact.ID
	Known                        []knowledge.Page // open problems: perhaps he writes about one
	Errors                       ui.Errors
}

// newForm shows the form; ?to= or ?contact= fills in whom to.
func (a *area) newForm(w http.ResponseWriter, r *http.Request) error {
	b := beginning{To: r.URL.Query().Get("to")}
	if err := b.Contact.UnmarshalText([]byte(r.URL.Query().Get("contact"))); err != nil {
		return badForm("contact")
	}
	return a.showNew(w, r, http.StatusOK, b)
}

func (a *area) showNew(w http.ResponseWriter, r *http.Request, status int, b beginning) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if b.Known, err = openProblems(r.Context(), tx); err != nil {
			return err
		}
		if b.Doors, err = mailDoors(r, tx); err != nil || b.Contact == 0 || b.To != "" {
			return err
		}
		b.To, err = contact.Reach(r.Context(), tx, b.Contact, contact.Email)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, newPage(b))
	return nil
}

// openProblems are the known problems that whoever acts may read of, the most read first.
func openProblems(ctx context.Context, tx *db.Tx) ([]knowledge.Page, error) {
	if !team.From(ctx).Can(team.ReadArticles) {
		return nil, nil
	}
	return knowledge.Pages(ctx, tx, i18n.Of(ctx).Locale, knowledge.Find{Issue: knowledge.Open, Limit: 5})
}

// mailDoors are the inboxes that a mail can go out from.
func mailDoors(r *http.Request, tx *db.Tx) ([]inbox.Inbox, error) {
	all, err := inbox.List(r.Context(), tx)
	return slices.DeleteFunc(all, func(d inbox.Inbox) bool { return d.Channel != "email" || !d.Enabled }), err
}

// begin starts a conversation with whoever has the address; who is new is made.
func (a *area) begin(w http.ResponseWriter, r *http.Request) error {
	var c conversation.Conversation
	var m conversation.Message
	err := a.do(r, func(tx *db.Tx) (err error) { c, m, err = start(r, tx); return err })
	if errors := ui.ErrorsOf(r.Context(), err); len(errors) > 0 {
		return a.showNew(w, r, http.StatusUnprocessableEntity, beginning{Door: r.FormValue("inbox"), To: r.FormValue("to"), Cc: r.FormValue("cc"),
			Subject: r.FormValue("subject"), Reply: r.FormValue("text"), Errors: errors})
	}
	if err != nil {
		return err
	}
	chosen, _ := chosenMacros(r) // it was read before
	t := ui.Toast{Text: i18n.T(r.Context(), "inbox.said_sending"), Undo: unsendPath(m, chosen)}
	ui.SayThere(w, r, t, "/inbox/"+c.ID.String()+"?view=pending")
	return nil
}

func start(r *http.Request, tx *db.Tx) (c conversation.Conversation, m conversation.Message, err error) {
	ctx := r.Context()
	to, err := people(r, "to")
	if err != nil {
		return c, m, err
	}
	if len(to) != 1 {
		return c, m, problem.For("to", "Enter one address. Others can get a copy.")
	}
	cc, err := people(r, "cc")
	if err != nil {
		return c, m, err
	}
	files, err := uploads(r)
	if err != nil {
		return c, m, err
	}
	chosen, err := chosenMacros(r)
	if err != nil {
		return c, m, err
	}
	doors, err := mailDoors(r, tx)
	if err != nil {
		return c, m, err
	}
	at := slices.IndexFunc(doors, func(d inbox.Inbox) bool { return d.ID.String() == r.FormValue("inbox") })
	if at < 0 {
		return c, m, problem.For("inbox", "Choose the inbox that it goes out from.")
	}
	who, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: to[0].Address, Name: to[0].Name})
	if err != nil {
		return c, m, err
	}
	c, m, err = conversation.Start(ctx, tx, conversation.Beginning{Inbox: doors[at], Contact: who, Subject: r.FormValue("subject"),
		Answer: conversation.Answer{Text: strings.TrimSpace(r.FormValue("text")), To: to, Cc: cc, Files: files, SendAt: tx.Now().Add(regret)}})
	if err != nil {
		return c, m, err
	}
	return c, m, macro.Use(ctx, tx, c.ID, chosen)
}
