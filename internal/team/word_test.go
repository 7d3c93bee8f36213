package team_test

import (
	"testing"

	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

func TestEverythingHasAWord(t *testing.T) {
	var keys []string
	for _, r := range team.BuiltIn() {
		keys = append(keys, r.Word(), r.Word()+"_about", r.See.Word())
	}
	for _, r := range team.Rights {
		keys = append(keys, r.Word())
	}
	for _, s := range []team.State{team.Awaited, team.Active, team.Off} {
		keys = append(keys, s.Word())
	}
	for _, m := range []string{"invite", "reset", "password_changed", "factor_on", "factor_off", "email_changed"} {
		for _, by := range []string{"", "서윤"} {
			mail := team.Mail{Key: "team.mail_" + m, By: by}
			keys = append(keys, mail.Key+"_subject", mail.TextKey())
		}
	}
	for _, k := range keys {
		if !i18n.Has(k) {
			t.Errorf("no word for %q", k)
		}
	}
}
