package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func inboxes(rt *routes) {
	get(rt, "/inboxes", "List the inboxes, by name", rt.listInboxes)
	post(rt, "/inboxes", "Open an inbox", rt.makeInbox, status(http.StatusCreated),
		about("`imap` and `smtp` say which servers it uses; their passwords can be written but never read. `security` is `tls`, `starttls` or `none`; "+
			"`tls` true or false is short for `tls` and `none`."))
	get(rt, "/inboxes/{id}", "Get an inbox", rt.getInbox)
	patch(rt, "/inboxes/{id}", "Change an inbox", rt.changeInbox,
		about("What is absent stays; within `imap`, `smtp` and `dkim` too. null takes a server away."))
	post(rt, "/inboxes/{id}/enable", "Let mail in again", rt.switchInbox(true))
	post(rt, "/inboxes/{id}/disable", "Let nothing more in; what came stays", rt.switchInbox(false))
	get(rt, "/inboxes/{id}/texts", "List the signatures and automatic answers of an inbox", listTexts)
	put(rt, "/inboxes/{id}/texts/{kind}/{language}", "Write a text of an inbox; an empty one takes it away", setText)
	rt.tryInbox()
}

// Inbox is an inbox as it leaves. Its servers are shown to those who manage inboxes.
type Inbox struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Channel     string  `json:"channel"`
	Address     string  `json:"address"`
	TeamID      ref     `json:"team_id" doc:"Which team new conversations go to"`
	Language    string  `json:"language" enum:"ko,en" doc:"What is said to customers whose language is not known"`
	Enabled     bool    `json:"enabled"`
	IMAP        *Server `json:"imap"`
	SMTP        *Server `json:"smtp"`
	DKIM        *DKIM   `json:"dkim"`
	AuthServer  string  `json:"auth_server" doc:"Mail server whose Authentication-Results are believed; empty: none"`
	DeleteAfter bool    `json:"delete_after" doc:"Take mail off the server after it is ours"`
	Widget      *Widget `json:"widget" doc:"Of the channel chat; the address is the widget's public key"`
	InTrouble   string  `json:"in_trouble" doc:"Why fetching fails, in the server's words"`
	OutTrouble  string  `json:"out_trouble"`
	CreatedAt   stamp   `json:"created_at"`
}

// Server is a mail server as it leaves: without its password.
type Server struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Username string `json:"username"`
	Security string `json:"security" enum:"tls,starttls,none"`
	Folder   string `json:"folder,omitempty"`
	Password bool   `json:"password_set"`
}

// DKIM says how outgoing mail is signed.
type DKIM struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
	Key      bool   `json:"key_set"`
}

func (s *server) showInbox(ctx context.Context, tx *db.Tx, in inbox.Inbox) (Inbox, error) {
	out := Inbox{ID: in.ID.String(), Name: in.Name, Channel: in.Channel, Address: in.Address, TeamID: refOf(in.Team), Language: in.Language,
		Enabled: in.Enabled, CreatedAt: stamp(in.CreatedAt)}
	if !team.From(ctx).Can(team.ManageInboxes) {
		return out, nil
	}
	if in.Channel == chat.Channel {
		set, err := chat.SettingsOf(ctx, tx, in.ID)
		w := Widget(set)
		out.Widget = &w
		return out, err
	}
	if in.Channel != "email" {
		return out, nil
	}
	a, err := s.Mail.Account(ctx, tx, in.ID)
	out.IMAP, out.SMTP, out.AuthServer, out.DeleteAfter = showServer(a.IMAP), showServer(a.SMTP), a.AuthServer, a.DeleteAfter
	out.InTrouble, out.OutTrouble = a.InTrouble, a.OutTrouble
	if a.DKIM.Domain != "" {
		out.DKIM = &DKIM{a.DKIM.Domain, a.DKIM.Selector, a.DKIM.Key != ""}
	}
	return out, err
}

func showServer(s email.Server) *Server {
	if !s.Set() {
		return nil
	}
	return &Server{s.Host, s.Port, s.Username, string(s.Security), s.Folder, s.Password != ""}
}

func (s *server) listInboxes(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Inbox], error) {
	if err := mayReadInboxes(ctx); err != nil {
		return page[Inbox]{}, err
	}
	list, err := inbox.List(ctx, tx)
	if err != nil {
		return page[Inbox]{}, err
	}
	out := page[Inbox]{Items: make([]Inbox, len(list))}
	for i, in := range list {
		if out.Items[i], err = s.showInbox(ctx, tx, in); err != nil {
			return out, err
		}
	}
	return out, nil
}

