package assistant

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"baraji/internal/bot"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// material is everything that there is to learn from.
type material struct {
	examples []bot.Example
	articles []bot.Article
	things   things
	digest   string // the same material has the same
}

// thing is what is known of an answer or an article beside what the model has learned: who may see it.
type thing struct {
	locale   i18n.Locale
	audience knowledge.Audience
	segment  string
}

// things are they by their ids in the model: that of an answer, or of the version of an article, so that a model never
// knows of a text that it has not read.
type things map[string]thing

func (m material) empty() bool { return len(m.examples) == 0 && len(m.articles) == 0 }

// gather reads the material: answers with their phrasings, accepted lessons, published articles, whoever may see them.
func gather(ctx context.Context, tx *db.Tx) (m material, err error) {
	g := gathering{material: material{things: things{}}, pages: map[knowledge.ID]map[i18n.Locale]knowledge.Lesson{}, stood: map[knowledge.VersionID]bool{}}
	if g.list, err = knowledge.Lessons(team.AsSystem(ctx), tx); err != nil {
		return m, err
	}
	for _, p := range g.list {
		if g.pages[p.Article] == nil {
			g.pages[p.Article] = map[i18n.Locale]knowledge.Lesson{}
		}
		g.pages[p.Article][p.Locale] = p
	}
	for _, take := range []func(context.Context, *db.Tx) error{g.takeAnswers, g.takeLessons} {
		if err := take(ctx, tx); err != nil {
			return m, fmt.Errorf("read what there is to learn from: %w", err)
		}
	}
	g.takeArticles()
	g.digest = g.sum()
	return g.material, nil
}

// gathering is the material while it is put together.
type gathering struct {
	material
	list  []knowledge.Lesson
	pages map[knowledge.ID]map[i18n.Locale]knowledge.Lesson
	stood map[knowledge.VersionID]bool // an answer stands for it
}

// takeAnswers adds answers with their phrasings. The text of the article that one cites speaks for the answer.
func (g *gathering) takeAnswers(ctx context.Context, tx *db.Tx) error {
	err := db.Each(ctx, tx, func(r db.Row) error {
		n, err := scanAnswer(r)
		id := n.ID.String()
		g.things[id] = thing{n.Locale, n.Audience, n.Segment}
		g.examples = append(g.examples, bot.Example{Text: n.Title, Answer: id})
		if p, ok := g.pages[n.Article][n.Locale]; ok && (p.Audience == knowledge.Everybody || p.Audience == n.Audience && p.Segment == n.Segment) {
			g.articles = append(g.articles, bot.Article{ID: id, Lang: string(n.Locale), Title: n.Title, Text: p.Plain})
			g.stood[p.Version] = true
		}
		return err
	}, `SELECT `+answerColumns+` FROM assistant_answer n WHERE n.archived_at IS NULL ORDER BY n.id`)
	if err != nil {
		return err
	}
	return db.Each(ctx, tx, func(r db.Row) error {
		var of AnswerID
		var text string
		err := r.Scan(&of, &text)
		g.examples = append(g.examples, bot.Example{Text: text, Answer: of.String()})
		return err
	}, `SELECT p.answer_id, p.text FROM assistant_phrasing p JOIN assistant_answer n ON n.id = p.answer_id WHERE n.archived_at IS NULL ORDER BY p.answer_id, p.id`)
}

// takeLessons adds what was learned. What leads to something that is archived or not published teaches nothing for now. An article
// that a lesson leads to stands for itself.
func (g *gathering) takeLessons(ctx context.Context, tx *db.Tx) error {
	return db.Each(ctx, tx, func(r db.Row) error {
		l, err := scanLesson(r)
		to, ok := "", l.None
		switch {
		case l.Answer != 0:
			to = l.Answer.String()
			_, ok = g.things[to]
		case l.Article != 0:
			var p knowledge.Lesson
			if p, ok = g.page(l.Article, l.Locale); ok {
				to = p.Version.String()
				delete(g.stood, p.Version)
			}
		}
		if ok {
			g.examples = append(g.examples, bot.Example{Text: l.Text, Answer: to})
		}
		return err
	}, `SELECT `+lessonColumns+` FROM assistant_lesson l WHERE l.state = 'accepted' ORDER BY l.id`)
}

// page is an article in a language, else in another.
func (g *gathering) page(a knowledge.ID, l i18n.Locale) (knowledge.Lesson, bool) {
	if p, ok := g.pages[a][l]; ok {
		return p, true
	}
	for _, other := range i18n.Locales() {
		if p, ok := g.pages[a][other]; ok {
			return p, true
		}
	}
	return knowledge.Lesson{}, false
}

// takeArticles adds the articles for which no answer stands: two that say the same would take each other's certainty away.
func (g *gathering) takeArticles() {
	for _, p := range g.list {
		if g.stood[p.Version] {
			continue
		}
		id := p.Version.String()
		g.articles = append(g.articles, bot.Article{ID: id, Lang: string(p.Locale), Title: p.Title, Text: p.Plain})
		g.things[id] = thing{p.Locale, p.Audience, p.Segment}
	}
}

// sum is SHA-256 over all of it.
func (m *material) sum() string {
	h := sha256.New()
	for _, e := range m.examples {
		fmt.Fprintf(h, "%q %q\n", e.Text, e.Answer)
	}
	for _, a := range m.articles {
		fmt.Fprintf(h, "%q %q %q\n", a.ID, a.Title, a.Text)
	}
	for _, e := range append(m.examples, bot.Example{}) {
		if t, ok := m.things[e.Answer]; ok {
			fmt.Fprintf(h, "%q\n", t)
		}
	}
	for _, a := range m.articles {
		fmt.Fprintf(h, "%q\n", m.things[a.ID])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// answerOf reads the id of an answer in a model.
func answerOf(s string) (AnswerID, bool) {
	n, err := id.Read[AnswerID](s)
	return n, err == nil && strings.HasPrefix(s, answerKind{}.Prefix())
}

func versionOf(s string) (knowledge.VersionID, bool) {
	n, err := id.Read[knowledge.VersionID](s)
	return n, err == nil
}
