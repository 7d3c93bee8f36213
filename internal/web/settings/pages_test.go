package settings_test

import (
	"regexp"
	"strings"
	"testing"

	"baraji/internal/team"
	"baraji/test/rig/house"
)

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// mine are the routes of the settings.
func mine(h *house.House, method string) (list []string) {
	for _, r := range h.Routes {
		if r.Method == method && (strings.HasPrefix(r.Path, "/settings") || strings.HasPrefix(r.Path, "/profile")) {
			list = append(list, r.Path)
		}
	}
	return list
}

// own says that a page is about whoever looks at it, and nobody else.
func own(path string) bool {
	return strings.HasPrefix(path, "/profile") || strings.HasPrefix(path, "/settings/notices") && !strings.HasSuffix(path, "/firm") ||
		strings.HasPrefix(path, "/settings/macros") // everybody who answers has some: see internal/macro
}

func TestAnAgentManagesNothing(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		agent, stranger := h.As("dana", team.Agent), h.Stranger()
		free := map[string]bool{"/settings": true, "/settings/me": true, "/settings/about": true}
		for _, path := range mine(h, "GET") {
			at := parameter.ReplaceAllString(path, "x")
			if a := stranger.Get(at); a.Status != 303 || !strings.HasPrefix(a.To, "/sign-in") {
				t.Errorf("a stranger at %s: %d", path, a.Status)
			}
			if own(path) || free[path] {
				continue
			}
			if a := agent.Get(at); a.Status != 403 && a.Status != 404 {
				t.Errorf("an agent at %s: %d", path, a.Status)
			}
		}
		for _, path := range mine(h, "POST") {
			if own(path) {
				continue
			}
			if a := agent.Post(parameter.ReplaceAllString(path, "x")); a.Status != 403 && a.Status != 404 {
				t.Errorf("an agent posts to %s: %d", path, a.Status)
			}
		}
	})
}

func TestEveryPageIsThereInBothLanguages(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Owner)
		for _, lang := range []string{"en", "ko"} {
			b.Lang = lang
			for _, path := range mine(h, "GET") {
				if strings.Contains(path, "{") || path == "/settings/me" {
					continue
				}
				a := b.Get(path)
				if a.Status != 200 {
					t.Errorf("%s: %d", path, a.Status)
				}
				unvalued := regexp.MustCompile(`(value|id|for|name)="[^"]*"`).ReplaceAllString(a.Body, "")
				if m := regexp.MustCompile(`[>"](settings|probe|audit|jobs|signin|team)\.[a-z_]+[<"]`).FindString(unvalued); m != "" {
					t.Errorf("%s in %s has no word for %s", path, lang, m)
				}
			}
		}
	})
}

func TestAnInboxIsMadeAndChanged(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Owner)
		b.Post("/settings/inboxes/new", "name", "", "address", "x").Is(422).Says("Give the inbox a name.", "Enter the address that customers write to.")
		form := []string{"name", "Help", "address", "help@shop.example", "language", "en", "provider", "naver", "auth_server", " mx.naver.com ", "imap.password", "sesame open", "signature.en", "Yours, {agent}"}
		a := b.Post("/settings/inboxes/new", form...)
		if a.Status != 303 {
			t.Fatalf("%d\n%s", a.Status, a.Body)
		}
		page := b.Get(a.To)
		page.Is(200).Says("imap.naver.com", "smtp.naver.com", `value="mx.naver.com"`, "Yours, {agent}", "Stored. Leave it empty to keep it.")
		if strings.Contains(page.Body, "sesame open") {
			t.Error("the page holds the password")
		}
		b.Post(a.To, "name", "Help", "address", "help@shop.example", "language", "en", "imap.host", "imap.evil.example", "imap.port", "993", "imap.security", "tls", "imap.username", "help@shop.example").
			Is(422).Says("Enter the password again, since the server or the user has changed.")
		b.Post(a.To+"/dkim", "domain", "no domain", "selector", "s").Is(422).Says("Enter a domain such as shop.example.")
		b.Post(a.To+"/dkim", "domain", "shop.example", "selector", "baraji", "kind", "ed25519")
		b.Get(a.To).Is(200).Says("baraji._domainkey.shop.example", "v=DKIM1; k=ed25519; p=")
		b.Post(a.To+"/enabled", "on", "false")
		b.Get("/settings/inboxes").Is(200).Says("Closed")
		b.Post(a.To+"/probe", "name", "Help", "address", "help@shop.example", "language", "en", "imap.host", "127.0.0.1", "imap.port", "1", "imap.security", "tls", "imap.username", "x", "imap.password", "y").
			Is(200).Says("nobody listens at this port", "not tried")
	})
}

