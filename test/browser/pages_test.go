package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/team"
	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// view is a page as somebody sees it, or a part of one, or another state of it.
type view struct {
	route string // the route that this shows; "" is a state of a page that has its view already
	name  string
	path  string
	do    func(*browser.Tab) // what opens it, once the page is there
	as    *house.Visitor
	house *house.House
	guest string // the session of a customer in the portal
	tall  int64  // height of the window on a desk, for pages with much on them; 900 when 0
	says  int    // status; 200 when 0
}

// noViews are the routes that are no page to look at, with the reason.
var noViews = map[string]string{
	"/":                                  "leads on",
	"/c/{number}":                        "leads on",
	"/settings/me":                       "leads on",
	"/language/{language}":               "leads on",
	"/live":                              "a stream",
	"/picture":                           "a picture",
	"/file/{id}":                         "a file",
	"/message/{id}/source":               "a file, or its text",
	"/settings/audit.csv":                "a file",
	"/settings/quarantine/{id}/original": "a file",
	"/message/{id}/html":                 "the frame of a mail: what its sender made",
	"/settings/quarantine/{id}/html":     "the frame of a mail: what its sender made",
	"/companies/names":                   "choices of a field",
	"/inbox/{id}/suggestions":            "a part of the talk",
	"/inbox/macros":                      "choices of a field",
	"/hc/":                               "leads on",
	"/knowledge/export.zip":              "a file",
	"/hc/{locale}/picture/{id}":          "a picture",
	"/portal/picture/{id}":               "a picture",
	"/hc/sitemap.xml":                    "a file for machines",
	"/f/{form}/help":                     "a part of a page",
	"/f/embed.js":                        "a script",
	"/portal/talks/{id}/file/{file}":     "a file",
	"/portal/help":                       "a part of a page",
	"/portal/language/{language}":        "leads on",
	"/robots.txt":                        "a file for machines",
	"/segments/{id}/count":               "a part of a page",
	"/status/feed.atom":                  "a file for machines",
	"/campaigns/{id}/preview":            "a mail in a frame of the campaign's page",
	"/mails/{id}/html":                   "a mail in a frame",
	"/off":                               "a refusal",
	"/notices.js":                        "a script",
	"/notices/bell":                      "a part of every page",
	"/coverage/feed/{file}":              "a calendar for other programs",
}

