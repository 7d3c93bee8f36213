package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/sla"
	"baraji/internal/team"
)

func conversations(rt *routes) {
	get(rt, "/conversations", "List conversations, those with the newest message first", listConversations)
	post(rt, "/conversations", "Open a conversation in a customer's name", openConversation, status(http.StatusCreated), body(2<<20),
		about("The customer is found by the addresses in `from`, or made. Without `inbox` the conversation is put into the e-mail inbox that was made "+
			"first and is enabled, so that answers go out by mail from there if the customer has an e-mail address; its channel is `api`. "+
			"With `inbox` (an id or the inbox's address) its channel is the inbox's."))
	get(rt, "/conversations/{id}", "Get a conversation", getConversation)
	patch(rt, "/conversations/{id}", "Change a conversation", changeConversation,
		about("`assignee_id` and `team_id` may be null. `status` `snoozed` needs `snoozed_until`. `tags` replaces all tags; `fields` changes the own fields it names."))
	remove(rt, "/conversations/{id}", "Delete a conversation for good", rt.deleteConversation)
}

// Conversation is a conversation as it leaves.
type Conversation struct {
	ID           string   `json:"id" example:"cnv_01k3v9q8m0c2r"`
	Number       int64    `json:"number" doc:"What people call it: #1042"`
	Subject      string   `json:"subject"`
	Status       string   `json:"status" enum:"open,pending,snoozed,solved"`
	Stage        string   `json:"stage" enum:"pre-sale,onboarding,post-sale,renewal"`
	Type         string   `json:"type"`
	Priority     string   `json:"priority" enum:"low,normal,high,urgent"`
	Severity     string   `json:"severity" enum:",minor,major,critical"`
	Channel      string   `json:"channel"`
	InboxID      ref      `json:"inbox_id"`
	ContactID    ref      `json:"contact_id"`
	ContactName  string   `json:"contact_name"`
	CompanyID    ref      `json:"company_id"`
	AssigneeID   ref      `json:"assignee_id"`
	TeamID       ref      `json:"team_id"`
	Tags         []string `json:"tags" nullable:"false"`
	Snippet      string   `json:"snippet" doc:"The beginning of what was last said"`
	Messages     int      `json:"messages"`
	LastAt       stamp    `json:"last_at"`
	CreatedAt    stamp    `json:"created_at"`
	UpdatedAt    stamp    `json:"updated_at"`
	WaitingSince stamp    `json:"waiting_since" doc:"Since when the customer waits for us"`
	FirstReplyAt stamp    `json:"first_reply_at"`
	SnoozedUntil stamp    `json:"snoozed_until"`
	SolvedAt     stamp    `json:"solved_at"`
	SLA          SLA      `json:"sla"`
	MergedInto   ref      `json:"merged_into" doc:"Where its messages are"`
}

// SLA is what was promised and when it is due.
type SLA struct {
	FirstReplyDue stamp  `json:"first_reply_due"`
	NextReplyDue  stamp  `json:"next_reply_due"`
	SolveDue      stamp  `json:"solve_due"`
	State         string `json:"state" enum:"none,met,paused,running,warning,breached" doc:"none: nothing was promised; warning: a fifth of the time is left; paused: what is left stands"`
}

func showSLA(l sla.Clocks, now time.Time) SLA {
	return SLA{stamp(l.Due(sla.First)), stamp(l.Due(sla.Next)), stamp(l.Due(sla.Solve)), string(l.State(now))}
}

// timed shows a conversation with what was promised.
func timed(ctx context.Context, tx *db.Tx, c conversation.Conversation) (Conversation, error) {
	clocks, err := sla.Of(ctx, tx, c.ID)
	out := showConversation(c)
	out.SLA = showSLA(clocks[c.ID], tx.Now())
	return out, err
}

