package settings_test

import (
	"strings"
	"testing"

	"baraji/internal/team"
	"baraji/test/rig/house"

	"golang.org/x/net/html"
)

// Somebody makes a form, adds a question, moves it, publishes it, and a customer sees it.
func TestAFormIsBuiltAndPublished(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		mina := h.Furnish().Mina
		inbox := mina.Get("/settings/forms/new").Is(200).Find(`<option value="(inb_[^"]+)"`)
		mina.Post("/settings/forms/new", "name", "수리", "slug", "Repair!", "inbox", inbox, "start", "question").Is(422).Says("Write the address in small letters")
		at := mina.Post("/settings/forms/new", "name", "수리", "slug", "repair", "inbox", inbox, "start", "return").Is(303).To
		page := mina.Get(at).Is(200).Says("Order number", "주문 번호", "Publish")
		mina.Stranger().Get("/f/repair").Is(404)

		form := fields(page.Body)
		added := mina.Post(at, append(form, "do", "add", "kind", "date")...).Is(200).Says("New question")
		if mina.Get(at).Is(200); strings.Contains(mina.Get(at).Body, "New question") {
			t.Error("adding a question has saved the form")
		}
		moved := mina.Post(at, append(fields(added.Body), "do", "up:8")...).Is(200)
		form = fields(moved.Body)
		set(form, "q.7.label.en", "When did you buy it?")
		set(form, "q.2.label.ko", "전화")
		mina.Post(at, form...).Is(303)
		mina.Get(at).Says("When did you buy it?", "전화")
		mina.Post(at+"/preview?lang=en", form...).Is(200).Says("When did you buy it?", "Order number", "Only if “Why do you send it back?” is: It is broken, Something else came")
		mina.Post(at+"/preview?lang=ko", form...).Is(200).Says("주문 번호")

		mina.Post(at+"/state", "to", "live").Is(303)
		mina.Get(at).Says("/f/embed.js", "data-form=", "Close")
		mina.Stranger().Get("/f/repair?lang=en").Is(200).Says("When did you buy it?")
		mina.Post(at+"/state", "to", "closed").Is(303)
		mina.Post(at + "/delete").Leads("/settings/forms")
		mina.Get("/settings/forms").Says("No form yet")
		h.As("gaon", team.Agent).Get("/settings/forms").Is(403)
	})
}

// What is wrong with a question stands in its row.
func TestAFormThatCannotBeSavedSaysWhy(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		mina := h.Furnish().Mina
		inbox := mina.Get("/settings/forms/new").Find(`<option value="(inb_[^"]+)"`)
		at := mina.Post("/settings/forms/new", "name", "Q", "slug", "q", "inbox", inbox, "start", "question").To
		form := fields(mina.Get(at).Body)
		set(form, "q.2.label.en", "")
		set(form, "q.2.label.ko", "")
		set(form, "q.3.key", "about")
		mina.Post(at, form...).Is(422).Says("Write the question.", "Each question needs a key of its own")
		form = fields(mina.Get(at).Body)
		set(form, "q.1.kind", "text")
		mina.Post(at, form...).Is(303)
		mina.Post(at+"/state", "to", "live").Is(422).Says("Ask for an e-mail address")
	})
}

func set(form []string, name, value string) {
	for i := 0; i+1 < len(form); i += 2 {
		if form[i] == name {
			form[i+1] = value
			return
		}
	}
	panic("the form has no field " + name)
}

// fields are what a browser would send of the builder: pairs of names and values.
func fields(body string) (pairs []string) {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	attr := func(n *html.Node, name string) (string, bool) {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val, true
			}
		}
		return "", false
	}
	for n := range doc.Descendants() {
		if _, ok := attr(n, "data-builder"); ok {
			doc = n
			break
		}
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		name, _ := attr(n, "name")
		if name == "" || name == "_csrf" || n.Data == "meta" || name == "kind" || name == "to" {
			continue
		}
		value, _ := attr(n, "value")
		switch n.Data {
		case "input":
			kind, _ := attr(n, "type")
			if _, on := attr(n, "checked"); kind == "checkbox" && !on {
				continue
			}
		case "textarea":
			value = ""
			if n.FirstChild != nil {
				value = strings.TrimPrefix(n.FirstChild.Data, "\n")
			}
		case "select":
			for o := range n.Descendants() {
				if _, on := attr(o, "selected"); on {
					value, _ = attr(o, "value")
				}
			}
		default:
			continue
		}
		pairs = append(pairs, name, value)
	}
	return pairs
}