// views are all the pages of the product.
func views(t *testing.T) []view {
	shop, door := shop(t), doors(t)
	empty := house.New(t, dbtest.New(t, db.SQLite))
	workspace := inSlack(t)
	talk := shop.talk
	at, who := "/inbox/"+talk.ID.String(), "/customers/"+talk.Contact.String()
	flow := shop.link(t, "/settings/flows", `/settings/flows/seq_[^"?]+`)
	article := shop.link(t, "/knowledge?state=behind", `/knowledge/articles/art_[^"?]+`)
	rota := shop.link(t, "/coverage/rotas", `/coverage/rotas/rot_[^"?]+`)
	service := shop.link(t, "/coverage/on-call", `/coverage/on-call/services/osv_[^"?]+`)
	answer, call := shop.answer(t)
	saved := shop.link(t, "/assistant/answers", `/assistant/answers/ans_[^"?]+`)
	incident := shop.link(t, "/incidents?show=open", `/incidents/inc_[^"/?]+`)
	segment := shop.link(t, "/segments", `/segments/seg_[^"/?]+`)
	company := shop.link(t, "/companies", `/companies/cmp_[^"?]+`)
	flicker := shop.link(t, "/runbooks?q=flickers", `/runbooks/rbk_[^"/?]+`)
	runs := shop.link(t, flicker, `/inbox/[a-z]+_[^"/?]+\?view=all`)
	press := func(sel string) func(*browser.Tab) {
		return func(tab *browser.Tab) {
			browser.Eval[bool](tab, fmt.Sprintf(`document.querySelector(%q).click(), true`, sel))
			tab.Wait("#dialog[open]")
		}
	}
	list := []view{
		{route: "/inbox", name: "inbox", path: "/inbox?view=all"},
		{name: "inbox-none", path: "/inbox?view=mentions"},
		{route: "/inbox/{id}", name: "talk", path: at + "?view=all"},
		{route: "/inbox/filter", name: "filter", path: "/inbox?view=all", do: press(`[hx-get^="/inbox/filter"]`)},
		{route: "/inbox/{id}/print", name: "print", path: at + "/print?notes=1"},
		{route: "/search", name: "search", path: "/search?q=" + "램프"},
		{name: "search-none", path: "/search?q=zzzz"},
		{route: "/find", name: "palette", path: "/inbox", do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `document.querySelector("[data-palette]").click(), true`)
			tab.Type("#palette-find", "램")
			tab.Wait("#palette-found [role=option]")
		}},
		{route: "/inbox/new", name: "new-talk", path: "/inbox/new"},
		{route: "/inbox/{id}/hand-over", name: "hand-over", path: at + "?view=all", do: press(`[hx-get$="/hand-over"]`)},
		{route: "/inbox/{id}/assign", name: "assign", path: at + "?view=all", do: press(`[hx-get$="/assign"]`)},
		{route: "/inbox/{id}/merge", name: "merge-talks", path: at + "?view=all", do: press(`[hx-get$="/merge"]`)},
		{route: "/inbox/{id}/delete", name: "delete-talk", path: at + "?view=all", do: press(`[hx-get$="/delete"]`)},
		{route: "/message/{id}/split", name: "split", path: at + "?view=all", do: press(`[hx-get$="/split"]`)},

		{route: "/customers", name: "customers", path: "/customers"},
		{name: "customers-none", path: "/customers?q=zzzz"},
		{route: "/customers/new", name: "new-customer", path: "/customers/new"},
		{route: "/segments", name: "segments", path: "/segments"},
		{route: "/segments/new", name: "segment-new", path: "/segments/new"},
		{route: "/segments/{id}", name: "segment", path: segment},
		{route: "/segments/{id}/edit", name: "segment-edit", path: segment + "/edit", tall: 1200},
		{route: "/consents", name: "consents", path: "/consents", tall: 1900},
		{route: "/consent/{id}/{token}", name: "consent-own", path: shop.ownConsent(t, talk.Contact), as: shop.Stranger()},
		{route: "/customers/{id}", name: "customer", path: who, tall: 1400},
		{route: "/customers/{id}/card/{card}", name: "customer-edit", path: who + "?edit=about#card-about", tall: 1400},
		{route: "/customers/{id}/merge", name: "merge-customers", path: who + "/merge?q=" + "이"},
		{name: "merge-two-customers", path: who + "/merge?other=" + shop.other(t, talk.Contact).String()},
		{route: "/customers/{id}/erase", name: "erase", path: who + "/erase"},
		{route: "/companies", name: "companies", path: "/companies"},
		{route: "/companies/new", name: "new-company", path: "/companies/new"},
		{route: "/companies/{id}", name: "company", path: company},
		{route: "/companies/{id}/merge", name: "merge-companies", path: company + "/merge?q=" + "o"},
		{name: "merge-companies-none", path: company + "/merge?q=zzzz"},
		{route: "/companies/{id}/edit", name: "company-edit", path: company + "/edit"},

		{route: "/incidents", name: "incidents", path: "/incidents?show=all"},
		{route: "/incidents/new", name: "new-incident", path: "/incidents/new", tall: 1200},
		{route: "/incidents/{id}", name: "incident", path: incident, tall: 1300},
		{route: "/incidents/{id}/edit", name: "incident-edit", path: incident + "/edit", tall: 1200},
		{route: "/incidents/{id}/update", name: "incident-update", path: incident + "/update?to=resolved", tall: 1300},
		{name: "incident-sure", path: incident + "/update?to=resolved", tall: 1000, do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `document.querySelector(".set__foot button[type=submit]").click(), true`)
			tab.Wait(".inc__seen")
		}},
		{route: "/incidents/{id}/review", name: "incident-review", path: shop.link(t, "/incidents/causes", `/incidents/inc_[^"/?]+/review`), tall: 1700},
		{route: "/incidents/causes", name: "causes", path: "/incidents/causes"},
		{route: "/incidents/page", name: "status-settings", path: "/incidents/page", tall: 1800},
		{route: "/maintenance", name: "maintenance", path: "/maintenance"},
		{route: "/maintenance/new", name: "new-maintenance", path: "/maintenance/new", tall: 1200},
		{route: "/maintenance/{id}", name: "maintenance-edit", path: shop.link(t, "/maintenance", `/maintenance/mnt_[^"/?]+`), tall: 1300},
		{route: "/inbox/{id}/incident", name: "incident-link", path: at + "?view=all", do: press(`[hx-get$="/incident"]`)},
		{route: "/promises", name: "promises", path: "/promises"},
		{name: "promises-broken", path: "/promises?view=broken"},
		{route: "/promises/new", name: "new-promise", path: "/promises/new"},
		{route: "/promises/{id}", name: "promise", path: shop.link(t, "/promises?view=mine", `/promises/prm_[^"/?]+`), tall: 1300},
		{route: "/inbox/{id}/promise", name: "promise-note", path: at + "?view=all", do: press(`[hx-get$="/promise"]`)},

		{route: "/runbooks", name: "runbooks", path: "/runbooks"},
		{name: "known-errors", path: "/runbooks?show=known"},
		{name: "runbooks-none", path: "/runbooks?q=zzzz"},
		{route: "/runbooks/new", name: "new-runbook", path: "/runbooks/new", tall: 1500},
		{name: "new-known-error", path: "/runbooks/new?kind=known", tall: 1500},
		{route: "/runbooks/{id}", name: "runbook", path: flicker, tall: 1500},
		{route: "/runbooks/{id}/edit", name: "runbook-edit", path: flicker + "/edit", tall: 2200},
		{name: "known-error", path: shop.link(t, "/runbooks?show=known", `/runbooks/rbk_[^"/?]+`), tall: 1200},
		{name: "runbook-under-way", path: runs, tall: 1500},
		{route: "/inbox/{id}/runbook", name: "runbook-choose", path: at + "?view=all", do: press(`[hx-get$="/runbook"]`)},
		{route: "/inbox/{id}/runbook/{run}", name: "runbook-hand-over", path: runs, do: press(`[hx-get$="to=handed_over"]`)},

		{route: "/knowledge", name: "knowledge", path: "/knowledge"},
		{name: "knowledge-none", path: "/knowledge?q=zzzz"},
		{route: "/knowledge/articles/{id}", name: "article", path: article, tall: 1200},
		{route: "/knowledge/articles/{id}/versions", name: "article-versions", path: article + "/versions?locale=ko"},
		{route: "/knowledge/categories", name: "categories", path: "/knowledge/categories"},
		{route: "/knowledge/searches", name: "searches", path: "/knowledge/searches"},
		{route: "/knowledge/files", name: "knowledge-files", path: "/knowledge/files"},
		{name: "knowledge-plan", path: "/knowledge/files", tall: 1100, do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `(() => {
				const all = new DataTransfer(), add = (name, text) => all.items.add(new File([text], name, { type: "text/markdown" }));
				add("배송지를-바꾸려면.ko.md", "---\ntitle: 배송지를 바꾸려면\nstatus: published\ntranslationKey: change-address\n---\n\n1. 주문 내역을 열어요.\n");
				add("change-the-address.en.md", "---\ntitle: Change the address\nstatus: published\ntranslationKey: change-address\n---\n\n1. Open your orders.\n");
				add("night-shift.ko.md", "---\ntitle: 밤 근무 인수인계\naudience: internal\nowner: gone@example.com\n---\n\n![표](pictures/table.png)\n");
				add("조광기가-깜빡일-때.ko.md", "---\ntitle: 조광기가 깜빡일 때\nstatus: published\n---\n\n다른 곳에서 쓴 글\n");
				add("bienvenue.fr.md", "Bonjour");
				add("broken.md", "---\ntitle: [\n---\n");
				const field = document.querySelector("[name=files]");
				field.files = all.files;
				field.form.requestSubmit();
				return true;
			})()`)
			tab.Wait(".kb__take")
		}},

		{route: "/notices", name: "notices", path: "/notices"},
		{route: "/settings/notices", name: "notice-settings", path: "/settings/notices", tall: 1700},
		{route: "/coverage/on-call", name: "on-call", path: "/coverage/on-call", tall: 1700},
		{route: "/coverage/on-call/page", name: "on-call-page", path: "/coverage/on-call", do: press(`[hx-get="/coverage/on-call/page"]`)},
		{route: "/coverage/on-call/pages/{id}", name: "on-call-call", path: call},
		{route: "/coverage/on-call/services/{id}", name: "on-call-service", path: service, tall: 3200},
		{route: "/answer/{id}/{token}", name: "call-answer", path: answer, as: shop.Stranger()},
		{route: "/coverage", name: "coverage", path: "/coverage", tall: 1300},
		{route: "/coverage/rotas", name: "coverage-rotas", path: "/coverage/rotas"},
		{route: "/coverage/rotas/new", name: "coverage-new", path: "/coverage/rotas/new", tall: 1700},
		{route: "/coverage/rotas/{id}", name: "coverage-rota", path: rota, tall: 1300},
		{route: "/coverage/rotas/{id}/edit", name: "coverage-edit", path: rota + "/edit", tall: 3000},
		{route: "/coverage/rotas/{id}/turn", name: "coverage-turn", path: rota, do: press(`plan-week .shift[data-key-of]`)},
		{route: "/coverage/mine", name: "coverage-mine", path: "/coverage/mine", tall: 1800},
		{route: "/coverage/rotas/{id}/ask", name: "coverage-ask", path: "/coverage/mine", do: press(`[hx-get*="/ask"]`)},
		{route: "/coverage/handover", name: "coverage-handover", path: "/coverage/handover", tall: 1200},

		{route: "/assistant", name: "assistant", path: "/assistant"},
		{name: "assistant-learned", path: "/assistant?state=accepted"},
		{name: "assistant-none", path: "/assistant?state=undone"},
		{route: "/assistant/lessons/{id}", name: "lesson", path: shop.link(t, "/assistant", `/assistant/lessons/les_[^"?]+`), tall: 1200},
		{route: "/assistant/answers", name: "answers", path: "/assistant/answers"},
		{name: "answers-none", path: "/assistant/answers?q=zzzz"},
		{route: "/assistant/answers/new", name: "new-answer", path: "/assistant/answers/new", tall: 1100},
		{route: "/assistant/answers/{id}", name: "answer", path: saved, tall: 1300, do: func(tab *browser.Tab) {
			tab.Type(".tryit [name=q]", "택배 언제 와요\r")
			tab.Wait(".tried")
		}},
		{route: "/assistant/flows", name: "button-paths", path: "/assistant/flows"},
		{route: "/assistant/flows/{id}", name: "button-path", path: strings.Replace(shop.link(t, "/settings/inboxes", `/settings/chat/inb_[^"?]+`), "/settings/chat/", "/assistant/flows/", 1), tall: 1400, do: func(tab *browser.Tab) {
			tab.Click(".q:nth-child(2) summary")
			tab.Wait(".ftry__may button")
		}},
		{route: "/assistant/try", name: "assistant-try", path: "/assistant/try?q=" + "택배+언제+와요&locale=ko"},
		{route: "/assistant/models", name: "models", path: "/assistant/models"},
		{route: "/assistant/results", name: "assistant-results", path: "/assistant/results", tall: 1600},

		{route: "/settings", name: "settings", path: "/settings"},
		{route: "/settings/people", name: "people", path: "/settings/people"},
		{route: "/settings/people/invite", name: "invite", path: "/settings/people/invite"},
		{route: "/settings/people/{id}", name: "person", path: shop.link(t, "/settings/people?q=noah", `/settings/people/[a-z]+_[^"?]+`)},
		{route: "/settings/roles", name: "roles", path: "/settings/roles"},
		{route: "/settings/roles/new", name: "new-role", path: "/settings/roles/new", tall: 1600},
		{route: "/settings/roles/{name}", name: "role", path: shop.link(t, "/settings/roles", `/settings/roles/rol_[^"?]+`), tall: 1600},
		{name: "role-of-ours", path: "/settings/roles/agent"},
		{route: "/settings/teams", name: "teams", path: "/settings/teams"},
		{route: "/settings/teams/new", name: "new-team", path: "/settings/teams/new"},
		{route: "/settings/teams/{id}", name: "team", path: shop.link(t, "/settings/teams", `/settings/teams/[a-z]+_[^"?]+`)},
		{route: "/settings/inboxes", name: "inboxes", path: "/settings/inboxes"},
		{route: "/settings/inboxes/new", name: "new-inbox", path: "/settings/inboxes/new", tall: 1800},
		{route: "/settings/inboxes/{id}", name: "inbox-settings", path: shop.link(t, "/settings/inboxes", `/settings/inboxes/[a-z]+_[^"?]+`), tall: 2400},
		{route: "/settings/chat/new", name: "new-chat", path: "/settings/chat/new", tall: 1600},
		{route: "/settings/chat/{id}", name: "chat", path: shop.link(t, "/settings/inboxes", `/settings/chat/inb_[^"?]+`), tall: 2000},
		{route: "/settings/chat/stage", name: "chat-stage", path: "/settings/chat/stage?lang=LANG"},
		{route: "/settings/chat/{id}/install", name: "chat-install", path: shop.link(t, "/settings/inboxes", `/settings/chat/inb_[^"?]+`) + "/install", tall: 1400, do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `document.querySelector(".place").open = true`)
		}},
		{route: "/settings/chat/{id}/try", name: "chat-try", path: shop.link(t, "/settings/inboxes", `/settings/chat/inb_[^"?]+`) + "/try"},
		{route: "/settings/forms", name: "forms", path: "/settings/forms"},
		{route: "/settings/forms/new", name: "new-form", path: "/settings/forms/new"},
		{route: "/settings/forms/{id}", name: "form-builder", path: shop.link(t, "/settings/forms", `/settings/forms/frm_[^"/?]+`), tall: 1400, do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `document.querySelectorAll("[data-q] > details")[4].open = true`)
		}},
		{route: "/settings/forms/{id}/held", name: "forms-held", path: shop.link(t, "/settings/forms", `/settings/forms/frm_[^"/?]+`) + "/held"},
		{route: "/settings/portal", name: "portal-settings", path: "/settings/portal", tall: 1300},
		{route: "/settings/quarantine", name: "quarantine", path: "/settings/quarantine"},
		{route: "/settings/quarantine/{id}", name: "held-mail", path: shop.link(t, "/settings/quarantine", `/settings/quarantine/[a-z]+_[^"?]+`), tall: 1200},
		{route: "/settings/tags", name: "tags", path: "/settings/tags"},
		{route: "/settings/fields", name: "fields", path: "/settings/fields"},
		{route: "/settings/fields/{holder}/new", name: "new-field", path: "/settings/fields/contact/new"},
		{route: "/settings/fields/{holder}/{id}", name: "field", path: shop.link(t, "/settings/fields", `/settings/fields/conversation/[a-z]+_[^"?]+`)},
		{route: "/settings/tokens", name: "tokens", path: "/settings/tokens"},
		{route: "/settings/tokens/new", name: "new-token", path: "/settings/tokens/new"},
		{route: "/settings/rules", name: "rules", path: "/settings/rules"},
		{route: "/settings/rules/new", name: "new-rule", path: "/settings/rules/new", tall: 1000},
		{name: "begun-rule", path: "/settings/rules/new?from=complaint", tall: 1300},
		{name: "rule-on-a-date", path: "/settings/rules/new?from=remind", tall: 1600},
		{name: "rule-on-a-schedule", path: "/settings/rules/new?from=figures", tall: 1600},
		{name: "rule-with-an-expression", path: "/settings/rules/new?from=regular", tall: 1600, do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `(() => { const s = document.querySelector("[name='c0.field']"); s.value = "expr"; s.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
			tab.Wait("textarea[name='c0.v']")
		}},
		{route: "/settings/rules/{id}", name: "rule", path: shop.link(t, "/settings/rules", `/settings/rules/rul_[^"?]+`), tall: 1200},
		{route: "/settings/rules/{id}/edit", name: "edit-rule", path: shop.link(t, "/settings/rules", `/settings/rules/rul_[^"?]+`) + "/edit", tall: 1600},
		{route: "/settings/flows", name: "flows", path: "/settings/flows"},
		{route: "/settings/flows/new", name: "new-flow", path: "/settings/flows/new"},
		{route: "/settings/flows/{id}", name: "flow", path: flow, tall: 1900},
		{route: "/settings/flows/{id}/edit", name: "edit-flow", path: flow + "/edit", tall: 1900},
		{route: "/settings/flows/{id}/edit/{part}", name: "flow-begin", path: flow + "/edit/begin", tall: 1100},
		{name: "flow-leave", path: flow + "/edit/leave"},
		{name: "flow-leave-if", path: flow + "/edit/leave.0"},
		{name: "flow-act", path: flow + "/edit/1", tall: 1100},
		{name: "flow-wait", path: flow + "/edit/2"},
		{route: "/flows/{id}", name: "path", path: shop.link(t, flow, `/flows/pth_[^"?]+`), tall: 1400},
		{route: "/settings/webhooks", name: "webhooks", path: "/settings/webhooks"},
		{route: "/settings/webhooks/new", name: "new-webhook", path: "/settings/webhooks/new", tall: 1400},
		{route: "/settings/webhooks/{id}", name: "webhook", path: shop.link(t, "/settings/webhooks", `/settings/webhooks/whk_[^"?]+`), tall: 1600},
		{route: "/settings/webhooks/{id}/edit", name: "edit-webhook", path: shop.link(t, "/settings/webhooks", `/settings/webhooks/whk_[^"?]+`) + "/edit", tall: 1400},
		{route: "/campaigns", name: "campaigns", path: "/campaigns"},
		{route: "/campaigns/new", name: "new-campaign", path: "/campaigns/new", tall: 2400},
		{route: "/campaigns/{id}", name: "campaign", path: shop.link(t, "/campaigns", `/campaigns/cpn_[^"?]+`), tall: 1900},
		{route: "/campaigns/{id}/edit", name: "edit-campaign", path: shop.link(t, "/campaigns", `/campaigns/cpn_[^"?]+`) + "/edit", tall: 2400},
		{route: "/campaigns/{id}/people", name: "campaign-people", path: shop.link(t, "/campaigns", `/campaigns/cpn_[^"?]+`) + "/people"},
		{route: "/campaigns/{id}/foreseen", name: "campaign-foreseen", path: shop.link(t, "/campaigns", `/campaigns/cpn_[^"?]+`) + "/foreseen?why="},
		{route: "/settings/sending", name: "sending", path: "/settings/sending", tall: 1200},
		{route: "/settings/macros", name: "macros", path: "/settings/macros"},
		{name: "macros-none", path: "/settings/macros?q=zzzz"},
		{route: "/settings/macros/new", name: "new-macro", path: "/settings/macros/new", tall: 1200},
		{route: "/settings/macros/{id}/edit", name: "edit-macro", path: shop.link(t, "/settings/macros?q=refund", `/settings/macros/mac_[^"?]+/edit`), tall: 1500},
		{route: "/settings/incoming", name: "incoming", path: "/settings/incoming"},
		{route: "/settings/incoming/new", name: "new-incoming", path: "/settings/incoming/new"},
		{route: "/settings/incoming/{id}", name: "incoming-one", path: shop.link(t, "/settings/incoming", `/settings/incoming/hkn_[^"?]+`), tall: 1600},
		{route: "/settings/incoming/{id}/edit", name: "edit-incoming", path: shop.link(t, "/settings/incoming", `/settings/incoming/hkn_[^"?]+`) + "/edit", tall: 1600},
		{route: "/settings/requests", name: "requests", path: "/settings/requests"},
		{route: "/settings/slack", name: "slack", path: "/settings/slack"},
		{route: "/settings/secrets", name: "secrets", path: "/settings/secrets"},
		{route: "/settings/secrets/new", name: "new-secret", path: "/settings/secrets/new"},
		{route: "/settings/secrets/{id}", name: "secret", path: shop.link(t, "/settings/secrets", `/settings/secrets/sec_[^"?]+`)},
		{route: "/settings/jobs", name: "jobs", path: "/settings/jobs"},
		{route: "/settings/audit", name: "audit", path: "/settings/audit"},
		{route: "/settings/audit/verify", name: "audit-verified", path: "/settings/audit/verify"},
		{route: "/settings/firm", name: "firm", path: "/settings/firm"},
		{route: "/settings/hours", name: "hours", path: "/settings/hours"},
		{route: "/settings/hours/new", name: "new-hours", path: "/settings/hours/new"},
		{route: "/settings/hours/{id}", name: "hours-firm", path: shop.link(t, "/settings/hours", `/settings/hours/cal_[^"/?]+`), tall: 2000},
		{route: "/settings/routing", name: "routing", path: "/settings/routing", tall: 1800},
		{route: "/settings/routing/{list}", name: "routing-after-hours", path: "/settings/routing/scopes", tall: 1200},
		{route: "/settings/routing/people", name: "routing-people", path: "/settings/routing/people"},
		{route: "/coverage/morning", name: "morning", path: "/coverage/morning", tall: 1100},
		{route: "/coverage/what-if", name: "what-if", path: "/coverage/what-if?text=%EA%B2%B0%EC%A0%9C%EA%B0%80+%EC%95%88+%EB%8F%BC%EC%9A%94&tier=gold", tall: 1100},
		{route: "/settings/targets", name: "targets", path: "/settings/targets", tall: 1200},
		{route: "/settings/sessions", name: "sessions", path: "/settings/sessions"},
		{route: "/settings/about", name: "about", path: "/settings/about"},
		{route: "/profile", name: "profile", path: "/profile", tall: 1200},
		{route: "/profile/security", name: "security", path: "/profile/security"},
		{route: "/profile/tokens", name: "own-tokens", path: "/profile/tokens"},
		{route: "/profile/tokens/new", name: "new-own-token", path: "/profile/tokens/new"},
		{route: "/profile/factor", name: "factor", path: "/profile/factor"},
		{name: "factor-new", path: "/profile/factor", do: func(tab *browser.Tab) {
			tab.Type(`form[action="/profile/factor/new"] [name=password]`, shop.password)
			tab.Click(`form[action="/profile/factor/new"] button[type=submit]`)
			tab.Wait("svg.qr")
		}},
		{name: "api-docs", path: "/api/docs"},
		{name: "not-there", path: "/nothing-here", says: 404},
	}
	for i := range list {
		list[i].house, list[i].as = shop.House, shop.as
	}
	stranger := door.Stranger()
	list = append(list, statusViews(t, shop.Stranger(), shop.House)...)
	list = append(list, readerViews(t)...)
	list = append(list, helpViews(shop.Stranger(), shop.House)...)
	list = append(list, formViews(shop.Stranger(), shop.House)...)
	list = append(list, portalViews(t, shop.House)...)
	list = append(list, hasWritten(t).views()...)
	return append(list,
		view{name: "slack-joined", path: "/settings/slack", as: workspace.Mina, house: workspace, tall: 1800},
		view{route: "/sign-in", name: "sign-in", path: "/sign-in", as: stranger, house: door.House},
		view{route: "/sign-in/code", name: "sign-in-code", path: "/sign-in/code", as: door.half, house: door.House},
		view{route: "/sign-out", name: "sign-out", path: "/sign-out", as: door.Mina, house: door.House},
		view{route: "/forgot", name: "forgot", path: "/forgot", as: stranger, house: door.House},
		view{name: "forgot-sent", path: "/forgot?sent", as: stranger, house: door.House},
		view{route: "/reset/{token}", name: "reset", path: door.reset, as: stranger, house: door.House},
		view{name: "reset-dead", path: "/reset/lnk_1.nonsense", says: 404, as: stranger, house: door.House},
		view{route: "/join/{token}", name: "join", path: door.join, as: stranger, house: door.House},
		view{route: "/set-up", name: "set-up", path: "/set-up", as: empty.Stranger(), house: empty, tall: 1100},
		view{name: "factor-on", path: "/profile/factor", as: door.secured, house: door.House},
		view{name: "factor-needed", path: "/profile/factor", as: door.must, house: door.House},
		view{name: "not-allowed", path: "/settings/people", says: 403, as: door.secured, house: door.House},
		view{name: "segments-none", path: "/segments", as: door.Mina, house: door.House},
		view{name: "notices-none", path: "/notices", as: door.Mina, house: door.House},
		view{name: "on-call-none", path: "/coverage/on-call", as: door.Mina, house: door.House},
		view{name: "coverage-none", path: "/coverage", as: door.Mina, house: door.House},
		view{name: "no-macros", path: "/settings/macros", as: door.Mina, house: door.House},
		view{name: "rules-none", path: "/settings/rules", as: door.Mina, house: door.House},
		view{name: "flows-none", path: "/settings/flows", as: door.Mina, house: door.House},
		view{name: "webhooks-none", path: "/settings/webhooks", as: door.Mina, house: door.House},
		view{name: "incoming-none", path: "/settings/incoming", as: door.Mina, house: door.House},
		view{name: "secrets-none", path: "/settings/secrets", as: door.Mina, house: door.House},
		view{name: "promises-none", path: "/promises", as: door.Mina, house: door.House},
		view{name: "incidents-none", path: "/incidents", as: door.Mina, house: door.House},
		view{name: "consents-none", path: "/consents", as: door.Mina, house: door.House},
		view{name: "segment-new-none", path: "/segments/new", as: door.Mina, house: door.House},
		view{name: "campaigns-none", path: "/campaigns", as: door.Mina, house: door.House},
		view{name: "inbox-empty", path: "/inbox", as: door.Mina, house: door.House},
		view{name: "customers-empty", path: "/customers", as: door.Mina, house: door.House},
		view{name: "assistant-empty", path: "/assistant", as: door.Mina, house: door.House},
		view{name: "answers-empty", path: "/assistant/answers", as: door.Mina, house: door.House},
		view{name: "results-empty", path: "/assistant/results", as: door.Mina, house: door.House},
		view{name: "forms-empty", path: "/settings/forms", as: door.Mina, house: door.House},
		view{name: "quarantine-empty", path: "/settings/quarantine", as: door.Mina, house: door.House},
		view{name: "jobs-empty", path: "/settings/jobs", as: door.Mina, house: door.House},
	)
}

