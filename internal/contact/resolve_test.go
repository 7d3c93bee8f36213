package contact_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
)

func TestASenderBecomesAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		got := wrote(t, desk, contact.Sender{Email: "Hana@Sales.Solip.example.com", Name: " 김\n하나 ", Language: "ko-KR", TimeZone: "Asia/Seoul"})
		want := contact.Contact{ID: got.ID, Name: "김 하나", Email: "Hana@Sales.Solip.example.com", Company: got.Company, Language: "ko", TimeZone: "Asia/Seoul",
			Stage: contact.PreSale, CreatedAt: dbtest.Start, UpdatedAt: dbtest.Start, LastSeenAt: dbtest.Start}
		if got != want || got.ID == 0 || got.Company == 0 {
			t.Errorf("resolved\n%+v, not\n%+v", got, want)
		}
		if stored := get(t, desk, got.ID); stored != want {
			t.Errorf("stored\n%+v, not\n%+v", stored, want)
		}
		desk.Clock.Advance(time.Hour)
		again := wrote(t, desk, contact.Sender{Email: "hana@sales.solip.EXAMPLE.com.", Name: "Another name"})
		want.LastSeenAt = desk.Clock.Now()
		if again != want {
			t.Errorf("again\n%+v, not\n%+v", again, want)
		}
		colleague := wrote(t, desk, contact.Sender{Email: "dae@example.com"})
		if colleague.Company != got.Company || colleague.Name != "dae@example.com" {
			t.Errorf("colleague %+v", colleague)
		}
		if got := kinds(t, desk, got.ID); !slices.Equal(got, []string{"contact.created"}) {
			t.Errorf("facts %v", got)
		}
		if got := kinds(t, desk, got.Company); !slices.Equal(got, []string{"company.created"}) {
			t.Errorf("facts of the company %v", got)
		}
	})
}

func TestWhatIsNotKnownIsLearnt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		first := wrote(t, desk, contact.Sender{Email: "bora@naver.com"})
		if first.Name != "bora@naver.com" || first.Company != 0 {
			t.Errorf("%+v", first)
		}
		second := wrote(t, desk, contact.Sender{Email: "bora@naver.com", Name: "이보라", Language: "ko", Phone: "010-9876-5432"})
		if second.ID != first.ID || second.Name != "이보라" || second.Language != "ko" || second.Phone != "010-9876-5432" {
			t.Errorf("%+v", second)
		}
		for _, q := range []string{"보라", "9876", "+82 10 9876 5432", "bora@nav", "이보라"} {
			if got := list(t, desk, contact.Filter{Query: q}); !slices.Equal(got, []string{"이보라"}) {
				t.Errorf("%s finds %v", q, got)
			}
		}
		if byPhone := wrote(t, desk, contact.Sender{Phone: "+82 10 9876 5432"}); byPhone.ID != first.ID {
			t.Errorf("by phone: %+v", byPhone)
		}
	})
}

func TestTwentyAtOnceAreOnePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := agent(t)
		var mu sync.Mutex
		var made int
		ids := map[contact.ID]bool{}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				var c contact.Contact
				var created bool
				err := desk.Write(ctx, func(tx *db.Tx) (err error) {
					c, created, err = contact.Resolve(ctx, tx, contact.Sender{Email: "kim@acme.co.kr", Name: "Kim"})
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				ids[c.ID] = true
				if created {
					made++
				}
			})
		}
		wg.Wait()
		if len(ids) != 1 || made != 1 {
			t.Errorf("%d people, %d made", len(ids), made)
		}
		companies := read(t, desk, func(ctx context.Context, tx *db.Tx) ([]contact.Company, error) {
			list, _, err := contact.Companies(ctx, tx, contact.CompanyFilter{})
			return list, err
		})
		if len(companies) != 1 || companies[0].Name != "Acme" {
			t.Errorf("companies %+v", companies)
		}
	})
}

// A visitor who types somebody's address does not become him (T50).
func TestAClaimLeadsToNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		hana := wrote(t, desk, contact.Sender{Email: "hana@naver.com", Name: "Hana"})
		visitor := wrote(t, desk, contact.Sender{Channel: "chat", Handle: "v-1", Email: "hana@naver.com", Phone: "010-1111-2222", Name: "Mallory", Unproven: true})
		if visitor.ID == hana.ID || visitor.Email != "" {
			t.Fatalf("%+v", visitor)
		}
		again := wrote(t, desk, contact.Sender{Channel: "chat", Handle: "v-1"})
		if again.ID != visitor.ID {
			t.Errorf("not known again: %+v", again)
		}
		p := whole(t, desk, visitor.ID)
		if len(p.Claims) != 2 || p.Claims[0].Shown != "hana@naver.com" || len(p.Addresses) != 1 {
			t.Errorf("%+v", p)
		}
		if owner := wrote(t, desk, contact.Sender{Phone: "010-1111-2222"}); owner.ID == visitor.ID {
			t.Error("a claim led to the one who made it")
		}
		if got := wrote(t, desk, contact.Sender{Channel: "other", Handle: "v-1"}); got.ID == visitor.ID {
			t.Error("ids of two channels are one")
		}
	})
}

func TestStrangeSendersAreTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		for _, s := range []string{"MAILER-DAEMON", "a b@x", "\x00\xff@", "@", string(make([]byte, 500)) + "x", "김@한국.한국", "a@b_c.com", "<>"} {
			c := wrote(t, desk, contact.Sender{Email: s, Name: "\xff\x00name"})
			if again := wrote(t, desk, contact.Sender{Email: s}); again.ID != c.ID {
				t.Errorf("%q is not known again", s)
			}
		}
		if _, _, err := resolve(t, desk, contact.Sender{Name: "Nobody"}); err == nil {
			t.Error("nobody was taken")
		}
	})
}

func resolve(t testing.TB, desk *dbtest.Desk, s contact.Sender) (c contact.Contact, created bool, err error) {
	ctx := agent(t)
	err = desk.Write(ctx, func(tx *db.Tx) (err error) { c, created, err = contact.Resolve(ctx, tx, s); return err })
	return c, created, err
}

func TestAProofIsNoted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		c := wrote(t, desk, contact.Sender{Email: "hana@naver.com"})
		if whole(t, desk, c.ID).Addresses[0].Verified {
			t.Error("verified without a proof")
		}
		wrote(t, desk, contact.Sender{Email: "hana@naver.com", Verified: true})
		if !whole(t, desk, c.ID).Addresses[0].Verified {
			t.Error("the proof is lost")
		}
		if got := kinds(t, desk, c.ID); !slices.Equal(got, []string{"contact.created", "contact.address_verified"}) {
			t.Errorf("facts %v", got)
		}
	})
}

func BenchmarkResolve(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		ctx := context.Background()
		b.Run(string(engine)+"/known", func(b *testing.B) {
			desk := dbtest.New(b, engine)
			wrote(b, desk, contact.Sender{Email: "hana@acme.co.kr", Name: "Hana"})
			for b.Loop() {
				if err := desk.Write(ctx, func(tx *db.Tx) error {
					_, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: "hana@acme.co.kr", Name: "Hana"})
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(string(engine)+"/new", func(b *testing.B) {
			desk := dbtest.New(b, engine)
			i := 0
			for b.Loop() {
				i++
				email := "customer" + string(rune('a'+i%26)) + time.Duration(i).String() + "@acme.co.kr"
				if err := desk.Write(ctx, func(tx *db.Tx) error {
					_, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: email, Name: "김하나"})
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Who calls himself by an address that he has shown not to be his is somebody else, the same each time.
func TestWhoOnlyClaimsAnAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		claimed := func(email, name string) contact.Contact {
			return write(t, desk, func(ctx context.Context, tx *db.Tx) (contact.Contact, error) {
				return contact.Claimed(ctx, tx, contact.Sender{Email: email, Name: name})
			})
		}
		hana := wrote(t, desk, contact.Sender{Email: "hana@solip.example", Name: "Hana"})
		mallory := claimed("Hana@Solip.example", "Hana")
		if mallory.ID == hana.ID || mallory.Email != "" || mallory.Company != 0 {
			t.Fatalf("%+v", mallory)
		}
		if again := claimed("hana@solip.example", "Somebody"); again.ID != mallory.ID || again.Name != "Hana" {
			t.Errorf("not known again: %+v", again)
		}
		if again := wrote(t, desk, contact.Sender{Email: "hana@solip.example"}); again.ID != hana.ID {
			t.Errorf("the owner is %s now", again.ID)
		}
		p := whole(t, desk, mallory.ID)
		if len(p.Claims) != 1 || p.Claims[0].Shown != "Hana@Solip.example" || len(p.Addresses) != 0 {
			t.Errorf("%+v", p)
		}
		unknown := claimed("nobody@elsewhere.example", "")
		if owner := wrote(t, desk, contact.Sender{Email: "nobody@elsewhere.example"}); owner.ID == unknown.ID {
			t.Error("a claim led to the one who made it")
		}
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			_, err := contact.Merge(ctx, tx, hana.ID, mallory.ID)
			return err
		})
		if next := claimed("hana@solip.example", ""); next.ID == hana.ID || next.ID == mallory.ID {
			t.Error("merging once vouches for all that comes")
		}
	})
}
