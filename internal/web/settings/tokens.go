package settings

import (
	"net/http"
	"strconv"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) tokenRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/tokens", team.ManageTokens, a.tokens)
	rt.Page("GET /settings/tokens/new", team.ManageTokens, a.askToken)
	rt.Page("POST /settings/tokens/new", team.ManageTokens, a.makeToken)
	rt.Page("POST /settings/tokens/{id}/revoke", team.ManageTokens, a.revokeToken)
}

// keyring is the tokens with the names that stand beside them.
type keyring struct {
	Tokens []team.Token
	Roles  []team.Role
	Names  map[team.ID]string
}

// tokenForm is a token to be made.
type tokenForm struct {
	team.Token
	Mine    bool
	Rate    string
	Expires string // a day, as the browser writes it
	Roles   []team.Role
	Trouble ui.Trouble
}

func (a area) tokens(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var k keyring
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if k.Tokens, err = team.Tokens(ctx, tx); err != nil {
			return err
		}
		if k.Roles, err = team.Roles(ctx, tx); err != nil {
			return err
		}
		k.Names, err = team.Names(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, tokensPage(k))
	return nil
}

func (a area) askToken(w http.ResponseWriter, r *http.Request) error {
	return a.showToken(w, r, http.StatusOK, tokenForm{Token: team.Token{Role: team.Agent}, Rate: strconv.Itoa(team.DefaultRate)})
}

func (a area) showToken(w http.ResponseWriter, r *http.Request, status int, f tokenForm) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		f.Roles, err = team.Roles(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, tokenPage(f))
	return nil
}

// makeToken shows the token on the answer itself: it is nowhere kept, so there is
// no page to come back to.
func (a area) makeToken(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := tokenForm{Token: team.Token{Name: r.FormValue("name"), Role: r.FormValue("role")}, Mine: r.FormValue("as") == "me", Rate: r.FormValue("rate"), Expires: r.FormValue("expires_at")}
	if f.Mine {
		f.Person = team.From(ctx).Person
	}
	for _, right := range r.Form["rights"] {
		f.Rights = append(f.Rights, team.Right(right))
	}
	var text string
	err := f.read(r)
	if err == nil {
		err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
			text, _, err = team.NewToken(ctx, tx, f.Token)
			return err
		})
	}
	if err == nil {
		ui.Render(w, r, http.StatusOK, tokenMadePage(f.Name, text, a.address(r)))
		return nil
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showToken(w, r, f.Trouble.Status, f)
}

// read understands the rate and the day, which ends where the reader is.
func (f *tokenForm) read(r *http.Request) error {
	var c problem.Check
	rate, err := strconv.Atoi(f.Rate)
	c.That(err == nil && rate >= 0, "rate", "Enter how many requests a minute, or 0 for no limit.")
	f.Token.Rate = rate
	if f.Expires != "" {
		day, err := time.ParseInLocation(time.DateOnly, f.Expires, i18n.Of(r.Context()).Zone)
		c.That(err == nil, "expires_at", "Choose a day that is still to come.")
		f.ExpiresAt = day.AddDate(0, 0, 1)
	}
	return c.Err()
}

func (a area) revokeToken(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := id.Read[team.TokenID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such token.")
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return team.RevokeToken(ctx, tx, key) }); err != nil {
		return err
	}
	return done(w, r, "/settings/tokens", "token_revoked")
}

// address is how the desk is reached, for an example to copy.
func (a area) address(r *http.Request) string {
	switch {
	case a.URL != "":
		return a.URL
	case desk.OverTLS(r):
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
