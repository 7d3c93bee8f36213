package email

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// A program that answers whatever it gets, without a mark, under a new subject each
// time and even from new addresses, is told by what it does (T21): mails alike, one on
// the heels of the other, to each of which we have answered automatically. What it
// sends then is gathered in the conversation that it opened last, and gets no answer:
// that ends it, and the list is not full of it.
//
// A person loses nothing by a mistake. The conversation stands open and unanswered on
// the list, and the mail says why it is there. Whom the mail came from takes no part.

// pace says how much of what came from one address, or one domain, is a machine's pace.
type pace struct {
	where string
	what  string
	most  int // automatic answers within loopSpan
}

// loopSpan is how close together the automatic answers were, and loopMemory how long
// that counts.
const (
	loopSpan   = 10 * time.Minute
	loopMemory = time.Hour
)

func paces(address string) []pace {
	return []pace{{`address = $1`, address, autoPerAddressDay}, {`domain = $1`, domain(address), 4}}
}

// gathers says in which conversation a mail is gathered that belongs to none; 0: none.
func gathers(ctx context.Context, tx *db.Tx, o opened) (conversation.ID, error) {
	if o.History || o.forged || o.kind.Automatic() || elsewhere(o) != nil { // gets no answer of ours; a form that hands on what people wrote
		return 0, nil
	}
	for _, p := range paces(foldAddress(o.sender.Addr)) {
		found, err := p.gathers(ctx, tx, o)
		if found != 0 || err != nil {
			return found, err
		}
	}
	return 0, nil
}

func (p pace) gathers(ctx context.Context, tx *db.Tx, o opened) (conversation.ID, error) {
	var first, last time.Time
	answered, err := db.All(ctx, tx, func(r db.Row) (id conversation.MessageID, err error) {
		err = r.Scan(&id, db.Time(&first))
		if last.IsZero() {
			last = first
		}
		return id, err
	}, `SELECT message_id, at FROM email_auto_sent WHERE `+p.where+` AND at > $2 ORDER BY at DESC, message_id DESC`+db.Limit(p.most), p.what, tx.Now().Add(-loopMemory))
	if err != nil || len(answered) < p.most || last.Sub(first) > loopSpan {
		return 0, err
	}
	var latest conversation.Message
	for _, id := range slices.Backward(answered) {
		latest, err = conversation.GetMessage(ctx, tx, id)
		if problem.KindOf(err) == problem.NotFound { // deleted since
			return 0, nil
		}
		if err != nil || !alike(newText(o.reply, o.mail.Text), newText(latest.ReplyText, latest.Text)) {
			return 0, err
		}
	}
	c, err := conversation.Survivor(ctx, tx, latest.Conversation)
	if err != nil || c.Status != conversation.Open || !c.FirstReplyAt.IsZero() {
		return 0, err
	}
	return c.ID, nil
}

// FlagGathered marks a mail that was gathered.
const FlagGathered = "gathered"

// gathered tells that a mail was gathered: in the log, once for each hour that it goes on.
func (m *Mail) gathered(ctx context.Context, tx *db.Tx, o opened, c conversation.ID, from contact.ID) error {
	return m.stopped(ctx, tx, ceiling{name: "loop", what: domain(o.sender.Addr), since: loopMemory}, AutoStopped{c, o.Inbox, from, "loop"})
}

func newText(reply, all string) string {
	if reply != "" {
		return reply
	}
	return all
}

// alike says whether two texts are one but for numbers, names and dates: three of five
// words are in both. What has a digit in it is no word.
func alike(a, b string) bool {
	x, y := vocabulary(a), vocabulary(b)
	common := 0
	for w := range x {
		if y[w] {
			common++
		}
	}
	return 5*common >= 3*max(len(x), len(y))
}

// vocabulary is which words a text begins with.
func vocabulary(text string) map[string]bool {
	const most = 300
	set := map[string]bool{}
	for w := range strings.FieldsFuncSeq(clip(strings.ToLower(text), 16<<10), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if strings.IndexFunc(w, unicode.IsDigit) < 0 && len(set) < most {
			set[w] = true
		}
	}
	return set
}
