package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/webhook"
)

func webhooks(rt *routes) {
	get(rt, "/webhooks", "List webhooks, the oldest first", listWebhooks)
	post(rt, "/webhooks", "Make a webhook; its secret is shown this once", rt.makeWebhook, status(http.StatusCreated), secretive,
		about("Sends what happens from now on, by the Standard Webhooks specification: `POST` with the headers `webhook-id` (the id of the event, the same at every try), `webhook-timestamp` and "+
			"`webhook-signature`, and as body `{\"type\", \"timestamp\", \"data\"}`, where `data` is the event as `GET /events` tells it. Events of one subject come in order. What is not answered "+
			"with 2xx within 15 seconds is tried again for three days; `410` switches it off. Whoever makes one also needs the right to read the log."))
	get(rt, "/webhooks/{id}", "Get a webhook", getWebhook)
	patch(rt, "/webhooks/{id}", "Change a webhook, or switch it on or off", rt.changeWebhook,
		about("One that is switched on sends what happens from then on; see `resend`."))
	remove(rt, "/webhooks/{id}", "Delete a webhook, with what waits for it", rt.deleteWebhook)
	post(rt, "/webhooks/{id}/rotate", "Make a new secret; it is shown this once", rt.rotateWebhook, secretive,
		about("For a day everything is signed with the old one too, so that the receiver can learn the new one without a gap."))
	post(rt, "/webhooks/{id}/test", "Send an event that says that somebody tries, once", rt.testWebhook, status(http.StatusAccepted),
		about("It is sent to one that is off too. What came of it is in its deliveries."))
	get(rt, "/webhooks/{id}/deliveries", "List what was sent or is to be, the newest first", listDeliveries, about("What became of a delivery is known for seven days."))
	post(rt, "/webhooks/{id}/resend", "Send what did not arrive since a time", rt.resendWebhook,
		about("What failed, what was missed while it was off, and what happened before it was made: everything that it has not got. Seven days back at most."))
	post(rt, "/webhooks/{id}/deliveries/{delivery}/resend", "Send one delivery again, with the same id", rt.resendDelivery)
}

// Webhook is an address that is told what happens.
type Webhook struct {
	ID           string   `json:"id"`
	Address      string   `json:"address"`
	About        string   `json:"about"`
	Kinds        []string `json:"kinds" nullable:"false" doc:"Kinds of events, or areas of them; none is all"`
	State        string   `json:"state" enum:"on,off,failing,gone" doc:"failing and gone: it was switched off by itself"`
	FailingSince stamp    `json:"failing_since" doc:"null: the last thing sent arrived"`
	SentAt       stamp    `json:"sent_at" doc:"When something last arrived, to the minute"`
	OffAt        stamp    `json:"off_at" doc:"When it was last switched off"`
	CreatedBy    ref      `json:"created_by"`
	CreatedAt    stamp    `json:"created_at"`
}

// MadeWebhook is one with what its receiver verifies with.
type MadeWebhook struct {
	Webhook
	Secret string `json:"secret" example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" doc:"Keep it: it cannot be shown again"`
}

func showWebhook(e webhook.Endpoint) Webhook {
	return Webhook{e.ID.String(), e.Address, e.About, texts(e.Kinds), string(e.State), stamp(e.FailingSince), stamp(e.SentAt), stamp(e.OffAt), refOf(e.CreatedBy), stamp(e.CreatedAt)}
}

func listWebhooks(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Webhook], error) {
	l, err := webhook.List(ctx, tx)
	return all(l, showWebhook), err
}

func getWebhook(ctx context.Context, tx *db.Tx, in *one) (Webhook, error) {
	key, err := target[webhook.ID](in.ID)
	if err != nil {
		return Webhook{}, err
	}
	e, err := webhook.Get(ctx, tx, key)
	return showWebhook(e), err
}

// newWebhook makes one.
type newWebhook struct {
	Body struct {
		Address string   `json:"address" maxLength:"2000" example:"https://shop.example/in"`
		About   string   `json:"about,omitempty" maxLength:"200" doc:"What it is for"`
		Kinds   []string `json:"kinds,omitempty" nullable:"false" maxItems:"500" doc:"Such as conversation.replied, or conversation for all of that area; none is all"`
	}
}

func (rt *routes) makeWebhook(ctx context.Context, tx *db.Tx, in *newWebhook) (MadeWebhook, error) {
	id, text, err := rt.Hooks.Make(ctx, tx, webhook.Given{Address: in.Body.Address, About: in.Body.About, Kinds: in.Body.Kinds})
	if err != nil {
		return MadeWebhook{}, err
	}
	e, err := webhook.Get(ctx, tx, id)
	return MadeWebhook{showWebhook(e), text}, err
}

// webhookChange is what is changed of one.
type webhookChange struct {
	ID   string `path:"id"`
	Body struct {
		Address *string   `json:"address,omitempty" maxLength:"2000"`
		About   *string   `json:"about,omitempty" maxLength:"200"`
		Kinds   *[]string `json:"kinds,omitempty" maxItems:"500"`
		State   string    `json:"state,omitempty" enum:"on,off"`
	}
}

