package settings_test

import (
	"regexp"
	"strings"
	"testing"

	"baraji/internal/team"
)

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// mine are the routes of the settings.
func (h *house) mine(method string) (list []string) {
	for _, r := range h.routes {
		if r.Method == method && (strings.HasPrefix(r.Path, "/settings") || strings.HasPrefix(r.Path, "/profile")) {
			list = append(list, r.Path)
		}
	}
	return list
}

func TestAnAgentManagesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		agent, stranger := h.as("dana", team.Agent), h.browser()
		free := map[string]bool{"/settings": true, "/settings/me": true, "/settings/about": true}
		for _, path := range h.mine("GET") {
			at := parameter.ReplaceAllString(path, "x")
			if a := stranger.get(at); a.status != 303 || !strings.HasPrefix(a.to, "/sign-in") {
				t.Errorf("a stranger at %s: %d", path, a.status)
			}
			if strings.HasPrefix(path, "/profile") || free[path] {
				continue
			}
			if a := agent.get(at); a.status != 403 && a.status != 404 {
				t.Errorf("an agent at %s: %d", path, a.status)
			}
		}
		for _, path := range h.mine("POST") {
			if strings.HasPrefix(path, "/profile") {
				continue
			}
			if a := agent.post(parameter.ReplaceAllString(path, "x")); a.status != 403 && a.status != 404 {
				t.Errorf("an agent posts to %s: %d", path, a.status)
			}
		}
	})
}

func TestEveryPageIsThereInBothLanguages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.as("noah", team.Owner)
		for _, lang := range []string{"en", "ko"} {
			b.lang = lang
			for _, path := range h.mine("GET") {
				if strings.Contains(path, "{") || path == "/settings/me" {
					continue
				}
				a := b.get(path)
				if a.status != 200 {
					t.Errorf("%s: %d", path, a.status)
				}
				unvalued := regexp.MustCompile(`(value|id|for|name)="[^"]*"`).ReplaceAllString(a.body, "")
				if m := regexp.MustCompile(`[>"](settings|probe|audit|jobs|signin|team)\.[a-z_]+[<"]`).FindString(unvalued); m != "" {
					t.Errorf("%s in %s has no word for %s", path, lang, m)
				}
			}
		}
	})
}

func TestAnInboxIsMadeAndChanged(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.as("noah", team.Owner)
		b.post("/settings/inboxes/new", "name", "", "address", "x").has(t, 422, "Give the inbox a name.", "Enter the address that customers write to.")
		form := []string{"name", "Help", "address", "help@shop.example", "language", "en", "provider", "naver", "imap.password", "sesame open", "signature.en", "Yours, {agent}"}
		a := b.post("/settings/inboxes/new", form...)
		if a.status != 303 {
			t.Fatalf("%d\n%s", a.status, a.body)
		}
		page := b.get(a.to)
		page.has(t, 200, "imap.naver.com", "smtp.naver.com", "Yours, {agent}", "Stored. Leave it empty to keep it.")
		if strings.Contains(page.body, "sesame open") {
			t.Error("the page holds the password")
		}
		b.post(a.to, "name", "Help", "address", "help@shop.example", "language", "en", "imap.host", "imap.evil.example", "imap.port", "993", "imap.security", "tls", "imap.username", "help@shop.example").
			has(t, 422, "Enter the password again, since the server or the user has changed.")
		b.post(a.to+"/dkim", "domain", "no domain", "selector", "s").has(t, 422, "Enter a domain such as shop.example.")
		b.post(a.to+"/dkim", "domain", "shop.example", "selector", "baraji", "kind", "ed25519")
		b.get(a.to).has(t, 200, "baraji._domainkey.shop.example", "v=DKIM1; k=ed25519; p=")
		b.post(a.to+"/enabled", "on", "false")
		b.get("/settings/inboxes").has(t, 200, "Closed")
		b.post(a.to+"/probe", "name", "Help", "address", "help@shop.example", "language", "en", "imap.host", "127.0.0.1", "imap.port", "1", "imap.security", "tls", "imap.username", "x", "imap.password", "y").
			has(t, 200, "nobody listens at this port", "not tried")
	})
}

func TestATokenIsShownOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.as("noah", team.Owner)
		a := b.post("/settings/tokens/new", "name", "Shop system", "as", "itself", "role", "agent", "rate", "60")
		a.has(t, 200, "brj_", "shown this once")
		text := regexp.MustCompile(`brj_[A-Za-z0-9_-]{10,}`).FindString(a.body)
		if page := b.get("/settings/tokens"); text == "" || strings.Contains(page.body, text) || !strings.Contains(page.body, "Shop system") {
			t.Error("the list shows the token, or not its name")
		}
		b.post("/settings/tokens/new", "name", "", "rate", "many").has(t, 422, "Enter how many requests a minute")
	})
}

func TestPeopleRolesTeamsTagsAndFields(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.as("noah", team.Owner)
		for _, form := range [][]string{
			{"/settings/people/invite", "name", "Dana", "email", "dana@shop.example", "role", "agent"},
			{"/settings/roles/new", "title", "Trainee", "rights", "conversation.read", "see", "teams"},
			{"/settings/teams/new", "name", "Repairs"},
			{"/settings/tags", "name", "Wholesale"},
			{"/settings/fields/conversation/new", "label_en", "Serial", "key", "serial", "type", "text", "rank", "1"},
			{"/settings/fields/contact/new", "label_en", "Plan", "key", "plan", "type", "choice", "choices", "A\r\nB", "rank", "1"},
			{"/settings/firm", "firm", "Moonlight", "language", "ko", "zone", "Asia/Seoul"},
		} {
			if a := b.post(form[0], form[1:]...); a.status != 303 {
				t.Errorf("%s: %d\n%s", form[0], a.status, a.body)
			}
		}
		b.get("/settings/people?state=invited").has(t, 200, "dana@shop.example")
		b.get("/settings/roles").has(t, 200, "Trainee")
		b.get("/settings/teams").has(t, 200, "Repairs")
		b.get("/settings/tags").has(t, 200, "wholesale")
		b.get("/settings/fields").has(t, 200, "Serial", "Plan")
		b.post("/settings/people/invite", "name", "Dana", "email", "dana@shop.example", "role", "agent").has(t, 409, "Somebody here has this address already.")
		b.post("/settings/fields/contact/new", "label_en", "", "key", "Plan!", "type", "text", "rank", "1").has(t, 422, "Enter a label.", "Enter a key of small letters")
	})
}

func TestTheLogIsReadAndSaved(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.as("noah", team.Owner)
		b.post("/settings/teams/new", "name", "=1+1")
		if err := h.events.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.get("/settings/audit").has(t, 200, "Signed in", "Team made", "=1+1")
		b.get("/settings/audit?kind=team.signed_in").has(t, 200, "Signed in")
		b.get("/settings/audit?kind=inbox&day=2026-01-05").has(t, 200, "Nothing was found")
		b.get("/settings/audit/verify").has(t, 200, "The chain is whole")
		file := b.get("/settings/audit.csv")
		file.has(t, 200, "team.signed_in", ",'=1+1,")
		if strings.Contains(file.body, ",=1+1") {
			t.Error("a spreadsheet would take this for a formula")
		}
	})
}
