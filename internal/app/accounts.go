package app

import (
	"context"
	"log/slog"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// quietly opens the desk for one command beside a server that may be running.
func quietly(ctx context.Context, c Config, fn func(context.Context, *App) error) error {
	c.Log = slog.New(slog.DiscardHandler)
	a, err := Open(ctx, c)
	if err != nil {
		return err
	}
	defer a.Close()
	return fn(team.AsSystem(ctx), a)
}

// MakeToken makes an API token with a role and returns its text.
func MakeToken(ctx context.Context, c Config, name, role string, rate int) (text string, err error) {
	err = quietly(ctx, c, func(ctx context.Context, a *App) error {
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			text, _, err = team.MakeToken(ctx, tx, name, role, rate)
			return err
		})
	})
	return text, err
}

// MakePerson makes somebody who works here.
func MakePerson(ctx context.Context, c Config, email, name, role, password string) error {
	return quietly(ctx, c, func(ctx context.Context, a *App) error {
		hashed, err := a.Door.Hash(ctx, password)
		if err != nil {
			return err
		}
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := team.MakePerson(ctx, tx, email, name, role, hashed)
			return err
		})
	})
}
