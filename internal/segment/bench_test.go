package segment_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/segment"
	"baraji/internal/team"
)

// BenchmarkSegment counts a hundred thousand customers with fifty thousand conversations and a quarter of a million of tags, values and consents. The rows are made by
// SQL: their commands would take minutes.
func BenchmarkSegment(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		desk := dbtest.New(b, engine)
		ctx := team.AsSystem(context.Background())
		err := desk.Write(ctx, func(tx *db.Tx) error { return crowd(ctx, tx, 100_000) })
		if err != nil {
			b.Fatal(err)
		}
		usual := group("all", is("customer.stage", "is", "post-sale"), is("customer.tags", "has", "vip"), is("customer.consent", "yes"), is("talk.open", "equals", "0"),
			group("any", is("customer.language", "is", "ko"), is("customer.field.plan", "is", "gold")))
		for name, in := range map[string]segment.If{"everybody": {}, "stage": is("customer.stage", "is", "post-sale"), "tag": is("customer.tags", "has", "vip"), "field": is("customer.field.plan", "is", "gold"),
			"name": is("customer.name", "contains", "99"), "open": is("talk.open", "at_least", "1"), "none open": is("talk.open", "equals", "0"), "consent": is("customer.consent", "yes"), "usual": usual} {
			s := segment.Segment{If: in}
			b.Run(fmt.Sprintf("%s/count/%s", engine, name), func(b *testing.B) {
				for b.Loop() {
					ask(b, desk, func(tx *db.Tx) error { _, err := segment.Count(ctx, tx, s); return err })
				}
			})
		}
		b.Run(fmt.Sprintf("%s/holds", engine), func(b *testing.B) {
			for b.Loop() {
				ask(b, desk, func(tx *db.Tx) error {
					_, err := segment.Holds(ctx, tx, segment.Segment{If: usual}, 50_000)
					return err
				})
			}
		})
		b.Run(fmt.Sprintf("%s/members", engine), func(b *testing.B) {
			for b.Loop() {
				ask(b, desk, func(tx *db.Tx) error {
					_, err := segment.Members(ctx, tx, segment.Segment{If: usual}, 50_000, 500)
					return err
				})
			}
		})
	}
}

func ask(b *testing.B, desk *dbtest.Desk, fn func(tx *db.Tx) error) {
	b.Helper()
	if err := desk.Read(context.Background(), fn); err != nil {
		b.Fatal(err)
	}
}

func crowd(ctx context.Context, tx *db.Tx, n int) error {
	f, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "plan", English: "Plan", Type: contact.TextField})
	if err != nil {
		return err
	}
	now := tx.Now().Add(-24 * time.Hour).UnixMilli()
	numbers := fmt.Sprintf(`WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < %d) `, n)
	for _, q := range []string{
		fmt.Sprintf(`INSERT INTO contact (id, name, name_key, email, stage, language, created_at, updated_at, last_seen_at) %sSELECT i, 'Customer ' || i, 'customer ' || i, 'c' || i || '@customer.example',
			CASE i %% 3 WHEN 0 THEN 'post-sale' ELSE 'pre-sale' END, CASE i %% 2 WHEN 0 THEN 'ko' ELSE 'en' END, %d, %d, %d FROM k`, numbers, now, now, now),
		fmt.Sprintf(`INSERT INTO contact_address (id, contact_id, kind, value, shown, is_primary, verified, created_at) %sSELECT i + 1000000, i, 'email', 'c' || i || '@customer.example', 'c' || i || '@customer.example', TRUE, TRUE, %d FROM k`, numbers, now),
		numbersInto(`contact_tag (contact_id, tag)`, numbers, `i, CASE i % 4 WHEN 0 THEN 'vip' ELSE 'lamp' END`),
		numbersInto(`contact_value (holder_id, field_id, text)`, numbers, fmt.Sprintf(`i, %d, CASE i %% 5 WHEN 0 THEN 'gold' ELSE 'silver' END`, int64(f.ID))),
		fmt.Sprintf(`INSERT INTO consent (id, contact_id, purpose, what, how, at, noted_at) %sSELECT i, i, 'advertising', CASE i %% 7 WHEN 0 THEN 'withdrawn' ELSE 'given' END, 'import', %d, %d FROM k WHERE i %% 2 = 0`, numbers, now, now),
		fmt.Sprintf(`INSERT INTO conversation (id, number, inbox_id, channel, contact_id, subject, status, stage, last_at, created_at, updated_at) %sSELECT i, i, 1, 'email', i, 'Lamp', CASE i %% 6 WHEN 0 THEN 'open' ELSE 'solved' END,
			'post-sale', %d, %d, %d FROM k WHERE i %% 2 = 0`, numbers, now, now, now),
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

func numbersInto(table, numbers, values string) string {
	return `INSERT INTO ` + table + ` ` + numbers + `SELECT ` + values + ` FROM k`
}
