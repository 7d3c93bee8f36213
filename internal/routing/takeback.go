package routing

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
)

// watch sets when it is looked whether who was given a conversation said something; in working hours, unless it is served outside them.
func (d Decision) watch(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	if d.silence == 0 {
		return cancelSilent(ctx, tx, id)
	}
	return job.Replace(ctx, tx, Patience{id, d.Person}, job.Options{At: d.silentAt(tx.Now()), Key: silentKey(id), Lane: conversation.Timers(id), With: true})
}

// silentAt is when somebody has been silent for too long who was asked at an instant.
func (d Decision) silentAt(asked time.Time) time.Time {
	if d.By != 0 {
		return asked.Add(d.silence)
	}
	if at, ok := d.hours.Add(asked, d.silence); ok {
		return at
	}
	return asked.Add(d.silence)
}

// guard begins to watch who has a conversation already, when the customer writes again.
func guard(ctx context.Context, tx *db.Tx, c conversation.Conversation, in Situation) error {
	watched := false
	for _, r := range in.Lists.Rules {
		watched = watched || r.TakeBack > 0
	}
	if !watched {
		return nil
	}
	s, err := About(ctx, tx, c)
	if err != nil {
		return err
	}
	d := in.Decide(s, 0)
	if d.silence == 0 {
		return nil
	}
	d.Person = c.Assignee
	return job.Add(ctx, tx, Patience{c.ID, c.Assignee}, job.Options{At: d.silentAt(tx.Now()), Key: silentKey(c.ID), Lane: conversation.Timers(c.ID), With: true})
}

// StaysSilent does the Patience job: who said nothing while the customer waited has it taken back, and another gets it.
func StaysSilent(ctx context.Context, tx *db.Tx, s Patience) error {
	c, wanted, err := waiting(ctx, tx, s.Conversation)
	if err != nil || !wanted || c.Assignee != s.Person {
		return err
	}
	in, err := Look(ctx, tx, tx.Now())
	if err != nil {
		return err
	}
	what, err := About(ctx, tx, c)
	if err != nil {
		return err
	}
	d := in.Decide(what, s.Person)
	if d.silence == 0 {
		return nil
	}
	began, err := askedAt(ctx, tx, c)
	if err != nil {
		return err
	}
	at := d.silentAt(began)
	if at.After(tx.Now()) { // he answered meanwhile, and the customer wrote again
		return job.Add(ctx, tx, s, job.Options{At: at, Key: silentKey(c.ID), Lane: conversation.Timers(c.ID), With: true})
	}
	if d.Person == 0 { // nobody else could: better late from him than from nobody
		return nil
	}
	if err := event.Record(ctx, tx, TakenBack{c.ID, s.Person, job.Late(tx.Now(), at)}); err != nil {
		return err
	}
	return d.carryOut(ctx, tx, c)
}

// askedAt is since when the customer waits for the one who has the conversation.
func askedAt(ctx context.Context, tx *db.Tx, c conversation.Conversation) (time.Time, error) {
	list, err := Decisions(ctx, tx, c.ID)
	if err != nil {
		return c.WaitingSince, err
	}
	for _, d := range list {
		if d.Person == c.Assignee && d.At.After(c.WaitingSince) {
			return d.At, nil
		}
	}
	return c.WaitingSince, nil
}
