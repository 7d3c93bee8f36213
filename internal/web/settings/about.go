package settings

import (
	"context"
	"io/fs"
	"net/http"
	"path/filepath"
	"runtime"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// house is what there is, for who looks after the desk.
type house struct {
	Version, Go, Database string
	Counts                []counted
	Files                 int64 // bytes in the data folder; -1 is not known
	More                  bool  // there was no time to count them all
}

// counted is how much of something there is; its word is settings.count_<name>.
type counted struct {
	name string
	n    int64
}

func (a area) about(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	h := house{Version: a.Version, Go: runtime.Version(), Database: string(a.DB.Engine()), Files: -1}
	if h.Version == "" {
		h.Version = "dev"
	}
	if team.From(ctx).Can(team.ManageSettings) {
		if err := a.DB.Read(ctx, func(tx *db.Tx) error { return h.count(ctx, tx) }); err != nil {
			return err
		}
		h.Files, h.More = usage(ctx, a.Data)
	}
	ui.Render(w, r, http.StatusOK, aboutPage(h))
	return nil
}

func (h *house) count(ctx context.Context, tx *db.Tx) error {
	h.Counts = nil
	for _, c := range []struct{ name, query string }{
		{"people", `SELECT COUNT(*) FROM team_person WHERE state = 'active'`},
		{"inboxes", `SELECT COUNT(*) FROM inbox`},
		{"contacts", `SELECT COUNT(*) FROM contact`},
		{"conversations", `SELECT COUNT(*) FROM conversation`},
		{"messages", `SELECT COUNT(*) FROM conversation_message`},
		{"mails", `SELECT COUNT(*) FROM email_item`},
		{"events", `SELECT COALESCE(MAX(seq), 0) FROM event`},
	} {
		n, err := db.Value[int64](ctx, tx, c.query)
		if err != nil {
			return err
		}
		h.Counts = append(h.Counts, counted{c.name, n})
	}
	return nil
}

// usage adds up what lies in a folder, for at most two seconds.
func usage(ctx context.Context, folder string) (sum int64, more bool) {
	if folder == "" {
		return -1, false
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	err := filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || d.IsDir() {
			return nil // gone in the meantime, or not ours to read
		}
		if info, err := d.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum, err != nil
}

// databaseWord is the engine as people call it.
func databaseWord(engine string) string { return db.Engine(engine).Name() }

func number(ctx context.Context, n int) string { return i18n.Number(ctx, int64(n)) }
