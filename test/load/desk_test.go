package load

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/test/rig"
)

// BenchmarkDesk prints the table of docs/performance.md.
func BenchmarkDesk(b *testing.B) {
	fmt.Printf("\n%d cores, %s, disk: %.0f syncs of 4 KB a second\n", runtime.NumCPU(), runtime.Version(), syncs(b))
	for _, engine := range rig.Engines(b) {
		b.Run(engine, func(b *testing.B) { measure(b, engine, chosen()) })
	}
}

func chosen() Size {
	switch os.Getenv("BARAJI_LOAD") {
	case "small":
		return Size{Conversations: 5000, Messages: 25_000, Contacts: 1000, People: 40, Teams: 8}
	case "ten":
		return Usual.Times(10)
	}
	return Usual
}

func measure(b *testing.B, engine string, size Size) {
	with := filled(b, engine, size)
	p := rig.ProgramWith(b, with)
	p.Term()
	fmt.Printf("\n%s: %d conversations, %d messages, database %d MB\n", engine, size.Conversations, size.Messages, weight(b, with)>>20)
	starts(p)
	atRest(b, p)
	l := newLoader(b, p, size)
	fmt.Printf("%-36s %9s %9s %7s | %9s %9s %7s\n", "", "1: p50", "p99", "req/s", "8: p50", "p99", "req/s")
	for _, w := range l.works() {
		if wanted(w.name) {
			l.run(w)
		}
	}
	fmt.Printf("memory after the load: %s, at most %s\n", memory(p.PID(), "VmRSS"), memory(p.PID(), "VmHWM"))
	if wanted("first page over the wire") {
		l.wire()
	}
	if wanted("mail") {
		l.mail(1000)
	}
}

func wanted(name string) bool {
	only := strings.FieldsFunc(os.Getenv("BARAJI_LOAD_ONLY"), func(r rune) bool { return r == ';' })
	return len(only) == 0 || slices.ContainsFunc(only, func(w string) bool { return strings.Contains(name, w) })
}

// filled gives a full desk: a new one, or that which is kept.
func filled(b *testing.B, engine string, size Size) rig.Setup {
	with := rig.Setup{Data: b.TempDir()}
	url := filepath.Join(with.Data, "baraji.db")
	if kept := os.Getenv("BARAJI_LOAD_DATA"); kept != "" && engine == string(db.SQLite) {
		with.Data = filepath.Join(kept, fmt.Sprint(size.Conversations))
		url = filepath.Join(with.Data, "baraji.db")
		if err := os.MkdirAll(with.Data, 0o700); err != nil {
			b.Fatal(err)
		}
	}
	if engine == string(db.Postgres) {
		if url = os.Getenv("BARAJI_LOAD_POSTGRES"); url == "" {
			url = rig.OwnPostgres(b, rig.PGSetup{Fsync: true}).Database(b)
		}
		with.Database = url
	}
	began := time.Now()
	if err := Fill(context.Background(), url, size, time.Now()); err != nil {
		b.Fatal(err)
	}
	settle(b) // what the filling left to be written is not the desk's
	fmt.Printf("filled in %v\n", time.Since(began).Round(time.Second))
	return with
}

// starts measures from the start of the process to its first answer.
func starts(p *rig.Running) {
	var took []time.Duration
	for range 5 {
		began := time.Now()
		p.Start()
		took = append(took, time.Since(began))
		p.Term()
	}
	p.Start()
	slices.Sort(took)
	fmt.Printf("start to first answer: median %v (%v – %v)\n", took[2].Round(time.Millisecond), took[0].Round(time.Millisecond), took[4].Round(time.Millisecond))
}

// atRest looks at a program that nobody asks for anything.
func atRest(b *testing.B, p *rig.Running) {
	if !wanted("at rest") {
		return
	}
	time.Sleep(5 * time.Second)
	cpu, io := spent(p.PID()), written(p.PID())
	const watch = 20 * time.Second
	time.Sleep(watch)
	fmt.Printf("at rest: memory %s, CPU %.2f %% of a core, %d bytes written in %v\n",
		memory(p.PID(), "VmRSS"), 100*(spent(p.PID())-cpu).Seconds()/watch.Seconds(), written(p.PID())-io, watch)
}
