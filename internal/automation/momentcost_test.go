package automation_test

import (
	"fmt"
	"testing"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
)

// BenchmarkNothingIsDue is what a rule thirty days before a date costs when its timer rings and nobody is due, with 100,000 customers who have one.
func BenchmarkNothingIsDue(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			d := open(b, dbtest.New(b, engine))
			d.clock("2026-12-01 12:00")
			d.ends()
			crowd(d, 100_000)
			d.at(beforeEnd, automation.If{}, act("tag_customer", "tag", "renewal"))
			spent, most := time.Duration(0), time.Duration(0)
			b.ResetTimer()
			n := 0
			for b.Loop() {
				n++
				d.Clock.Advance(time.Duration(n%2+1) * time.Hour)
				if hour := d.Clock.Now().UTC().Hour(); hour == 0 {
					d.Clock.Advance(time.Hour)
				}
				before := time.Now()
				d.drain()
				took := time.Since(before)
				spent, most = spent+took, max(most, took)
			}
			b.ReportMetric(float64(most.Microseconds())/1000, "ms/most")
		})
	}
}

// crowd is so many customers whose contracts end on one of 4000 days, far from now.
func crowd(d *desk, n int) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		field, err := db.Value[contact.FieldID](d.ctx, tx, `SELECT id FROM contact_field WHERE key = 'ends'`)
		if err != nil {
			return err
		}
		zones := []string{"", "", "Asia/Seoul", "America/New_York", "Europe/Berlin"}
		for i := range n {
			id := contact.ID(tx.NewID())
			if _, err := tx.Exec(d.ctx, `INSERT INTO contact (id, name, name_key, time_zone, created_at, updated_at) VALUES ($1, $2, $2, $3, 0, 0)`, id, fmt.Sprint("c", i), zones[i%len(zones)]); err != nil {
				return err
			}
			day := time.Date(2040, 1, 1+i%4000, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			if _, err := tx.Exec(d.ctx, `INSERT INTO contact_value (holder_id, field_id, text) VALUES ($1, $2, $3)`, id, field, day); err != nil {
				return err
			}
		}
		return nil
	})
}

// Ten thousand who are due at once are begun page by page, none twice and none left out.
func TestTenThousandAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("a minute of work")
	}
	d := open(t, dbtest.New(t, dbtest.Engines()[0]))
	d.clock("2026-12-01 12:00")
	d.ends()
	crowd(d, 10_000)
	d.do(func(tx *db.Tx) error {
		_, err := tx.Exec(d.ctx, `UPDATE contact_value SET text = '2027-01-10'`)
		return err
	})
	d.do(func(tx *db.Tx) error {
		_, err := tx.Exec(d.ctx, `UPDATE contact SET time_zone = ''`)
		return err
	})
	rule := d.at(beforeEnd, automation.If{}, act("tag_customer", "tag", "renewal"))
	before := time.Now()
	d.clock("2026-12-11 09:00")
	t.Logf("10,000 in %s", time.Since(before))
	d.do(func(tx *db.Tx) error {
		n, err := db.Value[int](d.ctx, tx, `SELECT COUNT(*) FROM automation_run WHERE rule_id = $1 AND outcome = 'done'`, rule)
		if n != 10_000 {
			t.Errorf("%d were told", n)
		}
		return err
	})
}
