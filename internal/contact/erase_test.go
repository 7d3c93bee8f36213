package contact_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/secret"
)

func withKeys(t testing.TB, desk *dbtest.Desk) {
	t.Helper()
	keys, err := secret.New([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	db.Attach(desk.DB, keys)
}

// canaries plants 40 strings about one person, who was two, everywhere in this package.
func canaries(t *testing.T, desk *dbtest.Desk) (who contact.ID, all []string) {
	t.Helper()
	canary := func() string {
		all = append(all, fmt.Sprintf("canary%02dx%d", len(all), 7919*(len(all)+3)))
		return all[len(all)-1]
	}
	person := func() contact.ID {
		handle := canary()
		c := wrote(t, desk, contact.Sender{Email: canary() + "@" + canary() + ".com", ExternalID: canary(), Channel: "chat", Handle: handle, Name: "Kim " + canary()})
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			if _, err := contact.AddAddress(ctx, tx, c.ID, contact.Email, canary()+"@naver.com"); err != nil {
				return err
			}
			if err := contact.Tag(ctx, tx, c.ID, []string{canary()}, nil); err != nil {
				return err
			}
			for range 3 {
				if _, err := contact.AddNote(ctx, tx, c.ID, "said "+canary(), false); err != nil {
					return err
				}
			}
			if err := contact.SetValues(ctx, tx, c.ID, map[string]string{"pet": canary()}); err != nil {
				return err
			}
			if err := contact.Block(ctx, tx, c.ID, canary()); err != nil {
				return err
			}
			_, err := contact.Update(ctx, tx, c.ID, func(c *contact.Contact) error {
				c.Title, c.Industry, c.Persona, c.Gender, c.Region, c.Remember = canary(), canary(), canary(), canary(), canary(), canary()
				return nil
			})
			return err
		})
		wrote(t, desk, contact.Sender{Channel: "chat", Handle: handle, Email: canary() + "@naver.com", Unproven: true})
		return c.ID
	}
	do(t, desk, func(ctx context.Context, tx *db.Tx) error {
		_, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "pet", English: "Pet", Type: contact.TextField})
		return err
	})
	keep, lose := person(), person()
	merge(t, desk, keep, lose)
	do(t, desk, func(ctx context.Context, tx *db.Tx) error {
		for len(all) < 40 {
			if _, err := contact.AddNote(ctx, tx, keep, canary(), false); err != nil {
				return err
			}
		}
		return contact.View(ctx, tx, keep, "10.0.0.1")
	})
	if len(all) != 40 {
		t.Fatalf("%d canaries", len(all))
	}
	return keep, all
}

func erase(t *testing.T, desk *dbtest.Desk, id contact.ID) {
	t.Helper()
	do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.Erase(ctx, tx, id) })
	do(t, desk, contact.Purge)
}

func TestAnExportIsWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		who, all := canaries(t, desk)
		contact.Use(desk.DB, contact.Part{Name: "order", Export: func(context.Context, *db.Tx, contact.ID) (any, error) { return []string{"order 1"}, nil }})
		file := write(t, desk, func(ctx context.Context, tx *db.Tx) (contact.File, error) { return contact.Export(ctx, tx, who) })
		b, err := json.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			if !strings.Contains(string(b), c) {
				t.Errorf("the export lacks %s", c)
			}
		}
		if !strings.Contains(string(b), `"others":{"order":["order 1"]}`) {
			t.Error("the export lacks the other packages")
		}
		if got := kinds(t, desk, who); got[len(got)-1] != "contact.exported" {
			t.Errorf("facts %v", got)
		}
	})
}

func TestErasedIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		withKeys(t, desk)
		other := wrote(t, desk, contact.Sender{Email: "other@naver.com", Name: "Other"})
		who, all := canaries(t, desk)
		desk.Clock.Advance(time.Hour)
		var asked []contact.ID
		contact.Use(desk.DB, contact.Part{Name: "order", Erase: func(_ context.Context, _ *db.Tx, id contact.ID, list []contact.Address) error {
			asked = append(asked, id)
			if len(list) != 8 {
				t.Errorf("%d addresses", len(list))
			}
			return nil
		}})
		erase(t, desk, who)
		if len(asked) != 2 || asked[1] != who {
			t.Errorf("asked to erase %v", asked)
		}
		for _, c := range all {
			if got := list(t, desk, contact.Filter{Query: c}); got != nil {
				t.Errorf("%s finds %v", c, got)
			}
		}
		dump(t, desk, func(table, row string) {
			for _, c := range all {
				if strings.Contains(row, c) {
					t.Errorf("%s: %s", table, row)
				}
			}
		})
		if got := get(t, desk, other.ID); got != other {
			t.Errorf("somebody else was touched: %+v", got)
		}
		oldMail := read(t, desk, func(ctx context.Context, tx *db.Tx) (time.Time, error) {
			return contact.ErasedAt(ctx, tx, contact.Email, strings.ToUpper(all[1]+"@"+all[2])+".com")
		})
		if !oldMail.Equal(desk.Clock.Now()) {
			t.Errorf("erased at %v", oldMail)
		}
		never := read(t, desk, func(ctx context.Context, tx *db.Tx) (time.Time, error) {
			return contact.ErasedAt(ctx, tx, contact.Email, "other@naver.com")
		})
		if !never.IsZero() {
			t.Errorf("erased at %v", never)
		}
		anew := wrote(t, desk, contact.Sender{Email: all[1] + "@" + all[2] + ".com"})
		if anew.ID == who {
			t.Error("he is back under his old id")
		}
	})
}

