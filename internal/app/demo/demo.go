// Package demo makes the sample shop that `baraji demo` shows: 달빛상점, a small
// shop for lamps, with its people, its customers and three months of talks.
//
// Everything is done by the same commands that pages and channels call, at the
// moment when it is supposed to have happened; a few mails come in as raw bytes.
// What is said is chosen by a fixed seed, so the shop is the same each time; only
// the times follow the clock. What is said stands in talks/ and mails/.
package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"baraji/internal/app"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Account is how to come into the shop.
type Account struct {
	Email, Password, Token string
	Portal                 string // the path of a link into the portal as one of the customers, good once
}

// made is what is known of the shop in a data folder.
type made struct {
	Ready  bool         `json:"ready"`
	People []team.ID    `json:"people"` // the owner first; all have the same password
	Token  team.TokenID `json:"token"`
}

var kept = setting.Of[made]{Name: "demo.shop"}

// Fill makes the shop in an empty desk, with a clock of its own, before the desk
// is opened for real. In one that was filled before it makes only a new password
// and token. A desk that is not the sample shop is left alone: that is a Conflict.
func Fill(ctx context.Context, c app.Config) (who Account, err error) {
	now := c.Now
	if now == nil {
		now = c.Real
	}
	clock := &clock{at: now().Add(-span - 24*time.Hour)}
	c.Now, c.Log = clock.now, nil // what is held here is held on purpose: nobody needs a warning
	a, err := app.Open(ctx, c)
	if err != nil {
		return who, err
	}
	defer a.Close()
	ctx = event.Quiet(team.AsSystem(ctx)) // nothing is delivered, nobody is told
	who.Password = password()
	hashed, err := a.Door.Hash(ctx, who.Password)
	if err != nil {
		return who, err
	}
	shop, err := look(ctx, a)
	if err != nil {
		return who, err
	}
	if len(shop.People) > 0 {
		clock.at = now()
		return who, again(ctx, a, shop, hashed, &who)
	}
	s := &story{App: a, clock: clock, end: now(), begin: clock.at}
	if err := s.tell(ctx, hashed); err != nil {
		return who, fmt.Errorf("make the sample shop: %w", err)
	}
	clock.at = now()
	return who, again(ctx, a, made{Ready: true, People: s.people}, team.Hashed{}, &who)
}

// look says what is in the folder, and refuses one that belongs to somebody.
func look(ctx context.Context, a *app.App) (shop made, err error) {
	empty := true
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if shop, err = setting.Get(ctx, tx, kept); err != nil {
			return err
		}
		empty, err = team.SetUpNeeded(ctx, tx)
		return err
	})
	switch {
	case err != nil:
		return shop, err
	case !empty && len(shop.People) == 0:
		return shop, problem.New(problem.Conflict, "This folder holds a desk that is not the sample shop. Choose an empty one.")
	case len(shop.People) > 0 && !shop.Ready:
		return shop, problem.New(problem.Conflict, "The sample shop in this folder was never finished. Choose an empty one.")
	}
	return shop, nil
}

// again writes down that the shop is ready, and makes a token; also a new
// password for all who work there, if one is given.
func again(ctx context.Context, a *app.App, shop made, hashed team.Hashed, who *Account) error {
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		owner, err := team.Get(ctx, tx, shop.People[0])
		if err != nil {
			return err
		}
		who.Email = owner.Email
		if hashed != (team.Hashed{}) {
			for _, p := range shop.People {
				if err := team.SetPassword(ctx, tx, p, hashed); err != nil {
					return err
				}
			}
		}
		if shop.Token != 0 {
			if err := team.RevokeToken(ctx, tx, shop.Token); err != nil {
				return err
			}
		}
		if who.Token, shop.Token, err = team.MakeToken(ctx, tx, "demo", team.Admin, 0); err != nil {
			return err
		}
		if who.Portal, err = pass(ctx, tx); err != nil {
			return err
		}
		return setting.Set(ctx, tx, kept, shop)
	})
	if err != nil {
		return err
	}
	return a.Events.Seal(ctx)
}

func password() string {
	s := strings.ToLower(rand.Text())
	return s[:4] + "-" + s[4:8] + "-" + s[8:12]
}
