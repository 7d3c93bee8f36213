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
func gather(ctx context.Context, tx *db.Tx) (material, error) {
	m := material{things: things{}}
	versions, err := m.takeArticles(ctx, tx)
	if err == nil {
		err = m.takeAnswers(ctx, tx)
	}
	if err == nil {
		err = m.takeLessons(ctx, tx, versions)
	}
	m.digest = m.sum()
	return m, err
}

// published are the versions of an article, by language.
type published map[knowledge.ID]map[i18n.Locale]string

func (m *material) takeArticles(ctx context.Context, tx *db.Tx) (published, error) {
	list, err := knowledge.Lessons(team.AsSystem(ctx), tx)
	versions := published{}
	for _, p := range list {
		m.articles = append(m.articles, bot.Article{ID: p.Version.String(), Lang: string(p.Locale), Title: p.Title, Text: p.Plain})
		m.things[p.Version.String()] = thing{p.Locale, p.Audience, p.Segment}
		if versions[p.Article] == nil {
			versions[p.Article] = map[i18n.Locale]string{}
		}
		versions[p.Article][p.Locale] = p.Version.String()
	}
	return versions, err
}

func (m *material) takeAnswers(ctx context.Context, tx *db.Tx) error {
	err := db.Each(ctx, tx, func(r db.Row) error {
		n, err := scanAnswer(r)
		m.things[n.ID.String()] = thing{n.Locale, n.Audience, n.Segment}
		m.examples = append(m.examples, bot.Example{Text: n.Title, Answer: n.ID.String()})
		return err
	}, `SELECT `+answerColumns+` FROM assistant_answer n WHERE n.archived_at IS NULL ORDER BY n.id`)
	if err != nil {
		return fmt.Errorf("read the answers: %w", err)
	}
	return db.Each(ctx, tx, func(r db.Row) error {
		var of AnswerID
		var text string
		err := r.Scan(&of, &text)
		m.examples = append(m.examples, bot.Example{Text: text, Answer: of.String()})
		return err
	}, `SELECT p.answer_id, p.text FROM assistant_phrasing p JOIN assistant_answer n ON n.id = p.answer_id WHERE n.archived_at IS NULL ORDER BY p.answer_id, p.id`)
}

// takeLessons adds what was learned. What leads to something that is archived or not published teaches nothing for now.
func (m *material) takeLessons(ctx context.Context, tx *db.Tx, versions published) error {
	return db.Each(ctx, tx, func(r db.Row) error {
		l, err := scanLesson(r)
		if to, ok := m.leadsTo(l, versions); ok {
			m.examples = append(m.examples, bot.Example{Text: l.Text, Answer: to})
		}
		return err
	}, `SELECT `+lessonColumns+` FROM assistant_lesson l WHERE l.state = 'accepted' ORDER BY l.id`)
}

func (m *material) leadsTo(l Lesson, versions published) (id string, ok bool) {
	switch {
	case l.None:
		return "", true
	case l.Answer != 0:
		_, ok = m.things[l.Answer.String()]
		return l.Answer.String(), ok
	}
	of := versions[l.Article]
	if id, ok = of[l.Locale]; ok {
		return id, true
	}
	for _, other := range i18n.Locales() {
		if id, ok = of[other]; ok {
			return id, true
		}
	}
	return "", false
}

// sum is SHA-256 over all of it.
func (m *material) sum() string {
	h := sha256.New()
	for _, e := range m.examples {
		fmt.Fprintf(h, "%q %q\n", e.Text, e.Answer)
	}
	for _, a := range m.articles {
		fmt.Fprintf(h, "%q %q\n", a.ID, a.Title) // an id is that of one version, whose text never changes
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
