package automation

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
	"baraji/internal/team"
)

// ID is the id of a rule.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "rul" }

// Rule is one thing that happens by itself.
type Rule struct {
	ID        ID
	Place     int // from 0
	Name      string
	On        bool
	When      string       // the kind of fact, such as "conversation.received"
	Moment    *moment.When // of moment.Kind: which time
	If        If
	Then      []Act
	Stop      bool // no rule behind it hears the same fact
	Version   int
	Owner     team.ID // who is told when it fails
	CreatedAt time.Time
	UpdatedAt time.Time
}

// said is what of a rule is kept as JSON.
type said struct {
	If     If           `json:"if"`
	Then   []Act        `json:"then"`
	Stop   bool         `json:"stop,omitempty"`
	Moment *moment.When `json:"moment,omitempty"`
}

func (r Rule) said() string {
	b, _ := json.Marshal(said{r.If, r.Then, r.Stop, r.Moment}) // plain strings
	return string(b)
}

const (
	mostRules   = 2000
	mostActs    = 20
	mostNodes   = 60
	mostDepth   = 4
	mostValues  = 50
	longestName = 100
	longestText = 5000
)

// check tidies a rule and finds what is wrong. Fields are called by their place: if.0.value, then.1.tag.
func (r *Rule) check(ctx context.Context, tx *db.Tx) error {
	var c problem.Check
	r.Name = strings.Join(strings.Fields(r.Name), " ")
	c.That(r.Name != "", "name", "Give it a name.")
	c.That(len([]rune(r.Name)) <= longestName, "name", "At most %d characters.", longestName)
	if err := CheckWhen(ctx, tx, &c, r.When, &r.Moment); err != nil {
		return err
	}
	r.If.Check(&c, "if")
	if err := CheckActs(ctx, tx, &c, r.Then, "then"); err != nil {
		return err
	}
	if r.Moment != nil {
		checkAbout(&c, r.Moment.About(), r.Then, "then")
	}
	return c.Err()
}

// Check tidies a condition and finds what is wrong with it; at is what its place is called.
func (i *If) Check(c *problem.Check, at string) {
	nodes := 0
	i.check(c, at, 0, &nodes)
	c.That(nodes <= mostNodes, at, "At most %d conditions.", mostNodes)
}

// CheckActs tidies what is to be done and finds what is wrong with it; at is what their place is called.
func CheckActs(ctx context.Context, tx *db.Tx, c *problem.Check, acts []Act, at string) error {
	c.That(len(acts) > 0, at, "Choose what is to be done.")
	c.That(len(acts) <= mostActs, at, "At most %d of each.", mostActs)
	for i := range acts {
		if err := acts[i].check(ctx, tx, c, at+"."+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	return nil
}

// Hears says whether a rule can listen to a kind of fact: to any but those about looking, signing in and rules themselves.
func Hears(kind string) bool {
	area, name, ok := strings.Cut(kind, ".")
	if !ok || name == "" || len(kind) > 60 {
		return false
	}
	switch area {
	case "team", "automation", "notice", "inbox", "webhook", "outcall", "moment", "slack":
		return false
	}
	if area == "hookin" {
		return kind == "hookin.received"
	}
	return kind != "contact.viewed" && kind != "contact.exported" && kind != "contact.erased"
}
