package automation

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
)

const (
	// MostTimes is how often one rule runs in one chain.
	MostTimes = 3
	// MostRuns is how many runs one chain has.
	MostRuns = 50

	retries = 8 // of what failed and may go well another time

	actorPrefix = "rule:"
	// freshFor is how long a process believes what it knows about which kinds are listened to: a rule that was switched on
	// at another node is heard here that much later.
	freshFor = time.Second
)

// Rules makes rules run.
type Rules struct {
	db *db.DB

	mu     sync.Mutex
	kinds  map[string]bool // that a rule listens to
	readAt time.Time
	bodies map[ID]Rule // as they were read last; one holds as long as its version is that of the row
}

// New makes the rules of a desk hear what is recorded there.
func New(d *db.DB, log *event.Log, jobs *job.Runner) *Rules {
	r := &Rules{db: d, bodies: map[ID]Rule{}}
	db.Attach(d, r)
	log.OnEvery(r.hear)
	job.Handle(jobs, job.Kind{Pool: "rules"}, r.next)
	job.Handle(jobs, job.Kind{Pool: "rules", Tries: retries, Wait: 30 * time.Second}, r.again)
	return r
}

// changed makes this process look anew at what rules listen to.
func changed(tx *db.Tx) {
	if r := db.Attached[*Rules](tx); r != nil {
		tx.After(func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.kinds = nil
		})
	}
}

// listened says whether a rule listens to a kind.
func (r *Rules) listened(ctx context.Context, tx *db.Tx, kind string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := tx.Now(); r.kinds == nil || now.Sub(r.readAt) > freshFor || now.Before(r.readAt) {
		list, err := db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT DISTINCT fact FROM automation_rule WHERE enabled`)
		if err != nil {
			return false, err
		}
		r.kinds, r.readAt = map[string]bool{}, now
		for _, k := range list {
			r.kinds[k] = true
		}
	}
	return r.kinds[kind], nil
}

// look is the work of looking through the rules behind a place, for one fact.
type look struct {
	Event event.ID `json:"event"`
	From  int      `json:"from"`
}

func (look) JobKind() string { return "automation.look" }

// hear adds the work that a fact makes. It runs in the transaction that records it.
func (r *Rules) hear(ctx context.Context, tx *db.Tx, e event.Event) error {
	if !Hears(e.Kind) {
		return nil
	}
	if yes, err := r.listened(ctx, tx, e.Kind); err != nil || !yes {
		return err
	}
	return add(ctx, tx, e, 0)
}

func add(ctx context.Context, tx *db.Tx, e event.Event, from int) error {
	return job.Add(ctx, tx, look{e.ID, from}, job.Options{Lane: e.Subject})
}

// next finds the first rule that fits, does what it says, and leaves the rules behind it to the next job.
func (r *Rules) next(ctx context.Context, run *job.Run, j look) error {
	var failed error
	var o Run
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		failed, o = nil, Run{}
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		e, err := event.Get(ctx, tx, j.Event)
		if err != nil {
			return err
		}
		ctx := event.Following(team.AsSystem(ctx), e)
		rule, c, err := r.first(ctx, tx, e, j.From)
		if err != nil || rule.ID == 0 {
			return err
		}
		if o, err = rule.run(ctx, tx, c); err != nil {
			failed = err
			return errUndo
		}
		if rule.Stop && o.Outcome == Done {
			return nil
		}
		return add(ctx, tx, e, rule.Place+1)
	})
	if failed == nil || !errors.Is(err, errUndo) {
		return err
	}
	return r.note(ctx, run, j, o, failed)
}

var errUndo = errors.New("what a rule did is undone")

// first is the first rule from a place on that fits a fact.
func (r *Rules) first(ctx context.Context, tx *db.Tx, e event.Event, from int) (Rule, *Case, error) {
	list, err := db.All(ctx, tx, func(row db.Row) (o Rule, err error) { return o, row.Scan(&o.ID, &o.Place, &o.Version) },
		`SELECT id, place, version FROM automation_rule WHERE fact = $1 AND place >= $2 AND enabled ORDER BY place, id`, e.Kind, from)
	if err != nil {
		return Rule{}, nil, err
	}
	c := newCase(ctx, tx, e)
	for _, row := range list {
		rule, err := r.read(ctx, tx, row)
		if err != nil {
			return Rule{}, nil, err
		}
		so, err := c.holds(rule.If)
		if err != nil {
			return Rule{}, nil, err
		}
		if so {
			c.rule = rule
			return rule, c, nil
		}
	}
	return Rule{}, nil, nil
}

// read is a rule as it says at the version of its row; what it says is read once for each version.
func (r *Rules) read(ctx context.Context, tx *db.Tx, row Rule) (Rule, error) {
	r.mu.Lock()
	had := r.bodies[row.ID]
	r.mu.Unlock()
	if had.Version == row.Version {
		had.Place = row.Place
		return had, nil
	}
	rule, err := load(ctx, tx, row.ID)
	if err != nil {
		return rule, err
	}
	tx.After(func() { // what was read in a transaction that is undone may never have been
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.bodies) > 2*mostRules { // those that were deleted
			clear(r.bodies)
		}
		r.bodies[row.ID] = rule
	})
	return rule, nil
}

// run does what a rule says about a case, once. What it returns with an error is what was tried.
func (r Rule) run(ctx context.Context, tx *db.Tx, c *Case) (Run, error) {
	o := Run{Rule: r.ID, Version: r.Version, Event: c.event.ID, Subject: c.subject(), Outcome: Done}
	var err error
	if o.Root, err = event.Root(ctx, tx, c.event); err != nil {
		return o, err
	}
	if done, err := o.before(ctx, tx); err != nil || done {
		return o, err
	}
	long, err := o.tooLong(ctx, tx)
	if err != nil {
		return o, err
	}
	if long || c.event.Depth >= event.MaxDepth {
		o.Outcome = Cut
		return o, o.write(ctx, tx)
	}
	acting := event.As(ctx, actorPrefix+r.ID.String())
	for _, a := range r.Then {
		if err := a.perform(acting, c); err != nil {
			return o, err
		}
		o.Did = append(o.Did, a.Do)
	}
	o.answers = c.answers
	return o, o.write(ctx, tx)
}

// before says whether this was done already.
func (o Run) before(ctx context.Context, tx *db.Tx) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM automation_run WHERE rule_id = $1 AND event_id = $2 AND outcome = 'done'`, o.Rule, o.Event)
}

