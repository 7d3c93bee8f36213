package app

import (
	"context"

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
