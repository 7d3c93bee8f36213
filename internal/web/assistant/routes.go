package assistant

import (
	"context"
	"net/http"

	"baraji/internal/assistant"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /assistant", team.ReadArticles, a.lessons)
	rt.Page("POST /assistant/lessons", team.EditArticles, a.several)
	rt.Page("GET /assistant/lessons/{id}", team.ReadArticles, a.lesson)
	rt.Page("POST /assistant/lessons/{id}", team.EditArticles, a.decide)
	rt.Page("GET /assistant/answers", team.ReadArticles, a.answers)
	rt.Page("GET /assistant/answers/new", team.EditArticles, a.newAnswer)
	rt.Page("POST /assistant/answers/new", team.EditArticles, a.create)
	rt.Page("GET /assistant/answers/{id}", team.ReadArticles, a.answer)
	rt.Page("POST /assistant/answers/{id}", team.EditArticles, a.save)
	rt.Page("POST /assistant/answers/{id}/delete", team.EditArticles, a.remove)
	rt.Page("GET /assistant/flows", team.ReadArticles, a.flows)
	rt.Page("GET /assistant/flows/{id}", team.ReadArticles, a.flow)
	rt.Page("POST /assistant/flows/{id}", team.EditArticles, a.changeFlow)
	rt.Page("POST /assistant/flows/{id}/try", team.ReadArticles, a.tryFlow)
	rt.Page("GET /assistant/try", team.ReadArticles, a.try)
	rt.Page("POST /assistant/chat", team.ManageSettings, a.inChat)
	rt.Page("GET /assistant/models", team.ReadArticles, a.models)
	rt.Page("POST /assistant/models/{id}", team.EditArticles, a.choose)
	rt.Page("POST /assistant/retrain", team.EditArticles, a.retrain)
	rt.Page("GET /assistant/results", team.ReadConversations, a.results)
}

// t is a word of this area.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "assistant."+key, args...)
}

// done says what was done on the page that comes next.
func done(w http.ResponseWriter, r *http.Request, to, word string, args ...any) error {
	ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), word, args...)}, to)
	return nil
}

func lessonID(s string) (assistant.LessonID, error) {
	n, err := id.Read[assistant.LessonID](s)
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such lesson.")
	}
	return n, nil
}

func answerID(r *http.Request) (assistant.AnswerID, error) {
	n, err := id.Read[assistant.AnswerID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such answer.")
	}
	return n, nil
}

func mayWrite(ctx context.Context) bool { return ui.Of(ctx).Can(string(team.EditArticles)) }
