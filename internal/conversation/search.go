package conversation

import (
	"context"
	"slices"
	"strconv"

	"baraji/internal/kit/db"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/token"
)

// Hit is a conversation that holds what was looked for, with the newest message
// that does.
type Hit struct {
	Conversation
	Message MessageID
	Excerpt token.Cutting
}

// Search finds conversations by words in any order, in messages, subjects,
// names and addresses; newest first. What whoever acts may not see is not looked
// at. The cursor of the next page is "" when there is none.
//
// A query such as #1042 or 1042 also finds the conversation of that number.
func Search(ctx context.Context, tx *db.Tx, words string, f Filter, p Page) ([]Hit, string, error) {
	q := token.Parse(words)
	before, err := searchCursor(p.After)
	if err != nil {
		return nil, "", err
	}
	var hits []Hit
	if before == 0 {
		hits, err = byNumber(ctx, tx, words)
		if err != nil {
			return nil, "", err
		}
	}
	if q.Empty() {
		return hits, "", nil
	}
	for step := p.Limit + p.Limit/4 + 1; ; step = min(step*4, 5000) {
		ids, err := fulltext.Newest(ctx, tx, searchTable, q, before, step)
		if err != nil {
			return nil, "", err
		}
		found, err := visibleHits(ctx, tx, ids, f, q)
		if err != nil {
			return nil, "", err
		}
		for _, h := range found {
			if slices.ContainsFunc(hits, func(had Hit) bool { return had.ID == h.ID }) {
				continue
			}
			if len(hits) == p.Limit {
				return hits, strconv.FormatInt(int64(hits[len(hits)-1].Message), 36), nil
			}
			hits = append(hits, h)
		}
		if len(ids) < step {
			return hits, "", nil
		}
		before = ids[len(ids)-1]
	}
}

func searchCursor(after string) (int64, error) {
	if after == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(after, 36, 64)
	if err != nil || n <= 0 {
		return 0, problem.For("cursor", "This page cannot be found. Begin at the first one.")
	}
	return n, nil
}

func byNumber(ctx context.Context, tx *db.Tx, words string) ([]Hit, error) {
	if len(words) > 0 && words[0] == '#' {
		words = words[1:]
	}
	n, err := strconv.ParseInt(words, 10, 64)
	if err != nil {
		return nil, nil
	}
	c, err := ByNumber(ctx, tx, n)
	if problem.KindOf(err) == problem.NotFound {
		return nil, nil
	}
	return []Hit{{Conversation: c}}, err
}

// visibleHits are those of the messages that may be seen, fit the filter and
// really hold the words: the index only says that they might.
func visibleHits(ctx context.Context, tx *db.Tx, ids []int64, f Filter, q token.Query) ([]Hit, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var a db.Args
	type row struct {
		Message
		Conversation
	}
	rows, err := db.All(ctx, tx, func(r db.Row) (h row, err error) {
		return h, r.Scan(&h.Message.ID, &h.Message.Conversation, &h.FromName, &h.FromAddress, &h.Text, &h.ReplyText, &h.Files)
	}, `SELECT m.id, m.conversation_id, m.from_name, m.from_address, m.text, m.reply_text, m.files
		FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
		WHERE m.id IN `+db.In(&a, ids)+` AND `+f.where(ctx, &a)+` ORDER BY m.id DESC`, a.List()...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	seen := map[ID]Message{}
	var order []ID
	for _, r := range rows {
		if _, had := seen[r.Message.Conversation]; !had {
			seen[r.Message.Conversation] = r.Message
			order = append(order, r.Message.Conversation)
		}
	}
	heads, err := byIDs(ctx, tx, order)
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for _, id := range order {
		m, c := seen[id], heads[id]
		if m.Files == 0 && !q.Matches(searched(m, c.Subject, c.ContactName)) {
			continue
		}
		hits = append(hits, Hit{c, m.ID, token.Excerpt(m.words(), q, 120)})
	}
	return hits, nil
}

func byIDs(ctx context.Context, tx *db.Tx, ids []ID) (map[ID]Conversation, error) {
	var a db.Args
	out := map[ID]Conversation{}
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE c.id IN `+db.In(&a, ids)+` ORDER BY c.id`, a.List()...)
	for _, c := range list {
		out[c.ID] = c
	}
	return out, err
}
