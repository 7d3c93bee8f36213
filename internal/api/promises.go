package api

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/promise"
	"baraji/internal/team"
)

func promises(rt *routes) {
	get(rt, "/promises", "List promises: those that are open by when they are due, others the newest first", listPromises)
	post(rt, "/promises", "Note a promise", makePromise, status(http.StatusCreated))
	get(rt, "/promises/{id}", "Read a promise", getPromise)
	patch(rt, "/promises/{id}", "Change the words, the kind or the owner of a promise", changePromise)
	post(rt, "/promises/{id}/keep", "Say that a promise was kept", keepPromise)
	post(rt, "/promises/{id}/break", "Say that a promise was not kept", breakPromise)
	post(rt, "/promises/{id}/reopen", "Open a promise again", reopenPromise)
	post(rt, "/promises/{id}/move", "Agree on another day", movePromise, about("Nobody is told by this: answer the customer in the conversation."))
}

// Promise is what was promised to a customer.
type Promise struct {
	ID             string `json:"id"`
	Words          string `json:"words"`
	Kind           string `json:"kind" enum:"delivery,fix,answer,price,refund,feature,other"`
	State          string `json:"state" enum:"open,kept,broken"`
	OwnerID        ref    `json:"owner_id"`
	ContactID      ref    `json:"contact_id"`
	CompanyID      ref    `json:"company_id"`
	ConversationID ref    `json:"conversation_id"`
	MessageID      ref    `json:"message_id"`
	Sentence       string `json:"sentence" doc:"Of the message, in which it was promised"`
	DueAt          stamp  `json:"due_at"`
	AllDay         bool   `json:"all_day" doc:"By the end of that day"`
	WarnAt         stamp  `json:"warn_at"`
	Moved          int    `json:"moved" doc:"How often another day was agreed on"`
	ClosedAt       stamp  `json:"closed_at"`
	CreatedAt      stamp  `json:"created_at"`
	UpdatedAt      stamp  `json:"updated_at"`
}

func showPromise(p promise.Promise) Promise {
	return Promise{p.ID.String(), p.Words, p.Kind, string(p.State), refOf(p.Owner), refOf(p.Contact), refOf(p.Company), refOf(p.Conversation), refOf(p.Message), p.Sentence, stamp(p.Due), p.AllDay,
		stamp(p.WarnAt), p.Moved, stamp(p.ClosedAt), stamp(p.CreatedAt), stamp(p.UpdatedAt)}
}

// promiseQuery is which promises are listed.
type promiseQuery struct {
	Span
	State   string `query:"state" enum:"open,slipping,kept,broken" doc:"slipping: open, and due soon or overdue. Open ones come on one page."`
	Owner   string `query:"owner"`
	Contact string `query:"contact"`
}

func listPromises(ctx context.Context, tx *db.Tx, in *promiseQuery) (page[Promise], error) {
	before, err := cursorID[promise.ID](in.Cursor)
	if err != nil {
		return page[Promise]{}, err
	}
	f := promise.Filter{State: promise.State(in.State), Before: before, Limit: in.Limit + 1}
	if in.State == "slipping" {
		f.State, f.Slipping = "", true
	}
	if f.Owner, err = named[team.ID]("owner", in.Owner); err != nil {
		return page[Promise]{}, err
	}
	if f.Contact, err = named[contact.ID]("contact", in.Contact); err != nil {
		return page[Promise]{}, err
	}
	if f.State == promise.Open || f.Slipping {
		f.Before, f.Limit = 0, 1000
		list, err := promise.List(ctx, tx, f)
		return all(list, showPromise), err
	}
	list, err := promise.List(ctx, tx, f)
	return cut(list, in.Limit, func(p promise.Promise) string { return p.ID.String() }, showPromise), err
}

// newPromise notes a promise.
type newPromise struct {
	Body struct {
		Words          string    `json:"words" minLength:"1" maxLength:"500"`
		Kind           string    `json:"kind,omitempty" enum:"delivery,fix,answer,price,refund,feature,other" doc:"other unless said"`
		OwnerID        string    `json:"owner_id,omitempty" doc:"Whose token it is unless said"`
		ContactID      string    `json:"contact_id,omitempty" doc:"The conversation's unless it is made elsewhere"`
		ConversationID string    `json:"conversation_id,omitempty"`
		MessageID      string    `json:"message_id,omitempty"`
		Sentence       string    `json:"sentence,omitempty" maxLength:"500"`
		DueAt          time.Time `json:"due_at"`
		AllDay         bool      `json:"all_day,omitempty" doc:"By the end of that day, on the firm's clock"`
	}
}