// allTimed shows conversations with what was promised: one statement for all.
func allTimed(ctx context.Context, tx *db.Tx, list []conversation.Conversation) ([]Conversation, error) {
	ids := make([]conversation.ID, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	clocks, err := sla.Of(ctx, tx, ids...)
	out := make([]Conversation, len(list))
	for i, c := range list {
		out[i] = showConversation(c)
		out[i].SLA = showSLA(clocks[c.ID], tx.Now())
	}
	return out, err
}

func showConversation(c conversation.Conversation) Conversation {
	return Conversation{ID: c.ID.String(), Number: c.Number, Subject: c.Subject, Status: string(c.Status), Stage: string(c.Stage), Type: c.Type,
		Priority: c.Priority, Severity: c.Severity, Channel: c.Channel, InboxID: refOf(c.Inbox), ContactID: refOf(c.Contact), ContactName: c.ContactName,
		CompanyID: refOf(c.Company), AssigneeID: refOf(c.Assignee), TeamID: refOf(c.Team), Tags: list(c.Tags), Snippet: c.Snippet,
		Messages: c.Messages, LastAt: stamp(c.LastAt), CreatedAt: stamp(c.CreatedAt), UpdatedAt: stamp(c.UpdatedAt), WaitingSince: stamp(c.WaitingSince),
		FirstReplyAt: stamp(c.FirstReplyAt), SnoozedUntil: stamp(c.SnoozedUntil), SolvedAt: stamp(c.SolvedAt), SLA: SLA{State: "none"},
		MergedInto: refOf(c.MergedInto)}
}

// list is never null.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// conversationQuery narrows a list of conversations.
type conversationQuery struct {
	Status   string `query:"status" doc:"open, pending, snoozed or solved; several with commas"`
	Assignee string `query:"assignee" doc:"A person's id, me, or none"`
	Team     string `query:"team" doc:"A team's id, or none"`
	Inbox    string `query:"inbox"`
	Contact  string `query:"contact"`
	Company  string `query:"company"`
	Stage    string `query:"stage"`
	Type     string `query:"type"`
	Priority string `query:"priority"`
	Tag      string `query:"tag" maxLength:"200"`
	Follower string `query:"follower" doc:"A person's id, or me"`
	Q        string `query:"q" maxLength:"500" doc:"Words in any order; the newest hits come first"`
	Sort     string `query:"sort" enum:"newest,oldest,waiting,created" doc:"newest unless said; with q always newest"`
	Span
}

func (q conversationQuery) filter(ctx context.Context) (f conversation.Filter, err error) {
	for _, s := range words(q.Status) {
		if !contains(conversation.Statuses, conversation.Status(s)) {
			return f, problem.For("status", "There is no status “%s”.", s)
		}
		f.Status = append(f.Status, conversation.Status(s))
	}
	if f.Assignee, err = whose(ctx, "assignee", q.Assignee); err != nil {
		return f, err
	}
	if q.Team != "" {
		f.Team = new(team.TeamID)
		if q.Team != "none" {
			if *f.Team, err = named[team.TeamID]("team", q.Team); err != nil {
				return f, err
			}
		}
	}
	follower, err := whose(ctx, "follower", q.Follower)
	if err != nil {
		return f, err
	}
	if follower != nil {
		f.Follower = *follower
	}
	if f.Inbox, err = named[inbox.ID]("inbox", q.Inbox); err != nil {
		return f, err
	}
	if f.Contact, err = named[contact.ID]("contact", q.Contact); err != nil {
		return f, err
	}
	f.Company, err = named[contact.CompanyID]("company", q.Company)
	f.Stage, f.Type, f.Priority, f.Tag = conversation.Stage(q.Stage), q.Type, q.Priority, q.Tag
	return f, err
}

// whose reads a person in a query: an id, "me" or "none".
func whose(ctx context.Context, field, s string) (*team.ID, error) {
	switch s {
	case "":
		return nil, nil
	case "none":
		return new(team.ID), nil
	case "me":
		me := team.From(ctx).Person
		if me == 0 {
			return nil, problem.For(field, "This token belongs to nobody, so there is no “me”.")
		}
		return &me, nil
	}
	who, err := named[team.ID](field, s)
	return &who, err
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func contains[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

func listConversations(ctx context.Context, tx *db.Tx, in *conversationQuery) (page[Conversation], error) {
	var none page[Conversation]
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return none, err
	}
	f, err := in.filter(ctx)
	if err != nil {
		return none, err
	}
	p := conversation.Page{Sort: conversation.Sort(in.Sort), After: in.Cursor, Limit: in.Limit}
	if strings.TrimSpace(in.Q) != "" {
		hits, next, err := conversation.Search(ctx, tx, in.Q, f, p)
		if err != nil {
			return none, err
		}
		var found []conversation.Conversation
		for _, h := range hits {
			found = append(found, h.Conversation)
		}
		shown, err := allTimed(ctx, tx, found)
		return paged(shown, next, func(c Conversation) Conversation { return c }), err
	}
	list, next, err := conversation.List(ctx, tx, f, p)
	if err != nil {
		return none, err
	}
	shown, err := allTimed(ctx, tx, list)
	return paged(shown, next, func(c Conversation) Conversation { return c }), err
}

// WholeConversation is a conversation with its own fields.
type WholeConversation struct {
	Conversation
	Fields map[string]string `json:"fields" doc:"Own fields, by key"`
}

func getConversation(ctx context.Context, tx *db.Tx, in *one) (WholeConversation, error) {
	c, err := seen(ctx, tx, in.ID)
	if err != nil {
		return WholeConversation{}, err
	}
	return wholeConversation(ctx, tx, c)
}

func wholeConversation(ctx context.Context, tx *db.Tx, c conversation.Conversation) (WholeConversation, error) {
	values, err := conversation.Values(ctx, tx, c.ID)
	if err != nil {
		return WholeConversation{}, err
	}
	shown, err := timed(ctx, tx, c)
	return WholeConversation{shown, values}, err
}

// seen is the conversation in a path.
func seen(ctx context.Context, tx *db.Tx, id string) (c conversation.Conversation, err error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return c, err
	}
	cid, err := target[conversation.ID](id)
	if err != nil {
		return c, err
	}
	return conversation.Get(ctx, tx, cid)
}

// newConversation is what opens one.
type newConversation struct {
	Body struct {
		Inbox    string   `json:"inbox,omitempty" maxLength:"320" doc:"Its id or address"`
		Subject  string   `json:"subject" maxLength:"1000"`
		Text     string   `json:"text" maxLength:"1000000"`
		From     From     `json:"from"`
		Stage    string   `json:"stage,omitempty" maxLength:"40"`
		Type     string   `json:"type,omitempty" maxLength:"40"`
		Priority string   `json:"priority,omitempty" maxLength:"40"`
		Severity string   `json:"severity,omitempty" maxLength:"40"`
		Tags     []string `json:"tags,omitempty" nullable:"false" maxItems:"50"`
	}
}

// From is a customer who writes. One of email, phone and external_id is needed.
type From struct {
	Name       string `json:"name,omitempty" maxLength:"300"`
	Email      string `json:"email,omitempty" maxLength:"320"`
	Phone      string `json:"phone,omitempty" maxLength:"60"`
	ExternalID string `json:"external_id,omitempty" maxLength:"200" doc:"What another system of yours calls the customer"`
	Language   string `json:"language,omitempty" maxLength:"20" doc:"ko, en, …"`
}

// sender checks who writes. A program of the firm's own is believed.
func (f From) sender() (contact.Sender, error) {
	s := contact.Sender{Name: f.Name, Email: f.Email, Phone: f.Phone, ExternalID: f.ExternalID, Language: f.Language}
	if f.Email+f.Phone+f.ExternalID == "" {
		return s, problem.For("from", "Say who writes: give an email, a phone or an external_id.")
	}
	for _, a := range []struct {
		kind contact.Kind
		text string
	}{{contact.Email, f.Email}, {contact.Phone, f.Phone}, {contact.External, f.ExternalID}} {
		if a.text == "" {
			continue
		}
		if _, err := contact.Normal(a.kind, a.text); err != nil {
			return s, under("from", err)
		}
	}
	return s, nil
}

// under puts the names of fields below the object that they stand in.
func under(name string, err error) error {
	return renamed(err, func(field string) string { return name + "." + field })
}

// renamed gives the fields of a refusal the names that they have here.
func renamed(err error, name func(string) string) error {
	p, ok := problem.As(err)
	if !ok {
		return err
	}
	moved := *p
	moved.Fields = nil
	for _, f := range p.Fields {
		f.Name = name(f.Name)
		moved.Fields = append(moved.Fields, f)
	}
	return &moved
}

func openConversation(ctx context.Context, tx *db.Tx, in *newConversation) (Conversation, error) {
	var none Conversation
	b := in.Body
	if err := team.Allow(ctx, team.Reply); err != nil {
		return none, err
	}
	if strings.TrimSpace(b.Text) == "" {
		return none, problem.For("text", "Write something first.")
	}
	from, err := b.From.sender()
	if err != nil {
		return none, err
	}
	door, err := doorFor(ctx, tx, b.Inbox)
	if err != nil {
		return none, err
	}
	who, _, err := contact.Resolve(ctx, tx, from)
	if err != nil {
		return none, err
	}
	got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: door, Contact: who,
		Message: conversation.Message{Subject: strings.TrimSpace(b.Subject), Text: b.Text, ReplyText: b.Text, FromName: from.Name, FromAddress: from.Email},
		Stage:   conversation.Stage(b.Stage), Type: b.Type, Priority: b.Priority, Tags: b.Tags})
	if err != nil {
		return none, err
	}
	ctx = team.AsSystem(ctx) // it may belong to a team whose conversations he does not see; this one he knows
	if b.Severity != "" {
		if err := conversation.Update(ctx, tx, got.Conversation, conversation.Change{Severity: &b.Severity}); err != nil {
			return none, err
		}
	}
	c, err := conversation.Get(ctx, tx, got.Conversation)
	if err != nil {
		return Conversation{}, err
	}
	return timed(ctx, tx, c)
}

