package bot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"baraji/test/rig"
)

// figure is one line of the table. Where less is better, floor and goal are upper bounds; a floor of NaN is none.
type figure struct {
	row              int
	what             string
	floor, goal, got float64
	less             bool
}

func (f figure) missed() bool {
	if f.less {
		return f.got > f.floor
	}
	return f.got < f.floor
}

var none = math.NaN()

// measures are the measures of the README of the sets, by file.
var measures = []struct {
	name string
	take func(t testing.TB) []figure
}{
	{"banking77", banking77},
	{"few phrasings", fewPhrasings},
	{"clinc150", clinc150},
	{"hint3", hint3},
	{"learning", learning},
	{"parakqc", parakqc},
	{"welfare", welfare},
	{"3i4k", sentences},
	{"variations", variations},
}

// said is what a model made of a question.
type said struct {
	askedFor
	Outcome
}

func (s said) right() bool {
	return s.answer != "" && len(s.Answers) > 0 && s.Answers[0].ID == s.answer
}

func askAll(m *Model, rows []askedFor) []said {
	list := make([]said, len(rows))
	for i, r := range rows {
		list[i] = said{r, m.Ask(r.text, "")}
	}
	return list
}

func percent(part, of int) float64 { return 100 * float64(part) / float64(max(of, 1)) }

func accuracy(list []said) float64 {
	right, of := 0, 0
	for _, s := range list {
		if s.answer != "" {
			of++
		}
		if s.right() {
			right++
		}
	}
	return percent(right, of)
}

// auroc is the chance that a question with an answer has a higher confidence than one without.
func auroc(list []said) float64 {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b said) int { return cmp.Compare(a.Confidence, b.Confidence) })
	var below, sum, on float64
	for i := 0; i < len(list); {
		var tiedOn, tiedOff float64
		for at := list[i].Confidence; i < len(list) && list[i].Confidence == at; i++ {
			if list[i].answer == "" {
				tiedOff++
			} else {
				tiedOn++
			}
		}
		sum += tiedOn * (below + tiedOff/2)
		below, on = below+tiedOff, on+tiedOn
	}
	return 100 * sum / (below * on)
}

// given are the answers given at a threshold.
func given(list []said, at float64) (answered, right, offTopicSilent, offTopic int) {
	for _, s := range list {
		if s.answer == "" {
			offTopic++
		}
		if s.Confidence < at {
			if s.answer == "" {
				offTopicSilent++
			}
			continue
		}
		answered++
		if s.right() {
			right++
		}
	}
	return
}

func ranks(m *Model, rows []askedFor) (first, five float64) {
	of, one, all := 0, 0, 0
	for _, r := range rows {
		if r.answer == "" {
			continue
		}
		of++
		at := slices.IndexFunc(m.Search(r.text, "", 5), func(a Answer) bool { return a.ID == r.answer })
		if at == 0 {
			one++
		}
		if at >= 0 {
			all++
		}
	}
	return percent(one, of), percent(all, of)
}

func banking77(t testing.TB) []figure {
	list := lines(t, "banking77")
	examples, test := lessons(split(list, "train")), split(list, "test")
	before := heap()
	watch := stopwatch(t)
	m := trained(t, Trainer{}, examples, nil)
	took := watch().Seconds()
	more := heap() - before
	acc := accuracy(askAll(m, test))
	times := make([]float64, 1000)
	for i, r := range test[:1000] {
		times[i] = answerTime(t, m, r.text).Seconds() * 1000
	}
	slices.Sort(times)
	return []figure{
		{1, "banking77: accuracy", 91, 92.5, acc, false},
		{15, "banking77: seconds to train", 10, 4, took, true},
		{15, "banking77: p99 of an answer, ms", 5, 1, times[990], true},
		{15, "banking77: memory more, MB", 100, 60, more, true},
	}
}