func makePromise(ctx context.Context, tx *db.Tx, in *newPromise) (Promise, error) {
	b := in.Body
	g := promise.Given{Words: b.Words, Kind: b.Kind, Sentence: b.Sentence, Due: b.DueAt, AllDay: b.AllDay}
	var err error
	if g.Owner, err = named[team.ID]("owner_id", b.OwnerID); err != nil {
		return Promise{}, err
	}
	if g.Contact, err = named[contact.ID]("contact_id", b.ContactID); err != nil {
		return Promise{}, err
	}
	if g.Conversation, err = named[conversation.ID]("conversation_id", b.ConversationID); err != nil {
		return Promise{}, err
	}
	if g.Message, err = named[conversation.MessageID]("message_id", b.MessageID); err != nil {
		return Promise{}, err
	}
	made, err := promise.Make(ctx, tx, g)
	if err != nil {
		return Promise{}, err
	}
	p, err := promise.Get(ctx, tx, made)
	return showPromise(p), err
}

func getPromise(ctx context.Context, tx *db.Tx, in *one) (Promise, error) {
	return onPromise(ctx, tx, in.ID, func(promise.Promise) error { return nil })
}

// onPromise does something to a promise and shows what came of it.
func onPromise(ctx context.Context, tx *db.Tx, s string, do func(promise.Promise) error) (Promise, error) {
	key, err := target[promise.ID](s)
	if err != nil {
		return Promise{}, err
	}
	p, err := promise.Get(ctx, tx, key)
	if err != nil {
		return Promise{}, err
	}
	if err := do(p); err != nil {
		return Promise{}, err
	}
	p, err = promise.Get(ctx, tx, key)
	return showPromise(p), err
}

// promiseChange is what is changed of a promise.
type promiseChange struct {
	ID   string `path:"id"`
	Body struct {
		Words   *string `json:"words,omitempty" maxLength:"500"`
		Kind    *string `json:"kind,omitempty" enum:"delivery,fix,answer,price,refund,feature,other"`
		OwnerID *string `json:"owner_id,omitempty"`
	}
}

func changePromise(ctx context.Context, tx *db.Tx, in *promiseChange) (Promise, error) {
	return onPromise(ctx, tx, in.ID, func(p promise.Promise) (err error) {
		if in.Body.Words != nil {
			p.Words = *in.Body.Words
		}
		if in.Body.Kind != nil {
			p.Kind = *in.Body.Kind
		}
		if in.Body.OwnerID != nil {
			if p.Owner, err = named[team.ID]("owner_id", *in.Body.OwnerID); err != nil {
				return err
			}
		}
		return promise.Change(ctx, tx, p.ID, p.Words, p.Kind, p.Owner)
	})
}

func keepPromise(ctx context.Context, tx *db.Tx, in *one) (Promise, error) {
	return onPromise(ctx, tx, in.ID, func(p promise.Promise) error { return promise.Close(ctx, tx, p.ID, promise.Kept) })
}

func breakPromise(ctx context.Context, tx *db.Tx, in *one) (Promise, error) {
	return onPromise(ctx, tx, in.ID, func(p promise.Promise) error { return promise.Close(ctx, tx, p.ID, promise.Broken) })
}

func reopenPromise(ctx context.Context, tx *db.Tx, in *one) (Promise, error) {
	return onPromise(ctx, tx, in.ID, func(p promise.Promise) error { return promise.Reopen(ctx, tx, p.ID) })
}

// promiseMove agrees on another day.
type promiseMove struct {
	ID   string `path:"id"`
	Body struct {
		DueAt  time.Time `json:"due_at"`
		AllDay bool      `json:"all_day,omitempty"`
		Why    string    `json:"why,omitempty" maxLength:"500"`
	}
}

func movePromise(ctx context.Context, tx *db.Tx, in *promiseMove) (Promise, error) {
	return onPromise(ctx, tx, in.ID, func(p promise.Promise) error {
		return promise.Move(ctx, tx, p.ID, in.Body.DueAt, in.Body.AllDay, in.Body.Why)
	})
}