// doorFor is the inbox that a new conversation is put into: the one that is named,
// else the enabled e-mail inbox that was made first, else none.
func doorFor(ctx context.Context, tx *db.Tx, name string) (inbox.Inbox, error) {
	list, err := inbox.List(ctx, tx)
	if err != nil {
		return inbox.Inbox{}, err
	}
	var first inbox.Inbox
	for _, in := range list {
		if !in.Enabled {
			continue
		}
		if name != "" && (in.ID.String() == name || in.Address != "" && in.Address == inbox.Fold(name)) {
			return in, nil
		}
		if in.Channel == "email" && (first.ID == 0 || in.ID < first.ID) {
			first = in
		}
	}
	if name != "" {
		return first, problem.For("inbox", "There is no such inbox, or it is disabled.")
	}
	first.Channel = "api"
	return first, nil
}

// conversationPatch changes a conversation. A field that is absent stays.
type conversationPatch struct {
	ID   string `path:"id"`
	Body struct {
		Subject      *string           `json:"subject,omitempty" maxLength:"1000"`
		Status       *string           `json:"status,omitempty"`
		SnoozedUntil maybe[time.Time]  `json:"snoozed_until,omitempty"`
		Stage        *string           `json:"stage,omitempty"`
		Type         *string           `json:"type,omitempty" maxLength:"40"`
		Priority     *string           `json:"priority,omitempty"`
		Severity     *string           `json:"severity,omitempty"`
		AssigneeID   maybe[string]     `json:"assignee_id,omitempty"`
		TeamID       maybe[string]     `json:"team_id,omitempty"`
		Tags         *[]string         `json:"tags,omitempty" maxItems:"50"`
		Fields       map[string]string `json:"fields,omitempty"`
	}
}

