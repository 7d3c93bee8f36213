package settings

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/channel/email"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

func (d door) title(ctx context.Context) string {
	if d.ID == 0 {
		return t(ctx, "inbox_new")
	}
	return d.Inbox.Name
}

// action is where the form goes, or one of the things beside it.
func (d door) action(what string) string {
	if d.ID == 0 {
		return "/settings/inboxes/new" + what
	}
	return "/settings/inboxes/" + d.ID.String() + what
}

func (d door) after() string {
	if d.Account.DeleteAfter {
		return "delete"
	}
	return "leave"
}

func (d door) record() string {
	s, err := d.Account.DKIM.Record()
	if err != nil {
		return ""
	}
	return s
}

// provider is the one whose servers are entered.
func (d door) provider() string {
	if d.Provider != "" {
		return d.Provider
	}
	for _, p := range presets() {
		if d.Account.IMAP.Host == p.imap.Host && d.Account.SMTP.Host == p.smtp.Host {
			return p.name
		}
	}
	if d.Account.IMAP.Host != "" {
		return "other"
	}
	return ""
}

func (l inboxLine) subtitle() string {
	return strings.Trim(l.Address+" · "+l.Team, " ·")
}

func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

func portText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func passwordHint(ctx context.Context, name string, d door) string {
	stored := d.Account.IMAP.Password
	if name == "smtp" {
		stored = d.Account.SMTP.Password
	}
	switch {
	case stored != "" && d.Trouble.Status == 0:
		return t(ctx, "password_stored")
	case name == "smtp":
		return t(ctx, "password_same")
	}
	return t(ctx, "password_hint")
}

func teamOptions(teams []team.Team, none string) []ui.Option {
	list := []ui.Option{{Value: team.TeamID(0).String(), Label: none}}
	for _, t := range teams {
		list = append(list, ui.Option{Value: t.ID.String(), Label: t.Name})
	}
	return list
}

func securityOptions(ctx context.Context) (list []ui.Option) {
	for _, s := range []email.Security{email.TLS, email.StartTLS, email.Plain} {
		list = append(list, ui.Option{Value: string(s), Label: t(ctx, "security_"+string(s))})
	}
	return list
}

func providerOptions(ctx context.Context) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "provider_choose")}}
	for _, p := range presets() {
		list = append(list, ui.Option{Value: p.name, Label: t(ctx, "provider_"+p.name)})
	}
	return append(list, ui.Option{Value: "other", Label: t(ctx, "provider_other")})
}

// presetData tells the script what each provider's servers are.
func presetData() templ.Attributes {
	type ends struct {
		IMAP email.Server `json:"imap"`
		SMTP email.Server `json:"smtp"`
	}
	all := map[string]ends{}
	for _, p := range presets() {
		all[p.name] = ends{p.imap, p.smtp}
	}
	b, err := json.Marshal(all)
	if err != nil {
		return nil
	}
	return templ.Attributes{"data-presets": string(b)}
}

func wellDone(all []email.Finding) bool {
	return !slices.ContainsFunc(all, func(f email.Finding) bool { return !f.OK })
}

func stateOf(f email.Finding) string {
	switch {
	case f.OK:
		return "ok"
	case f.Skipped:
		return "skipped"
	}
	return "failed"
}

func iconOf(f email.Finding) string {
	switch {
	case f.OK:
		return "circle-check"
	case f.Skipped:
		return "minus"
	}
	return "circle-x"
}

// aboutFinding is what a step that went well found.
func aboutFinding(ctx context.Context, f email.Finding) string {
	switch {
	case f.Skipped:
		return i18n.T(ctx, "probe.skipped")
	case !f.OK:
		return ""
	case f.Step == "mailbox":
		return f.Said + " · " + i18n.T(ctx, "probe.mails", "n", int64(f.Mails))
	}
	return f.Said
}

// certificate says for whom it is, by whom, and until when.
func certificate(ctx context.Context, c *email.Certificate) string {
	names := c.Names
	more := ""
	if len(names) > 3 {
		names, more = names[:3], " …"
	}
	return strings.Join(names, ", ") + more + " · " + i18n.T(ctx, "probe.issued", "issuer", c.Issuer, "until", i18n.Date(ctx, c.Expires))
}
