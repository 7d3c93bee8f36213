package oncall

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// ServiceID is the id of a service.
type ServiceID = id.Of[serviceKind]

type serviceKind struct{}

func (serviceKind) Prefix() string { return "osv" }

// Service is something that somebody answers for at any hour.
type Service struct {
	ID    ServiceID
	Name  string
	About string
	Team  team.TeamID // only its people are paged; 0: everybody who works here
	Course
	UpdatedAt time.Time
}

// Course is how a page of a service goes.
type Course struct {
	Steps  []Step `json:"steps"`
	Again  int    `json:"again"`  // how often all steps are gone through once more
	Silent int    `json:"silent"` // minutes after which one who acknowledged and did nothing is asked again; 0: never
	Rules  []Rule `json:"rules"`
}

// Step is who is told together.
type Step struct {
	Who  []Target     `json:"who"`
	Ways []notice.Way `json:"ways,omitempty"` // none: as each of them chose
	Wait int          `json:"wait"`           // minutes that they have to answer
}

// Target is one whom a step tells: exactly one of the three.
type Target struct {
	Person team.ID      `json:"person,omitzero"`
	Rota   shift.RotaID `json:"rota,omitzero"` // whoever is on duty in it
	Team   team.TeamID  `json:"team,omitzero"` // all of its people
}

const (
	mostServices = 2000
	mostSteps    = 10
	mostTargets  = 20
	mostAgain    = 5
	mostWait     = 24 * 60
)

const serviceColumns = `id, name, about, team_id, body, updated_at`

func scanService(r db.Row) (s Service, err error) {
	var body string
	if err = r.Scan(&s.ID, &s.Name, &s.About, &s.Team, &body, db.Time(&s.UpdatedAt)); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(body), &s.Course)
}

// Services lists the services by name.
func Services(ctx context.Context, tx *db.Tx) ([]Service, error) {
	return db.All(ctx, tx, scanService, `SELECT `+serviceColumns+` FROM oncall_service ORDER BY name_key`)
}

// GetService returns a service.
func GetService(ctx context.Context, tx *db.Tx, id ServiceID) (Service, error) {
	s, err := db.One(ctx, tx, scanService, `SELECT `+serviceColumns+` FROM oncall_service WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return s, problem.New(problem.NotFound, "There is no such service.")
	}
	return s, err
}

// check is nil for a service that can be kept.
func (s *Service) check(ctx context.Context, tx *db.Tx) error {
	s.Name = strings.Join(strings.Fields(s.Name), " ")
	var k problem.Check
	k.That(s.Name != "", "name", "Enter a name.")
	k.That(len([]rune(s.Name)) <= 100, "name", "Use at most %d characters.", 100)
	k.That(len([]rune(s.About)) <= 1000, "about", "Use at most %d characters.", 1000)
	k.That(len(s.Steps) > 0, "steps", "Add a step: who is told first?")
	k.That(len(s.Steps) <= mostSteps, "steps", "At most %d steps.", mostSteps)
	k.That(s.Again >= 0 && s.Again <= mostAgain, "again", "At most %d times.", mostAgain)
	k.That(s.Silent >= 0 && s.Silent <= mostWait, "silent", "Enter up to %d minutes.", mostWait)
	for i := range s.Steps {
		s.Steps[i].check(&k, i)
	}
	k.That(len(s.Rules) <= mostRules, "rules", "At most %d rules.", mostRules)
	for i := range s.Rules {
		s.Rules[i].check(&k, i)
	}
	if err := k.Err(); err != nil {
		return err
	}
	return s.exist(ctx, tx)
}

func (s *Step) check(k *problem.Check, i int) {
	at := "steps." + itoa(i)
	s.Who = slices.DeleteFunc(s.Who, func(t Target) bool { return t == Target{} })
	k.That(len(s.Who) > 0, at, "Choose who is told.")
	k.That(len(s.Who) <= mostTargets, at, "At most %d in one step.", mostTargets)
	k.That(s.Wait >= 1 && s.Wait <= mostWait, at+".wait", "Enter %d to %d minutes.", 1, mostWait)
	for _, w := range s.Ways {
		k.That(slices.Contains(notice.Ways, w), at, "Choose by which way.")
	}
}

// exist is nil if all that are named are there.
func (s *Service) exist(ctx context.Context, tx *db.Tx) error {
	there := func(query string, n int64) (bool, error) { return db.Exists(ctx, tx, query, n) }
	if s.Team != 0 {
		if ok, err := there(`SELECT 1 FROM team WHERE id = $1`, int64(s.Team)); err != nil || !ok {
			return errors.Join(err, unless(ok, problem.For("team", "There is no such team.")))
		}
	}
	for i, step := range s.Steps {
		for _, t := range step.Who {
			query, n := `SELECT 1 FROM team_person WHERE id = $1 AND state <> 'disabled'`, int64(t.Person)
			switch {
			case t.Rota != 0:
				query, n = `SELECT 1 FROM shift_rota WHERE id = $1`, int64(t.Rota)
			case t.Team != 0:
				query, n = `SELECT 1 FROM team WHERE id = $1`, int64(t.Team)
			}
			if ok, err := there(query, n); err != nil || !ok {
				return errors.Join(err, unless(ok, problem.For("steps."+itoa(i), "Somebody in this step is not there any more.")))
			}
		}
	}
	return nil
}

func unless(ok bool, err error) error {
	if ok {
		return nil
	}
	return err
}

// MakeService makes a service.
func MakeService(ctx context.Context, tx *db.Tx, s Service) (ServiceID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	if err := s.check(ctx, tx); err != nil {
		return 0, err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM oncall_service`)
	if err != nil {
		return 0, err
	}
	if n >= mostServices {
		return 0, problem.New(problem.Conflict, "At most %d services.", mostServices)
	}
	s.ID = ServiceID(tx.NewID())
	return s.ID, keepService(ctx, tx, s, ServiceMade{s.ID})
}

// ChangeService makes a service another. Pages that run go on as they began.
func ChangeService(ctx context.Context, tx *db.Tx, s Service) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if _, err := GetService(ctx, tx, s.ID); err != nil {
		return err
	}
	if err := s.check(ctx, tx); err != nil {
		return err
	}
	return keepService(ctx, tx, s, ServiceChanged{s.ID})
}

func keepService(ctx context.Context, tx *db.Tx, s Service, f event.Fact) error {
	body, err := json.Marshal(s.Course)
	if err != nil {
		return err
	}
	key := strings.ToLower(s.Name)
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM oncall_service WHERE name_key = $1 AND id <> $2`, key, s.ID)
	if err != nil {
		return err
	}
	if taken {
		return problem.New(problem.Conflict, "There is a service of this name already.").With("name", "There is a service of this name already.")
	}
	_, err = tx.Exec(ctx, `INSERT INTO oncall_service (id, name, name_key, about, team_id, body, watches, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, about = excluded.about, team_id = excluded.team_id, body = excluded.body,
		watches = excluded.watches, updated_at = excluded.updated_at`, s.ID, s.Name, key, s.About, s.Team, string(body), len(s.Rules) > 0, tx.Now())
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, f)
}

// DeleteService takes a service away. Its pages stay, and those that run go on.
func DeleteService(ctx context.Context, tx *db.Tx, id ServiceID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM oncall_service WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.NotFound, "There is no such service.")
	}
	return event.Record(ctx, tx, ServiceDeleted{id})
}
