package api

import (
	"context"
	"fmt"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
)

// filled is a world with n conversations of three messages each.
func filled(b *testing.B, n int) (*world, string) {
	w := newWorld(b, dbtest.New(b, engine(b)))
	id := ""
	for i := range n {
		id = w.opened(fmt.Sprint("Lamp ", i), fmt.Sprintf("hana%d@example.com", i%50))
		for range 2 {
			w.call(w.admin, "POST", "/conversations/"+id+"/messages", map[string]any{"kind": "reply", "text": "On its way."}).want(201)
		}
	}
	b.ResetTimer()
	b.ReportAllocs()
	return w, id
}

// engine is the first that tests run on.
func engine(testing.TB) db.Engine { return dbtest.Engines()[0] }

func benchmarkGet(b *testing.B, path func(id string) string) {
	w, id := filled(b, 200)
	for b.Loop() {
		if r := w.call(w.admin, "GET", path(id), nil); r.Code != 200 {
			b.Fatal(r.Body)
		}
	}
}

func BenchmarkListConversations(b *testing.B) {
	benchmarkGet(b, func(string) string { return "/conversations?limit=25&status=open" })
}

func BenchmarkGetConversation(b *testing.B) {
	benchmarkGet(b, func(id string) string { return "/conversations/" + id })
}

func BenchmarkListMessages(b *testing.B) {
	benchmarkGet(b, func(id string) string { return "/conversations/" + id + "/messages" })
}

func BenchmarkMe(b *testing.B) {
	benchmarkGet(b, func(string) string { return "/me" })
}

func BenchmarkOpenConversation(b *testing.B) {
	w, _ := filled(b, 1)
	i := 0
	for b.Loop() {
		i++
		w.call(w.admin, "POST", "/conversations", opening("Lamp", fmt.Sprintf("new%d@example.com", i))).want(201)
	}
}

// BenchmarkOpenAtOnce is what a server does: many at once, each committed for good.
func BenchmarkOpenAtOnce(b *testing.B) {
	desk := dbtest.New(b, engine(b))
	durable, err := db.Open(context.Background(), desk.URL, db.Options{Now: desk.Clock.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { durable.Close() })
	w := newWorld(b, &dbtest.Desk{DB: durable, Clock: desk.Clock, URL: desk.URL})
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		i := 0
		for pb.Next() {
			i++
			w.call(w.admin, "POST", "/conversations", opening("Lamp", fmt.Sprintf("new%p%d@example.com", pb, i%1000)), "Idempotency-Key", fmt.Sprintf("%p-%d", pb, i)).want(201)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}
