package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/oncall"
	"baraji/internal/routing"
	"baraji/internal/runbook"
	"baraji/internal/team"
)

func runbooks(rt *routes) {
	get(rt, "/runbooks", "List runbooks and known errors, those that were changed last at the head", listRunbooks)
	post(rt, "/runbooks", "Write a runbook or a known error", makeRunbook, status(http.StatusCreated))
	get(rt, "/runbooks/{id}", "Read a runbook with its figures", getRunbook)
	patch(rt, "/runbooks/{id}", "Change a runbook", changeRunbook, about("What is left out stays. Steps are given whole; the key of a step keeps its figures."))
	post(rt, "/runbooks/{id}/archive", "Put a runbook away", archiveRunbook)
	post(rt, "/runbooks/{id}/unarchive", "Bring a runbook back", unarchiveRunbook)
	get(rt, "/conversations/{id}/runbooks", "List what is followed in a conversation, the last first", listRuns)
	post(rt, "/conversations/{id}/runbooks/start", "Follow a runbook in a conversation", startRun)
	post(rt, "/conversations/{id}/runbooks/tick", "Say what became of the step that comes", tickRun)
	post(rt, "/conversations/{id}/runbooks/end", "End a runbook in a conversation", endRun)
}

// Runbook is what somebody who is alone does, or an error that is known.
type Runbook struct {
	ID         string            `json:"id"`
	Kind       string            `json:"kind" enum:"guide,known"`
	Title      map[string]string `json:"title" doc:"By language: en, ko"`
	About      map[string]string `json:"about" doc:"When it is for; of a known error its symptom"`
	Type       string            `json:"type" doc:"Of the conversations that it is for; empty: any"`
	Severity   string            `json:"severity"`
	Tier       string            `json:"tier"`
	Tag        string            `json:"tag"`
	Words      []string          `json:"words" doc:"Any of them in what the customer wrote"`
	Steps      []RunbookStep     `json:"steps"`
	Cause      map[string]string `json:"cause"`
	Workaround map[string]string `json:"workaround" doc:"Markdown"`
	Fixed      bool              `json:"fixed"`
	FixedIn    string            `json:"fixed_in" doc:"The version"`
	Version    int               `json:"version"`
	ArchivedAt stamp             `json:"archived_at"`
	CreatedAt  stamp             `json:"created_at"`
	UpdatedAt  stamp             `json:"updated_at"`
}

// RunbookStep is one thing to do.
type RunbookStep struct {
	Key       int               `json:"key,omitempty" doc:"Stays the same over all versions; given to a new step"`
	Text      map[string]string `json:"text" doc:"Markdown, by language"`
	ArticleID ref               `json:"article_id,omitempty"`
	ServiceID ref               `json:"service_id,omitempty" doc:"Can be called with one press"`
	Else      string            `json:"else,omitempty" enum:",step,hand_over" doc:"What comes when it did not help; empty: the next step"`
	To        int               `json:"to,omitempty" doc:"Key of the step, of else = step"`
}

// CountedRunbook is a runbook with how it does.
type CountedRunbook struct {
	Runbook
	Used          int            `json:"used" doc:"How often it was followed"`
	Ended         map[string]int `json:"ended" doc:"By state: running, solved, given_up, handed_over"`
	Conversations int            `json:"conversations"`
	Stuck         []StuckStep    `json:"stuck" doc:"Where it stuck, the most often first"`
}

// StuckStep is how often a runbook stuck at a step.
type StuckStep struct {
	Key   int `json:"key"`
	Count int `json:"count"`
}

func showRunbook(b runbook.Runbook) Runbook {
	out := Runbook{ID: b.ID.String(), Kind: string(b.Kind), Title: plainText(b.Title), About: plainText(b.About), Type: b.When.Type, Severity: b.When.Severity, Tier: b.When.Tier, Tag: b.When.Tag,
		Words: append([]string{}, b.Words...), Steps: []RunbookStep{}, Cause: plainText(b.Cause), Workaround: plainText(b.Workaround), Fixed: b.Fixed, FixedIn: b.FixedIn, Version: b.Version,
		ArchivedAt: stamp(b.ArchivedAt), CreatedAt: stamp(b.CreatedAt), UpdatedAt: stamp(b.UpdatedAt)}
	for _, s := range b.Steps {
		out.Steps = append(out.Steps, RunbookStep{s.Key, plainText(s.Text), refOf(s.Article), refOf(s.Service), string(s.Else), s.To})
	}
	return out
}

