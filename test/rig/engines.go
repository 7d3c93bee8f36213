package rig

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Engines are the databases that this run tests: "sqlite" and "postgres", or those of them that BARAJI_TEST_ENGINES names, with a comma between.
func Engines(t testing.TB) []string {
	t.Helper()
	all := []string{"sqlite", "postgres"}
	set := os.Getenv("BARAJI_TEST_ENGINES")
	if set == "" {
		return all
	}
	chosen := strings.Split(set, ",")
	for _, name := range chosen {
		if !slices.Contains(all, name) {
			t.Fatalf("BARAJI_TEST_ENGINES: no engine %q, only %v", name, all)
		}
	}
	return chosen
}

// EachEngine runs a test once per engine. database is the URL of a fresh PostgreSQL database, or "" for SQLite in the data folder, just as
// `baraji serve --database` takes it.
func EachEngine(t *testing.T, test func(t *testing.T, database string)) {
	t.Helper()
	for _, engine := range Engines(t) {
		t.Run(engine, func(t *testing.T) { test(t, fresh(t, engine)) })
	}
}

// EngineBeside is EachEngine for tests that mostly wait (for what they killed, for a lease to end): they run beside each other, as many at
// once as go test lets.
func EngineBeside(t *testing.T, test func(t *testing.T, database string)) {
	t.Helper()
	t.Parallel()
	for _, engine := range Engines(t) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t, engine))
		})
	}
}

// fresh is a database of an engine as the program is told of it.
func fresh(t *testing.T, engine string) string {
	if engine == "postgres" {
		return Postgres(t).Database(t)
	}
	return ""
}
