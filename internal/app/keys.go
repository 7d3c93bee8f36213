package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"baraji/internal/kit/db"
	"baraji/internal/kit/secret"
	"baraji/internal/kit/setting"
)

// keep is what the database knows of the installation's key: which one it is,
// so that a lost key file is noticed before anything is written with a new one,
// and on PostgreSQL, where several nodes need the same, the key itself unless
// the operator gives it to each (see docs/decisions/0004-key.md).
type keep struct {
	Fingerprint string `json:"fingerprint"`
	Key         string `json:"key,omitempty"`
}

var keptKey = setting.Of[keep]{Name: "app.key"}

func (a *App) openKeys(ctx context.Context) (*secret.Keys, error) {
	if a.Config.Key != "" {
		k, err := secret.Parse(a.Config.Key)
		if err != nil {
			return nil, fmt.Errorf("read the key: %w", err)
		}
		return k, a.checkKeys(ctx, k, "")
	}
	if a.DB.Shared() {
		return a.sharedKeys(ctx)
	}
	_, missing := os.Stat(filepath.Join(a.Config.Data, secret.FileName))
	k, err := secret.Open(a.Config.Data)
	if err != nil {
		return nil, fmt.Errorf("open the key: %w", err)
	}
	err = a.checkKeys(ctx, k, "")
	if err != nil && missing != nil {
		os.Remove(filepath.Join(a.Config.Data, secret.FileName)) // it was made just now, for nothing
	}
	return k, err
}

// sharedKeys: the first node makes the key, all others read it.
func (a *App) sharedKeys(ctx context.Context) (*secret.Keys, error) {
	text := secret.NewText()
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		kept, err := setting.Get(ctx, tx, keptKey)
		switch {
		case err != nil:
			return err
		case kept.Key != "":
			text = kept.Key
			return nil
		case kept.Fingerprint != "":
			return errors.New("this database belongs to a key that is not stored in it: give it with --key")
		}
		k, err := secret.Parse(text)
		if err != nil {
			return err
		}
		return setting.Set(ctx, tx, keptKey, keep{k.Fingerprint(), text})
	})
	if err != nil {
		return nil, fmt.Errorf("share the key: %w", err)
	}
	return secret.Parse(text)
}

func (a *App) checkKeys(ctx context.Context, k *secret.Keys, text string) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		kept, err := setting.Get(ctx, tx, keptKey)
		if err != nil {
			return err
		}
		if kept.Fingerprint == "" {
			return setting.Set(ctx, tx, keptKey, keep{k.Fingerprint(), text})
		}
		if kept.Fingerprint != k.Fingerprint() {
			return errors.New("the key file is not the one that this database was made with; put the right secret.key into the data folder (it is part of every backup)")
		}
		return nil
	})
}
