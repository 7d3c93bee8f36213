package campaigns

import (
	"context"
	"net/http"

	"baraji/internal/campaign"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/segment"
	"baraji/internal/web/ui"
)

// board is a page of campaigns.
type board struct {
	List   []campaign.Campaign
	Groups map[segment.ID]string
	Sums   map[campaign.ID]campaign.Result
	Next   string
}

const perPage = 50

func (a area) list(w http.ResponseWriter, r *http.Request) error {
	before, _ := id.Read[campaign.ID](r.FormValue("before"))
	var b board
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) error { return b.read(ctx, tx, before) })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, listPage(b))
	return nil
}

func (b *board) read(ctx context.Context, tx *db.Tx, before campaign.ID) (err error) {
	if b.List, err = campaign.List(ctx, tx, before, perPage+1); err != nil {
		return err
	}
	if len(b.List) > perPage {
		b.List = b.List[:perPage]
		b.Next = "/campaigns?before=" + b.List[perPage-1].ID.String()
	}
	if b.Groups, err = groups(ctx, tx); err != nil {
		return err
	}
	b.Sums, err = campaign.Sums(ctx, tx, b.List)
	return err
}

// groups are what segments are called.
func groups(ctx context.Context, tx *db.Tx) (map[segment.ID]string, error) {
	list, err := segment.List(ctx, tx)
	names := map[segment.ID]string{}
	for _, s := range list {
		names[s.ID] = s.Name
	}
	return names, err
}