// runbookQuery narrows the list.
type runbookQuery struct {
	Kind     string `query:"kind" enum:"guide,known"`
	Open     bool   `query:"open" doc:"Known errors that are not fixed"`
	Archived bool   `query:"archived" doc:"Those that were put away"`
	Query    string `query:"q" maxLength:"200" doc:"Words that stand somewhere in it"`
}

func listRunbooks(ctx context.Context, tx *db.Tx, in *runbookQuery) (page[Runbook], error) {
	list, err := runbook.List(ctx, tx, runbook.Filter{Kind: runbook.Kind(in.Kind), Open: in.Open, Archived: in.Archived, Words: in.Query})
	return all(list, showRunbook), err
}

func getRunbook(ctx context.Context, tx *db.Tx, in *one) (CountedRunbook, error) {
	key, err := target[runbook.ID](in.ID)
	if err != nil {
		return CountedRunbook{}, err
	}
	b, err := runbook.Get(ctx, tx, key)
	if err != nil {
		return CountedRunbook{}, err
	}
	figures, err := runbook.FiguresOf(ctx, tx, key)
	f := figures[key]
	out := CountedRunbook{Runbook: showRunbook(b), Used: f.Used, Ended: map[string]int{}, Conversations: f.Talks, Stuck: []StuckStep{}}
	for state, n := range f.By {
		out.Ended[string(state)] = n
	}
	for k, n := range f.Stuck {
		out.Stuck = append(out.Stuck, StuckStep{k, n})
	}
	slices.SortFunc(out.Stuck, func(a, b StuckStep) int { return cmp.Or(b.Count-a.Count, a.Key-b.Key) })
	return out, err
}

// runbookBody is what is written; what is nil stays.
type runbookBody struct {
	Kind       *string           `json:"kind,omitempty" enum:"guide,known" doc:"guide unless said"`
	Title      map[string]string `json:"title,omitempty"`
	About      map[string]string `json:"about,omitempty"`
	Type       *string           `json:"type,omitempty"`
	Severity   *string           `json:"severity,omitempty"`
	Tier       *string           `json:"tier,omitempty"`
	Tag        *string           `json:"tag,omitempty"`
	Words      []string          `json:"words,omitempty"`
	Steps      []givenStep       `json:"steps,omitempty"`
	Cause      map[string]string `json:"cause,omitempty"`
	Workaround map[string]string `json:"workaround,omitempty"`
	Fixed      *bool             `json:"fixed,omitempty"`
	FixedIn    *string           `json:"fixed_in,omitempty"`
}

// givenStep is a step as it is written.
type givenStep struct {
	Key       int               `json:"key,omitempty"`
	Text      map[string]string `json:"text"`
	ArticleID string            `json:"article_id,omitempty"`
	ServiceID string            `json:"service_id,omitempty"`
	Else      string            `json:"else,omitempty" enum:",step,hand_over"`
	To        int               `json:"to,omitempty"`
}

// onto writes what was given over what there is.
func (b runbookBody) onto(c runbook.Content) (runbook.Content, error) {
	if b.Kind != nil {
		c.Kind = runbook.Kind(*b.Kind)
	}
	for _, t := range []struct {
		given map[string]string
		to    *i18n.Text
	}{{b.Title, &c.Title}, {b.About, &c.About}, {b.Cause, &c.Cause}, {b.Workaround, &c.Workaround}} {
		if t.given != nil {
			*t.to = givenText(t.given)
		}
	}
	for _, s := range []struct{ given, to *string }{{b.Type, &c.When.Type}, {b.Severity, &c.When.Severity}, {b.Tier, &c.When.Tier}, {b.Tag, &c.When.Tag}, {b.FixedIn, &c.FixedIn}} {
		if s.given != nil {
			*s.to = *s.given
		}
	}
	if b.Words != nil {
		c.Words = b.Words
	}
	if b.Fixed != nil {
		c.Fixed = *b.Fixed
	}
	if b.Steps == nil {
		return c, nil
	}
	c.Steps = nil
	for _, s := range b.Steps {
		step := runbook.Step{Key: s.Key, Text: givenText(s.Text), Else: runbook.Else(s.Else), To: s.To}
		var err error
		if step.Article, err = named[knowledge.ID]("article_id", s.ArticleID); err != nil {
			return c, err
		}
		if step.Service, err = named[oncall.ServiceID]("service_id", s.ServiceID); err != nil {
			return c, err
		}
		c.Steps = append(c.Steps, step)
	}
	return c, nil
}

