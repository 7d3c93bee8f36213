package settings

import (
	"net/http"
	"strconv"
	"strings"

	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) inboxRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/inboxes", team.ManageInboxes, a.inboxes)
	rt.Page("GET /settings/inboxes/new", team.ManageInboxes, a.newInbox)
	rt.Page("POST /settings/inboxes/new", team.ManageInboxes, a.createInbox)
	rt.Page("POST /settings/inboxes/new/probe", team.ManageInboxes, a.probeInbox)
	rt.Page("GET /settings/inboxes/{id}", team.ManageInboxes, a.inbox)
	rt.Page("POST /settings/inboxes/{id}", team.ManageInboxes, a.saveInbox)
	rt.Page("POST /settings/inboxes/{id}/probe", team.ManageInboxes, a.probeInbox)
	rt.Page("POST /settings/inboxes/{id}/enabled", team.ManageInboxes, a.enableInbox)
	rt.Page("POST /settings/inboxes/{id}/dkim", team.ManageInboxes, a.dkim)
}

// door is an inbox with its servers and its texts: what the form shows.
type door struct {
	inbox.Inbox
	Account  email.Account
	Teams    []team.Team
	Texts    map[string]string // by kind + "." + language
	Provider string
	Probe    *probed
	Trouble  ui.Trouble
}

// inboxLine is one inbox in the list.
type inboxLine struct {
	inbox.Inbox
	Account email.Account
	Team    string
}

func (a area) inboxes(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var list []inboxLine
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := inbox.List(ctx, tx)
		if err != nil {
			return err
		}
		teams, err := team.Teams(ctx, tx)
		if err != nil {
			return err
		}
		names := map[team.TeamID]string{}
		for _, t := range teams {
			names[t.ID] = t.Name
		}
		list = nil
		for _, in := range all {
			account, err := a.Mail.Account(ctx, tx, in.ID)
			if err != nil {
				return err
			}
			list = append(list, inboxLine{in, account, names[in.Team]})
		}
		return nil
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, inboxesPage(list))
	return nil
}

func (a area) newInbox(w http.ResponseWriter, r *http.Request) error {
	d := door{Inbox: inbox.Inbox{Channel: "email", Language: string(i18n.Of(r.Context()).Locale)}}
	d.Account.IMAP = email.Server{Port: 993, Security: email.TLS}
	d.Account.SMTP = email.Server{Port: 465, Security: email.TLS}
	return a.showInbox(w, r, http.StatusOK, d)
}

// page is where an inbox is set up.
func (in inboxLine) page() string {
	if in.Channel == chat.Channel {
		return "/settings/chat/" + in.ID.String()
	}
	return "/settings/inboxes/" + in.ID.String()
}

func (a area) inbox(w http.ResponseWriter, r *http.Request) error {
	d, err := a.loadInbox(r)
	if err != nil {
		return err
	}
	if d.Channel == chat.Channel {
		ui.Redirect(w, r, inboxLine{Inbox: d.Inbox}.page())
		return nil
	}
	return a.showInbox(w, r, http.StatusOK, d)
}

