package conversation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Assign hands the conversation to a person; 0 takes it from whoever has it.
func Assign(ctx context.Context, tx *db.Tx, id ID, to team.ID) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	facts, err := assign(ctx, tx, c, to)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, facts...)
}

func assign(ctx context.Context, tx *db.Tx, c Conversation, to team.ID) ([]event.Fact, error) {
	if to != 0 {
		there, err := db.Exists(ctx, tx, `SELECT 1 FROM team_person WHERE id = $1 AND state = 'active'`, to)
		if err != nil {
			return nil, err
		}
		if !there {
			return nil, problem.For("assignee_id", "Nobody of that name works here.")
		}
	}
	n, err := tx.Exec(ctx, `UPDATE conversation SET assignee_id = $2, updated_at = $3 WHERE id = $1 AND assignee_id <> $2`, c.ID, to, tx.Now())
	if err != nil || n == 0 {
		return nil, err
	}
	return []event.Fact{Assigned{c.ID, c.Assignee, to}}, nil
}

// SetTeam hands the conversation to a team; 0 takes it from whichever has it.
func SetTeam(ctx context.Context, tx *db.Tx, id ID, to team.TeamID) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if to != 0 {
		there, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1`, to)
		if err != nil {
			return err
		}
		if !there {
			return problem.For("team_id", "There is no such team.")
		}
	}
	n, err := tx.Exec(ctx, `UPDATE conversation SET team_id = $2, updated_at = $3 WHERE id = $1 AND team_id <> $2`, id, to, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, TeamSet{id, c.Team, to})
}