func TestAChatIsMadeAndChanged(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Owner)
		b.Post("/settings/chat/new", "name", "", "language", "en").Is(422).Says("Give the inbox a name.")
		a := b.Post("/settings/chat/new", "name", "Site", "language", "en", "ask_name", "on", "greeting.en", "Come in!")
		if a.Status != 303 {
			t.Fatalf("%d\n%s", a.Status, a.Body)
		}
		b.Get(a.To).Is(200).Says("/widget.js?key=", "Come in!")
		b.Post(a.To, "name", "Site", "language", "en", "color", "green", "origins", "shop").Is(422).Says("Write the colour as #rrggbb.", "is no address of a site")
		b.Post(a.To, "name", "Shop", "language", "en", "color", "#006b5e", "side", "left", "origins", "https://shop.example, https://www.shop.example")
		b.Get(a.To).Is(200).Says("Shop", "#006b5e", "https://shop.example https://www.shop.example")
		b.Get("/settings/inboxes").Is(200).Says("Shop", strings.TrimPrefix(a.To, h.URL))
		b.Get(strings.Replace(a.To, "/chat/", "/inboxes/", 1)).Leads(a.To)
		b.Post(strings.Replace(a.To, "/chat/", "/inboxes/", 1), "name", "Mail", "address", "a@b.example", "language", "en").Is(404)
		secret := b.Post(a.To + "/secret").Is(200).Says("This secret is shown only now.").Find(`data-copy="([a-z2-7]{40})"`)
		b.Get(a.To).Is(200).Hides(secret)
		b.Get(a.To+"/install").Is(200).Says("/widget.js?key=", "theme.liquid", "No site has shown it yet.", "Only https://shop.example, https://www.shop.example may show it.")
		look := b.Post("/settings/chat/look?lang=ko", "name", "Shop", "color", "#FFD400", "title.ko", "달빛조명", "ask.0.en", "Order number").Is(200)
		if !strings.Contains(look.Body, `"title":"달빛조명"`) || !strings.Contains(look.Body, `"label":"Order number"`) || !strings.Contains(look.Body, "#ad9000") || !strings.Contains(look.Body, `"tone":"warn"`) {
			t.Errorf("what is being chosen looks like %s", look.Body)
		}
		b.Get(a.To).Hides("달빛조명") // nothing of it is saved
		b.Get("/settings/chat/stage?lang=ko").Is(200).Says("data-shown", `lang="ko"`)
		b.Get(a.To+"/try").Is(200).Says("This is what your customers see", "/widget.js?key=")
		b.Post(strings.Replace(a.To, "/chat/", "/inboxes/", 1)+"/enabled", "on", "false")
		b.Get("/settings/inboxes").Is(200).Says("Closed")
		h.As("agent", team.Agent).Get(a.To).Is(403)
	})
}

func TestATokenIsShownOnce(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Owner)
		a := b.Post("/settings/tokens/new", "name", "Shop system", "as", "itself", "role", "agent", "rate", "60")
		a.Is(200).Says("brj_", "shown this once")
		text := regexp.MustCompile(`brj_[A-Za-z0-9_-]{10,}`).FindString(a.Body)
		if page := b.Get("/settings/tokens"); text == "" || strings.Contains(page.Body, text) || !strings.Contains(page.Body, "Shop system") {
			t.Error("the list shows the token, or not its name")
		}
		b.Post("/settings/tokens/new", "name", "", "rate", "many").Is(422).Says("Enter how many requests a minute")
	})
}

func TestPeopleRolesTeamsTagsAndFields(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Owner)
		for _, form := range [][]string{
			{"/settings/people/invite", "name", "Dana", "email", "dana@shop.example", "role", "agent"},
			{"/settings/roles/new", "title", "Trainee", "rights", "conversation.read", "see", "teams"},
			{"/settings/teams/new", "name", "Repairs"},
			{"/settings/tags", "name", "Wholesale"},
			{"/settings/fields/conversation/new", "label_en", "Serial", "key", "serial", "type", "text", "rank", "1"},
			{"/settings/fields/contact/new", "label_en", "Plan", "key", "plan", "type", "choice", "choices", "A\r\nB", "rank", "1"},
			{"/settings/firm", "firm", "Moonlight", "language", "ko", "zone", "Asia/Seoul"},
		} {
			if a := b.Post(form[0], form[1:]...); a.Status != 303 {
				t.Errorf("%s: %d\n%s", form[0], a.Status, a.Body)
			}
		}
		b.Get("/settings/people?state=invited").Is(200).Says("dana@shop.example")
		b.Get("/settings/roles").Is(200).Says("Trainee")
		b.Get("/settings/teams").Is(200).Says("Repairs")
		b.Get("/settings/tags").Is(200).Says("wholesale")
		b.Get("/settings/fields").Is(200).Says("Serial", "Plan")
		b.Post("/settings/people/invite", "name", "Dana", "email", "dana@shop.example", "role", "agent").Is(409).Says("Somebody here has this address already.")
		b.Post("/settings/fields/contact/new", "label_en", "", "key", "Plan!", "type", "text", "rank", "1").Is(422).Says("Enter a label.", "Enter a key of small letters")
	})
}

func TestTheLogIsReadAndSaved(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Owner)
		b.Post("/settings/teams/new", "name", "=1+1")
		if err := h.Events.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.Get("/settings/audit").Is(200).Says("Signed in", "Team made", "=1+1")
		b.Get("/settings/audit?kind=team.signed_in").Is(200).Says("Signed in")
		b.Get("/settings/audit?kind=inbox&day=2026-01-05").Is(200).Says("Nothing was found")
		b.Get("/settings/audit/verify").Is(200).Says("The chain is whole")
		file := b.Get("/settings/audit.csv")
		file.Is(200).Says("team.signed_in", ",'=1+1,")
		if strings.Contains(file.Body, ",=1+1") {
			t.Error("a spreadsheet would take this for a formula")
		}
	})
}
