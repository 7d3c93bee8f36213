package hookin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// process is the job of looking through one item.
type process struct {
	Item ItemID `json:"item"`
}

func (process) JobKind() string { return "hookin.process" }

const retries = 6

// process does what the mapping says of an item, whole or not at all. What does not fit it is written down; all others are tried again.
func (s *Hooks) process(ctx context.Context, run *job.Run, j process) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return do(team.AsSystem(ctx), tx, j.Item)
	})
	_, ours := problem.As(err)
	if err == nil || ctx.Err() != nil || !ours && (db.IsOutage(err) || run.Attempt+1 < retries) {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		why, err := json.Marshal(notice.Explain(err))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE hookin_item SET state = 'failed', why = $2 WHERE id = $1`, j.Item, string(why))
		return err
	})
}

// do does it; what is gone, and what was done, is left alone.
func do(ctx context.Context, tx *db.Tx, id ItemID) error {
	i, err := db.One(ctx, tx, scanItem, `SELECT `+itemColumns+` FROM hookin_item WHERE id = $1`+tx.ForLock(), id)
	if errors.Is(err, db.ErrNoRow) || err == nil && i.State != Waiting {
		return nil
	}
	if err != nil {
		return err
	}
	h, err := load(ctx, tx, i.Hook)
	if err != nil {
		return err
	}
	f, fact := h.Mapping.of(i.Document()), Received{Hook: h.ID, Item: i.ID}
	if err := h.customer(ctx, tx, f, &fact); err != nil {
		return err
	}
	if err := h.talk(ctx, tx, f, &fact); err != nil {
		return err
	}
	values, err := json.Marshal(f.own("value."))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE hookin_item SET state = 'done', found = $2, contact_id = $3, conversation_id = $4 WHERE id = $1`, i.ID, string(values), fact.Contact, fact.Conversation)
	if err != nil {
		return fmt.Errorf("note what came of %s: %w", i.ID, err)
	}
	return event.Record(ctx, tx, fact)
}

// customer finds or makes whom it is about, and sets what is said of him.
func (h Hook) customer(ctx context.Context, tx *db.Tx, f found, fact *Received) error {
	if !h.Mapping.fills("customer.") {
		return nil
	}
	from := contact.Sender{ExternalID: f.one("customer.id"), Email: f.one("customer.email"), Phone: f.one("customer.phone"), Name: f.one("customer.name"), Language: f.one("customer.language")}
	who, made, err := contact.Resolve(ctx, tx, from)
	if errors.Is(err, contact.ErrNoAddress) {
		return problem.New(problem.Invalid, "It names no customer: there is neither an e-mail address nor a phone number nor an id where the mapping looks.")
	}
	if err != nil {
		return err
	}
	fact.Contact, fact.NewContact = who.ID, made
	if err := describe(ctx, tx, who.ID, f); err != nil {
		return err
	}
	if tags := f.tags("customer.tag"); len(tags) > 0 {
		if err := contact.Tag(ctx, tx, who.ID, tags, nil); err != nil {
			return err
		}
	}
	if own := f.own("customer.field."); len(own) > 0 {
		return contact.SetValues(ctx, tx, who.ID, own)
	}
	return nil
}

// describe sets name, company, stage and language, as far as something is said of them.
func describe(ctx context.Context, tx *db.Tx, id contact.ID, f found) error {
	company, err := companyOf(ctx, tx, f.one("customer.company"))
	if err != nil {
		return err
	}
	stage := contact.Stage(strings.ToLower(f.one("customer.stage")))
	if stage != "" && !stage.Known() {
		return problem.New(problem.Invalid, "There is no stage “%s”.", string(stage))
	}
	_, err = contact.Update(ctx, tx, id, func(c *contact.Contact) error {
		if name := f.one("customer.name"); name != "" {
			c.Name = name
		}
		if company != 0 {
			c.Company = company
		}
		if stage != "" {
			c.Stage = stage
		}
		if language := f.one("customer.language"); language != "" {
			c.Language = language
		}
		return nil
	})
	return err
}

// companyOf finds or makes a company by its name.
func companyOf(ctx context.Context, tx *db.Tx, name string) (contact.CompanyID, error) {
	if name == "" {
		return 0, nil
	}
	id, err := contact.CompanyCalled(ctx, tx, name)
	if err != nil || id != 0 {
		return id, err
	}
	o, err := contact.CreateCompany(ctx, tx, contact.Company{Name: name})
	return o.ID, err
}

// talk opens a conversation, where the mapping says so and something is said.
func (h Hook) talk(ctx context.Context, tx *db.Tx, f found, fact *Received) error {
	subject, text := f.one("conversation.subject"), f.one("conversation.text")
	if fact.Contact == 0 || subject == "" && text == "" {
		return nil
	}
	if text == "" {
		text = subject
	}
	who, err := contact.Whole(ctx, tx, fact.Contact)
	if err != nil {
		return err
	}
	door, err := h.door(ctx, tx)
	if err != nil {
		return err
	}
	kind, priority := f.one("conversation.type"), f.one("conversation.priority")
	if kind != "" && !slices.Contains(conversation.Types, kind) || priority != "" && !slices.Contains(conversation.Priorities, priority) {
		return problem.New(problem.Invalid, "“%s” is none of the choices.", strings.TrimSpace(kind+" "+priority))
	}
	got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: door, Contact: who.Contact, Type: kind, Priority: priority, Tags: f.tags("conversation.tag"),
		Message: conversation.Message{Subject: subject, Text: text, ReplyText: text, FromName: who.Name, FromAddress: f.one("customer.email")}})
	if err != nil {
		return err
	}
	fact.Conversation = got.Conversation
	if own := f.own("conversation.field."); len(own) > 0 {
		return conversation.SetValues(ctx, tx, got.Conversation, own)
	}
	return nil
}

// door is the inbox that was chosen; of none, it is a conversation that came by the API.
func (h Hook) door(ctx context.Context, tx *db.Tx) (inbox.Inbox, error) {
	if h.Mapping.Inbox == 0 {
		return inbox.Inbox{Channel: "api"}, nil
	}
	in, err := inbox.Get(ctx, tx, h.Mapping.Inbox)
	if err == nil && !in.Enabled {
		err = problem.New(problem.Invalid, "There is no such inbox, or it is disabled.")
	}
	return in, err
}
