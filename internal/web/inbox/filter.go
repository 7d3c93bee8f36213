package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// filtering is what one may narrow a list by.
type filtering struct {
	View                          view
	Teams, Inboxes, Sorts, Labels []ui.Option
}

// filterForm asks how the list shall be narrowed and sorted. It is a GET form:
// its answer is an address.
func (a *area) filterForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := viewOf(r)
	if err != nil {
		return err
	}
	f := filtering{View: v}
	any := ui.Option{Label: i18n.T(ctx, "inbox.any")}
	f.Teams, f.Inboxes, f.Labels = []ui.Option{any}, []ui.Option{any}, []ui.Option{any}
	for _, s := range []conversation.Sort{conversation.Newest, conversation.Oldest, conversation.Waiting, conversation.Created} {
		f.Sorts = append(f.Sorts, ui.Option{Value: string(s), Label: i18n.T(ctx, "inbox.sort_"+string(s))})
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		teams, err := team.Teams(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range teams {
			f.Teams = append(f.Teams, ui.Option{Value: t.ID.String(), Label: t.Name})
		}
		doors, err := inbox.List(ctx, tx)
		if err != nil {
			return err
		}
		for _, d := range doors {
			f.Inboxes = append(f.Inboxes, ui.Option{Value: d.ID.String(), Label: d.Name})
		}
		tags, err := conversation.Tags(ctx, tx)
		for _, t := range tags {
			f.Labels = append(f.Labels, ui.Option{Value: t, Label: t})
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, filterDialog(f))
	return nil
}
