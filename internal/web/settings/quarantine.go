package settings

import (
	"net/http"
	"strings"

	"baraji/internal/channel/email"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) quarantineRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/quarantine", team.Quarantine, a.quarantine)
	rt.Page("GET /settings/quarantine/{id}", team.Quarantine, a.heldMail)
	rt.Page("GET /settings/quarantine/{id}/html", team.Quarantine, a.heldHTML)
	rt.Page("GET /settings/quarantine/{id}/original", team.Quarantine, a.heldOriginal)
	rt.Page("POST /settings/quarantine/{id}/retry", team.Quarantine, a.retryHeld)
	rt.Page("POST /settings/quarantine/{id}/discard", team.Quarantine, a.discardHeld)
	rt.Page("POST /settings/quarantine/{id}/restore", team.Quarantine, a.restoreHeld)
}

// heldItem is a held mail with what can be read of it.
type heldItem struct {
	email.Item
	Inbox   string
	From    string
	Subject string
}

const heldShown = 25

func (a area) quarantine(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	before, _ := id.Read[email.ItemID](r.FormValue("before"))
	var items []email.Item
	var total int
	names := map[inbox.ID]string{}
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if items, err = email.Quarantine(ctx, tx, 0, before, heldShown+1); err != nil {
			return err
		}
		if total, err = email.QuarantineCount(ctx, tx); err != nil {
			return err
		}
		all, err := inbox.List(ctx, tx)
		for _, in := range all {
			names[in.ID] = in.Name
		}
		return err
	})
	if err != nil {
		return err
	}
	next := ""
	if len(items) > heldShown {
		items = items[:heldShown]
		next = "/settings/quarantine?before=" + items[heldShown-1].ID.String()
	}
	var list []heldItem
	for _, it := range items {
		one := heldItem{Item: it, Inbox: names[it.Inbox]}
		if raw, err := a.Mail.Raw(ctx, it.ID); err == nil { // a mail whose bytes are lost is listed too
			msg, _ := email.Peek(raw)
			one.From, one.Subject = senderOf(msg, it), msg.Subject
		}
		list = append(list, one)
	}
	ui.Render(w, r, http.StatusOK, quarantinePage(list, total, next))
	return nil
}

// senderOf is whom a mail says it is from, else who handed it in.
func senderOf(msg *mail.Message, it email.Item) string {
	if len(msg.From) == 0 {
		return it.EnvelopeFrom
	}
	f := msg.From[0]
	return strings.TrimSpace(f.Name + " <" + f.Addr + ">")
}

// opened is a held mail as far as it can be read.
type opened struct {
	heldItem
	Message *mail.Message
	Text    string
	Header  string // as it came
}

const headerShown = 64 << 10

func (a area) openHeld(r *http.Request) (o opened, raw []byte, err error) {
	ctx := r.Context()
	key, err := id.Read[email.ItemID](r.PathValue("id"))
	if err != nil {
		return o, nil, problem.New(problem.NotFound, "There is no such mail in the quarantine.")
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		if o.Item, err = email.GetHeld(ctx, tx, key); err != nil {
			return err
		}
		in, err := inbox.Get(ctx, tx, o.Item.Inbox)
		o.Inbox = in.Name
		return err
	})
	if err != nil {
		return o, nil, err
	}
	if raw, err = a.Mail.Raw(ctx, key); err != nil {
		return o, nil, err
	}
	o.Message, o.Text = email.Peek(raw)
	o.From, o.Subject, o.Header = senderOf(o.Message, o.Item), o.Message.Subject, headerText(raw)
	return o, raw, nil
}

// headerText is the header as it came, as far as it is text.
func headerText(raw []byte) string {
	s := string(raw[:min(len(raw), headerShown)])
	for _, gap := range []string{"\r\n\r\n", "\n\n"} {
		if i := strings.Index(s, gap); i >= 0 {
			s = s[:i]
		}
	}
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "�")
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' {
			return -1
		}
		return c
	}, s)
}

func (a area) heldMail(w http.ResponseWriter, r *http.Request) error {
	o, _, err := a.openHeld(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, heldPage(o))
	return nil
}

// heldHTML is the mail's own look in a frame that can do nothing. Pictures from
// elsewhere are never fetched for a mail that is held.
func (a area) heldHTML(w http.ResponseWriter, r *http.Request) error {
	o, _, err := a.openHeld(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Del("X-Frame-Options")
	for name, value := range html.FrameHeaders(html.Sandbox) {
		h.Set(name, value)
	}
	clean := html.Clean(o.Message.HTML, html.Options{})
	_, err = w.Write(html.Document(clean.HTML, string(i18n.Of(r.Context()).Locale), html.Theme(ui.Of(r.Context()).Theme)))
	return err
}

func (a area) heldOriginal(w http.ResponseWriter, r *http.Request) error {
	o, raw, err := a.openHeld(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream") // never shown by the browser
	h.Set("Content-Disposition", `attachment; filename="`+o.ID.String()+`.eml"`)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, err = w.Write(raw)
	return err
}

func (a area) onHeld(r *http.Request, do func(tx *db.Tx, key email.ItemID) error) error {
	key, err := id.Read[email.ItemID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such mail in the quarantine.")
	}
	return a.DB.Write(r.Context(), func(tx *db.Tx) error { return do(tx, key) })
}

func (a area) retryHeld(w http.ResponseWriter, r *http.Request) error {
	err := a.onHeld(r, func(tx *db.Tx, key email.ItemID) error { return email.Retry(r.Context(), tx, key) })
	if err != nil {
		return err
	}
	return done(w, r, "/settings/quarantine", "held_retried")
}

// discardHeld needs no question before it: it can be taken back.
func (a area) discardHeld(w http.ResponseWriter, r *http.Request) error {
	err := a.onHeld(r, func(tx *db.Tx, key email.ItemID) error { return email.Discard(r.Context(), tx, key) })
	if err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), "held_discarded"), Undo: "/settings/quarantine/" + r.PathValue("id") + "/restore"}, "/settings/quarantine")
	return nil
}

func (a area) restoreHeld(w http.ResponseWriter, r *http.Request) error {
	err := a.onHeld(r, func(tx *db.Tx, key email.ItemID) error { return email.Restore(r.Context(), tx, key) })
	if err != nil {
		return err
	}
	return done(w, r, "/settings/quarantine/"+r.PathValue("id"), "held_restored")
}