func changeConversation(ctx context.Context, tx *db.Tx, in *conversationPatch) (WholeConversation, error) {
	var none WholeConversation
	c, err := seen(ctx, tx, in.ID)
	if err != nil {
		return none, err
	}
	b := in.Body
	head := conversation.Change{Subject: b.Subject, Type: b.Type, Priority: b.Priority, Severity: b.Severity, Stage: (*conversation.Stage)(b.Stage)}
	if err := conversation.Update(ctx, tx, c.ID, head); err != nil {
		return none, err
	}
	if b.Tags != nil {
		if err := conversation.SetTags(ctx, tx, c.ID, *b.Tags); err != nil {
			return none, err
		}
	}
	if err := conversation.SetValues(ctx, tx, c.ID, b.Fields); err != nil {
		return none, err
	}
	if err := in.setStatus(ctx, tx, c.ID); err != nil {
		return none, err
	}
	if err := in.hand(ctx, tx, c.ID); err != nil {
		return none, err
	}
	// Who hands it to others may not see it any more; what became of it he may still read.
	ctx = team.AsSystem(ctx)
	if c, err = conversation.Get(ctx, tx, c.ID); err != nil {
		return none, err
	}
	return wholeConversation(ctx, tx, c)
}

func (in *conversationPatch) setStatus(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	b := in.Body
	switch {
	case b.Status == nil && !b.SnoozedUntil.Value.IsZero(), b.Status != nil && *b.Status == string(conversation.Snoozed):
		return conversation.Snooze(ctx, tx, id, b.SnoozedUntil.Value)
	case b.Status != nil:
		return conversation.SetStatus(ctx, tx, id, conversation.Status(*b.Status))
	}
	return nil
}

func (in *conversationPatch) hand(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	person, err := named[team.ID]("assignee_id", in.Body.AssigneeID.Value)
	if err != nil {
		return err
	}
	group, err := named[team.TeamID]("team_id", in.Body.TeamID.Value)
	if err != nil {
		return err
	}
	if in.Body.AssigneeID.Set {
		if err := conversation.Assign(ctx, tx, id, person); err != nil {
			return err
		}
	}
	if !in.Body.TeamID.Set {
		return nil
	}
	if in.Body.AssigneeID.Set { // the first step may have put it out of his sight
		ctx = sighted(ctx)
	}
	return conversation.SetTeam(ctx, tx, id, group)
}

// sighted lets whoever acts see everything for the second half of one change.
func sighted(ctx context.Context) context.Context {
	a := team.From(ctx)
	a.See = team.SeeEverything
	return team.With(ctx, a)
}

func (s *server) deleteConversation(ctx context.Context, tx *db.Tx, in *one) error {
	if err := team.Allow(ctx, team.Delete); err != nil {
		return err
	}
	c, err := seen(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	if err := s.Mail.Bury(ctx, tx, c.ID); err != nil {
		return err
	}
	return conversation.Delete(ctx, tx, c.ID)
}
