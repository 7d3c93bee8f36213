package portal

import (
	"context"
	"slices"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/token"
)

// mostAtOnce is how many messages are looked at in one go.
const mostAtOnce = 200

// search looks through what the guest sees, and nothing else: the index also knows notes, and would tell by a hit what stands
// in them. So each message that it names is looked at with the guest's eyes. The cursor is a message.
func search(sys context.Context, tx *db.Tx, g Guest, f conversation.Filter, words, after string) (found []conversation.Conversation, next string, err error) {
	q := token.Parse(cut(words, 100))
	var before conversation.MessageID
	if after != "" && before.UnmarshalText([]byte(after)) != nil {
		return nil, "", problem.For("after", "This page cannot be found. Begin at the first one.")
	}
	if q.Empty() {
		return nil, "", nil
	}
	for {
		list, err := conversation.Holding(sys, tx, q, f, before, mostAtOnce)
		if err != nil || len(list) == 0 {
			return found, "", err
		}
		hits, err := g.hits(sys, tx, q, list)
		if err != nil {
			return nil, "", err
		}
		for _, h := range hits {
			if slices.ContainsFunc(found, func(c conversation.Conversation) bool { return c.ID == h.ID }) {
				before = h.message
				continue
			}
			if len(found) == pageSize {
				return found, before.String(), nil
			}
			found, before = append(found, h.Conversation), h.message
		}
		if len(list) < mostAtOnce {
			return found, "", nil
		}
		before = list[len(list)-1].ID
	}
}

// hit is a conversation with a message that holds the words.
type hit struct {
	conversation.Conversation
	message conversation.MessageID
}

// hits are those of the messages that the guest sees and that really hold the words, in their order.
func (g Guest) hits(sys context.Context, tx *db.Tx, q token.Query, list []conversation.Message) (out []hit, err error) {
	var ids []conversation.ID
	for _, m := range list {
		if !slices.Contains(ids, m.Conversation) {
			ids = append(ids, m.Conversation)
		}
	}
	talks, err := conversation.Some(sys, tx, ids)
	if err != nil {
		return nil, err
	}
	heads := make([]conversation.Conversation, 0, len(talks))
	for _, c := range talks {
		heads = append(heads, c)
	}
	his, err := addressesOf(sys, tx, heads)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		if c, ok := talks[m.Conversation]; ok && g.shows(tx, c, his[c.Contact], m) && q.Matches(c.Subject+"\n"+Words(m)) {
			out = append(out, hit{c, m.ID})
		}
	}
	return out, nil
}
