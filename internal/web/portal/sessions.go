package portal

import (
	"net/http"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/portal"
	"baraji/internal/web/ui"
)

func (a area) sessions(w http.ResponseWriter, v visit) error {
	var list []portal.Session
	err := a.DB.Read(v.ctx, func(tx *db.Tx) (err error) { list, err = portal.Sessions(v.ctx, tx, v.Guest); return err })
	if err != nil {
		return err
	}
	ui.Render(w, v.r, http.StatusOK, sessionsPage(v.Guest, list))
	return nil
}

func (a area) endOne(w http.ResponseWriter, v visit) error {
	key, err := id.Read[portal.SessionID](v.r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "This is not there any more.")
	}
	if err := a.write(v, func(tx *db.Tx) error { return portal.End(v.ctx, tx, v.Guest, key) }); err != nil {
		return err
	}
	http.Redirect(w, v.r, "/portal/sessions", http.StatusSeeOther)
	return nil
}

func (a area) endOthers(w http.ResponseWriter, v visit) error {
	if err := a.write(v, func(tx *db.Tx) error { return portal.EndOthers(v.ctx, tx, v.Guest) }); err != nil {
		return err
	}
	http.Redirect(w, v.r, "/portal/sessions", http.StatusSeeOther)
	return nil
}

// speak sets the language in which the guest reads.
func (a area) speak(w http.ResponseWriter, v visit) error {
	l, ok := i18n.Parse(v.r.PathValue("language"))
	if !ok {
		return problem.New(problem.NotFound, "This page is not here.")
	}
	if err := a.write(v, func(tx *db.Tx) error { return portal.Speak(v.ctx, tx, v.Guest, l) }); err != nil {
		return err
	}
	http.Redirect(w, v.r, ui.Local(v.r.URL.Query().Get("to")), http.StatusSeeOther)
	return nil
}

// browserName is a browser as one knows it: its name and its system.
func browserName(agent string) string {
	found := func(list ...[2]string) string {
		for _, x := range list {
			if strings.Contains(agent, x[0]) {
				return x[1]
			}
		}
		return ""
	}
	browser := found([2]string{"Edg/", "Edge"}, [2]string{"SamsungBrowser", "Samsung Internet"}, [2]string{"Whale/", "Whale"}, [2]string{"Firefox/", "Firefox"},
		[2]string{"Chrome/", "Chrome"}, [2]string{"Safari/", "Safari"})
	system := found([2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Android", "Android"}, [2]string{"Windows", "Windows"}, [2]string{"Mac OS", "macOS"},
		[2]string{"Linux", "Linux"})
	if browser == "" {
		return "?"
	}
	return strings.TrimSuffix(browser+" · "+system, " · ")
}
