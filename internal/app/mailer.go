package app

import (
	"context"

	"baraji/internal/consent"
	"baraji/internal/incident"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// sendTeamMail sends a mail about somebody's account (invitation, new password)
// through the oldest inbox that can send.
func (a *App) sendTeamMail(ctx context.Context, m team.Mail) error {
	now := a.DB.Now()
	ctx = i18n.With(ctx, i18n.Reader{Locale: i18n.Locale(m.Language), Now: now})
	link := ""
	if m.Path != "" {
		link = a.address() + m.Path
	}
	args := []any{"name", m.Name, "firm", m.Firm, "by", m.By, "link", link, "until", i18n.Moment(ctx, m.Expires)}
	return a.Mail.Notify(ctx, m.To, m.Name, i18n.T(ctx, m.Key+"_subject", args...), i18n.T(ctx, m.Key+"_text", args...))
}

// address is how the desk is reached.
func (a *App) address() string {
	if a.Config.URL != "" {
		return a.Config.URL
	}
	return "http://" + a.Config.Addr
}

// sendLetter sends a mail of the status page: to many who can leave with one click, or once to one.
func (a *App) sendLetter(ctx context.Context, l incident.Letter) error {
	if l.Unsubscribe == "" {
		return a.Mail.Notify(ctx, l.To, "", l.Subject, l.Text)
	}
	return a.Mail.Circular(ctx, l.To, l.Subject, l.Text, l.Unsubscribe)
}

// sendConsent sends a mail about what somebody agreed to, or took back.
func (a *App) sendConsent(ctx context.Context, l consent.Letter) error {
	if l.Off == "" {
		return a.Mail.Notify(ctx, l.To, "", l.Subject, l.Text)
	}
	return a.Mail.Circular(ctx, l.To, l.Subject, l.Text, l.Off)
}
