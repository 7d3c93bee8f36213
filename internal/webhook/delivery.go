package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
)

// DeliveryID is the id of a delivery.
type DeliveryID = id.Of[deliveryKind]

type deliveryKind struct{}

func (deliveryKind) Prefix() string { return "wdl" }

// DeliveryState says what became of a delivery; see the package comment.
type DeliveryState string

// The states of a delivery.
const (
	Waiting   DeliveryState = "waiting"
	Delivered DeliveryState = "delivered"
	Failed    DeliveryState = "failed"
	Missed    DeliveryState = "missed"
)

// DeliveryStates lists them.
var DeliveryStates = []DeliveryState{Waiting, Delivered, Failed, Missed}

// Keep is how long it is known what became of a delivery, and how far back one may have something sent again.
const Keep = 7 * 24 * time.Hour

// Delivery is one event for one endpoint.
type Delivery struct {
	ID       DeliveryID
	Endpoint ID
	Event    event.Event
	Trial    bool
	State    DeliveryState
	Tries    int
	NextAt   time.Time // when it is tried again, while it waits
	At       time.Time // when something last became of it
	Status   int       // of the last answer; 0: none
	Why      Why
	Took     time.Duration
	Answer   string // the beginning of the last answer
}

// Request is what is sent, made anew.
func (d Delivery) Request() (json.RawMessage, error) { return Body(d.Event) }

func scanDelivery(r db.Row) (d Delivery, err error) {
	var took int64
	err = r.Scan(&d.ID, &d.Endpoint, &d.Event.ID, &d.Trial, &d.State, &d.Tries, db.Time(&d.NextAt), db.Time(&d.At), &d.Status, &d.Why, &took, &d.Answer)
	d.Took = time.Duration(took) * time.Millisecond
	return d, err
}

const deliveryColumns = `id, webhook_id, event_id, trial, state, tries, next_at, at, status, why, took, answer`

// Deliveries lists those of an endpoint, in one state or ("") all, the newest first, from before one (0: from the newest).
func Deliveries(ctx context.Context, tx *db.Tx, e ID, state DeliveryState, before DeliveryID, limit int) ([]Delivery, error) {
	if _, err := Get(ctx, tx, e); err != nil {
		return nil, err
	}
	var a db.Args
	where := `webhook_id = ` + a.Add(e)
	if state != "" {
		where += ` AND state = ` + a.Add(state)
	}
	if before != 0 {
		where += ` AND id < ` + a.Add(before)
	}
	list, err := db.All(ctx, tx, scanDelivery, `SELECT `+deliveryColumns+` FROM webhook_delivery WHERE `+where+` ORDER BY id DESC`+db.Limit(limit), a.List()...)
	if err != nil {
		return nil, err
	}
	return list, withEvents(ctx, tx, list)
}

// withEvents fills in what is sent, in one question.
func withEvents(ctx context.Context, tx *db.Tx, list []Delivery) error {
	ids := make([]event.ID, len(list))
	for i, d := range list {
		ids[i] = d.Event.ID
	}
	found, err := event.Some(ctx, tx, ids)
	for i := range list {
		list[i].Event = found[list[i].Event.ID]
	}
	return err
}

// GetDelivery returns one.
func GetDelivery(ctx context.Context, tx *db.Tx, e ID, id DeliveryID) (Delivery, error) {
	if err := may(ctx); err != nil {
		return Delivery{}, err
	}
	d, err := db.One(ctx, tx, scanDelivery, `SELECT `+deliveryColumns+` FROM webhook_delivery WHERE id = $1 AND webhook_id = $2`, id, e)
	if errors.Is(err, db.ErrNoRow) {
		return d, problem.New(problem.NotFound, "There is no such delivery.")
	}
	if err != nil {
		return d, err
	}
	d.Event, err = event.Get(ctx, tx, d.Event.ID)
	return d, err
}

// Count says how many deliveries of an endpoint are in each state.
func Count(ctx context.Context, tx *db.Tx, e ID) (map[DeliveryState]int, error) {
	out := map[DeliveryState]int{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var s DeliveryState
		var n int
		err := r.Scan(&s, &n)
		out[s] = n
		return err
	}, `SELECT state, COUNT(*) FROM webhook_delivery WHERE webhook_id = $1 GROUP BY state`, e)
}

// Forget removes what became of deliveries long ago.
func Forget(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM webhook_delivery WHERE state <> 'waiting' AND at < $1`, tx.Now().Add(-Keep)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM webhook_secret WHERE until_at < $1`, tx.Now())
	return err
}

// Erase takes away what receivers answered: a receiver may repeat what he knows of somebody, and nobody can tell of whom.
func Erase(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE webhook_delivery SET answer = '' WHERE answer <> ''`)
	return err
}
