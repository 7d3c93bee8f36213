package contact_test

import (
	"context"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// agent is somebody with every right.
func agent(t testing.TB) context.Context {
	return team.With(t.Context(), team.Actor{Person: 77, Name: "Minji", Rights: team.Rights, See: team.SeeEverything})
}

// write and read do one thing in a transaction of its own; the test fails with it.
func write[T any](t testing.TB, desk *dbtest.Desk, fn func(context.Context, *db.Tx) (T, error)) (v T) {
	t.Helper()
	ctx := agent(t)
	if err := desk.Write(ctx, func(tx *db.Tx) (err error) { v, err = fn(ctx, tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

func do(t testing.TB, desk *dbtest.Desk, fn func(context.Context, *db.Tx) error) {
	t.Helper()
	write(t, desk, func(ctx context.Context, tx *db.Tx) (struct{}, error) { return struct{}{}, fn(ctx, tx) })
}

func read[T any](t testing.TB, desk *dbtest.Desk, fn func(context.Context, *db.Tx) (T, error)) (v T) {
	t.Helper()
	ctx := agent(t)
	if err := desk.Read(ctx, func(tx *db.Tx) (err error) { v, err = fn(ctx, tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

// wrote is what a channel does with a sender.
func wrote(t testing.TB, desk *dbtest.Desk, s contact.Sender) contact.Contact {
	t.Helper()
	return write(t, desk, func(ctx context.Context, tx *db.Tx) (contact.Contact, error) {
		c, _, err := contact.Resolve(ctx, tx, s)
		return c, err
	})
}

func get(t testing.TB, desk *dbtest.Desk, id contact.ID) contact.Contact {
	t.Helper()
	return read(t, desk, func(ctx context.Context, tx *db.Tx) (contact.Contact, error) { return contact.Get(ctx, tx, id) })
}

func whole(t testing.TB, desk *dbtest.Desk, id contact.ID) contact.Profile {
	t.Helper()
	return read(t, desk, func(ctx context.Context, tx *db.Tx) (contact.Profile, error) { return contact.Whole(ctx, tx, id) })
}

func list(t testing.TB, desk *dbtest.Desk, f contact.Filter) (names []string) {
	t.Helper()
	read(t, desk, func(ctx context.Context, tx *db.Tx) (int, error) {
		all, _, err := contact.List(ctx, tx, f)
		for _, c := range all {
			names = append(names, c.Name)
		}
		return len(all), err
	})
	return names
}

// kinds are what happened to a subject, oldest first.
func kinds[K id.Kind](t testing.TB, desk *dbtest.Desk, id id.Of[K]) (list []string) {
	t.Helper()
	read(t, desk, func(ctx context.Context, tx *db.Tx) (int, error) {
		all, err := event.Of(ctx, tx, id.String(), 0, 100)
		for _, e := range all {
			list = append([]string{e.Kind}, list...)
		}
		return 0, err
	})
	return list
}