// stopwatch measures the time that passes; in an ordinary test, which shares the machine with others, the time that the
// processors worked, by their number.
func stopwatch(t testing.TB) func() time.Duration {
	start := time.Now()
	if _, bench := t.(*testing.B); bench {
		return func() time.Duration { return time.Since(start) }
	}
	worked := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := worked()
	return func() time.Duration { return (worked() - before) / time.Duration(runtime.GOMAXPROCS(0)) }
}

// answerTime is how long an answer takes; in an ordinary test the shortest of several times, as others want the
// processor too.
func answerTime(t testing.TB, m *Model, text string) time.Duration {
	tries, least := 5, time.Hour
	if _, bench := t.(*testing.B); bench {
		tries = 1
	}
	for range tries {
		start := time.Now()
		m.Ask(text, "")
		least = min(least, time.Since(start))
	}
	return least
}

func heap() float64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.HeapAlloc) / (1 << 20)
}

func fewPhrasings(t testing.TB) (figures []figure) {
	test := split(lines(t, "banking77"), "test")
	for i := range test {
		test[i].answer = strings.ToLower(test[i].answer)
	}
	few := lines(t, "banking77_fewshot")
	for _, n := range []struct {
		split       string
		floor, goal float64
	}{{"train_10", 75.5, 80}, {"train_5", 66, 71}} {
		rows := split(few, n.split)
		for i := range rows {
			rows[i].answer = strings.ToLower(rows[i].answer)
		}
		names := map[string]bool{}
		for _, r := range rows {
			names[r.answer] = true
		}
		var articles []Article
		for name := range names {
			articles = append(articles, Article{ID: name, Title: strings.ReplaceAll(name, "_", " ")})
		}
		slices.SortFunc(articles, func(a, b Article) int { return cmp.Compare(a.ID, b.ID) })
		m := trained(t, Trainer{}, lessons(rows), articles)
		figures = append(figures, figure{2, "banking77 few: accuracy, " + n.split, n.floor, n.goal, accuracy(askAll(m, test)), false})
	}
	return figures
}

func clinc150(t testing.TB) []figure {
	list := lines(t, "clinc150")
	m := trained(t, Trainer{}, lessons(split(list, "train")), nil)
	validation, test := askAll(m, split(list, "validation")), askAll(m, split(list, "test"))
	best, at := -1.0, 0.0
	for _, s := range validation {
		_, right, silent, _ := given(validation, s.Confidence)
		if worth := float64(right) + 30*float64(silent); worth > best {
			best, at = worth, s.Confidence
		}
	}
	_, right, silent, off := given(test, at)
	return []figure{
		{3, "clinc150: answered and right", 87, 90, percent(right, len(test)-off), false},
		{3, "clinc150: off-topic recall", 85, 85, percent(silent, off), false},
		{4, "clinc150: AUROC", 95, 97, auroc(test), false},
		{4, "clinc150: accuracy", none, none, accuracy(test), false},
	}
}

func hint3(t testing.TB) []figure {
	list := lines(t, "hint3_curekart_v1")
	m := trained(t, Trainer{}, lessons(split(list, "train")), nil)
	one := askAll(m, split(list, "test"))
	_, right, silent, _ := given(one, 0.5)
	list = lines(t, "hint3_curekart_v2")
	m = trained(t, Trainer{Precision: 0.85}, lessons(split(list, "train")), nil)
	two := askAll(m, split(list, "test"))
	answered, right2, _, _ := given(two, m.judge.At)
	return []figure{
		{5, "hint3 v1: total accuracy", 76.5, 79, percent(right+silent, len(one)), false},
		{5, "hint3 v1: accuracy", none, none, accuracy(one), false},
		{5, "hint3 v1: AUROC", none, none, auroc(one), false},
		{6, "hint3 v2: precision", 82, 85, percent(right2, answered), false},
		{6, "hint3 v2: answered", 32, 40, percent(answered, len(two)), false},
	}
}

