// Package demo makes the sample shop that `baraji demo` shows.
package demo

import (
	"context"
	"crypto/rand"
	"strings"

	"baraji/internal/app"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Account is how to come into the shop.
type Account struct{ Email, Password, Token string }

// Fill makes the shop in an empty desk. In one that is filled already it makes
// only a new password and token.
func Fill(ctx context.Context, a *app.App) (Account, error) {
	ctx = team.AsSystem(ctx)
	who := Account{Email: "seoyun@dalbit.example", Password: strings.ToLower(rand.Text()[:4] + "-" + rand.Text()[:4] + "-" + rand.Text()[:4])}
	hashed, err := a.Door.Hash(ctx, who.Password)
	if err != nil {
		return who, err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.MakePerson(ctx, tx, who.Email, "한서윤", "owner", hashed); err != nil {
			return err
		}
		who.Token, _, err = team.MakeToken(ctx, tx, "demo", "admin", 0)
		return err
	})
	return who, err
}
