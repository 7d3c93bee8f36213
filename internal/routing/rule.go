package routing

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// When says which conversations something is for. Empty fits all.
type When struct {
	Stage    string
	Type     string
	Severity string
	Channel  string
	Tier     string      // of the customer's company
	Worth    int64       // the account is worth at least this, in the smallest unit of its currency
	Language i18n.Locale // of the customer
	Tag      string
}

// Fits says whether it is for a conversation.
func (w When) Fits(s Subject) bool {
	return same(w.Stage, s.Stage) && same(w.Type, s.Type) && same(w.Severity, s.Severity) && same(w.Channel, s.Channel) && same(w.Tier, s.Tier) &&
		(w.Worth == 0 || s.Worth >= w.Worth) && (w.Language == "" || w.Language == s.Language) && (w.Tag == "" || slices.Contains(s.Tags, w.Tag))
}

// Named is how many things it names; 0 fits all.
func (w When) Named() (n int) {
	for _, named := range []bool{w.Stage != "", w.Type != "", w.Severity != "", w.Channel != "", w.Tier != "", w.Worth != 0, w.Language != "", w.Tag != ""} {
		if named {
			n++
		}
	}
	return n
}

func same(wanted, is string) bool { return wanted == "" || strings.EqualFold(wanted, is) }

// Grade says what a conversation is.
type Grade struct {
	Words []string // any of them in the subject or the first message; none: all
	When
	SetType     string
	SetSeverity string
	SetPriority string
}

// To is who gets a conversation.
type To string

// The ways.
const (
	ToTeam   To = "team"   // who of the team has the least in hand
	ToQueue  To = "queue"  // the team, whose people take it themselves
	ToOwner  To = "owner"  // whose account it is; else as ToTeam
	ToPerson To = "person" // one; in his absence his deputy, else as ToTeam
)

// Tos lists them.
var Tos = []To{ToTeam, ToQueue, ToOwner, ToPerson}

// Rule says who gets which conversations.
type Rule struct {
	Name string
	When
	To       To
	Team     team.TeamID
	Person   team.ID
	Skill    string // that one must have
	Known    bool   // who answered the customer before comes first
	TakeBack int    // minutes without an answer, working ones, after which another gets it; 0: never
}

// Scope says what is served outside working hours. What none names waits for the morning.
type Scope struct {
	When
	By     shift.RotaID // whoever stands there; 0: as the rules say
	Within int          // minutes, in which an answer is promised; 0: nothing is
}

// Lists are the three lists.
type Lists struct {
	Grades []Grade
	Scopes []Scope
	Rules  []Rule
}

var lists = setting.Of[Lists]{Name: "routing.lists"}

const (
	most        = 100
	mostWords   = 50
	mostMinutes = 7 * 24 * 60
)

// Get returns the lists.
func Get(ctx context.Context, tx *db.Tx) (Lists, error) { return setting.Get(ctx, tx, lists) }

// Set changes them. What was assigned stays so.
func Set(ctx context.Context, tx *db.Tx, l Lists) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if err := l.check(ctx, tx); err != nil {
		return err
	}
	if err := setting.Set(ctx, tx, lists, l); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, RulesChanged{len(l.Grades), len(l.Scopes), len(l.Rules)}); err != nil {
		return err
	}
	return wakeQueue(ctx, tx)
}

// check finds what is wrong; fields are called by list and place: rule.0.team.
func (l Lists) check(ctx context.Context, tx *db.Tx) error {
	var c problem.Check
	c.That(len(l.Grades) <= most && len(l.Scopes) <= most && len(l.Rules) <= most, "", "At most %d of each.", most)
	for i := range l.Grades {
		l.Grades[i].check(&c, "grade."+strconv.Itoa(i)+".")
	}
	for i := range l.Scopes {
		if err := l.Scopes[i].check(ctx, tx, &c, "scope."+strconv.Itoa(i)+"."); err != nil {
			return err
		}
	}
	for i := range l.Rules {
		if err := l.Rules[i].check(ctx, tx, &c, "rule."+strconv.Itoa(i)+"."); err != nil {
			return err
		}
	}
	return c.Err()
}

