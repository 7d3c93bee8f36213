package api

import (
	"context"
	"net/http"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/moment"
	"baraji/internal/sequence"
	"baraji/internal/team"
)

func flows(rt *routes) {
	get(rt, "/flows", "List the flows by name", listFlows)
	post(rt, "/flows", "Make a flow", makeFlow, status(http.StatusCreated))
	get(rt, "/flows/{id}", "Read a flow, with how many customers stand where", getFlow)
	patch(rt, "/flows/{id}", "Change a flow, or switch it on or off", changeFlow, about("Customers who are in it go on as it was when they came in."))
	remove(rt, "/flows/{id}", "Remove a flow, with the paths of all who are in it", removeFlow)
	get(rt, "/flow-paths", "List customers' ways through flows, the newest first", listPaths)
	post(rt, "/flow-paths", "Bring a customer into a flow", beginPath, status(http.StatusCreated))
	get(rt, "/flow-paths/{id}", "Read a path with all that happened on it", getPath)
	post(rt, "/flow-paths/{id}/pause", "Let a path stand until it is resumed", steer(sequence.Pause))
	post(rt, "/flow-paths/{id}/resume", "Let a path go on", steer(sequence.Resume))
	post(rt, "/flow-paths/{id}/retry", "Try the step again at which a path is stuck", steer(sequence.Retry))
	post(rt, "/flow-paths/{id}/stop", "End a path", steer(sequence.Stop))
	post(rt, "/flow-paths/{id}/take-over", "End a path, and have its conversation", steer(sequence.TakeOver))
	post(rt, "/flow-paths/{id}/move", "Put a path before another step", movePath)
	post(rt, "/flow-paths/{id}/decide", "Answer what a path asks", decidePath)
}

// FlowStep is one thing on the way. What belongs to another sort of step is left out.
type FlowStep struct {
	Key  int        `json:"key,omitempty" doc:"Tells the step apart for ever; 0 or none of a new one"`
	Do   string     `json:"do" enum:"act,wait,branch,ask,hand"`
	Then []RuleAct  `json:"then,omitempty" maxItems:"20" doc:"Of act"`
	Wait *FlowWait  `json:"wait,omitempty"`
	If   *RuleIf    `json:"if,omitempty" doc:"Of branch"`
	Who  *FlowWho   `json:"who,omitempty" doc:"Of ask and hand"`
	Yes  []FlowStep `json:"yes,omitempty" maxItems:"60" doc:"Where it is so: of branch, ask, and of waiting for a fact"`
	No   []FlowStep `json:"no,omitempty" maxItems:"60" doc:"Where it is not, or time ran out"`
}

// FlowWait is what a step waits for.
type FlowWait struct {
	For     string  `json:"for" enum:"time,work,date,fact" doc:"work: working time; 0 minutes of it is until the hours begin"`
	Minutes int     `json:"minutes,omitempty" doc:"Of fact: until time runs out"`
	Field   string  `json:"field,omitempty" maxLength:"60" doc:"Of date: the key of a customer's field that is a date"`
	Days    int     `json:"days,omitempty" doc:"Of date: so many after it, or before it"`
	At      int     `json:"at,omitempty" doc:"Of date: the minute of the day"`
	When    string  `json:"when,omitempty" maxLength:"60" doc:"Of fact: its kind"`
	If      *RuleIf `json:"if,omitempty" doc:"Of fact"`
}

// FlowWho is asked, or gets the customer.
type FlowWho struct {
	Person  string `json:"person,omitempty" maxLength:"40" doc:"An id, assignee or owner"`
	TeamID  ref    `json:"team_id,omitempty"`
	Text    string `json:"text,omitempty" maxLength:"2000"`
	Minutes int    `json:"minutes,omitempty" doc:"Of ask: then it is a no; 0 is never"`
}

// FlowLeave is a fact that ends it early.
type FlowLeave struct {
	When string `json:"when" maxLength:"60"`
	If   RuleIf `json:"if,omitempty"`
}