// mayReadInboxes: who sees conversations sees where they came in.
func mayReadInboxes(ctx context.Context) error {
	if team.From(ctx).Can(team.ManageInboxes) {
		return nil
	}
	return team.Allow(ctx, team.ReadConversations)
}

func (s *server) getInbox(ctx context.Context, tx *db.Tx, in *one) (Inbox, error) {
	if err := mayReadInboxes(ctx); err != nil {
		return Inbox{}, err
	}
	i, err := inboxAt(ctx, tx, in.ID)
	if err != nil {
		return Inbox{}, err
	}
	return s.showInbox(ctx, tx, i)
}

func inboxAt(ctx context.Context, tx *db.Tx, id string) (inbox.Inbox, error) {
	iid, err := target[inbox.ID](id)
	if err != nil {
		return inbox.Inbox{}, err
	}
	return inbox.Get(ctx, tx, iid)
}

// serverIn is a mail server as it is sent.
type serverIn struct {
	Host     *string `json:"host,omitempty" maxLength:"255"`
	Port     *int    `json:"port,omitempty" minimum:"1" maximum:"65535"`
	Username *string `json:"username,omitempty" maxLength:"320"`
	User     *string `json:"user,omitempty" maxLength:"320" doc:"The same as username"`
	Password *string `json:"password,omitempty" maxLength:"4000" writeOnly:"true"`
	Security *string `json:"security,omitempty" enum:"tls,starttls,none"`
	TLS      *bool   `json:"tls,omitempty" doc:"true is security tls, false is none"`
	Folder   *string `json:"folder,omitempty" maxLength:"255" doc:"Only IMAP; INBOX unless said"`
}

// onto puts what was sent onto what is there. A new host forgets the old one's password.
func (in serverIn) onto(s email.Server, port map[email.Security]int) email.Server {
	text := func(to *string, from *string) {
		if from != nil {
			*to = strings.TrimSpace(*from)
		}
	}
	text(&s.Host, in.Host)
	text(&s.Username, in.User)
	text(&s.Username, in.Username)
	text(&s.Folder, in.Folder)
	if in.Password != nil {
		s.Password = *in.Password
	}
	switch {
	case in.Security != nil:
		s.Security = email.Security(*in.Security)
	case in.TLS != nil && *in.TLS:
		s.Security = email.TLS
	case in.TLS != nil:
		s.Security = email.Plain
	case s.Security == "":
		s.Security = email.TLS
	}
	if in.Port != nil {
		s.Port = *in.Port
	} else if s.Port == 0 {
		s.Port = port[s.Security]
	}
	return s
}

// The ports that servers have unless it is said otherwise (RFC 8314, RFC 6409).
func imapPorts() map[email.Security]int {
	return map[email.Security]int{email.TLS: 993, email.StartTLS: 143, email.Plain: 143}
}

func smtpPorts() map[email.Security]int {
	return map[email.Security]int{email.TLS: 465, email.StartTLS: 587, email.Plain: 25}
}

// dkimIn is a DKIM key as it is sent.
type dkimIn struct {
	Domain   string `json:"domain" maxLength:"255"`
	Selector string `json:"selector" maxLength:"255"`
	Key      string `json:"key,omitempty" maxLength:"10000" writeOnly:"true" doc:"PEM, PKCS #8"`
}

// Servers are the settings of an e-mail inbox.
type Servers struct {
	IMAP        maybe[serverIn] `json:"imap,omitempty"`
	SMTP        maybe[serverIn] `json:"smtp,omitempty"`
	DKIM        maybe[dkimIn]   `json:"dkim,omitempty"`
	AuthServer  *string         `json:"auth_server,omitempty" maxLength:"255" doc:"Mail server whose Authentication-Results are believed, such as mx.example.com"`
	DeleteAfter *bool           `json:"delete_after,omitempty"`
}

func (in Servers) any() bool {
	return in.IMAP.Set || in.SMTP.Set || in.DKIM.Set || in.AuthServer != nil || in.DeleteAfter != nil
}