// dump calls do with every value of every table, as text.
func dump(t *testing.T, desk *dbtest.Desk, do func(table, row string)) {
	t.Helper()
	tables := []string{"event", "job", "setting", "contact", "contact_address", "contact_claim", "contact_tag", "contact_note", "contact_value", "contact_merge", "contact_view", "contact_tombstone", "contact_company", "contact_company_domain"}
	if desk.Engine() == db.Postgres {
		tables = append(tables, "contact_search")
	}
	driver := map[db.Engine]string{db.SQLite: "sqlite", db.Postgres: "pgx"}[desk.Engine()]
	raw, err := sql.Open(driver, desk.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, table := range tables {
		rows, err := raw.QueryContext(t.Context(), `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		cols, _ := rows.Columns()
		for rows.Next() {
			into := make([]any, len(cols))
			for i := range into {
				into[i] = new(any)
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			for i := range into {
				switch v := (*into[i].(*any)).(type) {
				case []byte:
					do(table, string(v))
				default:
					do(table, fmt.Sprint(v))
				}
			}
		}
		rows.Close()
	}
}

// What SQLite leaves in its file. The search index is purged; the rest needs pages to be overwritten and the
// write-ahead log to be emptied.
func TestNothingIsLeftInTheFile(t *testing.T) {
	if !slices.Contains(dbtest.Engines(), db.SQLite) {
		t.Skip("SQLite only")
	}
	for name, c := range map[string]struct {
		before, after []string
	}{
		"vacuum":        {nil, []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"}},
		"secure delete": {[]string{"PRAGMA secure_delete = ON"}, []string{"PRAGMA wal_checkpoint(TRUNCATE)"}},
		"nothing":       {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			desk := dbtest.New(t, db.SQLite)
			withKeys(t, desk)
			for _, sql := range c.before { // on the one connection that writes
				do(t, desk, func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, sql); return err })
			}
			who, all := canaries(t, desk)
			erase(t, desk, who)
			for _, stmt := range c.after {
				raw, err := sql.Open("sqlite", desk.URL)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := raw.ExecContext(t.Context(), stmt); err != nil {
					t.Fatal(err)
				}
				raw.Close()
			}
			left := 0
			var files strings.Builder
			for _, suffix := range []string{"", "-wal"} {
				b, err := os.ReadFile(desk.URL + suffix)
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				files.Write(b)
			}
			for _, c := range all {
				if strings.Contains(files.String(), c) {
					left++
				}
			}
			t.Logf("%d of 40 are left", left)
			if (left == 0) != (name != "nothing") {
				t.Errorf("%d of 40 are left", left)
			}
		})
	}
}

func TestFactsSayNothingPersonal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		_, all := canaries(t, desk)
		read(t, desk, func(ctx context.Context, tx *db.Tx) (int, error) {
			return 0, db.Each(ctx, tx, func(r db.Row) error {
				var kind, subject, body string
				if err := r.Scan(&kind, &subject, &body); err != nil {
					return err
				}
				for _, c := range all {
					if strings.Contains(subject+body, c) {
						t.Errorf("%s of %s says %s", kind, subject, body)
					}
				}
				return nil
			}, `SELECT kind, subject, body FROM event ORDER BY id`)
		})
	})
}

func TestALookIsNotedOnceAnHour(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		c := wrote(t, desk, contact.Sender{Email: "hana@naver.com"})
		looked := func() bool {
			return read(t, desk, func(ctx context.Context, tx *db.Tx) (bool, error) { return contact.Looked(ctx, tx, c.ID) })
		}
		look := func() {
			do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.View(ctx, tx, c.ID, "10.0.0.1") })
		}
		if looked() {
			t.Error("noted before the first look")
		}
		for range 3 {
			look()
			desk.Clock.Advance(20 * time.Minute)
		}
		if looked() {
			t.Error("noted although the hour is over")
		}
		look()
		if !looked() {
			t.Error("not noted")
		}
		events := read(t, desk, func(ctx context.Context, tx *db.Tx) ([]event.Event, error) {
			return event.Of(ctx, tx, c.ID.String(), 0, 10)
		})
		if got := kinds(t, desk, c.ID); !slices.Equal(got, []string{"contact.created", "contact.viewed", "contact.viewed"}) {
			t.Errorf("facts %v", got)
		}
		if e := events[0]; e.Actor != "usr_000000000002d" || !strings.Contains(string(e.Body), "10.0.0.1") {
			t.Errorf("%+v", e)
		}
	})
}

// Whoever is known by nothing but the claim of an erased address goes with its owner; whom else he knows stays.
func TestWhoClaimsTheAddressGoesToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		withKeys(t, desk)
		hana := wrote(t, desk, contact.Sender{Email: "hana@solip.example"})
		claims := func(email string) contact.Contact {
			return write(t, desk, func(ctx context.Context, tx *db.Tx) (contact.Contact, error) {
				return contact.Claimed(ctx, tx, contact.Sender{Email: email, Name: "Hana"})
			})
		}
		mallory, other := claims("hana@solip.example"), claims("bora@solip.example")
		visitor := wrote(t, desk, contact.Sender{Channel: "chat", Handle: "v-1", Email: "hana@solip.example", Unproven: true})
		do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.Erase(ctx, tx, hana.ID) })
		for who, there := range map[contact.ID]bool{hana.ID: false, mallory.ID: false, other.ID: true, visitor.ID: true} {
			is := read(t, desk, func(ctx context.Context, tx *db.Tx) (bool, error) {
				return db.Exists(ctx, tx, `SELECT 1 FROM contact WHERE id = $1`, who)
			})
			if is != there {
				t.Errorf("%s is there: %v", who, is)
			}
		}
	})
}
