package team_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Two nodes share the database. Both remember somebody; what one of them changes
// holds on the other with the commit, and a change that is taken back changes nothing.
func TestWhatOneNodeChangesHoldsOnTheOther(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		one, two := h, newHouse(t, h.Desk)
		in, key := h.signIn("seoyun"), ""
		var night team.TeamID
		h.must(func(tx *db.Tx) (err error) {
			if night, err = team.MakeTeam(h.system(), tx, "night", ""); err != nil {
				return err
			}
			key, _, err = team.NewToken(h.system(), tx, team.Token{Name: "script", Person: id})
			return err
		})
		both := func(ok func(team.Actor) bool) {
			t.Helper()
			for range 2 { // the second time from memory
				for _, n := range []*house{one, two} {
					a, _, err := n.who(in.Token)
					b, err2 := n.token(key)
					if err != nil || err2 != nil || !ok(a) || !ok(b) {
						t.Errorf("%+v %v, %+v %v", a, err, b, err2)
					}
				}
			}
		}
		both(func(a team.Actor) bool { return a.See == team.SeeEverything && len(a.Teams) == 0 })
		undo := errors.New("undo")
		h.write(func(tx *db.Tx) error {
			if err := team.Show(h.system(), tx, id, team.SeeMine); err != nil {
				return err
			}
			return undo
		})
		both(func(a team.Actor) bool { return a.See == team.SeeEverything })
		h.must(func(tx *db.Tx) error { return team.Show(h.system(), tx, id, team.SeeTeams) })
		both(func(a team.Actor) bool { return a.See == team.SeeTeams })
		h.must(func(tx *db.Tx) error { return team.SetTeams(h.system(), tx, id, []team.TeamID{night}) })
		both(func(a team.Actor) bool { return slices.Equal(a.Teams, []team.TeamID{night}) })
		h.must(func(tx *db.Tx) error { return team.DeleteTeam(h.system(), tx, night) })
		both(func(a team.Actor) bool { return len(a.Teams) == 0 })
		ctx := h.as(id)
		h.must(func(tx *db.Tx) error { return team.Rename(h.system(), tx, id, "서윤") })
		both(func(a team.Actor) bool { return a.Name == "서윤" })
		h.must(func(tx *db.Tx) error { return team.EndSession(ctx, tx, in.Session.ID) })
		for _, n := range []*house{one, two} {
			if _, _, err := n.who(in.Token); !errors.Is(err, team.ErrSignedOut) {
				t.Errorf("still in: %v", err)
			}
		}
	})
}

// Whoever writes what Authenticate reads has to say so (change), or other
// processes go on with what they remember.
func TestWhatDecidesIsWrittenThroughChange(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	writes := regexp.MustCompile("(?s)tx\\.Exec\\(ctx, `\\s*((UPDATE|DELETE FROM|INSERT INTO) team_(person|role|member|session|token)\\b[^`]*)`")
	harmless := regexp.MustCompile(`^INSERT INTO team_(person|role|session|token)|SET (seen_at|used_at|signed_in_at|factor_new|factor_step|bounces) =|WHERE id = \$1$`)
	found := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		for _, m := range writes.FindAllStringSubmatch(string(b), -1) {
			found++
			if !harmless.MatchString(m[1]) {
				t.Errorf("%s: %s", f, m[1])
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d statements found", found)
	}
}
