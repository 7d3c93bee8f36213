package api

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func events(rt *routes) {
	get(rt, "/events", "The log of what happened, in order", listEvents,
		about("`after` is a place in the log (`seq`) or the id of an event. An event gets its place a moment after it happened; until then it is not here. "+
			"`next` is the `after` of the next page."))
}

// Event is an event as it leaves.
type Event struct {
	ID      string          `json:"id"`
	Seq     int64           `json:"seq" doc:"Its place in the log, without gaps"`
	Kind    string          `json:"kind" example:"conversation.replied"`
	Subject string          `json:"subject" doc:"The id of what it happened to"`
	Actor   string          `json:"actor"`
	At      stamp           `json:"at"`
	Cause   ref             `json:"cause" doc:"The event that it follows from; null when somebody acted"`
	Depth   int             `json:"depth"`
	Body    json.RawMessage `json:"body"`
}

func showEvent(e event.Event) Event {
	return Event{e.ID.String(), e.Seq, e.Kind, e.Subject, e.Actor, stamp(e.At), refOf(e.Cause), e.Depth, e.Body}
}

// eventQuery narrows the log.
type eventQuery struct {
	After   string `query:"after" maxLength:"60"`
	Kind    string `query:"kind" maxLength:"100" doc:"A kind, or what kinds begin with: conversation"`
	Subject string `query:"subject" maxLength:"100"`
	Actor   string `query:"actor" maxLength:"100"`
	Span
}

func listEvents(ctx context.Context, tx *db.Tx, in *eventQuery) (page[Event], error) {
	if err := team.Allow(ctx, team.ReadAudit); err != nil {
		return page[Event]{}, err
	}
	if in.Cursor != "" {
		in.After = in.Cursor
	}
	after, err := place(ctx, tx, in.After)
	if err != nil {
		return page[Event]{}, err
	}
	l, err := event.List(ctx, tx, event.Filter{After: after, Kind: in.Kind, Subject: in.Subject, Actor: in.Actor}, in.Limit+1)
	return cut(l, in.Limit, func(e event.Event) string { return strconv.FormatInt(e.Seq, 10) }, showEvent), err
}

// place reads where in the log to begin: a place, or the event behind which.
func place(ctx context.Context, tx *db.Tx, s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	if seq, err := strconv.ParseInt(s, 10, 64); err == nil && seq >= 0 {
		return seq, nil
	}
	eid, err := id.Read[event.ID](s)
	if err != nil {
		return 0, problem.For("after", "Give a place in the log or the id of an event.")
	}
	e, err := event.Get(ctx, tx, eid)
	if errors.Is(err, db.ErrNoRow) || err == nil && e.Seq == 0 {
		return 0, problem.For("after", "There is no such event in the log.")
	}
	return e.Seq, err
}
