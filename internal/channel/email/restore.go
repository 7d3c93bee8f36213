package email

import (
	"context"
	"encoding/json"
	"fmt"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Restore takes back a Discard: the mail is held again, for the reason it was held
// for the first time. Its original is kept long enough for that.
func Restore(ctx context.Context, tx *db.Tx, id ItemID) error {
	if err := team.Allow(ctx, team.Quarantine); err != nil {
		return err
	}
	reason := ReasonFailed
	facts, err := event.OfKind(ctx, tx, id.String(), Held{}.EventKind(), 1)
	if err != nil {
		return err
	}
	if len(facts) > 0 {
		var was Held
		if err := json.Unmarshal(facts[0].Body, &was); err != nil {
			return fmt.Errorf("read why %s was held: %w", id, err)
		}
		reason = was.Reason
	}
	n, err := tx.Exec(ctx, `UPDATE email_item SET state = 'quarantine', reason = $2 WHERE id = $1 AND state = 'suppressed' AND reason = 'discarded'`, id, reason)
	if err == nil && n == 0 {
		err = problem.New(problem.NotFound, "There is no such mail in the quarantine.")
	}
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, Released{id, "restored"})
}
