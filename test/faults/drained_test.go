package faults

import (
	"baraji/internal/kit/db"
	"encoding/json"
	"testing"
	"time"

	"baraji/test/rig"
)

// "Drained" means that there is nothing left to read either: mail that came into
// the mailbox while the program was dead is in a conversation before that is said.
func TestDrainedMeansThatTheMailboxWasRead(t *testing.T) {
	rig.Need(t, "dovecot")
	rig.EngineBeside(t, func(t *testing.T, database string) {
		dovecot := rig.Dovecot(t, shop)
		p := rig.ProgramWith(t, rig.Setup{Database: database})
		open(t, p, dovecot.IMAP, "")
		sent := 0
		deliver := func(n int) {
			for range n {
				if err := dovecot.TryDeliver("kim@customer.example", shop, letter(nonce())); err != nil {
					t.Fatal(err)
				}
				sent++
			}
		}
		for range 10 { // while it runs: the server tells of new mail a moment later
			deliver(3)
			p.WaitDrained(time.Minute)
			allIn(t, p, sent, database)
		}
		for range map[string]int{"": 5}[database] + 1 { // on PostgreSQL a dead node's lease takes its time
			p.WaitDrained(time.Minute)
			p.Kill()
			deliver(30)
			p.Start()
			p.WaitDrained(time.Minute)
			allIn(t, p, sent, database)
		}
		dovecot.Kill()
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			q, err := p.Queues()
			if err == nil && !q.Drained {
				break
			}
			if time.Now().After(end) {
				t.Fatal("the mailbox cannot be read, and it says that all is done")
			}
		}
		dovecot.Start()
		p.WaitDrained(time.Minute)
	})
}

// allIn says which mails are not in conversations, and what is there instead: a little later as well, which tells late from lost.
func allIn(t *testing.T, p *rig.Running, sent int, database string) {
	t.Helper()
	n := len(pages[conversation](t, p, "/conversations"))
	if n == sent {
		return
	}
	remembers(t, database)
	held := pages[json.RawMessage](t, p, "/quarantine")
	q, err := p.Queues()
	time.Sleep(3 * time.Second)
	later := pages[json.RawMessage](t, p, "/conversations")
	t.Fatalf("it says that all is done, and %d of %d mails are in; held %s; %+v, %v; after 3 s %d: %s", n, sent, held, q, err, len(later), later)
}

// remembers says what is stored of the mailbox and of each mail.
func remembers(t *testing.T, database string) {
	if database == "" {
		return
	}
	d, err := db.Open(t.Context(), database, db.Options{})
	if err != nil {
		t.Log(err)
		return
	}
	defer d.Close()
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		for _, query := range []string{`SELECT source || ' ' || state || ' ' || reason FROM email_item ORDER BY id`,
			`SELECT CONCAT_WS(' ', 'validity', validity, 'high', high, 'backlog', backlog_from, backlog_to, history, moved) FROM email_folder`} {
			err := db.Each(t.Context(), tx, func(r db.Row) error {
				var line string
				err := r.Scan(&line)
				t.Log(line)
				return err
			}, query)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Log(err)
	}
}