// Flow is what happens to a customer step by step.
type Flow struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	On        bool           `json:"on"`
	When      string         `json:"when" doc:"The kind of fact with which it begins; moment.came is a time; empty: by hand alone"`
	Moment    *RuleMoment    `json:"moment,omitempty" doc:"Which time"`
	If        RuleIf         `json:"if"`
	Again     bool           `json:"again" doc:"A customer who was through it may come in again"`
	Leave     []FlowLeave    `json:"leave" nullable:"false" doc:"What ends it early"`
	Steps     []FlowStep     `json:"steps" nullable:"false"`
	Version   int            `json:"version"`
	OwnerID   ref            `json:"owner_id" doc:"Who is told when it sticks"`
	Standing  map[string]int `json:"standing,omitempty" doc:"How many customers, by state"`
	CreatedAt stamp          `json:"created_at"`
	UpdatedAt stamp          `json:"updated_at"`
}

func showActs(list []automation.Act) (out []RuleAct) {
	for _, a := range list {
		out = append(out, RuleAct{a.Do, a.With})
	}
	return out
}

func optionalIf(i automation.If) *RuleIf {
	if i.Always() {
		return nil
	}
	out := showIf(i)
	return &out
}

func showFlowSteps(list []sequence.Step) (out []FlowStep) {
	for _, s := range list {
		x := FlowStep{Key: s.Key, Do: s.Do, Then: showActs(s.Acts), If: optionalIf(s.If), Yes: showFlowSteps(s.Yes), No: showFlowSteps(s.No)}
		if w := s.Wait; w.For != "" {
			x.Wait = &FlowWait{w.For, w.Minutes, w.Field, w.Days, w.At, w.When, optionalIf(w.If)}
		}
		if s.Who != (sequence.Who{}) {
			x.Who = &FlowWho{s.Who.Person, refOf(s.Who.Team), s.Who.Text, s.Who.Minutes}
		}
		out = append(out, x)
	}
	return out
}