// newRunbook writes one.
type newRunbook struct{ Body runbookBody }

func makeRunbook(ctx context.Context, tx *db.Tx, in *newRunbook) (CountedRunbook, error) {
	c, err := in.Body.onto(runbook.Content{Kind: runbook.Guide, When: routing.When{}})
	if err != nil {
		return CountedRunbook{}, err
	}
	key, err := runbook.Make(ctx, tx, c)
	if err != nil {
		return CountedRunbook{}, err
	}
	return getRunbook(ctx, tx, &one{ID: key.String()})
}

// runbookChange writes it anew.
type runbookChange struct {
	ID   string `path:"id"`
	Body runbookBody
}

func changeRunbook(ctx context.Context, tx *db.Tx, in *runbookChange) (CountedRunbook, error) {
	return onRunbook(ctx, tx, in.ID, func(b runbook.Runbook) error {
		c, err := in.Body.onto(b.Content)
		if err != nil {
			return err
		}
		return runbook.Change(ctx, tx, b.ID, b.Version, c)
	})
}

func archiveRunbook(ctx context.Context, tx *db.Tx, in *one) (CountedRunbook, error) {
	return onRunbook(ctx, tx, in.ID, func(b runbook.Runbook) error { return runbook.Archive(ctx, tx, b.ID, true) })
}

func unarchiveRunbook(ctx context.Context, tx *db.Tx, in *one) (CountedRunbook, error) {
	return onRunbook(ctx, tx, in.ID, func(b runbook.Runbook) error { return runbook.Archive(ctx, tx, b.ID, false) })
}

// onRunbook does something to a runbook and shows what came of it.
func onRunbook(ctx context.Context, tx *db.Tx, s string, do func(runbook.Runbook) error) (CountedRunbook, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return CountedRunbook{}, err
	}
	key, err := target[runbook.ID](s)
	if err != nil {
		return CountedRunbook{}, err
	}
	b, err := runbook.Get(ctx, tx, key)
	if err != nil {
		return CountedRunbook{}, err
	}
	if err := do(b); err != nil {
		return CountedRunbook{}, err
	}
	return getRunbook(ctx, tx, &one{ID: s})
}

// RunbookRun is a runbook that is followed in a conversation.
type RunbookRun struct {
	ID        string            `json:"id"`
	RunbookID string            `json:"runbook_id"`
	Version   int               `json:"version"`
	Title     map[string]string `json:"title"`
	State     string            `json:"state" enum:"running,solved,given_up,handed_over"`
	Step      int               `json:"step" doc:"Key of the step that comes; 0: none does"`
	Steps     []RunbookStep     `json:"steps" doc:"As they were when it was started"`
	Ticks     []RunbookTick     `json:"ticks"`
	Stuck     int               `json:"stuck" doc:"Key of the step at which it ended without help; 0: none"`
	Why       string            `json:"why"`
	StartedBy ref               `json:"started_by"`
	StartedAt stamp             `json:"started_at"`
	EndedBy   ref               `json:"ended_by"`
	EndedAt   stamp             `json:"ended_at"`
}

// RunbookTick is what became of a step.
type RunbookTick struct {
	Step     int    `json:"step"`
	What     string `json:"what" enum:"done,not_helped,skipped,called"`
	PersonID ref    `json:"person_id"`
	At       stamp  `json:"at"`
	Note     string `json:"note"`
	PageID   ref    `json:"page_id" doc:"Of called"`
}

func showRun(r runbook.Run) RunbookRun {
	steps := showRunbook(runbook.Runbook{Content: runbook.Content{Steps: r.Steps}}).Steps
	out := RunbookRun{r.ID.String(), r.Runbook.String(), r.Version, plainText(r.Title), string(r.State), r.Place().At, steps, []RunbookTick{}, r.Stuck, r.Why,
		refOf(r.StartedBy), stamp(r.StartedAt), refOf(r.EndedBy), stamp(r.EndedAt)}
	for _, t := range r.Ticks {
		out.Ticks = append(out.Ticks, RunbookTick{t.Step, string(t.What), refOf(t.By), stamp(t.At), t.Note, refOf(t.Page)})
	}
	return out
}

