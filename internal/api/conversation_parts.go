package api

import (
	"context"
	"net/http"
	"slices"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// conversationParts is what hangs on a conversation: how it is joined and parted,
// its tags and who follows it.
func conversationParts(rt *routes) {
	post(rt, "/conversations/{id}/merge", "Make one conversation of two", mergeConversations,
		about("Give `from`: that one goes into this one; or `into`: this one goes into that one. The answer is the one that lives on."))
	post(rt, "/conversations/{id}/split", "Make a conversation of a message, or of all from there on", splitConversation, status(http.StatusCreated))
	post(rt, "/conversations/{id}/undo", "Undo the last merge or split of a conversation", undoMove)
	get(rt, "/conversations/{id}/related", "List conversations that may have to do with this one", listRelated)
	post(rt, "/conversations/{id}/tags", "Put a tag on a conversation", tagConversation)
	remove(rt, "/conversations/{id}/tags/{tag}", "Take a tag off", untagConversation)
	get(rt, "/conversations/{id}/followers", "List who follows a conversation", listFollowers)
	post(rt, "/conversations/{id}/followers", "Make somebody follow a conversation", followConversation)
	remove(rt, "/conversations/{id}/followers/{person}", "End that", unfollowConversation)
}

// merging is what goes into what.
type merging struct {
	ID   string `path:"id"`
	Body struct {
		From string `json:"from,omitempty"`
		Into string `json:"into,omitempty"`
	}
}

func mergeConversations(ctx context.Context, tx *db.Tx, in *merging) (Conversation, error) {
	keep, err := handled(ctx, tx, in.ID)
	if err != nil {
		return Conversation{}, err
	}
	field, other := "from", in.Body.From
	if other == "" {
		field, other = "into", in.Body.Into
	}
	if (in.Body.From == "") == (in.Body.Into == "") {
		return Conversation{}, problem.For("from", "Give either from or into.")
	}
	lose, err := named[conversation.ID](field, other)
	if err != nil {
		return Conversation{}, err
	}
	if field == "into" {
		keep, lose = lose, keep
	}
	c, err := conversation.Merge(ctx, tx, keep, lose)
	if err != nil {
		return Conversation{}, err
	}
	return timed(ctx, tx, c)
}

// handled is the id of a conversation that whoever acts sees and may handle.
func handled(ctx context.Context, tx *db.Tx, id string) (conversation.ID, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return 0, err
	}
	c, err := seen(ctx, tx, id)
	return c.ID, err
}

// splitting is what is parted.
type splitting struct {
	ID   string `path:"id"`
	Body struct {
		MessageID string `json:"message_id"`
		Rest      bool   `json:"rest,omitempty" doc:"With all that came after it"`
		Subject   string `json:"subject,omitempty" maxLength:"1000"`
	}
}

func splitConversation(ctx context.Context, tx *db.Tx, in *splitting) (Conversation, error) {
	id, err := handled(ctx, tx, in.ID)
	if err != nil {
		return Conversation{}, err
	}
	m, err := named[conversation.MessageID]("message_id", in.Body.MessageID)
	if err != nil {
		return Conversation{}, err
	}
	c, err := conversation.SplitOff(ctx, tx, id, m, in.Body.Rest, in.Body.Subject)
	if err != nil {
		return Conversation{}, err
	}
	return timed(ctx, tx, c)
}

func undoMove(ctx context.Context, tx *db.Tx, in *one) (Conversation, error) {
	id, err := handled(ctx, tx, in.ID)
	if err != nil {
		return Conversation{}, err
	}
	c, err := conversation.Undo(ctx, tx, id)
	if err != nil {
		return Conversation{}, err
	}
	return timed(ctx, tx, c)
}

// Related is a conversation that may have to do with another one.
type Related struct {
	Relation     string       `json:"relation" enum:"related,split,follow_up"`
	Conversation Conversation `json:"conversation"`
}

func listRelated(ctx context.Context, tx *db.Tx, in *one) (page[Related], error) {
	c, err := seen(ctx, tx, in.ID)
	if err != nil {
		return page[Related]{}, err
	}
	l, err := conversation.Relations(ctx, tx, c.ID)
	return all(l, func(r conversation.Relation) Related { return Related{r.Kind, showConversation(r.Conversation)} }), err
}

// tagging is a tag that is put on.
type tagging struct {
	ID   string `path:"id"`
	Body struct {
		Name string `json:"name" maxLength:"200"`
	}
}

func tagConversation(ctx context.Context, tx *db.Tx, in *tagging) (Conversation, error) {
	id, err := handled(ctx, tx, in.ID)
	if err != nil {
		return Conversation{}, err
	}
	if err := conversation.Tag(ctx, tx, id, in.Body.Name); err != nil {
		return Conversation{}, err
	}
	c, err := conversation.Get(ctx, tx, id)
	if err != nil {
		return Conversation{}, err
	}
	return timed(ctx, tx, c)
}

// untagging is a tag that is taken off.
type untagging struct {
	ID  string `path:"id"`
	Tag string `path:"tag"`
}

func untagConversation(ctx context.Context, tx *db.Tx, in *untagging) error {
	id, err := handled(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	return conversation.Untag(ctx, tx, id, in.Tag)
}

// Follower is somebody who follows.
type Follower struct {
	PersonID string `json:"person_id"`
	Name     string `json:"name"`
}

func listFollowers(ctx context.Context, tx *db.Tx, in *one) (page[Follower], error) {
	c, err := seen(ctx, tx, in.ID)
	if err != nil {
		return page[Follower]{}, err
	}
	return followersOf(ctx, tx, c.ID)
}

func followersOf(ctx context.Context, tx *db.Tx, id conversation.ID) (page[Follower], error) {
	l, err := conversation.Followers(ctx, tx, id)
	if err != nil {
		return page[Follower]{}, err
	}
	names, err := team.Names(ctx, tx)
	return all(l, func(p team.ID) Follower { return Follower{p.String(), names[p]} }), err
}

// following is who shall follow.
type following struct {
	ID   string `path:"id"`
	Body struct {
		PersonID string `json:"person_id"`
	}
}

func followConversation(ctx context.Context, tx *db.Tx, in *following) (page[Follower], error) {
	c, err := seen(ctx, tx, in.ID)
	if err != nil {
		return page[Follower]{}, err
	}
	who, err := colleague(ctx, tx, "person_id", in.Body.PersonID)
	if err != nil {
		return page[Follower]{}, err
	}
	if err := conversation.Follow(ctx, tx, c.ID, who); err != nil {
		return page[Follower]{}, err
	}
	return followersOf(ctx, tx, c.ID)
}

// unfollowing is who shall not follow any more.
type unfollowing struct {
	ID     string `path:"id"`
	Person string `path:"person"`
}

func unfollowConversation(ctx context.Context, tx *db.Tx, in *unfollowing) error {
	c, err := seen(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	who, err := target[team.ID](in.Person)
	if err != nil {
		return err
	}
	followers, err := conversation.Followers(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if team.From(ctx).Can(team.Handle) && !slices.Contains(followers, who) {
		return problem.New(problem.NotFound, "There is nothing here.")
	}
	return conversation.Unfollow(ctx, tx, c.ID, who)
}
