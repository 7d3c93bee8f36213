package consent

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Years is how long consent counts before it has to be confirmed.
const Years = 2

// ahead is how long before that customers can be asked.
const ahead = 30 * 24 * time.Hour

// Rules are what the firm has chosen. The zero Rules are those of Korean law; nothing is asked by itself.
type Rules struct {
	ForEver    bool // consent counts until it is taken back
	MustAnswer bool // who is asked again has to say yes; else it is enough that they do not object
	ByItself   bool // customers are asked again as soon as it is due, not when somebody presses the button
	NoReceipts bool // who agrees or withdraws gets no mail that says so
}

var rules = setting.Of[Rules]{Name: "consent.rules"}

// GetRules returns the rules.
func GetRules(ctx context.Context, tx *db.Tx) (Rules, error) { return setting.Get(ctx, tx, rules) }

// SetRules chooses them.
func SetRules(ctx context.Context, tx *db.Tx, r Rules) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	was, err := GetRules(ctx, tx)
	if err != nil || was == r {
		return err
	}
	if err := setting.Set(ctx, tx, rules, r); err != nil {
		return err
	}
	return event.Record(ctx, tx, RulesChanged{})
}

// ValidFrom is the moment before which consent that was given or confirmed counts no more; zero: all counts.
func ValidFrom(ctx context.Context, tx *db.Tx) (time.Time, error) {
	r, err := GetRules(ctx, tx)
	if err != nil || r.ForEver {
		return time.Time{}, err
	}
	return tx.Now().AddDate(-Years, 0, 0), nil
}

func (r Rules) until(at time.Time) time.Time {
	if r.ForEver {
		return time.Time{}
	}
	return at.AddDate(Years, 0, 0)
}
