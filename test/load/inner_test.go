package load

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// BenchmarkInside measures the queries without HTTP, on a small desk: for
// profiles.
func BenchmarkInside(b *testing.B) {
	url := filepath.Join(b.TempDir(), "baraji.db")
	if err := Fill(context.Background(), url, Size{Conversations: 5000, Messages: 25_000, Contacts: 1000, People: 40, Teams: 8}, time.Now()); err != nil {
		b.Fatal(err)
	}
	d, err := db.Open(context.Background(), url, db.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	ctx := team.AsSystem(context.Background())
	search := func(words string) func(b *testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				err := d.Read(ctx, func(tx *db.Tx) error {
					_, _, err := conversation.Search(ctx, tx, words, conversation.Filter{}, conversation.Page{Limit: 25})
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.Run("search one word", search("배송"))
	b.Run("search three words", search("lamp broken 환불"))
	b.Run("list open", func(b *testing.B) {
		for b.Loop() {
			err := d.Read(ctx, func(tx *db.Tx) error {
				_, _, err := conversation.List(ctx, tx, conversation.Filter{Status: []conversation.Status{conversation.Open}}, conversation.Page{Limit: 25})
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
