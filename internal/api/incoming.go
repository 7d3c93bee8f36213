package api

import (
	"context"
	"net/http"

	"baraji/internal/hookin"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
)

func incoming(rt *routes) {
	get(rt, "/incoming-webhooks", "List incoming webhooks, by name", listIncoming)
	post(rt, "/incoming-webhooks", "Make an incoming webhook; its secret is shown this once", rt.makeIncoming, status(http.StatusCreated), secretive,
		about("Other systems POST JSON or a form, of 1 MB at most, to its `path`. `scheme` says how they prove who they are: `standard` (Standard Webhooks, five minutes), `github`, `shopify`, `hmac` (HMAC-SHA256 of the body in `header`, as hex or base64) or "+
			"`bearer`. What comes is kept, answered 200 and then looked through: `rows` say what is filled from where. `from` is a path such as `items[0].sku`, a fixed text in quotes, or text with paths in braces; `to` is one of customer.email, .phone, .id, .name, .company, "+
			".stage, .language, .tag, .field.KEY, conversation.subject, .text, .tag, .type, .priority, .field.KEY and value.NAME, which rules can look at. The fact `hookin.received` tells of it. Whoever makes one also needs the right to change customers."))
	get(rt, "/incoming-webhooks/{id}", "Get an incoming webhook", getIncoming)
	patch(rt, "/incoming-webhooks/{id}", "Change an incoming webhook, or switch it on or off", changeIncoming)
	remove(rt, "/incoming-webhooks/{id}", "Delete an incoming webhook, with what came", removeIncoming)
	post(rt, "/incoming-webhooks/{id}/rotate", "Give it a new secret; it is shown this once", rt.rotateIncoming, secretive, about("For a day the old one is valid beside it, unless `at_once`."))
	get(rt, "/incoming-webhooks/{id}/items", "List what came, the newest first", listItems, about("Kept for 30 days."))
	post(rt, "/incoming-webhooks/{id}/items/{item}/retry", "Look through something again that failed", retryIncoming)
}

// IncomingRow says from where something is filled.
type IncomingRow struct {
	To   string `json:"to" maxLength:"80" example:"customer.email"`
	From string `json:"from" maxLength:"1000" example:"customer.email"`
}

// Incoming is an address at which another system tells what happened there.
type Incoming struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Path      string        `json:"path" doc:"Where it takes what comes, below the address of the desk"`
	Scheme    string        `json:"scheme" enum:"standard,github,shopify,hmac,bearer"`
	Header    string        `json:"header" doc:"Of hmac: where the signature stands"`
	Encoding  string        `json:"encoding" enum:",hex,base64" doc:"Of hmac"`
	IDHeader  string        `json:"id_header" doc:"Of hmac and bearer: where the id of a message stands"`
	On        bool          `json:"on"`
	Rows      []IncomingRow `json:"rows" nullable:"false"`
	InboxID   ref           `json:"inbox_id" doc:"In which conversations are opened"`
	Refused   int64         `json:"refused" doc:"How many requests proved nothing"`
	RefusedAt stamp         `json:"refused_at"`
	TakenAt   stamp         `json:"taken_at" doc:"When something last came"`
	CreatedBy ref           `json:"created_by"`
	CreatedAt stamp         `json:"created_at"`
}

// MadeIncoming is one with what its sender signs with.
type MadeIncoming struct {
	Incoming
	Secret string `json:"secret" doc:"Keep it: it cannot be shown again"`
}

func showIncoming(h hookin.Hook) Incoming {
	out := Incoming{ID: h.ID.String(), Name: h.Name, Path: h.Path(), Scheme: string(h.Proof.Scheme), Header: h.Proof.Header, Encoding: h.Proof.Encoding, IDHeader: h.Proof.IDHeader, On: h.On, Rows: []IncomingRow{},
		InboxID: refOf(h.Mapping.Inbox), Refused: h.Refused, RefusedAt: stamp(h.RefusedAt), TakenAt: stamp(h.TakenAt), CreatedBy: refOf(h.CreatedBy), CreatedAt: stamp(h.CreatedAt)}
	for _, r := range h.Mapping.Rows {
		out.Rows = append(out.Rows, IncomingRow{r.To, r.From})
	}
	return out
}

func listIncoming(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Incoming], error) {
	l, err := hookin.List(ctx, tx)
	return all(l, showIncoming), err
}

func getIncoming(ctx context.Context, tx *db.Tx, in *one) (Incoming, error) {
	key, err := target[hookin.ID](in.ID)
	if err != nil {
		return Incoming{}, err
	}
	h, err := hookin.Get(ctx, tx, key)
	return showIncoming(h), err
}

// newIncoming makes one.
type newIncoming struct {
	Body struct {
		Name     string        `json:"name" maxLength:"100"`
		Scheme   string        `json:"scheme" enum:"standard,github,shopify,hmac,bearer"`
		Header   string        `json:"header,omitempty" maxLength:"100"`
		Encoding string        `json:"encoding,omitempty" enum:"hex,base64"`
		IDHeader string        `json:"id_header,omitempty" maxLength:"100"`
		Secret   string        `json:"secret,omitempty" maxLength:"500" doc:"That the sender gave; one is made unless said"`
		Rows     []IncomingRow `json:"rows,omitempty" nullable:"false" maxItems:"60"`
		InboxID  string        `json:"inbox_id,omitempty"`
	}
}

func readRows(list []IncomingRow) (out []hookin.Row) {
	for _, r := range list {
		out = append(out, hookin.Row{To: r.To, From: r.From})
	}
	return out
}

