package settings

import (
	"context"
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) hookinRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/incoming", team.ManageTokens, a.hookins)
	rt.Page("GET /settings/incoming/new", team.ManageTokens, a.newHookin)
	rt.Page("POST /settings/incoming/new", team.ManageTokens, a.makeHookin)
	rt.Page("GET /settings/incoming/{id}", team.ManageTokens, a.hookin)
	rt.Page("GET /settings/incoming/{id}/edit", team.ManageTokens, a.editHookin)
	rt.Page("POST /settings/incoming/{id}/edit", team.ManageTokens, a.saveHookin)
	rt.Page("POST /settings/incoming/{id}/rotate", team.ManageTokens, a.rotateHookin)
	rt.Page("POST /settings/incoming/{id}/test", team.ManageTokens, a.testHookin)
	rt.Page("POST /settings/incoming/{id}/{do}", team.ManageTokens, a.onHookin)
	rt.Page("POST /settings/incoming/{id}/items/{item}/retry", team.ManageTokens, a.retryItem)
}

func hookinPath(id hookin.ID) string { return "/settings/incoming/" + id.String() }

func hookinID(r *http.Request) (hookin.ID, error) {
	key, err := id.Read[hookin.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such incoming webhook.")
	}
	return key, nil
}

// hookinBoard is an incoming webhook with what came.
type hookinBoard struct {
	hookin.Hook
	Items   []hookin.Item
	Counts  map[hookin.State]int
	State   hookin.State // those that are listed; "" is all
	Titles  map[conversation.ID]string
	Next    string
	URL     string // where it is, from outside
	Raw     string // as typed for a test
	Trouble ui.Trouble
}

func (a area) hookins(w http.ResponseWriter, r *http.Request) error {
	var list []hookin.Hook
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { list, err = hookin.List(r.Context(), tx); return err })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, hookinsPage(list))
	return nil
}

func (a area) newHookin(w http.ResponseWriter, r *http.Request) error {
	ui.Render(w, r, http.StatusOK, hookinNewPage(hookinNew{Given: hookin.Given{Proof: hookin.Proof{Scheme: hookin.Standard, Encoding: "hex"}}}))
	return nil
}

// hookinNew is one that is to be made.
type hookinNew struct {
	hookin.Given
	Trouble ui.Trouble
}

func readProof(r *http.Request) hookin.Proof {
	return hookin.Proof{Scheme: hookin.Scheme(r.FormValue("scheme")), Header: r.FormValue("header"), Encoding: r.FormValue("encoding"), IDHeader: r.FormValue("id_header")}
}

// makeHookin shows the secret on the answer itself: it is nowhere kept that anybody could read it.
func (a area) makeHookin(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), hookinNew{Given: hookin.Given{Name: r.FormValue("name"), Proof: readProof(r), Secret: r.FormValue("secret")}}
	var h hookin.Hook
	var text string
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		made, secret, err := a.Intake.Make(ctx, tx, f.Given)
		if err != nil {
			return err
		}
		text = secret
		h, err = hookin.Get(ctx, tx, made)
		return err
	})
	if err == nil {
		ui.Render(w, r, http.StatusOK, hookinSecretPage(h, a.URL+h.Path(), t(ctx, "hookin_made"), text))
		return nil
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, f.Trouble.Status, hookinNewPage(f))
	return nil
}

const itemsShown = 30

func (a area) hookin(w http.ResponseWriter, r *http.Request) error {
	key, err := hookinID(r)
	if err != nil {
		return err
	}
	b := hookinBoard{State: hookin.State(r.FormValue("state"))}
	b.ID = key
	return a.showHookin(w, r, http.StatusOK, b)
}

func (a area) showHookin(w http.ResponseWriter, r *http.Request, status int, b hookinBoard) error {
	before, _ := id.Read[hookin.ItemID](r.FormValue("before"))
	b.URL = a.URL
	err := a.DB.Read(r.Context(), func(tx *db.Tx) error { return b.read(r.Context(), tx, before) })
	if err != nil {
		return err
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, hookinNow(b))
		return nil
	}
	ui.Render(w, r, status, hookinPage(b))
	return nil
}