// helpViews are the pages of the help centre. Their language stands in the address: LANG is that of the look.
func helpViews(reader *house.Visitor, h *house.House) []view {
	list := []view{
		{route: "/hc/{locale}/", name: "help", path: "/hc/LANG/"},
		{route: "/hc/{locale}/c/{slug}", name: "help-category", path: "/hc/LANG/c/repair"},
		{route: "/hc/{locale}/a/{slug}", name: "help-article", path: "/hc/LANG/a/ARTICLE", tall: 1200},
		{route: "/hc/{locale}/search", name: "help-search", path: "/hc/LANG/search?q=qothd+delivery"},
		{name: "help-none", path: "/hc/LANG/search?q=zzzz"},
		{name: "help-typed", path: "/hc/LANG/", do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `(() => { const q = document.querySelector("[name=q]"); q.value = document.documentElement.lang === "ko" ? "qothd" : "delivery"; q.dispatchEvent(new Event("input", { bubbles: true })); return true })()`)
			tab.Wait(".typed__list")
		}},
		{name: "help-lost", path: "/hc/LANG/a/nothing-here", says: 404},
	}
	for i := range list {
		list[i].house, list[i].as = h, reader
	}
	return list
}

// in is the address of a view in a language.
func (v view) in(lang string) string {
	article := map[string]string{"ko": "조광기가-깜빡일-때", "en": "when-the-dimmer-flickers"}[lang]
	return strings.NewReplacer("LANG", lang, "ARTICLE", article).Replace(v.path)
}

