package notice

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// answerLasts is how long one can answer from a mail or a push.
const answerLasts = 48 * time.Hour

const answerPurpose = "notice.answer"

// AnswerPath is where whoever was told can answer without signing in: a link that is good for this notice only, and for a while.
// Following it only shows a question: programs that look at the links of mails answer nothing.
func (s *Notices) AnswerPath(id ID, now time.Time) string {
	return "/answer/" + id.String() + "/" + s.Keys.Link(answerPurpose, id.String(), now.Add(answerLasts))
}

// Answering is the notice that such a link is for, and a context in which the one who was told acts.
func (s *Notices) Answering(ctx context.Context, tx *db.Tx, id ID, token string) (context.Context, Notice, error) {
	bad := problem.New(problem.NotFound, "This link is not valid, or not any more.")
	if s.Keys.CheckLink(answerPurpose, id.String(), token, tx.Now()) != nil {
		return ctx, Notice{}, bad
	}
	n, err := Get(ctx, tx, id)
	if err != nil {
		return ctx, n, bad
	}
	who, err := team.ActorOf(ctx, tx, n.Person)
	if err != nil {
		return ctx, n, err
	}
	if who.Nobody() {
		return ctx, n, bad
	}
	ctx = team.With(ctx, who)
	one := []Notice{n}
	err = Entitle(ctx, tx, one)
	return ctx, one[0], err
}

// Try tells whoever acts something by every way that he has.
func Try(ctx context.Context, tx *db.Tx) (ID, error) {
	ids, err := Tell(ctx, tx, Notice{Person: team.From(ctx).Person, Kind: Tried, Words: "notice.said_tried", Link: "/settings/notices", Urgent: true, Ways: Ways})
	if err != nil || ids[0] == 0 {
		return 0, err
	}
	return ids[0], nil
}