func (s *server) setServers(ctx context.Context, tx *db.Tx, i inbox.Inbox, in Servers) error {
	if !in.any() {
		return nil
	}
	if i.Channel != "email" {
		return problem.For("imap", "Only an e-mail inbox has mail servers.")
	}
	a, err := s.Mail.Account(ctx, tx, i.ID)
	if err != nil {
		return err
	}
	a.Inbox = i.ID
	if in.IMAP.Set {
		a.IMAP = in.IMAP.Value.onto(a.IMAP, imapPorts())
	}
	if in.SMTP.Set {
		a.SMTP = in.SMTP.Value.onto(a.SMTP, smtpPorts())
	}
	if in.DKIM.Set {
		a.DKIM = email.DKIM{Domain: in.DKIM.Value.Domain, Selector: in.DKIM.Value.Selector, Key: in.DKIM.Value.Key}
	}
	if in.AuthServer != nil {
		a.AuthServer = *in.AuthServer
	}
	if in.DeleteAfter != nil {
		a.DeleteAfter = *in.DeleteAfter
	}
	return s.Mail.SetAccount(ctx, tx, a)
}

// newInbox opens an inbox.
type newInbox struct {
	Body struct {
		Name     string `json:"name" maxLength:"200"`
		Channel  string `json:"channel" enum:"email,api,chat"`
		Address  string `json:"address,omitempty" maxLength:"320"`
		TeamID   string `json:"team_id,omitempty"`
		Language string `json:"language,omitempty" enum:"ko,en"`
		Widget   Widget `json:"widget,omitempty" doc:"Of the channel chat"`
		Servers
	}
}

func (s *server) makeInbox(ctx context.Context, tx *db.Tx, in *newInbox) (Inbox, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return Inbox{}, err
	}
	group, err := groupAt(ctx, tx, in.Body.TeamID)
	if err != nil {
		return Inbox{}, err
	}
	i := inbox.Inbox{Name: in.Body.Name, Channel: in.Body.Channel, Address: in.Body.Address, Team: group, Language: in.Body.Language}
	if i.Channel == chat.Channel {
		i, err = s.Chat.Create(ctx, tx, i, chat.Settings(in.Body.Widget))
	} else {
		i, err = inbox.Create(ctx, tx, i)
	}
	if err != nil {
		return Inbox{}, err
	}
	if err := s.setServers(ctx, tx, i, in.Body.Servers); err != nil {
		return Inbox{}, err
	}
	return s.showInbox(ctx, tx, i)
}

// groupAt reads a team's id in a field, and makes sure that there is one.
func groupAt(ctx context.Context, tx *db.Tx, id string) (team.TeamID, error) {
	group, err := named[team.TeamID]("team_id", id)
	if err != nil || group == 0 {
		return group, err
	}
	if _, err := team.GetTeam(ctx, tx, group); problem.KindOf(err) == problem.NotFound {
		return group, problem.For("team_id", "There is no such team.")
	} else if err != nil {
		return group, err
	}
	return group, nil
}

// inboxPatch changes an inbox.
type inboxPatch struct {
	ID   string `path:"id"`
	Body struct {
		Name     *string       `json:"name,omitempty" maxLength:"200"`
		Address  *string       `json:"address,omitempty" maxLength:"320"`
		TeamID   maybe[string] `json:"team_id,omitempty"`
		Language *string       `json:"language,omitempty" enum:"ko,en"`
		Enabled  *bool         `json:"enabled,omitempty"`
		Servers
	}
}

func (s *server) changeInbox(ctx context.Context, tx *db.Tx, in *inboxPatch) (Inbox, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return Inbox{}, err
	}
	i, err := inboxAt(ctx, tx, in.ID)
	if err != nil {
		return Inbox{}, err
	}
	ch := inbox.Change{Name: in.Body.Name, Address: in.Body.Address, Language: in.Body.Language}
	if in.Body.TeamID.Set {
		group, err := groupAt(ctx, tx, in.Body.TeamID.Value)
		if err != nil {
			return Inbox{}, err
		}
		ch.Team = &group
	}
	if i, err = inbox.Update(ctx, tx, i.ID, ch); err != nil {
		return Inbox{}, err
	}
	if err := s.setServers(ctx, tx, i, in.Body.Servers); err != nil {
		return Inbox{}, err
	}
	if in.Body.Enabled != nil {
		if err := s.enable(ctx, tx, &i, *in.Body.Enabled); err != nil {
			return Inbox{}, err
		}
	}
	return s.showInbox(ctx, tx, i)
}

// enable opens or closes an inbox, and tells whoever reads its mailbox.
func (s *server) enable(ctx context.Context, tx *db.Tx, i *inbox.Inbox, on bool) error {
	if err := inbox.SetEnabled(ctx, tx, i.ID, on); err != nil {
		return err
	}
	i.Enabled = on
	if i.Channel != "email" {
		return nil
	}
	return s.Mail.Watch(ctx, tx, i.ID)
}

