package incidents_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig"
	"baraji/test/rig/house"
)

// asks is a customer who writes about something.
func asks(t *testing.T, h *house.House, name, text string) (talk conversation.ID) {
	t.Helper()
	h.Must(func(tx *db.Tx) error {
		who, _, err := contact.Resolve(h.System(), tx, contact.Sender{Name: name, Email: strings.ToLower(name) + "@customer.example"})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(h.System(), tx, conversation.Inbound{Inbox: h.Inbox, Contact: who, Message: conversation.Message{Subject: text, Text: text, FromAddress: who.Email}})
		talk = got.Conversation
		return err
	})
	h.Run()
	return talk
}

// An incident from the first word to the review, by its pages: nothing goes out before it was looked at once more with the number of those who get it.
func TestAnIncidentFromTheFirstWordToTheReview(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		sink := h.PostOffice()
		noah := h.As("noah", team.Owner)
		talk := asks(t, h, "Hana", "The app does not sign in")
		alike := asks(t, h, "Ben", "I cannot sign in any more")

		noah.Get("/inbox/"+talk.String()+"/incident").Is(200).Says("No incident is open.", "/incidents/new?talk="+talk.String())
		at := noah.Post("/incidents/new", "title.en", "The app does not sign in", "severity", "critical", "words", "sign in", "public", "on", "talk", talk.String()).To
		noah.Get(at).Is(200).Says("The app does not sign in", "1 told where they wrote", "May be about it", "I cannot sign in any more")
		noah.Get("/inbox/"+alike.String()+"/suggestions").Is(200).Says("May be about an incident", "The app does not sign in")
		noah.Post(at+"/links", "talk", alike.String()).Leads(at + "#talks")

		noah.Get(at + "/update?to=identified").Is(200).Says("We have found the cause: The app does not sign in.")
		noah.Post(at+"/update", "state", "identified", "text.en", "A certificate ran out.", "told", "on", "public", "on").Is(200).Says("This is how customers read it.", "Tell 2 customers", "Not written: the other language is sent")
		h.Run()
		noah.Get("/inbox/" + talk.String()).Hides("A certificate ran out.")
		noah.Post(at+"/update", "state", "identified", "text.en", "A certificate ran out.", "told", "on", "public", "on", "sure", "1").Leads(at)
		h.Run()
		noah.Get("/inbox/"+talk.String()).Says("Hello Hana,", "A certificate ran out.", "About an incident: Cause found")
		noah.Get("/inbox/"+alike.String()).Says("Hello Ben,", "A certificate ran out.")
		if letter := h.Letter(sink); !strings.Contains(string(letter.Text), "A certificate ran out.") {
			t.Errorf("the mail: %s", letter.Text)
		}
		noah.Get(at).Says("The last update reached 2.")

		reader := h.Stranger()
		public := "/status" + strings.TrimPrefix(at, "/incidents")
		reader.Get("/status").Is(200).Says("The app does not sign in", "A certificate ran out.").Hides("Hana", "Ben", "noah")
		reader.Get(public).Is(200).Says("A certificate ran out.")
		noah.Post(at+"/update", "state", "resolved", "text.en", "Renewed.", "text.ko", "새로 받았습니다.", "told", "on", "public", "on", "solves", "on", "sure", "1").Leads(at)
		h.Run()
		noah.Get("/inbox/"+talk.String()).Says("Hana님, 안녕하세요.", "새로 받았습니다.", "Open again")
		reader.Get("/status?lang=ko").Is(200).Says("새로 받았습니다.", "모두 정상이에요")

		noah.Post(at+"/actions", "action", "Renew by itself", "cause", "on").Is(422).Says("Choose who sees to it.")
		noah.Post(at+"/actions", "action", "Renew by itself", "cause", "on", "owner", noah.ID.String(), "due", "2036-01-05").Leads(at + "/review#actions")
		noah.Get("/incidents/causes").Says("Renew by itself", "too soon")
		noah.Post(at+"/review", "happened", "It ran out.", "why", "Nobody looked.", "do", "done").Leads(at + "/review")
		noah.Get(at+"/review").Says("It ran out.", "Reviewed")
		reader.Get(public).Says("Over").Hides("It ran out.", "Nobody looked.", "Reviewed")
	})
}

