package settings

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"baraji/internal/channel/email"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// probed is what a connection test found.
type probed struct {
	IMAP, SMTP []email.Finding
	Address    string
}

// probeInbox tries out the servers of the form as it stands, saved or not. Nothing
// is stored, and no transaction is open while the network is asked.
func (a area) probeInbox(w http.ResponseWriter, r *http.Request) error {
	var was door
	if r.PathValue("id") != "" {
		var err error
		if was, err = a.loadInbox(r); err != nil {
			return err
		}
	}
	d, err := readInbox(r, was)
	if err == nil {
		err = testable(d)
	}
	if err != nil {
		if ui.Fragment(r) {
			trouble, err := ui.TroubleOf(w, r, err)
			if err != nil {
				return err
			}
			ui.Render(w, r, http.StatusOK, probeTrouble(trouble))
			return nil
		}
		return a.inboxAgain(w, r, d, err)
	}
	test, err := a.testMail(r, d)
	if err != nil {
		return err
	}
	found := a.probe(r.Context(), d, test)
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, probeResult(found))
		return nil
	}
	d.Probe = &found
	return a.showInbox(w, r, http.StatusOK, d)
}

func testable(d door) error {
	if d.Account.IMAP.Host == "" && d.Account.SMTP.Host == "" {
		return problem.For("imap.host", "Enter a server first, or choose a provider.")
	}
	var c problem.Check
	c.That(strings.Count(d.Address, "@") == 1, "address", "Enter the address that customers write to.")
	for name, s := range map[string]email.Server{"imap": d.Account.IMAP, "smtp": d.Account.SMTP} {
		c.That(s.Host == "" || s.Port > 0 && s.Port < 65536, name+".port", "Enter a port between 1 and 65535.")
	}
	return c.Err()
}

// testMail is the mail that the inbox sends to itself, if that was asked for.
func (a area) testMail(r *http.Request, d door) ([]byte, error) {
	if r.FormValue("test_mail") == "" || d.Account.SMTP.Host == "" {
		return nil, nil
	}
	ctx := r.Context()
	self := mail.Address{Name: d.Name, Addr: strings.TrimSpace(d.Address)}
	return mail.Compose(mail.Outgoing{From: self, To: []mail.Address{self}, Date: a.DB.Now(), AutoSubmitted: "auto-generated",
		Subject: t(ctx, "test_subject"), Text: t(ctx, "test_text", "name", team.From(ctx).Name), MessageID: "test." + a.Keys.Fingerprint() + "." +
			a.DB.Now().UTC().Format("20060102150405.000") + "@" + self.Addr[strings.LastIndexByte(self.Addr, '@')+1:]})
}

// probe asks both servers at the same time.
func (a area) probe(ctx context.Context, d door, test []byte) probed {
	found := probed{Address: strings.TrimSpace(d.Address)}
	var both sync.WaitGroup
	if d.Account.IMAP.Host != "" {
		both.Go(func() { found.IMAP = a.Mail.ProbeIMAP(ctx, d.Account.IMAP) })
	}
	if d.Account.SMTP.Host != "" {
		both.Go(func() { found.SMTP = a.Mail.ProbeSMTP(ctx, d.Account.SMTP, found.Address, test) })
	}
	both.Wait()
	return found
}
