package browser

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// statusViews are the pages of the public status page. LANG is the language of the look.
func statusViews(t *testing.T, reader *house.Visitor, h *house.House) []view {
	t.Helper()
	one := regexp.MustCompile(`/status/inc_[^"?]+`).FindString(reader.Get("/status").Body)
	if one == "" {
		t.Fatal("the status page leads to no incident")
	}
	list := []view{
		{route: "/status", name: "status", path: "/status?lang=LANG", tall: 1700},
		{route: "/status/{id}", name: "status-incident", path: one + "?lang=LANG"},
		{route: "/status/history", name: "status-history", path: "/status/history?lang=LANG"},
		{name: "status-sent", path: "/status?lang=LANG", do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `(() => { document.querySelector("[name=email]").value = "hana@reader.example"; document.querySelector(".st__mail form").submit(); return true })()`)
			tab.Wait(".out__main > h1")
		}},
	}
	for i := range list {
		list[i].house, list[i].as = h, reader
	}
	return list
}

// readerViews are the pages to which mails lead whoever reads the status page: to say yes to them, and to choose what they tell or that they end.
func readerViews(t *testing.T) []view {
	t.Helper()
	h := house.New(t, dbtest.New(t, db.SQLite)).Furnish()
	sink, reader := h.PostOffice(), h.Stranger()
	h.Mina.Post("/incidents/page", "on", "on", "n", "2", "0.name.en", "Shop", "0.name.ko", "쇼핑몰", "1.name.en", "App", "1.name.ko", "앱").Leads("/incidents/page")
	form := func(path string, values url.Values) {
		reader.Send("POST", path, strings.NewReader(values.Encode()), "Content-Type", "application/x-www-form-urlencoded").Is(200)
	}
	find := func(text, path string) string {
		return regexp.MustCompile(regexp.QuoteMeta(path) + `[A-Za-z0-9_/-]+`).FindString(text)
	}
	form("/status/subscribe", url.Values{"email": {"first@reader.example"}})
	yes := find(string(h.Letter(sink).Text), "/status/confirm/")
	form(yes, url.Values{})
	at := h.Mina.Post("/incidents/new", "title.en", "Shop is slow", "title.ko", "쇼핑몰이 느려요", "severity", "minor", "public", "on").To
	h.Mina.Post(at+"/update", "state", "investigating", "text.en", "We look.", "text.ko", "살펴보고 있어요.", "public", "on", "sure", "1").Leads(at)
	leave := find(h.Letter(sink).Header.Get("List-Unsubscribe"), "/status/mails/")
	form("/status/subscribe", url.Values{"email": {"second@reader.example"}})
	confirm := find(string(h.Letter(sink).Text), "/status/confirm/")
	return []view{
		{route: "/status/confirm/{id}/{token}", name: "status-confirm", path: confirm + "?lang=LANG", as: reader, house: h},
		{route: "/status/mails/{id}/{token}", name: "status-mails", path: leave + "?lang=LANG", as: reader, house: h},
	}
}
