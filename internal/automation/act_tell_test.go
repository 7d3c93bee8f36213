package automation_test

import (
	"testing"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Whoever may not mention somebody in a note tells nobody by a macro either.
func TestTellingTakesTheRightToWriteNotes(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		talk := d.asks("Where is my lamp?", false)
		for _, c := range []struct {
			may     []team.Right
			refused bool
		}{{[]team.Right{team.ReadConversations, team.ReadContacts}, true}, {[]team.Right{team.ReadConversations, team.ReadContacts, team.Note}, false}} {
			d.do(func(tx *db.Tx) error {
				ctx := team.With(d.ctx, team.Actor{Person: d.kim, See: team.SeeEverything, Rights: c.may})
				_, err := automation.About(ctx, tx, talk.String()).Perform(ctx, []automation.Act{act("tell", "person", d.kim.String(), "text", "Look")})
				if err != nil != c.refused || c.refused && problem.KindOf(err) != problem.Forbidden {
					t.Errorf("with %v: %v", c.may, err)
				}
				return nil
			})
		}
	})
}