func (b *hookinBoard) read(ctx context.Context, tx *db.Tx, before hookin.ItemID) (err error) {
	if b.Hook, err = hookin.Get(ctx, tx, b.ID); err != nil {
		return err
	}
	if b.Items, err = hookin.Items(ctx, tx, b.ID, b.State, before, itemsShown+1); err != nil {
		return err
	}
	if len(b.Items) > itemsShown {
		b.Items = b.Items[:itemsShown]
		b.Next = b.listPath(b.State) + "&before=" + b.Items[itemsShown-1].ID.String()
	}
	if b.Counts, err = hookin.Count(ctx, tx, b.ID); err != nil {
		return err
	}
	if b.Raw == "" {
		b.Raw = sampleOrder
		if len(b.Items) > 0 && !b.Items[0].Form {
			b.Raw = pretty([]byte(b.Items[0].Raw))
		}
	}
	var talks []conversation.ID
	for _, i := range b.Items {
		if i.Conversation != 0 {
			talks = append(talks, i.Conversation)
		}
	}
	b.Titles, err = conversation.Titles(ctx, tx, talks)
	return err
}

// sampleOrder is what one maps before anything came.
const sampleOrder = `{
  "customer": {
    "email": "bora@example.com",
    "name": "Bora"
  },
  "order": {
    "number": "A-1001",
    "status": "late"
  }
}`

func (b hookinBoard) listPath(s hookin.State) string {
	return hookinPath(b.ID) + "?state=" + string(s)
}

func (b hookinBoard) segments(ctx context.Context) (list []ui.Link) {
	list = append(list, ui.Link{Label: t(ctx, "hook_all"), URL: b.listPath(""), Current: b.State == ""})
	for _, s := range hookin.States {
		list = append(list, ui.Link{Label: t(ctx, "hookin_is_"+string(s)), URL: b.listPath(s), Count: b.Counts[s], Current: b.State == s})
	}
	return list
}

// onHookin switches it or deletes it.
func (a area) onHookin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := hookinID(r)
	if err != nil {
		return err
	}
	to, word := hookinPath(key), ""
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		switch r.PathValue("do") {
		case "on":
			word = "hookin_switched_on"
			return hookin.Switch(ctx, tx, key, true)
		case "off":
			word = "hookin_switched_off"
			return hookin.Switch(ctx, tx, key, false)
		case "delete":
			to, word = "/settings/incoming", "hookin_deleted"
			return hookin.Delete(ctx, tx, key)
		}
		return problem.New(problem.NotFound, "There is nothing here.")
	})
	if err != nil {
		return err
	}
	return done(w, r, to, word)
}

func (a area) rotateHookin(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := hookinID(r)
	if err != nil {
		return err
	}
	var h hookin.Hook
	var text string
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if text, err = a.Intake.Rotate(ctx, tx, key, r.FormValue("secret"), r.FormValue("at_once") != ""); err != nil {
			return err
		}
		h, err = hookin.Get(ctx, tx, key)
		return err
	})
	if err == nil {
		ui.Render(w, r, http.StatusOK, hookinSecretPage(h, a.URL+h.Path(), t(ctx, "hook_rotated"), text))
		return nil
	}
	b := hookinBoard{}
	b.ID = key
	if b.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showHookin(w, r, b.Trouble.Status, b)
}

// testHookin sends something to it as if it had come.
func (a area) testHookin(w http.ResponseWriter, r *http.Request) error {
	key, err := hookinID(r)
	if err != nil {
		return err
	}
	b := hookinBoard{Raw: r.FormValue("raw")}
	b.ID = key
	err = a.DB.Write(r.Context(), func(tx *db.Tx) error {
		_, err := hookin.Try(r.Context(), tx, key, b.Raw)
		return err
	})
	if err == nil {
		return done(w, r, hookinPath(key), "hookin_tried")
	}
	if b.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showHookin(w, r, b.Trouble.Status, b)
}

func (a area) retryItem(w http.ResponseWriter, r *http.Request) error {
	key, err := hookinID(r)
	if err != nil {
		return err
	}
	item, err := id.Read[hookin.ItemID](r.PathValue("item"))
	if err != nil {
		return problem.New(problem.NotFound, "This is no longer kept.")
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return hookin.Again(r.Context(), tx, key, item) }); err != nil {
		return err
	}
	return done(w, r, hookinPath(key), "hookin_again_done")
}
