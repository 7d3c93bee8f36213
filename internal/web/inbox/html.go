package inbox

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/web/ui"
)

// html is a mail as its sender made it, cleaned, as the document of a sandboxed
// frame. ?pictures=1 says that the reader agreed to fetch what is elsewhere;
// ?quoted=1 shows the mails that it quotes too.
func (a *area) html(w http.ResponseWriter, r *http.Request) error {
	id, err := messageID(r)
	if err != nil {
		return err
	}
	var m conversation.Message
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { m, err = conversation.GetMessage(r.Context(), tx, id); return err })
	if err != nil {
		return err
	}
	return a.frame(w, r, m)
}

func (a *area) frame(w http.ResponseWriter, r *http.Request, m conversation.Message) error {
	o := html.Options{CID: func(id string) string { return inlinePicture(m, id) }}
	if r.URL.Query().Get("pictures") != "" {
		o.Proxy = a.proxied
	}
	body := m.HTML
	if body == "" {
		body = html.FromText(m.Text)
	}
	page := html.Document(html.Clean(body, o).HTML, string(i18n.Of(r.Context()).Locale), html.Light) // its colours were chosen for white paper
	w.Header().Del("X-Frame-Options")                                                                // its policy says who may frame it
	for name, value := range html.FrameHeaders(html.SandboxMeasured) {
		w.Header().Set(name, value)
	}
	_, err := w.Write(page)
	return err
}

// inlinePicture is the address of a picture that came with the mail.
func inlinePicture(m conversation.Message, id string) string {
	for _, f := range m.Attachments {
		if f.ContentID != "" && strings.Trim(f.ContentID, "<>") == id && ui.IsPicture(f.Type) {
			return "/file/" + f.ID.String() + "?inline=1"
		}
	}
	return ""
}

// proxied is the signed address of a picture that is elsewhere. It is good for as
// long as somebody may look at the mail.
func (a *area) proxied(remote string) string {
	q := url.Values{"u": {remote}, "t": {a.Keys.Link("picture", remote, a.DB.Now().Add(12*time.Hour))}}
	return "/picture?" + q.Encode()
}
