package team

import (
	"context"
	"encoding/json"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
)

// ChangeProfile stores the name and choices of whoever acts.
func ChangeProfile(ctx context.Context, tx *db.Tx, name string, c Choices) error {
	me := From(ctx).Person
	if me == 0 {
		return problem.New(problem.Forbidden, "Sign in first.")
	}
	if err := c.check(); err != nil {
		return err
	}
	signatures, err := json.Marshal(c.signatures())
	if err != nil {
		return err
	}
	n, err := change(ctx, tx, `
		UPDATE team_person SET language = $2, zone = $3, theme = $4, density = $5, shortcuts = $6, enter_sends = $7, signatures = $8
		WHERE id = $1 AND (language <> $2 OR zone <> $3 OR theme <> $4 OR density <> $5 OR shortcuts <> $6 OR enter_sends <> $7 OR signatures <> $8)`,
		me, c.Language, c.Zone, c.Theme, c.Density, c.Shortcuts, c.EnterSends, string(signatures))
	if err != nil {
		return err
	}
	if n > 0 {
		if err := event.Record(ctx, tx, ProfileChanged{Person: me}); err != nil {
			return err
		}
	}
	return rename(ctx, tx, me, name)
}

// ChangeTheme stores only the theme of whoever acts, for the switch in the corner.
func ChangeTheme(ctx context.Context, tx *db.Tx, theme string) error {
	if err := (Choices{Theme: theme}).check(); err != nil {
		return err
	}
	_, err := change(ctx, tx, `UPDATE team_person SET theme = $2 WHERE id = $1`, From(ctx).Person, theme)
	return err
}

func (c Choices) check() error {
	var k problem.Check
	k.That(c.Language == language(c.Language), "language", "Choose a language.")
	k.That(c.Zone == "" || isZone(c.Zone), "zone", "Choose a time zone.")
	k.That(c.Theme == "" || c.Theme == "light" || c.Theme == "dark", "theme", "Choose light, dark, or as the device has it.")
	k.That(c.Density == "" || c.Density == "comfortable" || c.Density == "compact", "density", "Choose how close lines stand.")
	for _, text := range c.Signatures {
		k.That(len([]rune(text)) <= 2000, "signature", "Use at most %d characters.", 2000)
	}
	return k.Err()
}

// signatures are those in languages that we speak, without empty ones.
func (c Choices) signatures() map[string]string {
	out := map[string]string{}
	for lang, text := range c.Signatures {
		if language(lang) != "" && text != "" {
			out[lang] = text
		}
	}
	return out
}