// stream is the learning protocol: the seed, and the messages in the order they come.
func stream(t testing.TB) (seed, messages, test []askedFor) {
	list := lines(t, "banking77")
	names := map[string]string{}
	for _, l := range list {
		names[strings.ToLower(l.Intent)] = l.Intent
	}
	for _, r := range split(lines(t, "banking77_fewshot"), "train_5") {
		seed = append(seed, askedFor{r.text, names[strings.ToLower(r.answer)]})
	}
	seen := map[string]bool{}
	for _, r := range seed {
		seen[bare(r.text)] = true
	}
	for _, r := range split(list, "train") {
		if !seen[bare(r.text)] {
			messages = append(messages, r)
		}
	}
	slices.SortFunc(messages, func(a, b askedFor) int { return cmp.Compare(sum(a.text), sum(b.text)) })
	return seed, messages, split(list, "test")
}

func sum(s string) string { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:]) }

// bare is a text reduced to letters and digits.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// simulate lets a bot learn from what it does not answer. wrong is the share of lessons that are wrong, in percent. It
// returns the models after so many messages as asked for.
func simulate(t testing.TB, seed, messages []askedFor, wrong int, after ...int) (models []*Model) {
	t.Helper()
	names := map[string]bool{}
	for _, r := range messages {
		names[r.answer] = true
	}
	order := []string{}
	for name := range names {
		order = append(order, name)
	}
	slices.Sort(order)
	rows := slices.Clone(seed)
	how := Trainer{Precision: 0.95, OffTopic: -1}
	m := trained(t, how, lessons(rows), nil)
	from := 0
	for _, until := range []int{250, 500, 1000, 1500, 2000, 3000, 4000} {
		for _, r := range messages[from:until] {
			if m.Ask(r.text, "").Kind == Answered {
				continue
			}
			if n, _ := strconv.ParseUint(sum("wrong:" + r.text)[:8], 16, 64); int(n%100) < wrong {
				i, _ := slices.BinarySearch(order, r.answer)
				r.answer = order[(i+1)%len(order)]
			}
			rows = append(rows, r)
		}
		m, from = trained(t, how, lessons(rows), nil), until
		if slices.Contains(after, until) {
			models = append(models, m)
		}
		if until == after[len(after)-1] {
			break
		}
	}
	return models
}

func learning(t testing.TB) []figure {
	seed, messages, test := stream(t)
	if len(messages) != 9616 {
		t.Fatalf("%d messages; there are 9,616", len(messages))
	}
	m := simulate(t, seed, messages, 0, 2000, 4000)
	clean, end := accuracy(askAll(m[0], test)), askAll(m[1], test)
	answered, right, _, _ := given(end, m[1].judge.At)
	figures := []figure{
		{7, "learning: accuracy after 2,000", 83, 87, clean, false},
		{7, "learning: answered after 4,000", 70, 78, percent(answered, len(end)), false},
		{7, "learning: precision there", 95, 95, percent(right, answered), false},
	}
	if _, bench := t.(*testing.B); !bench && !rig.Full() {
		return figures // the rest has no floor, and takes as long again twice
	}
	five := accuracy(askAll(simulate(t, seed, messages, 5, 2000)[0], test))
	ten := accuracy(askAll(simulate(t, seed, messages, 10, 2000)[0], test))
	return append(figures, []figure{
		{8, "learning: lost to 5 % wrong labels", none, 1.5, clean - five, true},
		{8, "learning: lost to 10 % wrong labels", none, 3, clean - ten, true},
	}...)
}

func documents(list []line, upTo int, example func(line) (Example, bool)) (examples []Example) {
	for _, l := range list {
		if e, ok := example(l); ok && l.Rank <= upTo {
			examples = append(examples, e)
		}
	}
	return examples
}