func (s *server) switchInbox(on bool) action[one, Inbox] {
	return func(ctx context.Context, tx *db.Tx, in *one) (Inbox, error) {
		if err := team.Allow(ctx, team.ManageInboxes); err != nil {
			return Inbox{}, err
		}
		i, err := inboxAt(ctx, tx, in.ID)
		if err != nil {
			return Inbox{}, err
		}
		if err := s.enable(ctx, tx, &i, on); err != nil {
			return Inbox{}, err
		}
		return s.showInbox(ctx, tx, i)
	}
}

// Text is a text of an inbox.
type Text struct {
	Kind     string `json:"kind" enum:"signature,auto_reply"`
	Language string `json:"language" enum:"ko,en"`
	Body     string `json:"body"`
}

func listTexts(ctx context.Context, tx *db.Tx, in *one) (out page[Text], err error) {
	if err := mayReadInboxes(ctx); err != nil {
		return out, err
	}
	i, err := inboxAt(ctx, tx, in.ID)
	if err != nil {
		return out, err
	}
	out.Items = []Text{}
	for _, kind := range []string{inbox.Signature, inbox.AutoReply} {
		for _, language := range []string{"ko", "en"} {
			s, err := inbox.Text(ctx, tx, i.ID, kind, language)
			if err != nil {
				return out, err
			}
			out.Items = append(out.Items, Text{kind, language, s})
		}
	}
	return out, nil
}

// textIn writes a text.
type textIn struct {
	ID       string `path:"id"`
	Kind     string `path:"kind" enum:"signature,auto_reply"`
	Language string `path:"language" enum:"ko,en"`
	Body     struct {
		Body string `json:"body" maxLength:"20000"`
	}
}

func setText(ctx context.Context, tx *db.Tx, in *textIn) (Text, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return Text{}, err
	}
	i, err := inboxAt(ctx, tx, in.ID)
	if err != nil {
		return Text{}, err
	}
	if err := inbox.SetText(ctx, tx, i.ID, in.Kind, in.Language, in.Body.Body); err != nil {
		return Text{}, err
	}
	s, err := inbox.Text(ctx, tx, i.ID, in.Kind, in.Language)
	return Text{in.Kind, in.Language, s}, err
}

// Trial is how an attempt to use the servers went.
type Trial struct {
	IMAP *TrialOf `json:"imap" doc:"null: there is no such server"`
	SMTP *TrialOf `json:"smtp"`
}

// TrialOf is how it went with one server, step by step.
type TrialOf struct {
	OK    bool    `json:"ok"`
	Error string  `json:"error" doc:"In the server's own words"`
	Steps []Tried `json:"steps" nullable:"false"`
}

// Tried is one step of it.
type Tried struct {
	Step    string `json:"step" enum:"resolve,connect,tls,greeting,sign_in,mailbox,sends,test"`
	OK      bool   `json:"ok"`
	Skipped bool   `json:"skipped" doc:"A step before it failed"`
	Said    string `json:"said"`
	Advice  string `json:"advice" doc:"What to do about it, as a word for programs"`
}

// patience is how long a trial may take.
const patience = 30 * time.Second

// tryInbox adds the trial of the servers. It is outside of the transaction that
// keeps its answer: the network is slow.
func (rt *routes) tryInbox() {
	around(rt, "/inboxes/{id}/test", "Try the mail servers of an inbox; nothing is changed or sent there", func(ctx context.Context, in *one) (t Trial, err error) {
		if err := team.Allow(ctx, team.ManageInboxes); err != nil {
			return t, err
		}
		var i inbox.Inbox
		var a email.Account
		err = rt.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if i, err = inboxAt(ctx, tx, in.ID); err == nil {
				a, err = rt.Mail.Account(ctx, tx, i.ID)
			}
			return err
		})
		if err != nil {
			return t, err
		}
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if a.IMAP.Set() {
			t.IMAP = trialOf(rt.Mail.ProbeIMAP(ctx, a.IMAP))
		}
		if a.SMTP.Set() {
			t.SMTP = trialOf(rt.Mail.ProbeSMTP(ctx, a.SMTP, i.Address, nil))
		}
		return t, nil
	})
}

func trialOf(findings []email.Finding) *TrialOf {
	t := &TrialOf{OK: true, Steps: []Tried{}}
	for _, f := range findings {
		said := strings.ToValidUTF8(strings.ReplaceAll(f.Said, "\x00", ""), "\uFFFD")
		if !f.OK && t.OK {
			t.OK, t.Error = false, said
		}
		t.Steps = append(t.Steps, Tried{f.Step, f.OK, f.Skipped, said, f.Advice})
	}
	return t
}
