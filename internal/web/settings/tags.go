package settings

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) tagRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/tags", team.ManageSettings, a.tags)
	rt.Page("POST /settings/tags", team.ManageSettings, a.makeTag)
	rt.Page("POST /settings/tags/{id}/rename", team.ManageSettings, a.renameTag)
	rt.Page("POST /settings/tags/{id}/delete", team.ManageSettings, a.deleteTag)
}

func (a area) tags(w http.ResponseWriter, r *http.Request) error {
	return a.showTags(w, r, http.StatusOK, "", ui.Trouble{})
}

func (a area) showTags(w http.ResponseWriter, r *http.Request, status int, typed string, trouble ui.Trouble) error {
	var list []conversation.TagUse
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		list, err = conversation.TagUses(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, tagsPage(list, typed, trouble))
	return nil
}

func (a area) makeTag(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	name := r.FormValue("name")
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return conversation.MakeTag(ctx, tx, name) })
	return a.afterTag(w, r, name, err)
}

func (a area) renameTag(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	tag, err := id.Read[conversation.TagID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such tag.")
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error { return conversation.RenameTag(ctx, tx, tag, r.FormValue("name")) })
	return a.afterTag(w, r, "", err)
}

func (a area) deleteTag(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	tag, err := id.Read[conversation.TagID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such tag.")
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error { return conversation.DeleteTag(ctx, tx, tag) })
	return a.afterTag(w, r, "", err)
}

// afterTag goes back to the list, or shows it with what is wrong.
func (a area) afterTag(w http.ResponseWriter, r *http.Request, typed string, err error) error {
	if err == nil {
		return done(w, r, "/settings/tags", "saved")
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	return a.showTags(w, r, trouble.Status, typed, trouble)
}