// looks are the ways in which the tests look at a page: Korean, light, at a desk; English, dark, on a phone. What axe finds depends on the words, the
// colours or the width, hardly on two of them at once: all eight are for the full form.
func looks() (list []look) {
	for _, l := range everyLook() {
		if rig.Full() || (l.theme == "light") == (l.width > 500) && (l.lang == "ko") == (l.theme == "light") {
			list = append(list, l)
		}
	}
	return list
}

func everyLook() (list []look) {
	for _, lang := range []string{"ko", "en"} {
		for _, theme := range []string{"light", "dark"} {
			list = append(list, look{lang, theme, 1440}, look{lang, theme, 390})
		}
	}
	return list
}

type look struct {
	lang, theme string
	width       int64
}

func (l look) String() string { return fmt.Sprintf("%s-%s-%d", l.lang, l.theme, l.width) }

// tab is a browser with this look, in which somebody is signed in.
func (l look) tab(t *testing.T, chrome *browser.Chrome, v view) *browser.Tab {
	t.Helper()
	tab := chrome.Tab(t)
	if s := v.as.Session(); s != "" {
		tab.Cookie(v.house.URL, "baraji", s)
	}
	if v.guest != "" {
		tab.Cookie(v.house.URL, "baraji-portal", v.guest)
	}
	if v.as.ID != 0 {
		v.as.Do(func(ctx context.Context, tx *db.Tx) error {
			p, err := team.Get(ctx, tx, v.as.ID)
			if err != nil {
				return err
			}
			return team.ChangeProfile(ctx, tx, p.Name, team.Choices{Language: l.lang, Shortcuts: true})
		})
	}
	tab.Cookie(v.house.URL, "baraji_language", l.lang)
	tab.Header("Accept-Language", l.lang)
	tab.Theme(l.theme)
	return tab
}