func (rt *routes) changeWebhook(ctx context.Context, tx *db.Tx, in *webhookChange) (Webhook, error) {
	key, err := target[webhook.ID](in.ID)
	if err != nil {
		return Webhook{}, err
	}
	e, err := webhook.Get(ctx, tx, key)
	if err != nil {
		return Webhook{}, err
	}
	g := webhook.Given{Address: e.Address, About: e.About, Kinds: e.Kinds}
	if in.Body.Address != nil {
		g.Address = *in.Body.Address
	}
	if in.Body.About != nil {
		g.About = *in.Body.About
	}
	if in.Body.Kinds != nil {
		g.Kinds = *in.Body.Kinds
	}
	if err := rt.Hooks.Change(ctx, tx, key, g); err != nil {
		return Webhook{}, err
	}
	if in.Body.State != "" {
		if err := rt.Hooks.Switch(ctx, tx, key, in.Body.State == string(webhook.On)); err != nil {
			return Webhook{}, err
		}
	}
	e, err = webhook.Get(ctx, tx, key)
	return showWebhook(e), err
}

func (rt *routes) deleteWebhook(ctx context.Context, tx *db.Tx, in *one) error {
	key, err := target[webhook.ID](in.ID)
	if err != nil {
		return err
	}
	return rt.Hooks.Delete(ctx, tx, key)
}

// rotation renews a secret.
type rotation struct {
	ID   string `path:"id"`
	Body *struct {
		AtOnce bool `json:"at_once,omitempty" doc:"The old one is worth nothing from now on: somebody else has it"`
	}
}

func (rt *routes) rotateWebhook(ctx context.Context, tx *db.Tx, in *rotation) (MadeWebhook, error) {
	key, err := target[webhook.ID](in.ID)
	if err != nil {
		return MadeWebhook{}, err
	}
	text, err := rt.Hooks.Rotate(ctx, tx, key, in.Body != nil && in.Body.AtOnce)
	if err != nil {
		return MadeWebhook{}, err
	}
	e, err := webhook.Get(ctx, tx, key)
	return MadeWebhook{showWebhook(e), text}, err
}

// WebhookDelivery is one event for one webhook.
type WebhookDelivery struct {
	ID      string          `json:"id"`
	EventID string          `json:"event_id" doc:"The webhook-id"`
	Kind    string          `json:"kind"`
	Test    bool            `json:"test"`
	State   string          `json:"state" enum:"waiting,delivered,failed,missed"`
	Tries   int             `json:"tries"`
	NextAt  stamp           `json:"next_at" doc:"When it is tried again; null: it is not"`
	At      stamp           `json:"at" doc:"When something last became of it"`
	Status  int             `json:"status" doc:"Of the last answer; 0 is none"`
	Why     string          `json:"why" enum:",connect,tls,timeout,cut,redirect,status,gone" doc:"Why the last try did not arrive"`
	TookMS  int64           `json:"took_ms"`
	Answer  string          `json:"answer" doc:"The beginning of the last answer"`
	Request json.RawMessage `json:"request" doc:"What is sent"`
}

func showDelivery(d webhook.Delivery) WebhookDelivery {
	next := d.NextAt
	if d.State != webhook.Waiting {
		next = time.Time{}
	}
	sent, _ := d.Request() // of what was read from the log as JSON
	return WebhookDelivery{d.ID.String(), d.Event.ID.String(), d.Event.Kind, d.Trial, string(d.State), d.Tries, stamp(next), stamp(d.At), d.Status, string(d.Why), d.Took.Milliseconds(), d.Answer, sent}
}

func (rt *routes) testWebhook(ctx context.Context, tx *db.Tx, in *one) (WebhookDelivery, error) {
	key, err := target[webhook.ID](in.ID)
	if err != nil {
		return WebhookDelivery{}, err
	}
	id, err := rt.Hooks.Try(ctx, tx, key)
	if err != nil {
		return WebhookDelivery{}, err
	}
	d, err := webhook.GetDelivery(ctx, tx, key, id)
	return showDelivery(d), err
}

// deliveryQuery is which deliveries are listed.
type deliveryQuery struct {
	ID string `path:"id"`
	Span
	State string `query:"state" enum:"waiting,delivered,failed,missed"`
}

func listDeliveries(ctx context.Context, tx *db.Tx, in *deliveryQuery) (page[WebhookDelivery], error) {
	key, err := target[webhook.ID](in.ID)
	if err != nil {
		return page[WebhookDelivery]{}, err
	}
	before, err := cursorID[webhook.DeliveryID](in.Cursor)
	if err != nil {
		return page[WebhookDelivery]{}, err
	}
	l, err := webhook.Deliveries(ctx, tx, key, webhook.DeliveryState(in.State), before, in.Limit+1)
	return cut(l, in.Limit, func(d webhook.Delivery) string { return d.ID.String() }, showDelivery), err
}

// resending says since when.
type resending struct {
	ID   string `path:"id"`
	Body struct {
		Since time.Time `json:"since"`
	}
}

func (rt *routes) resendWebhook(ctx context.Context, tx *db.Tx, in *resending) (none, error) {
	key, err := target[webhook.ID](in.ID)
	if err != nil {
		return none{}, err
	}
	return none{}, rt.Hooks.Resend(ctx, tx, key, in.Body.Since)
}

// oneDelivery is the ids in a path.
type oneDelivery struct {
	ID       string `path:"id"`
	Delivery string `path:"delivery"`
}

func (rt *routes) resendDelivery(ctx context.Context, tx *db.Tx, in *oneDelivery) (none, error) {
	key, err := target[webhook.ID](in.ID)
	if err != nil {
		return none{}, err
	}
	d, err := target[webhook.DeliveryID](in.Delivery)
	if err != nil {
		return none{}, err
	}
	return none{}, rt.Hooks.Again(ctx, tx, key, d)
}