func readFlowSteps(list []FlowStep) (out []sequence.Step, err error) {
	for _, x := range list {
		s := sequence.Step{Key: x.Key, Do: x.Do, Acts: readActs(x.Then)}
		if x.If != nil {
			s.If = x.If.read()
		}
		if w := x.Wait; w != nil {
			s.Wait = sequence.Wait{For: w.For, Minutes: w.Minutes, Field: w.Field, Days: w.Days, At: w.At, When: w.When}
			if w.If != nil {
				s.Wait.If = w.If.read()
			}
		}
		if w := x.Who; w != nil {
			s.Who = sequence.Who{Person: w.Person, Text: w.Text, Minutes: w.Minutes}
			if s.Who.Team, err = named[team.TeamID]("team_id", string(w.TeamID)); err != nil {
				return nil, err
			}
		}
		if s.Yes, err = readFlowSteps(x.Yes); err != nil {
			return nil, err
		}
		if s.No, err = readFlowSteps(x.No); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func showFlow(f sequence.Flow) Flow {
	out := Flow{ID: f.ID.String(), Name: f.Name, On: f.On, When: f.Start.When, Moment: showMoment(f.Start.Moment), If: showIf(f.Start.If), Again: f.Again, Leave: []FlowLeave{}, Steps: showFlowSteps(f.Steps), Version: f.Version,
		OwnerID: refOf(f.Owner), CreatedAt: stamp(f.CreatedAt), UpdatedAt: stamp(f.UpdatedAt)}
	for _, l := range f.Leave {
		out.Leave = append(out.Leave, FlowLeave{l.When, showIf(l.If)})
	}
	return out
}

func listFlows(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Flow], error) {
	list, err := sequence.List(ctx, tx)
	return all(list, showFlow), err
}

func getFlow(ctx context.Context, tx *db.Tx, in *one) (Flow, error) {
	id, err := target[sequence.ID](in.ID)
	if err != nil {
		return Flow{}, err
	}
	return flowNow(ctx, tx, id)
}

func flowNow(ctx context.Context, tx *db.Tx, id sequence.ID) (Flow, error) {
	f, err := sequence.Get(ctx, tx, id)
	if err != nil {
		return Flow{}, err
	}
	figures, err := sequence.Count(ctx, tx, id)
	out := showFlow(f)
	out.Standing = map[string]int{}
	for s, n := range figures[id].States {
		out.Standing[string(s)] = n
	}
	return out, err
}

// FlowBody is a flow as it comes.
type FlowBody struct {
	Name    string      `json:"name" minLength:"1" maxLength:"100"`
	On      bool        `json:"on,omitempty" doc:"Off unless said"`
	When    string      `json:"when,omitempty" maxLength:"60"`
	Moment  *RuleMoment `json:"moment,omitempty" doc:"It begins at a time, that is about a customer"`
	If      RuleIf      `json:"if,omitempty"`
	Again   bool        `json:"again,omitempty"`
	Leave   []FlowLeave `json:"leave,omitempty" maxItems:"10"`
	Steps   []FlowStep  `json:"steps" maxItems:"60"`
	OwnerID string      `json:"owner_id,omitempty" doc:"Whose token it is unless said"`
}

func readLeave(list []FlowLeave) (out []sequence.Leave) {
	for _, l := range list {
		out = append(out, sequence.Leave{When: l.When, If: l.If.read()})
	}
	return out
}

type newFlow struct{ Body FlowBody }

func makeFlow(ctx context.Context, tx *db.Tx, in *newFlow) (Flow, error) {
	b := in.Body
	at := b.Moment.read(&b.When)
	f := sequence.Flow{Name: b.Name, Start: sequence.Start{When: b.When, Moment: at, If: b.If.read()}, Again: b.Again, Leave: readLeave(b.Leave)}
	var err error
	if f.Steps, err = readFlowSteps(b.Steps); err != nil {
		return Flow{}, err
	}
	if f.Owner, err = named[team.ID]("owner_id", b.OwnerID); err != nil {
		return Flow{}, err
	}
	id, err := sequence.Make(ctx, tx, f)
	if err != nil {
		return Flow{}, err
	}
	if b.On {
		if err := sequence.Switch(ctx, tx, id, true); err != nil {
			return Flow{}, err
		}
	}
	return flowNow(ctx, tx, id)
}

// flowPatch changes what it names.
type flowPatch struct {
	ID   string `path:"id"`
	Body struct {
		Name    *string      `json:"name,omitempty" maxLength:"100"`
		On      *bool        `json:"on,omitempty"`
		When    *string      `json:"when,omitempty" maxLength:"60"`
		Moment  *RuleMoment  `json:"moment,omitempty"`
		If      *RuleIf      `json:"if,omitempty"`
		Again   *bool        `json:"again,omitempty"`
		Leave   *[]FlowLeave `json:"leave,omitempty" maxItems:"10"`
		Steps   *[]FlowStep  `json:"steps,omitempty" maxItems:"60"`
		OwnerID *string      `json:"owner_id,omitempty"`
	}
}

func changeFlow(ctx context.Context, tx *db.Tx, in *flowPatch) (Flow, error) {
	id, err := target[sequence.ID](in.ID)
	if err != nil {
		return Flow{}, err
	}
	f, err := sequence.Get(ctx, tx, id)
	if err != nil {
		return Flow{}, err
	}
	if f, err = in.apply(f); err != nil {
		return Flow{}, err
	}
	if err := sequence.Change(ctx, tx, f); err != nil {
		return Flow{}, err
	}
	if on := in.Body.On; on != nil {
		if err := sequence.Switch(ctx, tx, id, *on); err != nil {
			return Flow{}, err
		}
	}
	return flowNow(ctx, tx, id)
}

func (in *flowPatch) apply(f sequence.Flow) (_ sequence.Flow, err error) {
	b := in.Body
	if b.Name != nil {
		f.Name = *b.Name
	}
	if b.When != nil {
		f.Start.When = *b.When
	}
	if b.Moment != nil {
		f.Start.When, f.Start.Moment = moment.Kind, b.Moment.read(nil)
	}
	if b.If != nil {
		f.Start.If = b.If.read()
	}
	if b.Again != nil {
		f.Again = *b.Again
	}
	if b.Leave != nil {
		f.Leave = readLeave(*b.Leave)
	}
	if b.Steps != nil {
		if f.Steps, err = readFlowSteps(*b.Steps); err != nil {
			return f, err
		}
	}
	if b.OwnerID != nil {
		f.Owner, err = named[team.ID]("owner_id", *b.OwnerID)
	}
	return f, err
}

func removeFlow(ctx context.Context, tx *db.Tx, in *one) error {
	id, err := target[sequence.ID](in.ID)
	if err != nil {
		return err
	}
	return sequence.Delete(ctx, tx, id)
}

// FlowPath is a customer's way through a flow.
type FlowPath struct {
	ID             string      `json:"id"`
	FlowID         string      `json:"flow_id"`
	Version        int         `json:"version" doc:"Of the flow, when the customer came in"`
	ContactID      ref         `json:"contact_id"`
	ConversationID ref         `json:"conversation_id"`
	State          string      `json:"state" enum:"going,waiting,asking,paused,stuck,done,left,stopped,handed"`
	Step           int         `json:"step" doc:"The key of the step at which it stands; 0 when it is over"`
	Turn           int         `json:"turn" doc:"Counts what happened: hand it in to be refused when it went on meanwhile"`
	DueAt          stamp       `json:"due_at" doc:"When waiting is over"`
	Why            string      `json:"why" doc:"What went wrong"`
	StartedAt      stamp       `json:"started_at"`
	EndedAt        stamp       `json:"ended_at"`
	Trace          []FlowTrace `json:"trace,omitempty"`
}

// FlowTrace is one thing that happened on a path.
type FlowTrace struct {
	Turn     int      `json:"turn"`
	Step     int      `json:"step"`
	What     string   `json:"what"`
	PersonID ref      `json:"person_id"`
	Did      []string `json:"did,omitempty" doc:"Keys of actions"`
	Until    stamp    `json:"until"`
	Fact     string   `json:"fact,omitempty"`
	To       int      `json:"to,omitempty" doc:"The key of a step"`
	Note     string   `json:"note,omitempty"`
	At       stamp    `json:"at"`
}

func showPath(ctx context.Context) func(sequence.Path) FlowPath {
	return func(p sequence.Path) FlowPath {
		return FlowPath{ID: p.ID.String(), FlowID: p.Flow.String(), Version: p.Version, ContactID: refOf(p.Contact), ConversationID: refOf(p.Conversation), State: string(p.State), Step: p.Step, Turn: p.Turn,
			DueAt: stamp(p.Due), Why: p.Why.In(i18n.Of(ctx).Locale), StartedAt: stamp(p.StartedAt), EndedAt: stamp(p.EndedAt)}
	}
}

// pathQuery is which paths are listed.
type pathQuery struct {
	Span
	Flow    string `query:"flow"`
	Contact string `query:"contact"`
	State   string `query:"state" enum:"going,waiting,asking,paused,stuck,done,left,stopped,handed"`
}

func listPaths(ctx context.Context, tx *db.Tx, in *pathQuery) (page[FlowPath], error) {
	f := sequence.Filter{State: sequence.State(in.State), Limit: in.Limit + 1}
	var err error
	if f.Flow, err = named[sequence.ID]("flow", in.Flow); err != nil {
		return page[FlowPath]{}, err
	}
	if f.Contact, err = named[contact.ID]("contact", in.Contact); err != nil {
		return page[FlowPath]{}, err
	}
	if f.Before, err = cursorID[sequence.PathID](in.Cursor); err != nil {
		return page[FlowPath]{}, err
	}
	list, err := sequence.Paths(ctx, tx, f)
	return cut(list, in.Limit, func(p sequence.Path) string { return p.ID.String() }, showPath(ctx)), err
}

func getPath(ctx context.Context, tx *db.Tx, in *one) (FlowPath, error) {
	id, err := target[sequence.PathID](in.ID)
	if err != nil {
		return FlowPath{}, err
	}
	return pathNow(ctx, tx, id)
}

func pathNow(ctx context.Context, tx *db.Tx, id sequence.PathID) (FlowPath, error) {
	p, err := sequence.GetPath(ctx, tx, id)
	if err != nil {
		return FlowPath{}, err
	}
	list, err := sequence.Traces(ctx, tx, id)
	out := showPath(ctx)(p)
	for _, t := range list {
		out.Trace = append(out.Trace, FlowTrace{t.Turn, t.Step, string(t.What), refOf(t.Person), t.Body.Did, stamp(t.Body.Until), t.Body.Fact, t.Body.To, t.Body.Note, stamp(t.At)})
	}
	return out, err
}

type newPath struct {
	Body struct {
		FlowID         string `json:"flow_id"`
		ContactID      string `json:"contact_id"`
		ConversationID string `json:"conversation_id,omitempty"`
	}
}

func beginPath(ctx context.Context, tx *db.Tx, in *newPath) (FlowPath, error) {
	flow, err := named[sequence.ID]("flow_id", in.Body.FlowID)
	if err != nil {
		return FlowPath{}, err
	}
	who, err := named[contact.ID]("contact_id", in.Body.ContactID)
	if err != nil {
		return FlowPath{}, err
	}
	talk, err := named[conversation.ID]("conversation_id", in.Body.ConversationID)
	if err != nil {
		return FlowPath{}, err
	}
	id, err := sequence.Begin(ctx, tx, flow, who, talk)
	if err != nil {
		return FlowPath{}, err
	}
	return pathNow(ctx, tx, id)
}

// Seen says which turn of a path whoever acts has seen.
type Seen struct {
	Turn int `json:"turn,omitempty" minimum:"0" doc:"0 or none: whatever it is now"`
}

// at is the turn that is meant.
func (s Seen) at(ctx context.Context, tx *db.Tx, id sequence.PathID) (int, error) {
	if s.Turn != 0 {
		return s.Turn, nil
	}
	p, err := sequence.GetPath(ctx, tx, id)
	return p.Turn, err
}

type pathStep struct {
	ID   string `path:"id"`
	Body *Seen
}

func steer(how func(context.Context, *db.Tx, sequence.PathID, int) error) func(context.Context, *db.Tx, *pathStep) (FlowPath, error) {
	return func(ctx context.Context, tx *db.Tx, in *pathStep) (FlowPath, error) {
		seen := Seen{}
		if in.Body != nil {
			seen = *in.Body
		}
		return onPath(ctx, tx, in.ID, seen, func(id sequence.PathID, turn int) error { return how(ctx, tx, id, turn) })
	}
}

func onPath(ctx context.Context, tx *db.Tx, key string, seen Seen, do func(sequence.PathID, int) error) (FlowPath, error) {
	id, err := target[sequence.PathID](key)
	if err != nil {
		return FlowPath{}, err
	}
	turn, err := seen.at(ctx, tx, id)
	if err != nil {
		return FlowPath{}, err
	}
	if err := do(id, turn); err != nil {
		return FlowPath{}, err
	}
	return pathNow(ctx, tx, id)
}

type pathMove struct {
	ID   string `path:"id"`
	Body struct {
		Seen
		To int `json:"to" doc:"The key of a step"`
	}
}

func movePath(ctx context.Context, tx *db.Tx, in *pathMove) (FlowPath, error) {
	return onPath(ctx, tx, in.ID, in.Body.Seen, func(id sequence.PathID, turn int) error { return sequence.Move(ctx, tx, id, turn, in.Body.To) })
}

type pathAnswer struct {
	ID   string `path:"id"`
	Body struct {
		Seen
		Yes  bool   `json:"yes"`
		Note string `json:"note,omitempty" maxLength:"2000"`
	}
}

func decidePath(ctx context.Context, tx *db.Tx, in *pathAnswer) (FlowPath, error) {
	return onPath(ctx, tx, in.ID, in.Body.Seen, func(id sequence.PathID, turn int) error {
		return sequence.Decide(ctx, tx, id, turn, in.Body.Yes, in.Body.Note)
	})
}
