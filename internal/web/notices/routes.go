// Package notices is the list behind the bell: what one was told, the newest first, one line for each thing it is about. It also
// serves what a browser needs to take pushes: the service worker, at the root, since it speaks for the whole desk.
package notices

import (
	"context"

	"baraji/internal/kit/i18n"
	"baraji/internal/web/desk"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /notices", "", a.list)
	rt.Page("GET /notices/bell", "", a.bell)
	rt.Page("POST /notices/read", "", a.readAll)
	rt.Page("POST /notices/{id}/read", "", a.read)
	rt.Public("GET /notices.js", worker)
}

func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "notice."+key, args...)
}
