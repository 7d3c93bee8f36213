package demo

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

// answers are the shop's saved answers in each language: a question, the article that it cites, what is answered, and ways to ask.
// Under a dash stands what is none of the shop's.
//
//go:embed answers
var answers embed.FS

// teaches saves the answers, and lets the assistant look what it can learn from the newest talks that were solved.
func (s *story) teaches() {
	s.then(s.end.Add(-10*24*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		ctx = s.author(ctx)
		for _, l := range i18n.Locales() {
			text, err := answers.ReadFile("answers/" + string(l) + ".md")
			if err != nil {
				return err
			}
			for part := range strings.SplitSeq(strings.TrimPrefix(string(text), "# "), "\n# ") {
				if err := s.teach(ctx, tx, l, part); err != nil {
					return err
				}
			}
		}
		return nil
	})
	s.then(s.end.Add(-9*24*time.Hour), func(ctx context.Context, tx *db.Tx) error { return assistant.SetInChat(s.author(ctx), tx, true) })
	s.then(s.end, func(ctx context.Context, tx *db.Tx) error {
		list, _, err := conversation.List(ctx, tx, conversation.Filter{Status: []conversation.Status{conversation.Solved}}, conversation.Page{Limit: 25})
		for _, c := range list {
			if err := assistant.OnSolved(ctx, tx, conversation.StatusSet{ID: c.ID, To: conversation.Solved}); err != nil {
				return err
			}
		}
		return err
	})
}

func (s *story) teach(ctx context.Context, tx *db.Tx, l i18n.Locale, text string) error {
	if strange, ok := strings.CutPrefix(text, "–\n- "); ok {
		for line := range strings.SplitSeq(strings.TrimSpace(strange), "\n- ") {
			if _, err := assistant.Teach(ctx, tx, assistant.Lesson{Text: line, Locale: l, Target: assistant.Target{None: true}}); err != nil {
				return err
			}
		}
		return nil
	}
	n, err := s.answer(l, text)
	if err == nil {
		_, err = assistant.Create(ctx, tx, n)
	}
	return err
}

func (s *story) answer(l i18n.Locale, text string) (n assistant.Answer, err error) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	name, ok := strings.CutPrefix(lines[1], "cites: ")
	if !ok {
		return n, fmt.Errorf("the answer %q cites nothing", lines[0])
	}
	n = assistant.Answer{Locale: l, Title: lines[0], Article: s.articles[name], Audience: knowledge.Everybody}
	for _, line := range lines[2:] {
		if p, ok := strings.CutPrefix(line, "- "); ok {
			n.Phrasings = append(n.Phrasings, p)
		} else {
			n.Body = strings.TrimSpace(n.Body + "\n" + line)
		}
	}
	return n, nil
}
