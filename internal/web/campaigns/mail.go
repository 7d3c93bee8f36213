package campaigns

import (
	"context"
	"net/http"

	"baraji/internal/campaign"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// piece is the mail that one customer got.
type piece struct {
	campaign.Mail
	Row  campaign.Recipient
	Of   campaign.Campaign
	Whom contact.Contact
}

func (a area) piece(r *http.Request) (p piece, err error) {
	key, err := id.Read[campaign.RecipientID](r.PathValue("id"))
	if err != nil {
		return p, problem.New(problem.NotFound, "There is no such mail.")
	}
	return p, a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Mail, p.Row, p.Of, err = a.Many.Was(ctx, tx, key); err != nil {
			return err
		}
		p.Whom, err = contact.Get(ctx, tx, p.Row.Contact)
		return err
	})
}

func (a area) mail(w http.ResponseWriter, r *http.Request) error {
	p, err := a.piece(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, mailPage(p))
	return nil
}

func (a area) mailHTML(w http.ResponseWriter, r *http.Request) error {
	p, err := a.piece(r)
	if err != nil {
		return err
	}
	return frame(w, p.Mail, false)
}