func (rt *routes) makeIncoming(ctx context.Context, tx *db.Tx, in *newIncoming) (MadeIncoming, error) {
	b := in.Body
	door, err := named[inbox.ID]("inbox_id", b.InboxID)
	if err != nil {
		return MadeIncoming{}, err
	}
	id, text, err := rt.Intake.Make(ctx, tx, hookin.Given{Name: b.Name, Secret: b.Secret, Proof: hookin.Proof{Scheme: hookin.Scheme(b.Scheme), Header: b.Header, Encoding: b.Encoding, IDHeader: b.IDHeader},
		Mapping: hookin.Mapping{Rows: readRows(b.Rows), Inbox: door}})
	if err != nil {
		return MadeIncoming{}, err
	}
	h, err := hookin.Get(ctx, tx, id)
	return MadeIncoming{showIncoming(h), text}, err
}

// incomingPatch changes what it names.
type incomingPatch struct {
	ID   string `path:"id"`
	Body struct {
		Name    *string        `json:"name,omitempty" maxLength:"100"`
		On      *bool          `json:"on,omitempty"`
		Rows    *[]IncomingRow `json:"rows,omitempty" maxItems:"60"`
		InboxID *string        `json:"inbox_id,omitempty"`
	}
}

func changeIncoming(ctx context.Context, tx *db.Tx, in *incomingPatch) (Incoming, error) {
	key, err := target[hookin.ID](in.ID)
	if err != nil {
		return Incoming{}, err
	}
	h, err := hookin.Get(ctx, tx, key)
	if err != nil {
		return Incoming{}, err
	}
	g := hookin.Given{Name: h.Name, Proof: h.Proof, Mapping: h.Mapping}
	if in.Body.Name != nil {
		g.Name = *in.Body.Name
	}
	if in.Body.Rows != nil {
		g.Mapping.Rows = readRows(*in.Body.Rows)
	}
	if in.Body.InboxID != nil {
		if g.Mapping.Inbox, err = named[inbox.ID]("inbox_id", *in.Body.InboxID); err != nil {
			return Incoming{}, err
		}
	}
	if err := hookin.Change(ctx, tx, key, g); err != nil {
		return Incoming{}, err
	}
	if in.Body.On != nil {
		if err := hookin.Switch(ctx, tx, key, *in.Body.On); err != nil {
			return Incoming{}, err
		}
	}
	h, err = hookin.Get(ctx, tx, key)
	return showIncoming(h), err
}

func removeIncoming(ctx context.Context, tx *db.Tx, in *one) error {
	key, err := target[hookin.ID](in.ID)
	if err != nil {
		return err
	}
	return hookin.Delete(ctx, tx, key)
}

// incomingRotation renews a secret.
type incomingRotation struct {
	ID   string `path:"id"`
	Body *struct {
		Secret string `json:"secret,omitempty" maxLength:"500" doc:"That the sender gave; one is made unless said"`
		AtOnce bool   `json:"at_once,omitempty" doc:"The old one is worth nothing from now on: somebody else has it"`
	}
}

func (rt *routes) rotateIncoming(ctx context.Context, tx *db.Tx, in *incomingRotation) (MadeIncoming, error) {
	key, err := target[hookin.ID](in.ID)
	if err != nil {
		return MadeIncoming{}, err
	}
	secret, atOnce := "", false
	if in.Body != nil {
		secret, atOnce = in.Body.Secret, in.Body.AtOnce
	}
	text, err := rt.Intake.Rotate(ctx, tx, key, secret, atOnce)
	if err != nil {
		return MadeIncoming{}, err
	}
	h, err := hookin.Get(ctx, tx, key)
	return MadeIncoming{showIncoming(h), text}, err
}

// IncomingItem is something that came.
type IncomingItem struct {
	ID             string            `json:"id"`
	State          string            `json:"state" enum:"waiting,done,failed"`
	Why            string            `json:"why" doc:"Why it failed"`
	Test           bool              `json:"test"`
	Raw            string            `json:"raw" doc:"As it came"`
	Values         map[string]string `json:"values" doc:"What rules can look at"`
	ContactID      ref               `json:"contact_id"`
	ConversationID ref               `json:"conversation_id"`
	At             stamp             `json:"at"`
}

func showItem(i hookin.Item) IncomingItem {
	values := i.Found
	if values == nil {
		values = map[string]string{}
	}
	return IncomingItem{i.ID.String(), string(i.State), i.Why.In(i18n.English), i.Trial, i.Raw, values, refOf(i.Contact), refOf(i.Conversation), stamp(i.At)}
}

// itemQuery is which items are listed.
type itemQuery struct {
	ID string `path:"id"`
	Span
	State string `query:"state" enum:"waiting,done,failed"`
}

func listItems(ctx context.Context, tx *db.Tx, in *itemQuery) (page[IncomingItem], error) {
	key, err := target[hookin.ID](in.ID)
	if err != nil {
		return page[IncomingItem]{}, err
	}
	before, err := cursorID[hookin.ItemID](in.Cursor)
	if err != nil {
		return page[IncomingItem]{}, err
	}
	l, err := hookin.Items(ctx, tx, key, hookin.State(in.State), before, in.Limit+1)
	return cut(l, in.Limit, func(i hookin.Item) string { return i.ID.String() }, showItem), err
}

// oneItem is the ids in a path.
type oneItem struct {
	ID   string `path:"id"`
	Item string `path:"item"`
}

func retryIncoming(ctx context.Context, tx *db.Tx, in *oneItem) (none, error) {
	key, err := target[hookin.ID](in.ID)
	if err != nil {
		return none{}, err
	}
	item, err := target[hookin.ItemID](in.Item)
	if err != nil {
		return none{}, err
	}
	return none{}, hookin.Again(ctx, tx, key, item)
}
