package helpcenter

import (
	"net/http"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/problem"
)

// asks puts what is searched to the assistant, with the eyes of the reader. Machines are answered and not counted, and neither is
// who comes back to the page with his thanks.
func (a area) asks(v visit, query string) (assistant.Reply, error) {
	if query == "" {
		return assistant.Reply{}, nil
	}
	q := assistant.Question{Text: query, Locale: v.locale}
	if !machine(v.r.UserAgent()) && !v.r.URL.Query().Has("thanks") {
		q.Place, q.Session = assistant.Help, a.Visitor(v.r)
	}
	return a.Helper.Ask(v.ctx, q)
}

// said is what the assistant answers, as it is shown: an answer's Markdown, or a passage as it stands in its article.
func said(r assistant.Reply) string {
	if r.Answer != 0 {
		return html.FromMarkdown(r.Text)
	}
	return html.FromText(r.Text)
}

// helped is POST /hc/{locale}/helped: whether an answer of the assistant helped.
func (a area) helped(w http.ResponseWriter, v visit) error {
	helpful := v.r.PostFormValue("helpful")
	if helpful != "yes" && helpful != "no" {
		return problem.For("helpful", "Choose yes or no.")
	}
	if err := a.DB.Write(v.ctx, func(tx *db.Tx) error { return assistant.Useful(v.ctx, tx, v.r.PostFormValue("ref"), helpful == "yes") }); err != nil {
		return err
	}
	http.Redirect(w, v.r, searchPath(v.locale, v.r.PostFormValue("q"))+"&thanks#answer", http.StatusSeeOther)
	return nil
}
