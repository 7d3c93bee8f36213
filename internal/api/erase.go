package api

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Part is what the API keeps about people: the answers to an Idempotency-Key, for a
// day. It has to stand before the conversations' part, while their ids are known.
func Part() contact.Part { return contact.Part{Name: "api", Erase: eraseAnswers} }

// remembered is an answer that is kept for its Idempotency-Key.
type remembered struct {
	token      int64
	route, key string
	body       string
}

// eraseAnswers takes the words out of kept answers about a person or a conversation of
// his. The key stays taken, so that nobody makes him anew by sending a request again.
func eraseAnswers(ctx context.Context, tx *db.Tx, who contact.ID, had []contact.Address) error {
	his, err := conversationsOf(ctx, tx, who)
	if err != nil {
		return err
	}
	about := func(k remembered) bool {
		text := strings.ToLower(k.body)
		for _, id := range idIn.FindAllString(text, -1) {
			if id == who.String() || his[id] {
				return true
			}
		}
		for _, a := range had {
			if strings.Contains(text, strings.ToLower(a.Value)) || strings.Contains(text, strings.ToLower(a.Shown)) {
				return true
			}
		}
		return false
	}
	var found []remembered
	err = db.Each(ctx, tx, func(r db.Row) error {
		var k remembered
		err := r.Scan(&k.token, &k.route, &k.key, &k.body)
		if k.body != "" && about(k) {
			k.body = ""
			found = append(found, k)
		}
		return err
	}, `SELECT token_id, route, key, body FROM api_idempotency`)
	if err != nil {
		return fmt.Errorf("read the kept answers: %w", err)
	}
	for _, k := range found {
		if _, err := tx.Exec(ctx, `UPDATE api_idempotency SET status = $4, kind = '', body = '' WHERE token_id = $1 AND route = $2 AND key = $3`,
			k.token, k.route, k.key, http.StatusGone); err != nil {
			return fmt.Errorf("erase a kept answer: %w", err)
		}
	}
	return nil
}

var idIn = regexp.MustCompile(`\b(?:con|cnv)_[0-9a-z]+`)

func conversationsOf(ctx context.Context, tx *db.Tx, who contact.ID) (map[string]bool, error) {
	his := map[string]bool{}
	return his, db.Each(ctx, tx, func(r db.Row) error {
		var id conversation.ID
		err := r.Scan(&id)
		his[id.String()] = true
		return err
	}, `SELECT id FROM conversation WHERE contact_id = $1`, who)
}
