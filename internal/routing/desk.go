package routing

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Desk is how much somebody takes, and what he can.
type Desk struct {
	Person    team.ID
	Room      int           // open conversations at once that routing gives him; 0: none
	Chats     int           // of them chats
	Languages []i18n.Locale // that he answers in; none: all
	Skills    []string
	Away      bool // takes nothing for now
}

// What somebody takes who never said.
const (
	usualRoom  = 20
	usualChats = 3
)

// DeskOf is the desk of a person.
func DeskOf(ctx context.Context, tx *db.Tx, p team.ID) (Desk, error) {
	all, err := Desks(ctx, tx)
	if d, ok := all[p]; ok {
		return d, err
	}
	return Usual(p), err
}

// Usual is the desk of somebody who never arranged it.
func Usual(p team.ID) Desk { return Desk{Person: p, Room: usualRoom, Chats: usualChats} }

// Desks are those that somebody arranged.
func Desks(ctx context.Context, tx *db.Tx) (map[team.ID]Desk, error) {
	out := map[team.ID]Desk{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var d Desk
		var languages, skills string
		err := r.Scan(&d.Person, &d.Room, &d.Chats, &languages, &skills, &d.Away)
		for _, l := range lines(languages) {
			d.Languages = append(d.Languages, i18n.Locale(l))
		}
		d.Skills = lines(skills)
		out[d.Person] = d
		return err
	}, `SELECT person_id, room, chats, languages, skills, away FROM routing_desk`)
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// SetDesk arranges a desk: one's own away by oneself, the rest by whoever arranges the house.
func SetDesk(ctx context.Context, tx *db.Tx, d Desk) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	d.Skills = Tidy(d.Skills)
	var c problem.Check
	c.That(d.Room >= 0 && d.Room <= 1000, "room", "Enter a number up to %d.", 1000)
	c.That(d.Chats >= 0 && d.Chats <= 100, "chats", "Enter a number up to %d.", 100)
	c.That(len(d.Skills) <= mostWords, "skills", "At most %d words.", mostWords)
	for _, s := range d.Skills {
		c.That(len([]rune(s)) <= 60, "skills", "At most %d characters.", 60)
	}
	for _, l := range d.Languages {
		c.That(slices.Contains(i18n.Locales(), l), "languages", "There is no language “%s”.", string(l))
	}
	if err := c.Err(); err != nil {
		return err
	}
	return keepDesk(ctx, tx, d)
}

// SetAway says that whoever acts takes nothing for now, or again.
func SetAway(ctx context.Context, tx *db.Tx, away bool) error {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return err
	}
	d, err := DeskOf(ctx, tx, team.From(ctx).Person)
	if err != nil || d.Away == away || d.Person == 0 {
		return err
	}
	d.Away = away
	return keepDesk(ctx, tx, d)
}

func keepDesk(ctx context.Context, tx *db.Tx, d Desk) error {
	if _, err := team.Get(ctx, tx, d.Person); err != nil {
		return err
	}
	var languages []string
	for _, l := range d.Languages {
		languages = append(languages, string(l))
	}
	_, err := tx.Exec(ctx, `INSERT INTO routing_desk (person_id, room, chats, languages, skills, away) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (person_id) DO UPDATE SET room = excluded.room, chats = excluded.chats, languages = excluded.languages, skills = excluded.skills, away = excluded.away`,
		d.Person, d.Room, d.Chats, strings.Join(languages, "\n"), strings.Join(d.Skills, "\n"), d.Away)
	if err != nil {
		return err
	}
	if err := event.Record(ctx, tx, DeskChanged{d.Person, d.Away}); err != nil {
		return err
	}
	return wakeQueue(ctx, tx)
}
