package team

import (
	"context"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
)

// Firm is whose desk this is.
type Firm struct {
	Name     string
	Language string // of what has no person to choose one: "en" or "ko"
	Zone     string // where its working day is, such as "Asia/Seoul"
}

var firm = setting.Of[Firm]{Name: "team.firm", Default: Firm{Name: "Baraji", Language: "en", Zone: "UTC"}}

// GetFirm returns the firm.
func GetFirm(ctx context.Context, tx *db.Tx) (Firm, error) { return setting.Get(ctx, tx, firm) }

// ChangeFirm changes the firm's name, language and time zone.
func ChangeFirm(ctx context.Context, tx *db.Tx, f Firm) error {
	if err := Allow(ctx, ManageSettings); err != nil {
		return err
	}
	if err := f.set(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, FirmChanged(f))
}

func (f *Firm) set(ctx context.Context, tx *db.Tx) error {
	f.Name = strings.Join(strings.Fields(clip(f.Name, 300)), " ")
	var c problem.Check
	c.That(f.Name != "", "firm", "Enter the name of your firm.")
	c.That(len([]rune(f.Name)) <= 100, "firm", "Use at most %d characters.", 100)
	c.That(language(f.Language) != "", "language", "Choose a language.")
	c.That(isZone(f.Zone), "zone", "Choose a time zone.")
	if err := c.Err(); err != nil {
		return err
	}
	return setting.Set(ctx, tx, firm, *f)
}

func isZone(s string) bool {
	if s == "" || s == "Local" {
		return false
	}
	_, err := time.LoadLocation(s)
	return err == nil
}

var errSetUp = problem.New(problem.Conflict, "Baraji is set up already. Sign in instead.")

// SetUpNeeded says whether nobody works here yet: the first-run page is shown.
// Once the first person is there it never is again, whatever becomes of him.
func SetUpNeeded(ctx context.Context, tx *db.Tx) (bool, error) {
	done, err := db.Exists(ctx, tx, `SELECT 1 FROM team_set_up`)
	return !done && err == nil, err
}

// SetUp names the firm and makes its first owner. Of two at once one wins; the
// other gets a Conflict and has changed nothing.
func SetUp(ctx context.Context, tx *db.Tx, f Firm, email, name string, password Hashed) (ID, error) {
	if err := closeSetUp(ctx, tx); err != nil {
		return 0, err
	}
	if password.text == "" {
		return 0, problem.For("password", "Enter a password.")
	}
	ctx = AsSystem(ctx) // nobody is here who could be allowed
	if err := f.set(ctx, tx); err != nil {
		return 0, err
	}
	id, err := add(ctx, tx, newPerson{email: email, name: name, role: Owner, language: f.Language, state: Active, password: password})
	if err != nil {
		return 0, err
	}
	return id, event.Record(event.As(ctx, id.String()), tx, FirmSetUp{id, f.Name}, PersonMade{id, Owner})
}

// closeSetUp takes the one row that stands for set-up, for good.
func closeSetUp(ctx context.Context, tx *db.Tx) error {
	n, err := tx.Exec(ctx, `INSERT INTO team_set_up (one, at) VALUES (1, $1) ON CONFLICT (one) DO NOTHING`, tx.Now())
	if err == nil && n == 0 {
		err = errSetUp
	}
	return err
}
