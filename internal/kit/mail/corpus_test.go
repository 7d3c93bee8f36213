package mail

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The corpus is test input that lies beside the repository; see its README.md for what the expected values mean.
const corpus = "../../../../shared/data/mail"

func needCorpus(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(corpus); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the mail corpus is missing: %v", err)
		}
		t.Skipf("SKIPPED, the mail corpus is missing: %v", err)
	}
}

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	needCorpus(t)
	files, err := filepath.Glob(filepath.Join(corpus, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files for %s (%v)", pattern, err)
	}
	return files
}

// want is the union of the .json files beside the mails.
type want struct {
	File         string   `json:"file"`
	Kind         string   `json:"kind"`
	From         string   `json:"from"`
	FromName     string   `json:"from_name"`
	Subject      string   `json:"subject"`
	ReplyText    *string  `json:"reply_text"`
	ReplyTextAlt []string `json:"reply_text_alt"`
	Text         *string  `json:"text"`
	Auto         bool     `json:"auto"`
	Bounce       *struct {
		Recipient    string `json:"recipient"`
		RecipientAlt string `json:"recipient_alt"`
		Permanent    *bool  `json:"permanent"`
	} `json:"bounce"`
	Attachments []struct {
		Name string `json:"name"`
		Type string `json:"type"`
		Size int    `json:"size"`
	} `json:"attachments"`
	EnvelopeFrom         *string  `json:"envelope_from"`
	MustNotContain       []string `json:"must_not_contain"`
	MustNotContainFooter []string `json:"must_not_contain_footer"`
}

func readWant(t testing.TB, file string) want {
	t.Helper()
	var w want
	data := readFile(t, strings.TrimSuffix(file, filepath.Ext(file))+".json")
	if err := json.Unmarshal(data, &w); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return w
}

