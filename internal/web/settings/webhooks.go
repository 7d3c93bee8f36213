package settings

import (
	"context"
	"net/http"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
	"baraji/internal/webhook"
)

func (a area) webhookRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/webhooks", team.ManageTokens, a.webhooks)
	rt.Page("GET /settings/webhooks/new", team.ManageTokens, a.newWebhook)
	rt.Page("POST /settings/webhooks/new", team.ManageTokens, a.makeWebhook)
	rt.Page("GET /settings/webhooks/{id}", team.ManageTokens, a.webhook)
	rt.Page("GET /settings/webhooks/{id}/edit", team.ManageTokens, a.editWebhook)
	rt.Page("POST /settings/webhooks/{id}/edit", team.ManageTokens, a.saveWebhook)
	rt.Page("POST /settings/webhooks/{id}/rotate", team.ManageTokens, a.rotateWebhook)
	rt.Page("POST /settings/webhooks/{id}/resend", team.ManageTokens, a.resendWebhook)
	rt.Page("POST /settings/webhooks/{id}/{do}", team.ManageTokens, a.onWebhook)
	rt.Page("POST /settings/webhooks/{id}/deliveries/{delivery}/resend", team.ManageTokens, a.resendDelivery)
}

// hookForm is a webhook as its form shows it.
type hookForm struct {
	webhook.Endpoint
	Trouble ui.Trouble
}

func (f hookForm) path() string {
	if f.ID == 0 {
		return "/settings/webhooks/new"
	}
	return hookPath(f.ID) + "/edit"
}

func (f hookForm) up() string {
	if f.ID == 0 {
		return "/settings/webhooks"
	}
	return hookPath(f.ID)
}

func hookPath(id webhook.ID) string { return "/settings/webhooks/" + id.String() }

// hookBoard is a webhook with what became of what was sent.
type hookBoard struct {
	webhook.Endpoint
	Deliveries []webhook.Delivery
	Counts     map[webhook.DeliveryState]int
	State      webhook.DeliveryState // those that are listed; "" is all
	Next       string
	OldUntil   time.Time // an old secret signs until then
	By         string
	Since      string // as typed
	Trouble    ui.Trouble
}

func (a area) webhooks(w http.ResponseWriter, r *http.Request) error {
	var list []webhook.Endpoint
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { list, err = webhook.List(r.Context(), tx); return err })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, webhooksPage(list))
	return nil
}

func (a area) newWebhook(w http.ResponseWriter, r *http.Request) error {
	ui.Render(w, r, http.StatusOK, hookFormPage(hookForm{}))
	return nil
}

func readHook(r *http.Request) webhook.Given {
	g := webhook.Given{Address: r.FormValue("address"), About: r.FormValue("about")}
	if r.FormValue("what") == "some" {
		g.Kinds = r.Form["kinds"]
	}
	return g
}

// checkHook refuses what only the form can ask: to be sent some kinds, and none is chosen.
func checkHook(r *http.Request, g webhook.Given) error {
	if r.FormValue("what") == "some" && len(g.Kinds) == 0 {
		return problem.For("kinds", "Choose at least one kind of event.")
	}
	return nil
}

// makeWebhook shows the secret on the answer itself: it is nowhere kept that anybody could read it.
func (a area) makeWebhook(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	g := readHook(r)
	var made webhook.ID
	var text string
	err := checkHook(r, g)
	if err == nil {
		err = a.DB.Write(ctx, func(tx *db.Tx) (err error) { made, text, err = a.Hooks.Make(ctx, tx, g); return err })
	}
	if err == nil {
		ui.Render(w, r, http.StatusOK, hookSecretPage(made, t(ctx, "hook_made"), text))
		return nil
	}
	return a.refuseHook(w, r, hookForm{}, g, err)
}

func (a area) refuseHook(w http.ResponseWriter, r *http.Request, f hookForm, g webhook.Given, err error) error {
	f.Address, f.About, f.Kinds = g.Address, g.About, g.Kinds
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, f.Trouble.Status, hookFormPage(f))
	return nil
}

func hookID(r *http.Request) (webhook.ID, error) {
	key, err := id.Read[webhook.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such webhook.")
	}
	return key, nil
}

func (a area) hookAt(r *http.Request) (f hookForm, err error) {
	key, err := hookID(r)
	if err != nil {
		return f, err
	}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { f.Endpoint, err = webhook.Get(r.Context(), tx, key); return err })
	return f, err
}

func (a area) editWebhook(w http.ResponseWriter, r *http.Request) error {
	f, err := a.hookAt(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, hookFormPage(f))
	return nil
}

func (a area) saveWebhook(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := a.hookAt(r)
	if err != nil {
		return err
	}
	g := readHook(r)
	if err = checkHook(r, g); err == nil {
		err = a.DB.Write(ctx, func(tx *db.Tx) error { return a.Hooks.Change(ctx, tx, f.ID, g) })
	}
	if err != nil {
		return a.refuseHook(w, r, f, g, err)
	}
	return done(w, r, hookPath(f.ID), "saved")
}

const deliveriesShown = 50

// webhook is asked for the fragment again every few seconds while somebody looks: a delivery tells nobody that it arrived.
func (a area) webhook(w http.ResponseWriter, r *http.Request) error {
	key, err := hookID(r)
	if err != nil {
		return err
	}
	b := hookBoard{State: webhook.DeliveryState(r.FormValue("state"))}
	b.ID = key
	return a.showHook(w, r, http.StatusOK, b)
}

