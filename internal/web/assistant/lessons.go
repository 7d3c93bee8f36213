package assistant

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"baraji/internal/assistant"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

const pageSize = 25

// pile is the page of the lessons in one state.
type pile struct {
	State  assistant.State
	List   []assistant.Lesson
	Counts map[assistant.State]int
	Titles map[assistant.Target]string
	Talks  map[conversation.ID]conversation.Conversation // those that the reader may see
	Names  map[team.ID]string
	Next   string
}

// lessons is GET /assistant.
func (a area) lessons(w http.ResponseWriter, r *http.Request) error {
	p := pile{State: assistant.State(r.URL.Query().Get("state"))}
	if !slices.Contains(assistant.States, p.State) {
		p.State = assistant.Waiting
	}
	before, _ := id.Read[assistant.LessonID](r.URL.Query().Get("before"))
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.List, err = assistant.Lessons(ctx, tx, p.State, before, pageSize+1); err != nil {
			return err
		}
		if p.Counts, err = assistant.CountLessons(ctx, tx); err != nil {
			return err
		}
		return p.beside(ctx, tx)
	})
	if err != nil {
		return err
	}
	if len(p.List) > pageSize {
		p.List = p.List[:pageSize]
		p.Next = "/assistant?" + url.Values{"state": {string(p.State)}, "before": {p.List[pageSize-1].ID.String()}}.Encode()
	}
	ui.Render(w, r, http.StatusOK, lessonsPage(p))
	return nil
}

// beside reads what the lessons lead to and where they come from.
func (p *pile) beside(ctx context.Context, tx *db.Tx) (err error) {
	var targets []assistant.Target
	var talks []conversation.ID
	for _, l := range p.List {
		targets = append(targets, l.Target)
		if l.Conversation != 0 {
			talks = append(talks, l.Conversation)
		}
	}
	if p.Titles, err = assistant.Titles(ctx, tx, i18n.Of(ctx).Locale, targets); err != nil {
		return err
	}
	if p.Names, err = team.Names(ctx, tx); err != nil || !team.From(ctx).Can(team.ReadConversations) {
		return err
	}
	p.Talks, err = conversation.Some(ctx, tx, talks)
	return err
}

func stateURL(s assistant.State) string {
	if s == assistant.Waiting {
		return "/assistant"
	}
	return "/assistant?state=" + string(s)
}

// several is POST /assistant/lessons: accepts or rejects all that were ticked.
func (a area) several(w http.ResponseWriter, r *http.Request) error {
	act, word := assistant.Reject, "rejected_n"
	if r.FormValue("do") == "accept" {
		word = "accepted_n"
		act = func(ctx context.Context, tx *db.Tx, id assistant.LessonID) error {
			return assistant.Accept(ctx, tx, id, assistant.Verdict{})
		}
	}
	ticked := r.PostForm["lesson"] // FormValue has read the form
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		for _, s := range ticked {
			n, err := lessonID(s)
			if err != nil {
				return err
			}
			if err := act(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(ticked) == 0 {
		word = "none_ticked"
	}
	return done(w, r, "/assistant", word, "n", len(ticked))
}

// closely is the page on which one lesson is looked at closely.
type closely struct {
	assistant.Lesson
	Best    []assistant.Choice // what the assistant would say
	Titles  map[assistant.Target]string
	Answers []assistant.Answer
	Talk    conversation.Conversation // zero: none, or not for this reader
	Trouble ui.Trouble
}

// lesson is GET /assistant/lessons/{id}.
func (a area) lesson(w http.ResponseWriter, r *http.Request) error {
	return a.look(w, r, http.StatusOK, ui.Trouble{})
}

func (a area) look(w http.ResponseWriter, r *http.Request, status int, trouble ui.Trouble) error {
	n, err := lessonID(r.PathValue("id"))
	if err != nil {
		return err
	}
	p := closely{Trouble: trouble}
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Lesson, err = assistant.GetLesson(ctx, tx, n); err != nil {
			return err
		}
		reply, err := a.Helper.AskIn(ctx, tx, assistant.Question{Text: p.Text, Locale: p.Locale})
		if err != nil {
			return err
		}
		p.Best = slices.DeleteFunc(reply.Best, func(c assistant.Choice) bool { return c.Target == p.Target })
		if p.Titles, err = assistant.Titles(ctx, tx, p.Locale, []assistant.Target{p.Target}); err != nil {
			return err
		}
		if p.Answers, err = assistant.List(ctx, tx, assistant.Filter{Locale: p.Locale, Limit: 500}); err != nil {
			return err
		}
		if p.Conversation != 0 && team.From(ctx).Can(team.ReadConversations) {
			if p.Talk, err = conversation.Get(ctx, tx, p.Conversation); problem.KindOf(err) == problem.NotFound {
				err = nil
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, lessonPage(p))
	return nil
}

// decide is POST /assistant/lessons/{id}: do says what with it.
func (a area) decide(w http.ResponseWriter, r *http.Request) error {
	n, err := lessonID(r.PathValue("id"))
	if err != nil {
		return err
	}
	do := r.FormValue("do")
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		switch do {
		case "reject":
			return assistant.Reject(ctx, tx, n)
		case "undo":
			return assistant.Undo(ctx, tx, n)
		case "wait":
			return assistant.Reopen(ctx, tx, n)
		case "none":
			return assistant.Accept(ctx, tx, n, assistant.Verdict{Target: assistant.Target{None: true}})
		}
		v, err := verdict(r)
		if err != nil {
			return err
		}
		return assistant.Accept(ctx, tx, n, v)
	})
	if err != nil {
		return a.again(w, r, err)
	}
	back := ui.Local(r.FormValue("back"))
	if back == "/" {
		back = "/assistant"
	}
	toast := ui.Toast{Text: t(r.Context(), "did_"+known(do))}
	switch known(do) {
	case "accept", "none", "reject":
		toast.Undo = "/assistant/lessons/" + n.String() + "?do=wait"
	}
	ui.SayThere(w, r, toast, back)
	return nil
}

func known(do string) string {
	if slices.Contains([]string{"reject", "undo", "wait", "none"}, do) {
		return do
	}
	return "accept"
}

// again shows the form once more with what is wrong with it.
func (a area) again(w http.ResponseWriter, r *http.Request, err error) error {
	trouble, failed := ui.TroubleOf(w, r, err)
	if failed != nil || trouble.Status != http.StatusUnprocessableEntity {
		return err
	}
	return a.look(w, r, trouble.Status, trouble)
}

// verdict reads what was decided: target is what was proposed (empty), an id, "none", or "new" with title and body.
func verdict(r *http.Request) (v assistant.Verdict, err error) {
	v = assistant.Verdict{Text: r.FormValue("text")}
	target := r.FormValue("target")
	if target == "other" {
		target = r.FormValue("other")
	}
	switch target {
	case "", "new":
		v.Title, v.Body = r.FormValue("title"), r.FormValue("body")
		v.New = target == "new"
	case "none":
		v.Target.None = true
	default:
		v.Target, err = targetOf(target)
	}
	return v, err
}

func targetOf(s string) (t assistant.Target, err error) {
	if t.Article, err = id.Read[knowledge.ID](s); err == nil {
		return t, nil
	}
	if t.Answer, err = id.Read[assistant.AnswerID](s); err != nil {
		err = problem.For("target", "Choose what it should be answered with.")
	}
	return t, err
}