func runsOf(ctx context.Context, tx *db.Tx, s string) (conversation.ID, []runbook.Run, error) {
	talk, err := target[conversation.ID](s)
	if err != nil {
		return 0, nil, err
	}
	if _, err := conversation.Get(ctx, tx, talk); err != nil {
		return 0, nil, err
	}
	list, err := runbook.Of(ctx, tx, talk)
	return talk, list, err
}

func listRuns(ctx context.Context, tx *db.Tx, in *one) (page[RunbookRun], error) {
	_, list, err := runsOf(ctx, tx, in.ID)
	return all(list, showRun), err
}

// runStart follows a runbook.
type runStart struct {
	ID   string `path:"id"`
	Body struct {
		RunbookID string `json:"runbook_id"`
	}
}

func startRun(ctx context.Context, tx *db.Tx, in *runStart) (RunbookRun, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return RunbookRun{}, err
	}
	talk, _, err := runsOf(ctx, tx, in.ID)
	if err != nil {
		return RunbookRun{}, err
	}
	of, err := named[runbook.ID]("runbook_id", in.Body.RunbookID)
	if err != nil {
		return RunbookRun{}, err
	}
	r, err := runbook.Start(ctx, tx, talk, of)
	return showRun(r), err
}

// onRun does something to what is followed in a conversation: the one that is named, else the last that is under way.
func onRun(ctx context.Context, tx *db.Tx, s, run string, do func(runbook.Run) error) (RunbookRun, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return RunbookRun{}, err
	}
	_, list, err := runsOf(ctx, tx, s)
	if err != nil {
		return RunbookRun{}, err
	}
	i := slices.IndexFunc(list, func(r runbook.Run) bool { return r.ID.String() == run || run == "" && r.State == runbook.Running })
	if i < 0 {
		return RunbookRun{}, problem.New(problem.NotFound, "This runbook is not followed here.")
	}
	if err := do(list[i]); err != nil {
		return RunbookRun{}, err
	}
	r, err := runbook.GetRun(ctx, tx, list[i].ID)
	if problem.KindOf(err) == problem.NotFound { // handed over, and not to be seen any more
		return showRun(list[i]), nil
	}
	return showRun(r), err
}

// runTick says what became of a step.
type runTick struct {
	ID   string `path:"id"`
	Body struct {
		RunID string `json:"run_id,omitempty" doc:"The last that is under way unless said"`
		Step  int    `json:"step" doc:"Its key"`
		What  string `json:"what" enum:"done,not_helped,skipped,called" doc:"called: calls its service"`
		Note  string `json:"note,omitempty" maxLength:"500" doc:"Needed to skip"`
	}
}

func tickRun(ctx context.Context, tx *db.Tx, in *runTick) (RunbookRun, error) {
	b := in.Body
	return onRun(ctx, tx, in.ID, b.RunID, func(r runbook.Run) error {
		if b.What == string(runbook.Called) {
			_, err := runbook.CallOut(ctx, tx, r.ID, b.Step)
			return err
		}
		return runbook.TickOff(ctx, tx, r.ID, b.Step, runbook.What(b.What), b.Note)
	})
}

// runEnd ends what is followed.
type runEnd struct {
	ID   string `path:"id"`
	Body struct {
		RunID  string `json:"run_id,omitempty" doc:"The last that is under way unless said"`
		To     string `json:"to" enum:"solved,given_up,handed_over"`
		Why    string `json:"why,omitempty" doc:"Needed unless it helped"`
		TeamID string `json:"team_id,omitempty" doc:"Who takes the conversation on, of handed_over"`
	}
}

func endRun(ctx context.Context, tx *db.Tx, in *runEnd) (RunbookRun, error) {
	e := runbook.Ending{To: runbook.State(in.Body.To), Why: in.Body.Why}
	var err error
	if e.Team, err = named[team.TeamID]("team_id", in.Body.TeamID); err != nil {
		return RunbookRun{}, err
	}
	return onRun(ctx, tx, in.ID, in.Body.RunID, func(r runbook.Run) error { return runbook.End(ctx, tx, r.ID, e) })
}
