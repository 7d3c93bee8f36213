package api

import (
	"context"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func tags(rt *routes) {
	get(rt, "/tags", "List the tags in use, by name", listTags)
}

// Tag is a tag.
type Tag struct {
	Name string `json:"name"`
}

// tagQuery says whose tags.
type tagQuery struct {
	Of string `query:"of" enum:"conversation,contact" default:"conversation"`
}

func listTags(ctx context.Context, tx *db.Tx, in *tagQuery) (page[Tag], error) {
	need, find := team.ReadConversations, conversation.Tags
	if in.Of == "contact" {
		need, find = team.ReadContacts, contact.Tags
	}
	if err := team.Allow(ctx, need); err != nil {
		return page[Tag]{}, err
	}
	l, err := find(ctx, tx)
	return all(l, func(name string) Tag { return Tag{name} }), err
}