// loadInbox reads what the address names.
func (a area) loadInbox(r *http.Request) (d door, err error) {
	ctx := r.Context()
	key, err := id.Read[inbox.ID](r.PathValue("id"))
	if err != nil {
		return d, problem.New(problem.NotFound, "There is no such inbox.")
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		if d.Inbox, err = inbox.Get(ctx, tx, key); err != nil {
			return err
		}
		if d.Account, err = a.Mail.Account(ctx, tx, key); err != nil {
			return err
		}
		d.Texts = map[string]string{}
		for _, kind := range textKinds() {
			for _, l := range i18n.Locales() {
				if d.Texts[kind+"."+string(l)], err = inbox.Text(ctx, tx, key, kind, string(l)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return d, err
}

func textKinds() []string { return []string{inbox.Signature, inbox.AutoReply} }

// showInbox draws the form; the teams to choose from are read for it.
func (a area) showInbox(w http.ResponseWriter, r *http.Request, status int, d door) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		d.Teams, err = team.Teams(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, inboxPage(d))
	return nil
}

// readInbox puts what was sent over what was there.
func readInbox(r *http.Request, was door) (door, error) {
	d := was
	d.Channel = "email"
	d.Name, d.Address, d.Language = strings.TrimSpace(r.FormValue("name")), r.FormValue("address"), r.FormValue("language")
	d.Team, _ = id.Read[team.TeamID](r.FormValue("team"))
	d.Provider = r.FormValue("provider")
	d.Account.IMAP, d.Account.SMTP = readServer(r, "imap"), readServer(r, "smtp")
	d.Account.IMAP.Folder = strings.TrimSpace(r.FormValue("imap.folder"))
	d.Account.AuthServer = strings.TrimSpace(r.FormValue("auth_server"))
	d.Account.DeleteAfter = r.FormValue("delete_after") == "delete"
	d.fillIn()
	d.Texts = map[string]string{}
	for _, kind := range textKinds() {
		for _, l := range i18n.Locales() {
			d.Texts[kind+"."+string(l)] = strings.ReplaceAll(r.FormValue(kind+"."+string(l)), "\r\n", "\n")
		}
	}
	return d, d.keepPasswords(was)
}

func readServer(r *http.Request, name string) email.Server {
	s := email.Server{Host: strings.TrimSpace(r.FormValue(name + ".host")), Security: email.Security(r.FormValue(name + ".security")),
		Username: strings.TrimSpace(r.FormValue(name + ".username")), Password: r.FormValue(name + ".password")}
	s.Port, _ = strconv.Atoi(r.FormValue(name + ".port"))
	return s
}

// fillIn takes the servers of a chosen provider where none were entered: what the
// script does at once.
func (d *door) fillIn() {
	for _, p := range presets() {
		if p.name != d.Provider {
			continue
		}
		for _, pair := range []struct {
			into *email.Server
			from email.Server
		}{{&d.Account.IMAP, p.imap}, {&d.Account.SMTP, p.smtp}} {
			if pair.into.Host == "" {
				pair.into.Host, pair.into.Port, pair.into.Security = pair.from.Host, pair.from.Port, pair.from.Security
			}
		}
	}
	for _, s := range []*email.Server{&d.Account.IMAP, &d.Account.SMTP} {
		if s.Host != "" && s.Username == "" {
			s.Username = inbox.Fold(d.Address)
		}
	}
	if s := &d.Account.SMTP; s.Password == "" && s.Host != "" && s.Username == d.Account.IMAP.Username {
		s.Password = d.Account.IMAP.Password // nearly always the same
	}
}

// keepPasswords takes those that are stored where none were entered. A password
// that was given for one server is never shown to another.
func (d *door) keepPasswords(was door) error {
	var c problem.Check
	for _, p := range []struct {
		name     string
		now, had *email.Server
	}{{"imap", &d.Account.IMAP, &was.Account.IMAP}, {"smtp", &d.Account.SMTP, &was.Account.SMTP}} {
		if p.now.Password != "" || p.now.Host == "" || p.had.Password == "" {
			continue
		}
		same := p.now.Host == p.had.Host && p.now.Username == p.had.Username && (p.now.Port == p.had.Port || p.had.Security == p.now.Security)
		c.That(same, p.name+".password", "Enter the password again, since the server or the user has changed.")
		if same {
			p.now.Password = p.had.Password
		}
	}
	return c.Err()
}

func (a area) createInbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := readInbox(r, door{})
	if err == nil {
		err = a.DB.Write(ctx, func(tx *db.Tx) error {
			made, err := inbox.Create(ctx, tx, d.Inbox)
			if err != nil {
				return err
			}
			d.Inbox = made
			return a.storeInbox(r, tx, d)
		})
	}
	if err != nil {
		d.ID = 0
		return a.inboxAgain(w, r, d, err)
	}
	return done(w, r, "/settings/inboxes/"+d.ID.String(), "inbox_made", "name", d.Name)
}

func (a area) saveInbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	was, err := a.loadInbox(r)
	if err == nil && was.Channel == chat.Channel {
		err = errNoWidget
	}
	if err != nil {
		return err
	}
	d, err := readInbox(r, was)
	if err == nil {
		err = a.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := inbox.Update(ctx, tx, was.ID, inbox.Change{Name: &d.Name, Address: &d.Address, Language: &d.Language, Team: &d.Team})
			if err != nil {
				return err
			}
			return a.storeInbox(r, tx, d)
		})
	}
	if err != nil {
		return a.inboxAgain(w, r, d, err)
	}
	return done(w, r, "/settings/inboxes/"+d.ID.String(), "saved")
}

// storeInbox writes the servers and the texts.
func (a area) storeInbox(r *http.Request, tx *db.Tx, d door) error {
	ctx := r.Context()
	if err := check(d); err != nil {
		return err
	}
	d.Account.Inbox = d.ID
	if err := a.Mail.SetAccount(ctx, tx, d.Account); err != nil {
		return err
	}
	for _, kind := range textKinds() {
		for _, l := range i18n.Locales() {
			if err := inbox.SetText(ctx, tx, d.ID, kind, string(l), d.Texts[kind+"."+string(l)]); err != nil {
				return err
			}
		}
	}
	return nil
}

// check is what only the form knows: a server without a password does not work.
func check(d door) error {
	var c problem.Check
	c.That(d.Account.IMAP.Host == "" || d.Account.IMAP.Password != "", "imap.password", "Enter the password.")
	c.That(d.Account.SMTP.Host == "" || d.Account.SMTP.Username == "" || d.Account.SMTP.Password != "", "smtp.password", "Enter the password.")
	for _, l := range i18n.Locales() {
		c.That(len([]rune(d.Texts[inbox.Signature+"."+string(l)])) <= 2000, inbox.Signature+"."+string(l), "Use at most %d characters.", 2000)
		c.That(len([]rune(d.Texts[inbox.AutoReply+"."+string(l)])) <= 5000, inbox.AutoReply+"."+string(l), "Use at most %d characters.", 5000)
	}
	return c.Err()
}

// inboxAgain shows the form with what is wrong. What was typed is kept, but for
// the passwords, which no page ever holds.
func (a area) inboxAgain(w http.ResponseWriter, r *http.Request, d door, err error) error {
	if d.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showInbox(w, r, d.Trouble.Status, d)
}

func (a area) enableInbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := a.loadInbox(r)
	if err != nil {
		return err
	}
	on := r.FormValue("on") == "true"
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := inbox.SetEnabled(ctx, tx, d.ID, on); err != nil {
			return err
		}
		if d.Channel != "email" {
			return nil
		}
		return a.Mail.Watch(ctx, tx, d.ID)
	})
	if err != nil {
		return err
	}
	word := "inbox_closed"
	if on {
		word = "inbox_opened"
	}
	return done(w, r, "/settings/inboxes/"+d.ID.String(), word, "name", d.Name)
}
