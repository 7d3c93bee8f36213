package bot

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The question sets lie beside the repository; their README.md says what is measured on them. Nothing of them is in the
// product.
const sets = "../../../shared/data/bot"

type line struct {
	Text, Intent, Split string
	ID, Title           string
	AnswerID            *string `json:"answer_id"`
	Rank                int
	Indexed             bool
	Question, Service   string
}

func needSets(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(sets); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the question sets are missing: %v", err)
		}
		t.Skipf("SKIPPED, the question sets are missing: %v", err)
	}
}

func lines(t testing.TB, name string) []line {
	t.Helper()
	needSets(t)
	f, err := os.Open(filepath.Join(sets, name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []line
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var l line
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list = append(list, l)
	}
	if s.Err() != nil || len(list) == 0 {
		t.Fatalf("%s: %d lines, %v", name, len(list), s.Err())
	}
	return list
}

// asked is a question of a test and its answer; empty: none.
type askedFor struct{ text, answer string }

func split(list []line, name string) (rows []askedFor) {
	for _, l := range list {
		if l.Split != name {
			continue
		}
		answer := l.Intent
		if answer == "oos" || answer == "NO_NODES_DETECTED" {
			answer = ""
		}
		rows = append(rows, askedFor{l.Text, answer})
	}
	return rows
}

func lessons(rows []askedFor) []Example {
	list := make([]Example, len(rows))
	for i, r := range rows {
		list[i] = Example{r.text, r.answer}
	}
	return list
}

func queries(list []line) (rows []askedFor) {
	for _, l := range list {
		answer := ""
		if l.AnswerID != nil {
			answer = *l.AnswerID
		}
		rows = append(rows, askedFor{l.Question, answer})
	}
	return rows
}

func trained(t testing.TB, how Trainer, examples []Example, articles []Article) *Model {
	t.Helper()
	m, err := how.Train(context.Background(), examples, articles)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