// show opens a view.
func (l look) show(t *testing.T, tab *browser.Tab, v view) {
	t.Helper()
	height := int64(844)
	if l.width > 500 {
		height = max(v.tall, 900)
	}
	tab.Size(l.width, height)
	want := v.says
	if want == 0 {
		want = 200
	} else {
		tab.Allow(fmt.Sprintf("status of %d", want))
	}
	if status := tab.Go(v.house.URL + v.in(l.lang)); status != want {
		t.Fatalf("%s answers %d", v.in(l.lang), status)
	}
	if v.do != nil {
		v.do(tab)
	}
}

// TestEveryRouteHasItsView keeps the list of views whole: a new page has to be looked at.
func TestEveryRouteHasItsView(t *testing.T) {
	shown, named := map[string]bool{}, map[string]bool{}
	all := views(t)
	for _, v := range all {
		if named[v.name] {
			t.Errorf("two views are called %s: the pictures of one are written over those of the other", v.name)
		}
		shown[v.route], named[v.name] = true, true
	}
	pages := map[string]bool{}
	for _, r := range all[0].house.Routes {
		if path := strings.ReplaceAll(r.Path, "{$}", ""); r.Method == "GET" {
			pages[path] = true
			if noViews[path] == "" && !shown[path] {
				t.Errorf("nobody looks at %s: add it to views, or to noViews with the reason", path)
			}
		}
	}
	for route := range shown {
		if route != "" && !pages[route] {
			t.Errorf("there is no page %s", route)
		}
	}
	for route := range noViews {
		if !pages[route] || shown[route] {
			t.Errorf("noViews has %s, which is no route or has a view", route)
		}
	}
}