func readFile(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readMail(t testing.TB, file string) *Message {
	t.Helper()
	m, err := Parse(readFile(t, file))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return m
}

// fold is how the corpus wants texts compared: white space per line folded, empty lines dropped.
func fold(s string) string {
	var lines []string
	for _, line := range strings.Split(clean(s), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// score counts expected fields that were met.
type score struct {
	t         *testing.T
	name      string
	hit, seen int
}

func (s *score) check(ok bool, format string, args ...any) {
	s.t.Helper()
	s.seen++
	if ok {
		s.hit++
		return
	}
	if testing.Verbose() {
		s.t.Logf("miss: "+format, args...)
	}
}

func (s *score) atLeast(share float64) {
	s.t.Helper()
	got := float64(s.hit) / float64(max(s.seen, 1))
	s.t.Logf("%s: %d of %d (%.1f %%), wanted %.0f %%", s.name, s.hit, s.seen, 100*got, 100*share)
	if got < share {
		s.t.Errorf("%s: %.1f %% is too few", s.name, 100*got)
	}
}

// TestCorpus holds our reading against the expected results of the whole folder.
func TestCorpus(t *testing.T) {
	whole := &score{t: t, name: "the whole folder"}
	for name, part := range map[string]func(*testing.T) *score{"replies": corpusReplies, "Korean replies": corpusKoreanReplies, "Korean fields": corpusKoreanFields, "Korean kinds": corpusKoreanKinds, "bounces": corpusBounces, "MIME": corpusAgainstOthers} {
		t.Run(name, func(t *testing.T) {
			got := part(t)
			whole.hit += got.hit
			whole.seen += got.seen
		})
	}
	whole.atLeast(0.97)
}

func corpusReplies(t *testing.T) *score {
	all := &score{t: t, name: "reply texts"}
	for _, file := range glob(t, "reply-crisp/*.txt") {
		w := readWant(t, file)
		got := SplitText(string(readFile(t, file))).Reply
		all.check(fold(got) == fold(*w.ReplyText), "%s\n got: %q\nwant: %q", file, fold(got), fold(*w.ReplyText))
	}
	for _, file := range glob(t, "reply-talon/standard_replies/*.eml") {
		w := readWant(t, file)
		got := Reply(readMail(t, file))
		all.check(fold(got) == fold(*w.ReplyText), "%s\n got: %q\nwant: %q", file, fold(got), fold(*w.ReplyText))
	}
	for _, file := range glob(t, "reply-talon/html_replies/*.html") {
		w := readWant(t, file)
		got := SplitHTML(string(readFile(t, file))).Reply
		all.check(squash(got) == squash(*w.ReplyText), "%s\n got: %q\nwant: %q", file, fold(got), fold(*w.ReplyText))
	}
	// Four of the 66 are other people's tests that keep a device line or signature, or drop the closing words: the definition in the corpus' README says otherwise.
	// One wants all gone that stands under a device line; we keep it, it may be the customer's.
	all.atLeast(0.92)
	return all
}

func corpusKoreanReplies(t *testing.T) *score {
	all := &score{t: t, name: "Korean replies"}
	for _, file := range glob(t, "korean/replies/*.eml") {
		w, m := readWant(t, file), readMail(t, file)
		got := Reply(m)
		ok := fold(got) == fold(*w.ReplyText)
		for _, alt := range w.ReplyTextAlt {
			ok = ok || fold(got) == fold(alt)
		}
		all.check(ok, "%s\n got: %q\nwant: %q", file, fold(got), fold(*w.ReplyText))
		for _, no := range append(w.MustNotContain, w.MustNotContainFooter...) {
			if strings.Contains(fold(got), fold(no)) {
				t.Errorf("%s: the reply still has %q", file, no)
			}
		}
	}
	all.atLeast(0.95)
	return all
}

func corpusKoreanFields(t *testing.T) *score {
	all := &score{t: t, name: "Korean fields"}
	for _, file := range glob(t, "korean/*/*.eml") {
		w, m := readWant(t, file), readMail(t, file)
		all.check(m.Sent().Addr == w.From, "%s from: %q, want %q", file, m.Sent().Addr, w.From)
		all.check(m.Sent().Name == w.FromName, "%s name: %q, want %q", file, m.Sent().Name, w.FromName)
		all.check(m.Subject == w.Subject, "%s subject: %q, want %q", file, m.Subject, w.Subject)
		if w.Text != nil {
			all.check(fold(m.Text) == fold(*w.Text), "%s text: %q, want %q", file, fold(m.Text), fold(*w.Text))
		}
		for i, a := range w.Attachments {
			ok := i < len(m.Attachments) && m.Attachments[i].Name == a.Name && m.Attachments[i].Type == a.Type && len(m.Attachments[i].Data) == a.Size
			all.check(ok, "%s attachment %d: want %v, have %d", file, i, a, len(m.Attachments))
		}
		if w.Kind == "reply" || w.Kind == "ordinary" {
			all.check(len(m.Attachments) == len(w.Attachments), "%s: %d attachments, want %d", file, len(m.Attachments), len(w.Attachments))
		}
		if m.Date.IsZero() || m.MessageID == "" {
			t.Errorf("%s: no date or message id", file)
		}
	}
	all.atLeast(0.97)
	return all
}

func corpusKoreanKinds(t *testing.T) *score {
	all := &score{t: t, name: "Korean kinds"}
	for _, file := range glob(t, "korean/*/*.eml") {
		w, m := readWant(t, file), readMail(t, file)
		envelope := m.Sent().Addr
		if w.EnvelopeFrom != nil {
			envelope = *w.EnvelopeFrom
		}
		k := Classify(m, envelope)
		all.check(k.Automatic() == w.Auto, "%s automatic %v (%s: %s)", file, k.Automatic(), k.Class, k.Sign)
		if !w.Auto && k.Automatic() {
			t.Errorf("%s: a person's mail was taken for a machine's (%s)", file, k.Sign)
		}
		if w.Kind == "vacation" {
			all.check(k.Class == Auto, "%s is %s (%s)", file, k.Class, k.Sign)
		}
		if w.Bounce == nil {
			continue
		}
		if k.Bounce == nil {
			all.check(false, "%s: no bounce but %s (%s)", file, k.Class, k.Sign)
			continue
		}
		all.check(k.Bounce.Recipient == w.Bounce.Recipient || w.Bounce.RecipientAlt != "" && k.Bounce.Recipient == w.Bounce.RecipientAlt, "%s recipient %q, want %q", file, k.Bounce.Recipient, w.Bounce.Recipient)
		all.check(w.Bounce.Permanent == nil || k.Bounce.Permanent == *w.Bounce.Permanent, "%s permanent %v (%s %s)", file, k.Bounce.Permanent, k.Bounce.Status, k.Bounce.Reason)
	}
	all.atLeast(0.97)
	return all
}

func corpusBounces(t *testing.T) *score {
	needCorpus(t)
	machine := &score{t: t, name: "bounces known as machine mail"}
	class := &score{t: t, name: "bounces, kind and recipient and permanence"}
	hard := &score{t: t, name: "bounces, hard"}
	for _, line := range strings.Split(strings.TrimSpace(string(readFile(t, filepath.Join(corpus, "bounces/bounces.jsonl")))), "\n") {
		var w struct {
			File, Kind string
			Recipient  *string
			Permanent  *bool
			Hard       bool
			Status     *string
			Reason     *string
			All        []struct{ Recipient string }
		}
		if err := json.Unmarshal([]byte(line), &w); err != nil {
			t.Fatal(err)
		}
		m := readMail(t, filepath.Join(corpus, "bounces", w.File))
		k := Classify(m, Envelope(m))
		machine.check(k.Automatic(), "%s is %s", w.File, k.Class)
		b := k.Bounce
		if b == nil {
			b = &Bounce{}
		}
		kinds := map[string]Class{"bounce": Bounced, "feedback": Feedback, "vacation": Auto, "none": Receipt}
		class.check(k.Class == kinds[w.Kind], "%s is %s (%s), want %s", w.File, k.Class, k.Sign, w.Kind)
		right := w.Recipient == nil || strings.EqualFold(b.Recipient, *w.Recipient)
		for _, a := range w.All {
			right = right || strings.EqualFold(b.Recipient, a.Recipient)
		}
		if w.Recipient == nil {
			w.Recipient = new(string)
		}
		class.check(right, "%s recipient %q, want %q", w.File, b.Recipient, *w.Recipient)
		if w.Kind == "bounce" {
			class.check(w.Permanent == nil || b.Permanent == *w.Permanent, "%s permanent %v by %s %s %q, want status %s %s", w.File, b.Permanent, b.Status, b.Reason, b.Detail, *w.Status, *w.Reason)
			hard.check(b.Hard == w.Hard, "%s hard %v by %s %s %q, want %s %s", w.File, b.Hard, b.Status, b.Reason, b.Detail, *w.Status, *w.Reason)
		}
	}
	machine.atLeast(0.98)
	class.atLeast(0.95)
	hard.atLeast(0.80)
	return class
}

func TestCorpusRepliesAreByPeople(t *testing.T) {
	for _, pattern := range []string{"korean/replies/*.eml", "korean/lookalikes/*.eml", "reply-talon/standard_replies/*.eml"} {
		for _, file := range glob(t, pattern) {
			m := readMail(t, file)
			if k := Classify(m, Envelope(m)); k.Automatic() {
				t.Errorf("%s is taken for %s (%s)", file, k.Class, k.Sign)
			}
		}
	}
}
