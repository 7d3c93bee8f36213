package api

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/outcall"
)

func requests(rt *routes) {
	get(rt, "/requests", "List what rules asked of other systems, the newest first", listRequests,
		about("Made by the action `http` of rules. What came of one is known for seven days. What was sent is shown to those who may see all customers and conversations; secrets are shown by their names."))
	get(rt, "/requests/{id}", "Read a request to another system", getRequest)
	post(rt, "/requests/{id}/retry", "Send a request again that was given up, with the same Idempotency-Key", retryRequest)
	get(rt, "/secrets", "List the secrets that requests use, by name", listSecrets, about("What a secret says is never shown again."))
	post(rt, "/secrets", "Keep a secret for one receiver", rt.makeSecret, status(http.StatusCreated))
	patch(rt, "/secrets/{id}", "Give a secret another value", rt.changeSecret)
	remove(rt, "/secrets/{id}", "Delete a secret; requests that need it are given up", removeSecret)
}

// Request is one request to another system.
type Request struct {
	ID      string   `json:"id" doc:"Also the Idempotency-Key"`
	Actor   string   `json:"actor" doc:"Who asked: rule:…, or a person"`
	Subject string   `json:"subject" doc:"What it is about"`
	Host    string   `json:"host"`
	Method  string   `json:"method"`
	Address string   `json:"address"`
	Headers []string `json:"headers" nullable:"false"`
	Body    string   `json:"body"`
	State   string   `json:"state" enum:"waiting,done,failed"`
	Tries   int      `json:"tries"`
	NextAt  stamp    `json:"next_at" doc:"When it is tried again; null: it is not"`
	At      stamp    `json:"at" doc:"When something last became of it"`
	Status  int      `json:"status" doc:"Of the last answer; 0 is none"`
	Why     string   `json:"why" enum:",connect,tls,timeout,cut,redirect,status,secret" doc:"Why the last try did not arrive"`
	TookMS  int64    `json:"took_ms"`
}

func showRequest(c outcall.Call) Request {
	next := c.NextAt
	if c.State != outcall.Waiting {
		next = time.Time{}
	}
	out := Request{ID: c.ID.String(), Actor: c.Actor, Subject: c.Subject, Host: c.Host, Method: c.Request.Method, Address: c.Request.Address.Shown(), Headers: []string{}, Body: c.Request.Body.Shown(),
		State: string(c.State), Tries: c.Tries, NextAt: stamp(next), At: stamp(c.At), Status: c.Status, Why: string(c.Why), TookMS: c.Took.Milliseconds()}
	for _, h := range c.Request.Headers {
		out.Headers = append(out.Headers, h.Name+": "+h.Value.Shown())
	}
	return out
}

// requestQuery is which requests are listed.
type requestQuery struct {
	Span
	State string `query:"state" enum:"waiting,done,failed"`
	Actor string `query:"actor" maxLength:"60" doc:"Such as rule:rul_…"`
}

func listRequests(ctx context.Context, tx *db.Tx, in *requestQuery) (page[Request], error) {
	before, err := cursorID[outcall.ID](in.Cursor)
	if err != nil {
		return page[Request]{}, err
	}
	l, err := outcall.List(ctx, tx, outcall.Filter{Actor: in.Actor, State: outcall.State(in.State), Before: before}, in.Limit+1)
	return cut(l, in.Limit, func(c outcall.Call) string { return c.ID.String() }, showRequest), err
}

func getRequest(ctx context.Context, tx *db.Tx, in *one) (Request, error) {
	key, err := target[outcall.ID](in.ID)
	if err != nil {
		return Request{}, err
	}
	c, err := outcall.Get(ctx, tx, key)
	return showRequest(c), err
}

func retryRequest(ctx context.Context, tx *db.Tx, in *one) (Request, error) {
	key, err := target[outcall.ID](in.ID)
	if err != nil {
		return Request{}, err
	}
	if err := outcall.Retry(ctx, tx, key); err != nil {
		return Request{}, err
	}
	c, err := outcall.Get(ctx, tx, key)
	return showRequest(c), err
}

// NamedSecret is what a receiver knows us by, without what it says.
type NamedSecret struct {
	ID        string `json:"id"`
	Name      string `json:"name" doc:"Written {secret.name} in a request"`
	Host      string `json:"host" doc:"Where it may go"`
	CreatedBy ref    `json:"created_by"`
	CreatedAt stamp  `json:"created_at"`
	UpdatedAt stamp  `json:"updated_at"`
}

func showSecret(s outcall.Secret) NamedSecret {
	return NamedSecret{s.ID.String(), s.Name, s.Host, refOf(s.CreatedBy), stamp(s.CreatedAt), stamp(s.UpdatedAt)}
}

func listSecrets(ctx context.Context, tx *db.Tx, _ *struct{}) (page[NamedSecret], error) {
	l, err := outcall.Secrets(ctx, tx)
	return all(l, showSecret), err
}

// newSecret makes one.
type newSecret struct {
	Body struct {
		Name  string `json:"name" maxLength:"40" example:"shop_key"`
		Host  string `json:"host" maxLength:"300" example:"api.shop.example"`
		Value string `json:"value" maxLength:"4000"`
	}
}

func (rt *routes) makeSecret(ctx context.Context, tx *db.Tx, in *newSecret) (NamedSecret, error) {
	id, err := rt.Calls.MakeSecret(ctx, tx, in.Body.Name, in.Body.Host, in.Body.Value)
	if err != nil {
		return NamedSecret{}, err
	}
	s, err := outcall.GetSecret(ctx, tx, id)
	return showSecret(s), err
}

// secretChange is another value.
type secretChange struct {
	ID   string `path:"id"`
	Body struct {
		Value string `json:"value" maxLength:"4000"`
	}
}

func (rt *routes) changeSecret(ctx context.Context, tx *db.Tx, in *secretChange) (NamedSecret, error) {
	key, err := target[outcall.SecretID](in.ID)
	if err != nil {
		return NamedSecret{}, err
	}
	if err := rt.Calls.ChangeSecret(ctx, tx, key, in.Body.Value); err != nil {
		return NamedSecret{}, err
	}
	s, err := outcall.GetSecret(ctx, tx, key)
	return showSecret(s), err
}

func removeSecret(ctx context.Context, tx *db.Tx, in *one) error {
	key, err := target[outcall.SecretID](in.ID)
	if err != nil {
		return err
	}
	return outcall.DeleteSecret(ctx, tx, key)
}
