package email

import (
	"fmt"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig"
)

// BenchmarkTake takes 1,000 mails from a real mailbox to messages.
func BenchmarkTake(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			box := rig.Dovecot(b, shop)
			for range b.N {
				b.StopTimer()
				desk := dbtest.New(b, engine)
				d, err := db.Open(b.Context(), desk.URL, db.Options{Now: desk.Clock.Now}) // with every fsync
				if err != nil {
					b.Fatal(err)
				}
				b.Cleanup(func() { d.Close() })
				desk.DB.Close()
				desk.DB = d
				h := newHouse(b, desk)
				fill(b, box, "INBOX", h.lying(max(0, 1000-box.Messages(shop)), "lamp", h.Now()))
				h.fetchFrom(box, "")
				h.write(func(tx *db.Tx) error { // nothing new yet, nothing is history
					return putFolder(h.ctx, tx, h.in.ID, folder{name: "INBOX", validity: box.UIDValidity(shop)})
				})
				b.StartTimer()
				stop := h.run()
				eventually(b, "all are taken", func() bool { return h.count(`SELECT COUNT(*) FROM email_item WHERE state <> 'new'`) == 1000 })
				b.StopTimer()
				stop()
				if n := h.count(`SELECT COUNT(*) FROM conversation_message`); n != 1000 {
					b.Fatal(fmt.Sprint(n, " messages"))
				}
			}
			b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "mails/s")
		})
	}
}