func parakqc(t testing.TB) []figure {
	docs, rows := lines(t, "parakqc_even_documents"), queries(lines(t, "parakqc_even_queries"))
	phrase := func(l line) (Example, bool) { return Example{l.Text, *l.AnswerID}, true }
	first, five := ranks(trained(t, Trainer{}, documents(docs, 1, phrase), nil), rows)
	m := trained(t, Trainer{}, documents(docs, 3, phrase), nil)
	three, _ := ranks(m, rows)
	return []figure{
		{9, "parakqc, one phrasing: r@1", 89.5, 92.5, first, false},
		{9, "parakqc, one phrasing: r@5", 98, 99, five, false},
		{9, "parakqc, three phrasings: r@1", 91, 94, three, false},
		{9, "parakqc, three phrasings: AUROC", 91.5, 95, auroc(askAll(m, rows)), false},
	}
}

func welfare(t testing.TB) []figure {
	docs, list := lines(t, "welfare_documents"), lines(t, "welfare_queries")
	rows := queries(list)
	m := trained(t, Trainer{}, documents(docs, 5, func(l line) (Example, bool) {
		return Example{l.Title, *l.AnswerID}, l.Indexed
	}), nil)
	first, five := ranks(m, rows)
	said := askAll(m, rows)
	search := trained(t, Trainer{}, nil, joined5(docs))
	one, more := ranks(search, rows)
	services := slices.Clone(rows)
	for i := range services {
		services[i].answer = list[i].Service
	}
	all := trained(t, Trainer{}, documents(docs, 10, func(l line) (Example, bool) { return Example{l.Title, *l.AnswerID}, true }), nil)
	return []figure{
		{10, "welfare, phrasings: r@1", 74.5, 80, first, false},
		{10, "welfare, phrasings: r@5", 87, 91, five, false},
		{10, "welfare, phrasings: AUROC", 77.5, 82, auroc(said), false},
		{10, "welfare, articles: r@1", 74, 79, one, false},
		{10, "welfare, articles: r@5", 89.5, 92.5, more, false},
		{10, "welfare, all services: accuracy", 77, 82, accuracy(askAll(all, services)), false},
	}
}

// joined5 makes one article of the first five pairs of each service.
func joined5(docs []line) (articles []Article) {
	for _, l := range docs {
		if l.Rank > 5 || !l.Indexed {
			continue
		}
		if n := len(articles); n == 0 || articles[n-1].ID != *l.AnswerID {
			articles = append(articles, Article{ID: *l.AnswerID, Lang: "ko"})
		}
		a := &articles[len(articles)-1]
		a.Text += l.Title + "\n" + l.Text + "\n\n"
	}
	return articles
}

func sentences(t testing.TB) []figure {
	list := lines(t, "3i4k_train_validation")
	m := trained(t, Trainer{}, lessons(split(list, "train")), nil)
	return []figure{{12, "3i4k: accuracy", 86.5, 89, accuracy(askAll(m, split(list, "validation"))), false}}
}

func TestFloors(t *testing.T) {
	for _, m := range measures {
		t.Run(m.name, func(t *testing.T) {
			for _, f := range m.take(t) {
				t.Log(f)
				if f.missed() {
					t.Errorf("%s: %.2f, the floor is %g", f.what, f.got, f.floor)
				}
			}
		})
	}
}

// BenchmarkAssistant prints the table of docs/assistant.md: go test -bench Assistant -run '^$' ./internal/bot
func BenchmarkAssistant(b *testing.B) {
	needSets(b)
	for b.Loop() {
		fmt.Printf("row %-42s %8s %8s %8s\n", "measure", "floor", "goal", "figure")
		for _, m := range measures {
			for _, f := range m.take(b) {
				fmt.Println(f)
			}
		}
	}
}

func (f figure) String() string {
	return fmt.Sprintf("%2d  %-42s %8s %8s %8.2f", f.row, f.what, bound(f.floor), bound(f.goal), f.got)
}

func bound(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return fmt.Sprint(x)
}
