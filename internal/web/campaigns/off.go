package campaigns

import (
	"context"
	"net/http"

	"baraji/internal/campaign"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// leaving is somebody who follows the link of a mail.
type leaving struct {
	Row   campaign.Recipient
	Of    campaign.Campaign
	Firm  string
	Asked i18n.Locale
}

// opened reads whose a link is, as the program: whoever has it needs no other right. The page speaks the language of the mail, or the one that is asked for.
func (a area) opened(r *http.Request) (l leaving, ctx context.Context, err error) {
	ctx = team.AsSystem(r.Context())
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		firm, err := team.GetFirm(ctx, tx)
		if err != nil {
			return err
		}
		l.Firm = firm.Name
		l.Row, l.Of, err = a.Many.Open(ctx, tx, r.PathValue("id"), r.PathValue("token"))
		return err
	})
	l.Asked = l.Row.Language
	if other, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
		l.Asked = other
	}
	return l, ctx, err
}

// say answers with a page that nobody keeps and whose address is told nobody: it opens it.
func (l leaving) say(w http.ResponseWriter, r *http.Request, page templ.Component) error {
	viewer := ui.Of(r.Context())
	viewer.Locale = l.Asked
	r = r.WithContext(ui.With(r.Context(), viewer))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Language", string(l.Asked))
	w.Header().Set("Referrer-Policy", "no-referrer")
	ui.Render(w, r, http.StatusOK, page)
	return nil
}

// offForm is what one sees who follows the link: a button. Programs that look at mails open links, so looking alone does nothing.
func (a area) offForm(w http.ResponseWriter, r *http.Request) error {
	l, _, err := a.opened(r)
	if err != nil {
		return err
	}
	if !l.Row.LeftAt.IsZero() {
		return l.say(w, r, leftPage(l))
	}
	return l.say(w, r, offPage(l, r.URL.Path))
}

const mostForm = 64 << 10

// off takes somebody off. A mail program posts List-Unsubscribe=One-Click here (RFC 8058), the page's button nothing.
func (a area) off(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	l, ctx, err := a.opened(r)
	if err != nil {
		return err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		row, of, err := a.Many.Open(ctx, tx, r.PathValue("id"), r.PathValue("token"))
		if err != nil {
			return err
		}
		return campaign.Leave(ctx, tx, row, of)
	})
	if err != nil {
		return err
	}
	return l.say(w, r, leftPage(l))
}

// offNobody is where the link leads of a mail that was only looked at.
func (a area) offNobody(http.ResponseWriter, *http.Request) error {
	return problem.New(problem.NotFound, "This link stands in a mail that was only looked at. In a mail that a customer gets it takes them off.")
}
