package settings

import (
	"net/http"
	"slices"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/web/ui"
)

// newRule is a form with the template that was chosen, or what there is to choose from.
func (a area) newRule(w http.ResponseWriter, r *http.Request) error {
	from := r.FormValue("from")
	if from == "" {
		return a.startRule(w, r)
	}
	f := ruleForm{When: "conversation.received", Acts: []automation.Act{{Do: "tag"}}}
	if begin, ok := automation.TemplateOf(from); ok {
		var rule automation.Rule
		err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { rule, err = begin.Begin(r.Context(), tx); return err })
		if err != nil {
			return err
		}
		f = formOf(rule)
		f.From = from
	}
	return a.showRule(w, r, http.StatusOK, f)
}

func (a area) startRule(w http.ResponseWriter, r *http.Request) error {
	var h ruleHouse
	if err := a.DB.Read(r.Context(), func(tx *db.Tx) error { return h.Read(r.Context(), tx) }); err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, ruleStartPage(h))
	return nil
}

// lacks is what a template needs and the firm has not: "team", "service" or nothing.
func (h ruleHouse) lacks(t automation.Template) string {
	switch need := t.Needs(); {
	case need == "date" && !slices.ContainsFunc(h.Contacts, func(f contact.Field) bool { return f.Type == contact.DateField }):
		return need
	case need == "team" && len(h.Teams) == 0, need == "service" && len(h.Services) == 0:
		return need
	}
	return ""
}

func lackPath(lack string) string {
	if lack == "team" {
		return "/settings/teams"
	}
	if lack == "date" {
		return "/settings/fields"
	}
	return "/coverage/on-call"
}

func lackTone(lack string) string {
	if lack == "" {
		return "moon"
	}
	return "warn"
}

type startGroup struct {
	name string
	list []automation.Template
}

// startGroups are the templates for every day and those for what comes after the sale.
func startGroups() []startGroup {
	after := func(t automation.Template) bool { return t.Part != "" }
	daily := func(t automation.Template) bool { return t.Part == "" }
	return []startGroup{{"every_day", slices.DeleteFunc(slices.Clone(automation.Templates), after)}, {"after_sale", slices.DeleteFunc(slices.Clone(automation.Templates), daily)}}
}

// startIcon is that of the noun it is about.
func startIcon(t automation.Template) string {
	icons := map[string]string{"away": "moon", "vip": "star", "late": "clock", "form": "file-text", "delivery": "truck", "billing": "receipt", "cancel": "pencil", "refund": "undo-2",
		"broken": "wrench", "complaint": "phone-call", "success": "handshake", "account": "building-2", "regular": "repeat", "happy": "smile", "retire": "archive",
		"remind": "bell", "close": "circle-check", "renewal": "refresh-cw", "yearly": "gift", "checkin": "message-circle", "silent": "bell-off", "figures": "calendar-clock"}
	return icons[t.Key]
}
