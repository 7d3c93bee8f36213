package bot

import (
	"fmt"
	"strings"
	"testing"
)

// TestTitlesStandBesideWhatWasTaught asks a library of more articles than the classifier learns by their titles, of which every sixth or so has
// customers' words too: what has none is still found, and whoever is sure is right as often as was aimed for, or nearly.
func TestTitlesStandBesideWhatWasTaught(t *testing.T) {
	const services, each = 120, 8
	var examples []Example
	var articles []Article
	order, seen := map[string]int{}, map[string]int{}
	taught := func(service string) bool { return order[service]%3 == 0 }
	for _, l := range lines(t, "welfare_documents") {
		if !l.Indexed {
			continue
		}
		service := *l.AnswerID
		if _, ok := order[service]; !ok {
			order[service] = len(order)
		}
		n := seen[service]
		seen[service]++
		switch {
		case order[service] >= services || n >= each:
		case taught(service) && n >= 1 && n <= 5:
			examples = append(examples, Example{l.Title, service + "#0"})
		default:
			articles = append(articles, Article{ID: fmt.Sprintf("%s#%d", service, n), Lang: "ko", Title: l.Title, Text: l.Text})
		}
	}
	if len(articles) <= mostTitles {
		t.Fatalf("%d articles are no large library", len(articles))
	}
	m := trained(t, Trainer{}, examples, articles)
	for _, c := range []struct {
		taught           bool
		first, precision float64
	}{{true, 72, 90}, {false, 59, 75}} {
		var asked, first, answered, right float64
		for _, q := range queries(lines(t, "welfare_queries")) {
			if at, ok := order[q.answer]; !ok || at >= services || taught(q.answer) != c.taught {
				continue
			}
			out := m.Ask(q.text, "ko")
			is := len(out.Answers) > 0 && strings.HasPrefix(out.Answers[0].ID, q.answer+"#")
			asked++
			if is {
				first++
			}
			if out.Kind == Answered {
				answered++
				if is {
					right++
				}
			}
		}
		t.Logf("taught %v: of %.0f right first %.1f %%, answered %.1f %%, of which right %.1f %%", c.taught, asked, 100*first/asked, 100*answered/asked, 100*right/answered)
		if 100*first/asked < c.first || 100*right/answered < c.precision || answered < asked/10 {
			t.Error("that is too few")
		}
	}
}