// served are the pages that a program answers to.
func served(h *house.House) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /api/", http.NotFoundHandler())
	for _, r := range h.Routes {
		if r.Method == "GET" {
			mux.Handle("GET "+r.Path, http.NotFoundHandler())
		}
	}
	return mux
}

// TestEveryPageCanBeUsedByEverybody looks at every page with axe, in both languages, both themes and both widths, and whether it fits, at a tablet's width too.
func TestEveryPageCanBeUsedByEverybody(t *testing.T) {
	rig.Need(t, "chromium")
	rig.Need(t, "axe")
	t.Parallel() // beside the other long ones: a browser leaves the machine time
	sprite, err := os.ReadFile("../../internal/web/ui/static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	icons := string(sprite)
	only := os.Getenv("BARAJI_SHOT") // some alone, while one works at them
	for _, l := range looks() {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			all, chrome := views(t), browser.Open(t) // of its own: a look is also what the people there have chosen
			tabs, pages := map[*house.Visitor]*browser.Tab{}, served(all[0].house)
			for _, v := range all {
				if only != "" && !chosen(only, v.name) {
					continue
				}
				if tabs[v.as] == nil {
					tabs[v.as] = l.tab(t, chrome, v)
				}
				tab := tabs[v.as]
				l.show(t, tab, v)
				fits(t, tab, v.name, l.width)
				if lang := browser.Eval[string](tab, "document.documentElement.lang"); lang != l.lang && !slices.Contains([]string{"api-docs", "call-answer", "leave-campaign"}, v.name) { // these: in English, and in the language of who was called or written to
					t.Errorf("%s is in %q", v.name, lang)
				}
				for _, to := range browser.Eval[[]string](tab, `[...new Set([...document.querySelectorAll("a[href^='/']")].map(a => a.pathname))]`) {
					if _, pattern := pages.Handler(httptest.NewRequest("GET", to, nil)); pattern == "" {
						t.Errorf("%s: a link to %s, where nothing is", v.name, to)
					}
				}
				for _, icon := range browser.Eval[[]string](tab, `[...document.querySelectorAll("svg use[href*='icons']")].map(u => u.getAttribute("href").split("#")[1])`) {
					if !strings.Contains(icons, `<symbol id="`+icon+`"`) {
						t.Errorf("%s: there is no icon %q", v.name, icon)
					}
				}
				for _, found := range tab.Axe() {
					t.Errorf("%s: axe: %s", v.name, found)
				}
				if l.width > tablet {
					tab.Size(tablet, 900)
					fits(t, tab, v.name, tablet)
				}
			}
		})
	}
}
