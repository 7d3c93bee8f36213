package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"baraji/internal/assistant"
	"baraji/internal/channel/email"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/knowledge"
	"baraji/internal/macro"
)

// Report is what Check found.
type Report struct {
	Problems []string
	Events   int64 // in the log, each of them verified
	Files    int   // that are used, each of them there
	Mail     map[string]int
	Outbox   map[string]int
	Queues   []job.Queue
}

// OK says whether everything is in order.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// Print writes the report for a person.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "log: %d events, chain %s\nfiles: %d\n", r.Events, okay(r.OK()), r.Files)
	for _, part := range []struct {
		name   string
		counts map[string]int
	}{{"mail", r.Mail}, {"outbox", r.Outbox}} {
		for _, state := range slices.Sorted(maps.Keys(part.counts)) {
			fmt.Fprintf(w, "%s %s: %d\n", part.name, state, part.counts[state])
		}
	}
	for _, q := range r.Queues {
		if q.Due+q.Waiting+q.Failed > 0 {
			fmt.Fprintf(w, "queue %s: %d due, %d waiting, %d failed\n", q.Name, q.Due, q.Waiting, q.Failed)
		}
	}
	for _, p := range r.Problems {
		fmt.Fprintln(w, "PROBLEM:", p)
	}
	if r.OK() {
		fmt.Fprintln(w, "everything is in order")
	}
}

func okay(ok bool) string {
	if ok {
		return "intact"
	}
	return "see below"
}

// Check looks whether the database, the files and the chain of the log are
// whole, and counts what waits.
func Check(ctx context.Context, c Config) (r Report, err error) {
	err = quietly(ctx, c, func(ctx context.Context, a *App) error {
		if err := a.DB.Integrity(ctx); err != nil {
			r.Problems = append(r.Problems, err.Error())
		}
		err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
			var broken *event.Broken
			if r.Events, err = event.Verify(ctx, tx); errors.As(err, &broken) {
				r.Problems, err = append(r.Problems, broken.Error()), nil
			}
			if err != nil {
				return err
			}
			if r.Mail, err = email.Counts(ctx, tx); err != nil {
				return err
			}
			if r.Outbox, err = email.OutCounts(ctx, tx); err != nil {
				return err
			}
			r.Queues, err = a.Jobs.Queues(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
		return a.checkFiles(ctx, &r)
	})
	return r, err
}

// checkFiles looks whether every file that something points to is there.
func (a *App) checkFiles(ctx context.Context, r *Report) error {
	there := map[blob.Key]bool{}
	for e, err := range a.Blobs.Each(ctx) {
		if err != nil {
			return err
		}
		there[e.Key] = true
	}
	return a.DB.Read(ctx, func(tx *db.Tx) error {
		for _, list := range []func(context.Context, *db.Tx) ([]string, error){conversation.Blobs, email.Blobs, form.Blobs, knowledge.Blobs, assistant.Blobs, macro.Blobs} {
			keys, err := list(ctx, tx)
			if err != nil {
				return err
			}
			for _, k := range keys {
				r.Files++
				if !there[blob.Key(k)] {
					r.Problems = append(r.Problems, "file "+k+" is missing")
				}
			}
		}
		return nil
	})
}
