// Package settings is the pages on which the desk is arranged: one's own profile,
// the inboxes, the people, and the house. Each page needs its own right; the list
// at the left shows those that the viewer has.
package settings

import (
	"context"
	"net/http"

	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /settings", "", a.index)
	a.profileRoutes(rt)
	a.noticeRoutes(rt)
	a.inboxRoutes(rt)
	a.chatRoutes(rt)
	a.formRoutes(rt)
	a.portalRoutes(rt)
	a.peopleRoutes(rt)
	a.roleRoutes(rt)
	a.teamRoutes(rt)
	a.tokenRoutes(rt)
	a.webhookRoutes(rt)
	a.hookinRoutes(rt)
	a.requestRoutes(rt)
	a.secretRoutes(rt)
	a.slackRoutes(rt)
	a.sessionRoutes(rt)
	a.hoursRoutes(rt)
	a.targetRoutes(rt)
	a.routingRoutes(rt)
	a.ruleRoutes(rt)
	a.macroRoutes(rt)
	rt.Page("GET /settings/sending", team.ManageSettings, a.sending)
	rt.Page("POST /settings/sending", team.ManageSettings, a.saveSending)
	a.flowRoutes(rt)
	a.tagRoutes(rt)
	a.fieldRoutes(rt)
	a.quarantineRoutes(rt)
	a.jobRoutes(rt)
	a.auditRoutes(rt)
	a.firmRoutes(rt)
}

// section is one page in the list at the left.
type section struct {
	name, path, icon string
	right            team.Right // needed to see it; "" is everybody
}

// chapter is some sections under a head.
type chapter struct {
	name     string
	sections []section
}

// chapters lists every section. Words: settings.chapter_<name>, settings.<name>,
// settings.<name>_about.
func chapters() []chapter {
	return []chapter{
		{"you", []section{
			{"profile", "/profile", "user-round", ""},
			{"notices", "/settings/notices", "bell", ""},
			{"security", "/profile/security", "shield-check", ""},
			{"own_tokens", "/profile/tokens", "key-round", ""},
		}},
		{"team", []section{
			{"people", "/settings/people", "users-round", team.ManagePeople},
			{"roles", "/settings/roles", "id-card", team.ManagePeople},
			{"teams", "/settings/teams", "handshake", team.ManagePeople},
			{"hours", "/settings/hours", "calendar-clock", team.ManageSettings},
			{"targets", "/settings/targets", "clock", team.ManageSettings},
			{"routing", "/settings/routing", "arrow-left-right", team.ManageSettings},
			{"sessions", "/settings/sessions", "alarm-clock", team.ManagePeople},
		}},
		{"channels", []section{
			{"inboxes", "/settings/inboxes", "mail", team.ManageInboxes},
			{"forms", "/settings/forms", "square-check", team.ManageInboxes},
			{"portal", "/settings/portal", "log-in", team.ManageInboxes},
			{"quarantine", "/settings/quarantine", "mail-warning", team.Quarantine},
		}},
		{"automation", []section{
			{"rules", "/settings/rules", "zap", team.ManageSettings},
			{"flows", "/settings/flows", "workflow", team.ManageSettings},
			{"sending", "/settings/sending", "mail", team.ManageSettings},
			{"macros", "/settings/macros", "text-quote", team.Reply},
			{"slack", "/settings/slack", "hash", team.ManageTokens},
			{"incoming", "/settings/incoming", "log-in", team.ManageTokens},
			{"webhooks", "/settings/webhooks", "webhook", team.ManageTokens},
			{"requests", "/settings/requests", "send", team.ManageSettings},
			{"secrets", "/settings/secrets", "lock", team.ManageTokens},
		}},
		{"house", []section{
			{"tags", "/settings/tags", "tags", team.ManageSettings},
			{"fields", "/settings/fields", "list-checks", team.ManageSettings},
			{"tokens", "/settings/tokens", "key-round", team.ManageTokens},
			{"jobs", "/settings/jobs", "activity", team.ManageJobs},
			{"audit", "/settings/audit", "scroll-text", team.ReadAudit},
			{"firm", "/settings/firm", "store", team.ManageSettings},
			{"about", "/settings/about", "info", ""},
		}},
	}
}

// allowed are the chapters with what the viewer may open.
func allowed(ctx context.Context) (list []chapter) {
	for _, c := range chapters() {
		var open []section
		for _, s := range c.sections {
			if s.right == "" || team.From(ctx).Can(s.right) {
				open = append(open, s)
			}
		}
		if len(open) > 0 {
			list = append(list, chapter{c.name, open})
		}
	}
	return list
}

// index is the list itself, with a line about each: the way in on a phone.
func (a area) index(w http.ResponseWriter, r *http.Request) error {
	ui.Render(w, r, http.StatusOK, indexPage())
	return nil
}

// t is a word of this area.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "settings."+key, args...)
}

// done says what was done on the page that comes next.
func done(w http.ResponseWriter, r *http.Request, to, word string, args ...any) error {
	ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), word, args...)}, to)
	return nil
}

// languages are those that we speak, as a choice.
func languages() (list []ui.Option) {
	for _, l := range i18n.Locales() {
		list = append(list, ui.Option{Value: string(l), Label: l.Name()})
	}
	return list
}
