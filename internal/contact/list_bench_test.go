package contact_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
)

func BenchmarkList(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		desk := dbtest.New(b, engine)
		for range 20 {
			desk.Clock.Advance(time.Minute)
			do(b, desk, func(ctx context.Context, tx *db.Tx) error {
				for i := range 1000 {
					n := tx.NewID() % 1_000_000_007
					_, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: fmt.Sprintf("user%d@shop%d.co.kr", n, i%50), Name: fmt.Sprintf("%c%c민 %d", '가'+n%500, '나'+n%300, n%1000), Phone: fmt.Sprintf("010-%04d-%04d", i, n%10000)})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		for name, f := range map[string]contact.Filter{"first": {}, "by name": {Sort: contact.ByName}, "everybody": {Query: "민"}, "many": {Query: "shop7"}, "few": {Query: "0042"}, "nobody": {Query: "zzz"}} {
			b.Run(string(engine)+"/"+name, func(b *testing.B) {
				for b.Loop() {
					list(b, desk, f)
				}
			})
		}
	}
}
