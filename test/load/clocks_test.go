package load

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/migrations"
	"baraji/internal/moment"
	"baraji/internal/sequence"
	"baraji/internal/sla"
	"baraji/internal/team"
	"baraji/test/rig"
)

// TestClocksThatRunCostNothing: 50,000 clocks of promises and 10,000 snoozes wait for their time, and neither the program nor PostgreSQL has anything
// to do meanwhile: less than a hundredth of one core.
func TestClocksThatRunCostNothing(t *testing.T) {
	clocks, sleepers := rig.Size(500, 50_000), rig.Size(100, 10_000)
	costsNothing(t, fmt.Sprintf("%d clocks run and %d snoozes wait", clocks, sleepers), func(ctx context.Context, url string) error { return ticking(ctx, url, clocks, sleepers) })
}

// TestFlowsThatWaitCostNothing: so do 100,000 customers who wait in a flow, half of them for something to happen.
func TestFlowsThatWaitCostNothing(t *testing.T) {
	customers := rig.Size(500, 100_000)
	costsNothing(t, fmt.Sprintf("%d customers wait in a flow", customers), func(ctx context.Context, url string) error { return waiting(ctx, url, customers) })
}

// costsNothing fills the database of a desk, starts the program on it, and looks at what it and PostgreSQL use while nothing is to be done.
func costsNothing(t *testing.T, what string, fill func(ctx context.Context, url string) error) {
	for _, engine := range rig.Engines(t) {
		t.Run(engine, func(t *testing.T) {
			with := rig.Setup{Data: t.TempDir()}
			url, server := filepath.Join(with.Data, "baraji.db"), (*rig.PG)(nil)
			if engine == string(db.Postgres) {
				server = rig.OwnPostgres(t, rig.PGSetup{Fsync: true})
				with.Database = server.Database(t)
				url = with.Database
			}
			if err := fill(t.Context(), url); err != nil {
				t.Fatal(err)
			}
			if server != nil {
				tidied(t, url)
			}
			p := rig.ProgramWith(t, with)
			watch := time.Duration(rig.Size(2, 60)) * time.Second
			time.Sleep(watch / 4) // what a start leaves behind
			begin, ours, theirs := time.Now(), spent(p.PID()), time.Duration(0)
			if server != nil {
				theirs = server.Spent(t)
			}
			time.Sleep(watch)
			took := time.Since(begin)
			ours = spent(p.PID()) - ours
			if server != nil {
				theirs = server.Spent(t) - theirs
			}
			part := func(d time.Duration) float64 { return 100 * d.Seconds() / took.Seconds() }
			fmt.Printf("%s: %s: in %.0f s the program used %.2f %% of a core, the database's own processes %.2f %%\n", engine, what, took.Seconds(), part(ours), part(theirs))
			if most := float64(rig.Size(5, 1)); part(ours+theirs) > most {
				t.Errorf("that is more than %.0f %%", most)
			}
		})
	}
}

// tidied does what PostgreSQL does by itself in the minutes after a filling, which is not what waiting costs.
func tidied(t testing.TB, url string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err == nil {
		_, err = c.Exec(t.Context(), `VACUUM ANALYZE`)
		c.Close(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// ticking fills an empty desk with conversations that wait for an answer, promised an answer in a month and a solution in two, and of which some sleep until then. They are
// made by the product's own commands.
func ticking(ctx context.Context, url string, clocks, sleepers int) error {
	d, err := db.Open(ctx, url, db.Options{Loose: true, Now: time.Now})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		return err
	}
	sla.Use(d)
	jobs := job.NewRunner(d, slog.New(slog.DiscardHandler))
	log := event.NewLog(d, jobs)
	event.Within(log, "clocks", sla.OnReceived)
	event.Within(log, "clocks", sla.OnStatusSet)
	job.Handle(jobs, job.Kind{}, func(context.Context, *job.Run, sla.Ring) error { return nil })
	job.Handle(jobs, job.Kind{}, func(context.Context, *job.Run, conversation.Wake) error { return nil })
	contact.Use(d, conversation.Part())
	ctx = team.AsSystem(ctx)
	var in inbox.Inbox
	const month = 30 * 24 * time.Hour
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if in, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"}); err != nil {
			return err
		}
		return sla.SetTargets(ctx, tx, []sla.Target{{First: int(month.Minutes()), Solve: 2 * int(month.Minutes()), Counts: sla.Wall}})
	})
	for made := 0; made < clocks/2 && err == nil; { // each has two clocks
		err = d.Write(ctx, func(tx *db.Tx) error {
			who, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "Hana", Email: fmt.Sprintf("hana%d@customer.example", made)})
			if err != nil {
				return err
			}
			for i := range min(500, clocks/2-made) {
				got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: in, Contact: who,
					Message: conversation.Message{Subject: fmt.Sprint("Question ", made+i), Text: "Where is my lamp?", FromAddress: who.Email}})
				if err != nil {
					return err
				}
				if made+i < sleepers {
					if err := conversation.Snooze(ctx, tx, got.Conversation, tx.Now().Add(month)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		made += min(500, clocks/2-made)
	}
	if err != nil {
		return err
	}
	return log.Seal(ctx)
}

// waiting brings customers into a flow where they wait for two months, by the product's own commands.
func waiting(ctx context.Context, url string, customers int) error {
	d, err := db.Open(ctx, url, db.Options{Loose: true, Now: time.Now})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		return err
	}
	quiet := slog.New(slog.DiscardHandler)
	jobs := job.NewRunner(d, quiet)
	log := event.NewLog(d, jobs)
	sequence.New(d, log, jobs, moment.New(d, jobs), quiet)
	ctx = team.AsSystem(ctx)
	var flow sequence.ID
	const month = 30 * 24 * 60
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		wait := func(w sequence.Wait) sequence.Step { return sequence.Step{Do: "wait", Wait: w} }
		if flow, err = sequence.Make(ctx, tx, sequence.Flow{Name: "Two months", Steps: []sequence.Step{
			{Do: "branch", If: automation.If{Field: "customer.language", Op: "is", Values: []string{"ko"}},
				Yes: []sequence.Step{wait(sequence.Wait{For: "fact", When: "conversation.received", Minutes: 2 * month})}, No: []sequence.Step{wait(sequence.Wait{For: "time", Minutes: 2 * month})}}}}); err != nil {
			return err
		}
		return sequence.Switch(ctx, tx, flow, true)
	})
	for made := 0; made < customers && err == nil; made += 500 {
		err = d.Write(ctx, func(tx *db.Tx) error {
			for i := range min(500, customers-made) {
				who, err := contact.Create(ctx, tx, contact.Sender{Name: "Hana", Language: []string{"ko", "en"}[i%2], Email: fmt.Sprintf("hana%d@customer.example", made+i)})
				if err == nil {
					_, err = sequence.Begin(ctx, tx, flow, who.ID, 0)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = jobs.Drain(ctx)
		}
	}
	if err != nil {
		return err
	}
	return log.Seal(ctx)
}
