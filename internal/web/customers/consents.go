package customers

import (
	"net/http"
	"strings"

	"baraji/internal/consent"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

const (
	shownDue  = 10
	shownBars = 50
	mostBars  = 500 // that are put on the list at once
)

// consents is the page of what has to be confirmed, and of the addresses to which nothing goes.
type consents struct {
	Rules           consent.Rules
	Due             []consent.Due
	DueN            int
	Waiting, Failed int
	Query           string
	Bars            []consent.Bar
	Older           consent.BarID // behind which there is more; 0: no more
	Typed           string        // addresses, when they came back
	Trouble         ui.Trouble
}

// consents is GET /consents.
func (a area) consents(w http.ResponseWriter, r *http.Request) error {
	return a.showConsents(w, r, http.StatusOK, consents{})
}

func (a area) showConsents(w http.ResponseWriter, r *http.Request, status int, p consents) error {
	ctx := r.Context()
	p.Query = strings.TrimSpace(r.URL.Query().Get("q"))
	before, _ := id.Read[consent.BarID](r.URL.Query().Get("before")) // what is no id begins at the newest
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Rules, err = consent.GetRules(ctx, tx); err != nil {
			return err
		}
		if p.Due, p.DueN, err = consent.DueFor(ctx, tx, shownDue); err != nil {
			return err
		}
		if p.Waiting, p.Failed, err = consent.Letters(ctx, tx); err != nil {
			return err
		}
		p.Bars, err = consent.Bars(ctx, tx, consent.BarFilter{Query: p.Query, Before: before, Limit: shownBars + 1})
		return err
	})
	if err != nil {
		return err
	}
	if len(p.Bars) > shownBars {
		p.Bars = p.Bars[:shownBars]
		p.Older = p.Bars[shownBars-1].ID
	}
	ui.Render(w, r, status, consentsPage(p))
	return nil
}

// askAgain is POST /consents/ask.
func (a area) askAgain(w http.ResponseWriter, r *http.Request) error {
	ctx, n := r.Context(), 0
	if err := a.DB.Write(ctx, func(tx *db.Tx) (err error) { n, err = consent.Ask(ctx, tx); return err }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "consent.asked", "n", n)}, "/consents")
	return nil
}

// saveConsentRules is POST /consents/rules.
func (a area) saveConsentRules(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rules := consent.Rules{ForEver: r.FormValue("two_years") == "", MustAnswer: r.FormValue("answer") != "", ByItself: r.FormValue("self") != "", NoReceipts: r.FormValue("receipts") == ""}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return consent.SetRules(ctx, tx, rules) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "consent.rules_saved")}, "/consents")
	return nil
}

// bar is POST /consents/bars: one address on each line. All are put on the list, or none.
func (a area) bar(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	typed := r.FormValue("addresses")
	list := strings.FieldsFunc(typed, func(c rune) bool { return c == '\n' || c == '\r' || c == ',' || c == ';' || c == ' ' })
	err := error(nil)
	if len(list) == 0 || len(list) > mostBars {
		err = problem.For("addresses", "Enter 1 to %d addresses.", mostBars)
	} else {
		err = a.DB.Write(ctx, func(tx *db.Tx) error {
			for _, address := range list {
				if err := consent.Suppress(ctx, tx, address, consent.ByHand, ""); err != nil {
					if problem.KindOf(err) == problem.Invalid {
						return problem.For("addresses", "“%s” is no e-mail address.", address)
					}
					return err
				}
			}
			return nil
		})
	}
	if err == nil {
		ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "consent.barred", "n", len(list))}, "/consents")
		return nil
	}
	p := consents{Typed: typed}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showConsents(w, r, p.Trouble.Status, p)
}

// lift is POST /consents/bars/{id}/lift.
func (a area) lift(w http.ResponseWriter, r *http.Request) error {
	which, err := id.Read[consent.BarID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "This address is not on the list.")
	}
	ctx := r.Context()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return consent.Lift(ctx, tx, which) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "consent.lifted")}, "/consents")
	return nil
}

// noteConsent is POST /customers/{id}/consent: what a customer said to somebody of the firm.
func (a area) noteConsent(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	if team.From(r.Context()).Masked {
		return problem.New(problem.Forbidden, "You see masked data only, so you cannot note what customers agreed to.")
	}
	ctx := r.Context()
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		if r.FormValue("what") == string(consent.IsGiven) {
			return consent.Give(ctx, tx, consent.Given{Who: who, Address: r.FormValue("address"), Purpose: consent.Advertising, How: consent.OnDesk,
				Wording: r.FormValue("wording"), Proof: r.FormValue("proof")})
		}
		return consent.Withdraw(ctx, tx, who, r.FormValue("address"), consent.Advertising, consent.OnDesk, r.FormValue("proof"))
	})
	if err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "consent.noted")}, personURL(who))
	return nil
}

// ownConsent is GET /consent/{id}/{token}: a button, since programs that look at mails open links.
func (a area) ownConsent(w http.ResponseWriter, r *http.Request) error {
	return a.showOwn(w, r, "")
}

// saveOwnConsent is POST /consent/{id}/{token}. A mail program sends List-Unsubscribe=One-Click (RFC 8058): what says nothing else says no.
func (a area) saveOwnConsent(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	ctx := team.AsSystem(r.Context())
	said := "stopped"
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		own, err := a.Consents.Open(ctx, tx, r.PathValue("id"), r.PathValue("token"))
		if err != nil {
			return err
		}
		switch r.FormValue("do") {
		case "keep":
			said = "kept"
			return consent.Confirm(ctx, tx, own.Contact, own.Address, consent.Advertising, consent.ByLink, "")
		case "again":
			said = "given"
			return consent.Give(ctx, tx, consent.Given{Who: own.Contact, Address: own.Address, Purpose: consent.Advertising, How: consent.ByLink, Wording: i18n.T(r.Context(), "consent.wording")})
		}
		return consent.Withdraw(ctx, tx, own.Contact, own.Address, consent.Advertising, consent.ByLink, "")
	})
	if err != nil {
		return err
	}
	return a.showOwn(w, r, said)
}

func (a area) showOwn(w http.ResponseWriter, r *http.Request, said string) error {
	var own consent.Own
	var firm team.Firm
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if firm, err = team.GetFirm(r.Context(), tx); err != nil {
			return err
		}
		own, err = a.Consents.Open(r.Context(), tx, r.PathValue("id"), r.PathValue("token"))
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, ownConsentPage(own, firm.Name, said))
	return nil
}
