package conversation

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Follow makes a person follow a conversation: he is told of what happens in it,
// and may see it. Whoever acts may make himself or, with the right to handle,
// somebody else follow.
func Follow(ctx context.Context, tx *db.Tx, id ID, who team.ID) error {
	if err := mayFollow(ctx, who); err != nil {
		return err
	}
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	facts, err := follow(ctx, tx, c.ID, who)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, facts...)
}

func mayFollow(ctx context.Context, who team.ID) error {
	if actor := team.From(ctx); actor.Person == who && actor.Can(team.ReadConversations) {
		return nil
	}
	return team.Allow(ctx, team.Handle)
}

func follow(ctx context.Context, tx *db.Tx, id ID, who team.ID) ([]event.Fact, error) {
	there, err := db.Exists(ctx, tx, `SELECT 1 FROM team_person WHERE id = $1`, who)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, problem.For("person", "Nobody of that name works here.")
	}
	n, err := tx.Exec(ctx, `INSERT INTO conversation_follower (conversation_id, person_id) VALUES ($1, $2) ON CONFLICT (person_id, conversation_id) DO NOTHING`, id, who)
	if err != nil || n == 0 {
		return nil, err
	}
	return []event.Fact{Followed{id, who}}, nil
}

// Unfollow ends it.
func Unfollow(ctx context.Context, tx *db.Tx, id ID, who team.ID) error {
	if err := mayFollow(ctx, who); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM conversation_follower WHERE conversation_id = $1 AND person_id = $2`, id, who)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Unfollowed{id, who})
}

// Followers are the people who follow a conversation.
func Followers(ctx context.Context, tx *db.Tx, id ID) ([]team.ID, error) {
	return db.All(ctx, tx, func(r db.Row) (p team.ID, err error) { return p, r.Scan(&p) },
		`SELECT person_id FROM conversation_follower WHERE conversation_id = $1 ORDER BY person_id`, id)
}