func (a area) showHook(w http.ResponseWriter, r *http.Request, status int, b hookBoard) error {
	ctx := r.Context()
	before, _ := id.Read[webhook.DeliveryID](r.FormValue("before"))
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if b.Endpoint, err = webhook.Get(ctx, tx, b.ID); err != nil {
			return err
		}
		if b.Deliveries, err = webhook.Deliveries(ctx, tx, b.ID, b.State, before, deliveriesShown+1); err != nil {
			return err
		}
		if b.Counts, err = webhook.Count(ctx, tx, b.ID); err != nil {
			return err
		}
		if b.OldUntil, err = webhook.OldUntil(ctx, tx, b.ID); err != nil {
			return err
		}
		names, err := team.Names(ctx, tx)
		b.By = names[b.CreatedBy]
		return err
	})
	if err != nil {
		return err
	}
	if len(b.Deliveries) > deliveriesShown {
		b.Deliveries = b.Deliveries[:deliveriesShown]
		b.Next = b.listPath(b.State) + "&before=" + b.Deliveries[deliveriesShown-1].ID.String()
	}
	if b.Since == "" {
		since := b.OffAt
		if since.IsZero() {
			since = a.DB.Now().Add(-24 * time.Hour)
		}
		b.Since = since.In(i18n.Of(ctx).Zone).Format(clockForm)
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, hookNow(b))
		return nil
	}
	ui.Render(w, r, status, hookPage(b))
	return nil
}

const clockForm = "2006-01-02T15:04" // of <input type=datetime-local>

func (b hookBoard) listPath(s webhook.DeliveryState) string {
	return hookPath(b.ID) + "?state=" + string(s)
}

func (b hookBoard) segments(ctx context.Context) (list []ui.Link) {
	list = append(list, ui.Link{Label: t(ctx, "hook_all"), URL: b.listPath(""), Current: b.State == ""})
	for _, s := range webhook.DeliveryStates {
		list = append(list, ui.Link{Label: t(ctx, "hook_is_"+string(s)), URL: b.listPath(s), Count: b.Counts[s], Current: b.State == s})
	}
	return list
}

// onWebhook switches it, tries it or deletes it.
func (a area) onWebhook(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := hookID(r)
	if err != nil {
		return err
	}
	to, word := hookPath(key), ""
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		switch r.PathValue("do") {
		case "on":
			word = "hook_switched_on"
			return a.Hooks.Switch(ctx, tx, key, true)
		case "off":
			word = "hook_switched_off"
			return a.Hooks.Switch(ctx, tx, key, false)
		case "test":
			word = "hook_trying"
			_, err = a.Hooks.Try(ctx, tx, key)
			return err
		case "delete":
			to, word = "/settings/webhooks", "hook_deleted"
			return a.Hooks.Delete(ctx, tx, key)
		}
		return problem.New(problem.NotFound, "There is nothing here.")
	})
	if err != nil {
		return err
	}
	return done(w, r, to, word)
}

func (a area) rotateWebhook(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := hookID(r)
	if err != nil {
		return err
	}
	var text string
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		text, err = a.Hooks.Rotate(ctx, tx, key, r.FormValue("at_once") != "")
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, hookSecretPage(key, t(ctx, "hook_rotated"), text))
	return nil
}

func (a area) resendWebhook(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := hookID(r)
	if err != nil {
		return err
	}
	since, err := time.ParseInLocation(clockForm, r.FormValue("since"), i18n.Of(ctx).Zone)
	if err != nil {
		err = problem.For("since", "Choose a time of the last seven days.")
	} else {
		err = a.DB.Write(ctx, func(tx *db.Tx) error { return a.Hooks.Resend(ctx, tx, key, since.UTC()) })
	}
	if err == nil {
		return done(w, r, hookPath(key), "hook_resending")
	}
	b := hookBoard{Since: r.FormValue("since")}
	b.ID = key
	if b.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showHook(w, r, b.Trouble.Status, b)
}

func (a area) resendDelivery(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := hookID(r)
	if err != nil {
		return err
	}
	d, err := id.Read[webhook.DeliveryID](r.PathValue("delivery"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such delivery.")
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return a.Hooks.Again(ctx, tx, key, d) }); err != nil {
		return err
	}
	return done(w, r, hookPath(key), "hook_resending")
}

// hookTone is the colour of a state.
func hookTone(s webhook.State) string {
	switch s {
	case webhook.On:
		return "good"
	case webhook.Off:
		return ""
	}
	return "bad"
}

func deliveryTone(s webhook.DeliveryState) string {
	switch s {
	case webhook.Delivered:
		return "good"
	case webhook.Failed, webhook.Missed:
		return "bad"
	}
	return ""
}

// kindsWords says in a few words what a webhook takes.
func kindsWords(ctx context.Context, e webhook.Endpoint) string {
	if len(e.Kinds) == 0 {
		return t(ctx, "hook_everything")
	}
	var list []string
	for _, k := range e.Kinds {
		if strings.Contains(k, ".") {
			list = append(list, kindWord(ctx, k))
		} else {
			list = append(list, i18n.T(ctx, "audit.area_"+k))
		}
	}
	if len(list) > 3 {
		return t(ctx, "hook_more", "list", strings.Join(list[:3], ", "), "n", len(list)-3)
	}
	return strings.Join(list, ", ")
}

// whyWords says why something did not arrive.
func whyWords(ctx context.Context, d webhook.Delivery) string {
	return t(ctx, "hook_why_"+string(d.Why), "status", d.Status)
}

// indented is what was sent, as one reads it.
func indented(d webhook.Delivery) string {
	b, err := d.Request()
	if err != nil {
		return ""
	}
	return pretty(b)
}