// The status page by somebody without scripts: he reads, takes the feed, subscribes, confirms, and his mail program takes him off with one click.
func TestTheStatusPageIsReadSubscribedAndLeft(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		sink := h.PostOffice()
		noah, reader := h.As("noah", team.Owner), h.Stranger()
		noah.Post("/incidents/page", "on", "on", "n", "2", "0.name.en", "Shop", "0.name.ko", "쇼핑몰", "1.name.en", "App").Leads("/incidents/page")
		reader.Get("/status").Is(200).Says("Everything works", "Shop", "App", "100%")

		post := func(path string, form url.Values) house.Answer {
			return reader.Send("POST", path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
		}
		post("/status/subscribe", url.Values{"email": {"nobody"}}).Is(422).Says("Enter an e-mail address.")
		post("/status/subscribe", url.Values{"email": {"hana@reader.example"}}).Is(200).Says("Look into your mailbox")
		h.Run()
		confirm := link(t, string(h.Letter(sink).Text), "/status/confirm/")
		reader.Get(confirm).Is(200).Says("Yes, send me the news")
		reader.Get(confirm[:len(confirm)-2] + "xx").Is(404)
		post(confirm, url.Values{}).Is(200).Says("Confirmed.", "hana@reader.example")

		at := noah.Post("/incidents/new", "title.en", "Shop is slow", "severity", "minor", "public", "on").To
		noah.Post(at+"/update", "state", "investigating", "text.en", "We look.", "public", "on", "sure", "1").Leads(at)
		h.Run()
		news := h.Letter(sink)
		if news.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.Contains(string(news.Text), "We look.") {
			t.Errorf("the news: %v\n%s", news.Header, news.Text)
		}
		off := link(t, news.Header.Get("List-Unsubscribe"), "/status/mails/")
		post(off, url.Values{"List-Unsubscribe": {"One-Click"}}).Is(200).Says("You get no more mails")
		reader.Get(off).Is(404)

		noah.Post("/maintenance/new", "title.en", "Move & <upgrade>", "title.ko", "서버 이전", "about.ko", "잠시 \x07멈춰요 ]]>", "from", "2026-01-10T02:00", "to", "2026-01-10T04:00").Leads("/maintenance")
		readFeed(t, reader.Get("/status/feed.atom?lang=en").Is(200).Body, "Looking into it: Shop is slow", "We look.")
		readFeed(t, reader.Get("/status/feed.atom?lang=en").Is(200).Body, "Move & <upgrade>", "")
		readFeed(t, reader.Get("/status/feed.atom?lang=ko").Is(200).Body, "서버 이전", "]]>")

		h.Clock.Advance(3 * time.Hour)
		move := noah.Get("/maintenance").Is(200).Find(`/maintenance/(mnt_[a-z0-9]+)`)
		noah.Post("/maintenance/" + move + "/cancel").Leads("/maintenance")
		called := reader.Get("/status/feed.atom?lang=en").Is(200).Body
		readFeed(t, called, "called off: Move & <upgrade>", "")
		if at := h.Clock.Now().UTC().Format(time.RFC3339); strings.Count(called, "<updated>"+at+"</updated>") != 2 {
			t.Errorf("neither the feed nor its entry is new again at %s: %s", at, called)
		}
		noah.Post("/incidents/page", "n", "0").Leads("/incidents/page")
		reader.Get("/status").Is(404)
	})
}

// readFeed reads the feed with two libraries that are not ours, which understand the same; some entry has a title and a text.
func readFeed(t *testing.T, body, title, text string) {
	t.Helper()
	type entry struct{ ID, Title, Updated, Link, Text string }
	var all [2][]entry
	for i, library := range rig.Feeds {
		rig.ReadWith(t, library, []byte(body), &all[i])
	}
	names := map[string]bool{}
	for _, e := range all[0] {
		names[e.ID] = true
	}
	if !slices.Equal(all[0], all[1]) || len(names) != len(all[0]) ||
		!slices.ContainsFunc(all[0], func(e entry) bool {
			return strings.HasSuffix(e.Title, title) && strings.Contains(e.Text, text) && e.Link != ""
		}) {
		t.Errorf("%v read %+v and %+v, want one %q, %q", rig.Feeds, all[0], all[1], title, text)
	}
}

// link is the first address in a text that has a path, without the host.
func link(t *testing.T, text, path string) string {
	t.Helper()
	at := strings.Index(text, path)
	if at < 0 {
		t.Fatalf("no %s in %q", path, text)
	}
	return strings.TrimRight(strings.Fields(text[at:])[0], ">.")
}
