package settings

import (
	"context"
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
	for _, k := range []keys{{"tokens", "/settings/tokens", team.ManageTokens, team.Tokens}, {"own_tokens", "/profile/tokens", "", team.OwnTokens}} {
		rt.Page("GET "+k.Path, k.right, func(w http.ResponseWriter, r *http.Request) error { return a.tokens(w, r, k) })
		rt.Page("GET "+k.Path+"/new", k.right, func(w http.ResponseWriter, r *http.Request) error { return a.askToken(w, r, k) })
		rt.Page("POST "+k.Path+"/new", k.right, func(w http.ResponseWriter, r *http.Request) error { return a.makeToken(w, r, k) })
		rt.Page("POST "+k.Path+"/{id}/revoke", k.right, func(w http.ResponseWriter, r *http.Request) error { return a.revokeToken(w, r, k) })
	}
}

// keys are the tokens of a page: all of the firm's, or those that act in the name of
// whoever looks at them.
type keys struct {
	Section string
	Path    string
	right   team.Right
	list    func(context.Context, *db.Tx) ([]team.Token, error)
}

// Own says that only the reader's own are meant.
func (k keys) Own() bool { return k.right == "" }

// keyring is the tokens with the names that stand beside them.
type keyring struct {
	keys
	Tokens []team.Token
	Roles  []team.Role
	Names  map[team.ID]string
}

// tokenForm is a token to be made.
type tokenForm struct {
	keys
	team.Token
	Mine    bool
	Rate    string
	Expires string // a day, as the browser writes it
	Roles   []team.Role
	Trouble ui.Trouble
}

// offered are the rights that the token may be kept to: his own cannot have more than he.
func (f tokenForm) offered(ctx context.Context) (list []team.Right) {
	for _, r := range team.Rights {
		if !f.Own() || team.From(ctx).Can(r) {
			list = append(list, r)
		}
	}
	return list
}

func (a area) tokens(w http.ResponseWriter, r *http.Request, of keys) error {
	ctx := r.Context()
	k := keyring{keys: of}
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if k.Tokens, err = of.list(ctx, tx); err != nil {
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

func (a area) askToken(w http.ResponseWriter, r *http.Request, of keys) error {
	return a.showToken(w, r, http.StatusOK, tokenForm{keys: of, Token: team.Token{Role: team.Agent}, Rate: strconv.Itoa(team.DefaultRate)})
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
func (a area) makeToken(w http.ResponseWriter, r *http.Request, of keys) error {
	ctx := r.Context()
	f := tokenForm{keys: of, Token: team.Token{Name: r.FormValue("name"), Role: r.FormValue("role")}, Mine: of.Own() || r.FormValue("as") == "me", Rate: r.FormValue("rate"), Expires: r.FormValue("expires_at")}
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
		ui.Render(w, r, http.StatusOK, tokenMadePage(f, text, a.address(r)))
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

func (a area) revokeToken(w http.ResponseWriter, r *http.Request, of keys) error {
	ctx := r.Context()
	key, err := id.Read[team.TokenID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such token.")
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := team.GetToken(ctx, tx, key)
		if err != nil {
			return err
		}
		if of.Own() && t.Person != team.From(ctx).Person {
			return problem.New(problem.NotFound, "There is no such token.")
		}
		return team.RevokeToken(ctx, tx, key)
	})
	if err != nil {
		return err
	}
	return done(w, r, of.Path, "token_revoked")
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
