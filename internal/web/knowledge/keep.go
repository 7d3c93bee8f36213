package knowledge

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// kept is the answer to an editor that keeps what is written.
type kept struct {
	Edition int64  `json:"edition"`
	Text    string `json:"text,omitempty"` // what is in the way
}

// keep is POST /knowledge/articles/{id}/keep: keeps the drafts while somebody writes. Who was overtaken by somebody else is told by
// whom, with the edition that he would write over (over=1 does).
func (a area) keep(w http.ResponseWriter, r *http.Request) error {
	article, err := articleID(r)
	if err != nil {
		return err
	}
	e := asked(r)
	if r.FormValue("over") != "" {
		e.Edition = 0
	}
	var now knowledge.Article
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		now, err = knowledge.Keep(ctx, tx, article, e.Edition, e.Texts)
		return err
	})
	if problem.KindOf(err) == problem.Conflict {
		return a.overtaken(w, r, now)
	}
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, kept{Edition: now.Edition})
}

func (a area) overtaken(w http.ResponseWriter, r *http.Request, now knowledge.Article) error {
	word, name := "overtaken_self", ""
	if now.Editor != team.From(r.Context()).Person {
		word = "overtaken_unknown"
		err := a.Read(r, func(ctx context.Context, tx *db.Tx) error {
			names, err := team.Names(ctx, tx)
			if name = names[now.Editor]; name != "" {
				word = "overtaken"
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return answer(w, http.StatusConflict, kept{Edition: now.Edition, Text: t(r.Context(), word, "name", name)})
}

func answer(w http.ResponseWriter, status int, v kept) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}

// keptUnder is what the browser calls what it keeps of an article for somebody.
func keptUnder(ctx context.Context, p editor) string {
	return strconv.FormatInt(int64(team.From(ctx).Person), 36) + ":" + p.ID.String()
}