// tooLong says whether the chain has had its share.
func (o Run) tooLong(ctx context.Context, tx *db.Tx) (bool, error) {
	mine, all := 0, 0
	err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&mine, &all) },
		`SELECT COALESCE(SUM(CASE WHEN rule_id = $2 THEN 1 ELSE 0 END), 0), COUNT(*) FROM automation_run WHERE root_id = $1 AND outcome = 'done'`, o.Root, o.Rule)
	return mine >= MostTimes || all >= MostRuns, err
}

// retry is the work of trying one rule again.
type retry struct {
	Event event.ID `json:"event"`
	Rule  ID       `json:"rule"`
}

func (retry) JobKind() string { return "automation.again" }

// note writes down that a rule failed, leaves it to be tried again, and lets the rules behind it have their turn.
func (r *Rules) note(ctx context.Context, run *job.Run, j look, o Run, why error) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		o.Outcome, o.Why, o.Did = Failing, explain(why), nil
		final := hopeless(why)
		if final {
			o.Outcome = GivenUp
		}
		if err := o.write(ctx, tx); err != nil {
			return err
		}
		rule, err := load(ctx, tx, o.Rule)
		if err != nil {
			return err
		}
		ctx := team.AsSystem(ctx)
		if final {
			if err := rule.gaveUp(ctx, tx, o); err != nil {
				return err
			}
		} else if err := job.Add(ctx, tx, retry{o.Event, o.Rule}, job.Options{Lane: o.Rule.String() + "/" + o.Subject, At: tx.Now().Add(30 * time.Second)}); err != nil {
			return err
		}
		e, err := event.Get(ctx, tx, j.Event)
		if err != nil {
			return err
		}
		return add(ctx, tx, e, rule.Place+1)
	})
}

// hopeless says whether trying again is of no use: what is wrong is wrong with what the rule says.
func hopeless(err error) bool {
	_, ours := problem.As(err)
	return ours
}

// explain is what went wrong, as people read it.
func explain(err error) i18n.Text {
	out := i18n.Text{}
	for _, l := range i18n.Locales() {
		ctx := i18n.With(context.Background(), i18n.Reader{Locale: l})
		s := err.Error()
		if p, ok := problem.As(err); ok {
			s = i18n.Sentence(ctx, p.Format, p.Args...)
			if fields := problem.Fields(err); len(fields) > 0 {
				s = i18n.Sentence(ctx, fields[0].Format, fields[0].Args...)
			}
		}
		if r := []rune(s); len(r) > 300 {
			s = string(r[:300])
		}
		out[l] = s
	}
	return out
}

// again tries one rule again.
func (r *Rules) again(ctx context.Context, run *job.Run, j retry) error {
	var failed error
	var o Run
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		failed = nil
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		e, err := event.Get(ctx, tx, j.Event)
		if err != nil {
			return err
		}
		rule, err := load(ctx, tx, j.Rule)
		if problem.KindOf(err) == problem.NotFound {
			return nil // it was deleted since
		}
		if err != nil {
			return err
		}
		ctx := event.Following(team.AsSystem(ctx), e)
		c := newCase(ctx, tx, e)
		c.rule = rule
		if o, err = rule.run(ctx, tx, c); err != nil {
			failed = err
			return errUndo
		}
		return nil
	})
	if failed == nil || !errors.Is(err, errUndo) {
		return err
	}
	last := run.Attempt+1 >= retries
	werr := r.db.Write(ctx, func(tx *db.Tx) error {
		o.Outcome, o.Why, o.Did = Failing, explain(failed), nil
		if last || hopeless(failed) {
			o.Outcome = GivenUp
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
		}
		if err := o.write(ctx, tx); err != nil || o.Outcome != GivenUp {
			return err
		}
		rule, err := load(ctx, tx, o.Rule)
		if err != nil {
			return err
		}
		return rule.gaveUp(team.AsSystem(ctx), tx, o)
	})
	if werr != nil || last || hopeless(failed) {
		return werr
	}
	return failed
}

// gaveUp tells the owner.
func (r Rule) gaveUp(ctx context.Context, tx *db.Tx, o Run) error {
	if r.Owner != 0 {
		n := notice.Notice{Person: r.Owner, Kind: notice.Rule, Subject: r.ID.String(), Words: "notice.rule_failed", Args: map[string]string{"rule": r.Name}, Link: "/settings/rules/" + r.ID.String()}
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Failed{r.ID, o.ID, o.Event})
}

// ActorOf is the rule that did what the log says somebody did; 0 is none.
func ActorOf(actor string) ID {
	name, ok := strings.CutPrefix(actor, actorPrefix)
	if !ok {
		return 0
	}
	which, err := id.Read[ID](name)
	if err != nil {
		return 0
	}
	return which
}