// Check tidies it and finds what is wrong; fields are called at + their name.
func (w *When) Check(c *problem.Check, at string) {
	w.Tier, w.Tag = strings.Join(strings.Fields(w.Tier), " "), strings.TrimSpace(w.Tag)
	c.That(w.Stage == "" || slices.Contains(conversation.Stages, conversation.Stage(w.Stage)), at+"stage", "There is no stage “%s”.", w.Stage)
	c.That(slices.Contains(conversation.Types, w.Type), at+"type", "There is no type “%s”.", w.Type)
	c.That(slices.Contains(conversation.Severities, w.Severity), at+"severity", "There is no severity “%s”.", w.Severity)
	c.That(w.Language == "" || slices.Contains(i18n.Locales(), w.Language), at+"language", "There is no language “%s”.", string(w.Language))
	c.That(len([]rune(w.Tier)) <= 60 && len([]rune(w.Tag)) <= 60 && len(w.Channel) <= 40, at+"tier", "At most %d characters.", 60)
	c.That(w.Worth >= 0, at+"worth", "Enter an amount.")
}

func (g *Grade) check(c *problem.Check, at string) {
	g.When.Check(c, at)
	g.Words = Tidy(g.Words)
	c.That(len(g.Words) <= mostWords, at+"words", "At most %d words.", mostWords)
	for _, w := range g.Words {
		c.That(len([]rune(w)) >= 2 && len([]rune(w)) <= 60, at+"words", "“%s” is no word that could say something: it needs 2 to 60 letters.", w)
	}
	c.That(slices.Contains(conversation.Types, g.SetType), at+"set_type", "There is no type “%s”.", g.SetType)
	c.That(slices.Contains(conversation.Severities, g.SetSeverity), at+"set_severity", "There is no severity “%s”.", g.SetSeverity)
	c.That(g.SetPriority == "" || slices.Contains(conversation.Priorities, g.SetPriority), at+"set_priority", "There is no priority “%s”.", g.SetPriority)
	c.That(g.SetType != "" || g.SetSeverity != "" || g.SetPriority != "", at+"set_severity", "Choose what such a conversation is.")
}

func (s *Scope) check(ctx context.Context, tx *db.Tx, c *problem.Check, at string) error {
	s.When.Check(c, at)
	c.That(s.Within >= 0 && s.Within <= mostMinutes, at+"within", "Enter up to %d minutes.", mostMinutes)
	if s.By == 0 {
		return nil
	}
	there, err := db.Exists(ctx, tx, `SELECT 1 FROM shift_rota WHERE id = $1`, s.By)
	c.That(there, at+"by", "There is no such rota.")
	return err
}

func (r *Rule) check(ctx context.Context, tx *db.Tx, c *problem.Check, at string) error {
	r.When.Check(c, at)
	r.Name, r.Skill = strings.Join(strings.Fields(r.Name), " "), strings.TrimSpace(r.Skill)
	c.That(len([]rune(r.Name)) <= 80, at+"name", "At most %d characters.", 80)
	c.That(slices.Contains(Tos, r.To), at+"to", "Choose who gets it.")
	c.That(r.To != ToPerson || r.Person != 0, at+"person", "Choose a person.")
	c.That(r.To == ToPerson || r.Team != 0, at+"team", "Choose a team.")
	c.That(r.TakeBack >= 0 && r.TakeBack <= mostMinutes, at+"take_back", "Enter up to %d minutes.", mostMinutes)
	c.That(len([]rune(r.Skill)) <= 60, at+"skill", "At most %d characters.", 60)
	if r.Team != 0 {
		there, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1`, r.Team)
		c.That(there, at+"team", "There is no such team.")
		if err != nil {
			return err
		}
	}
	if r.Person == 0 {
		return nil
	}
	there, err := db.Exists(ctx, tx, `SELECT 1 FROM team_person WHERE id = $1 AND state = 'active'`, r.Person)
	c.That(there, at+"person", "Nobody of that name works here.")
	return err
}

// Tidy drops empty and repeated words.
func Tidy(words []string) (out []string) {
	for _, w := range words {
		w = strings.Join(strings.Fields(w), " ")
		if w != "" && !slices.ContainsFunc(out, func(had string) bool { return strings.EqualFold(had, w) }) {
			out = append(out, w)
		}
	}
	return out
}
