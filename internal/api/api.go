package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"baraji/internal/assistant"
	"baraji/internal/campaign"
	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/room"
	"baraji/internal/outcall"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/internal/webhook"
)

// Parts are what the interface calls.
type Parts struct {
	DB      *db.DB
	Door    *team.Door
	Chat    *chat.Chat
	Helper  *assistant.Assistant
	Hooks   *webhook.Hooks
	Calls   *outcall.Calls
	Intake  *hookin.Hooks
	Slack   *slack.Slack
	Many    *campaign.Campaigns
	Mail    *email.Mail
	Jobs    *job.Runner
	Events  *event.Log
	Counts  *conversation.Counter
	Blobs   blob.Store
	Room    *room.Room       // nil: without end
	Log     *slog.Logger     // nil is silent
	Version string           // of the program, for the description
	URL     string           // how the desk is reached from outside, without a slash at the end; "" is not known
	Clock   func() time.Time // of the machine, for how long an answer took; nil is that of the desk
}

// New makes the handler of everything below /api/, and takes over the job that
// forgets old answers. It belongs to setting up.
func New(p Parts) http.Handler {
	s := newServer(p)
	job.Every(p.Jobs, "api.forget", job.Kind{}, job.Interval(time.Hour), s.forget)
	return s
}

func newServer(p Parts) *server {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	if p.Clock == nil {
		p.Clock = p.DB.Now
	}
	if p.Version == "" {
		p.Version = "dev"
	}
	s := &server{Parts: p, mux: http.NewServeMux(), known: map[string]*operation{}}
	rt := &routes{server: s, api: humago.New(s.mux, description(p.Version))}
	rt.problems()
	for _, add := range resources {
		add(rt)
	}
	rt.documents()
	return s
}

// description is what stands at the head of the OpenAPI document.
func description(version string) huma.Config {
	spec := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Baraji", Version: version, Description: "Everything that the desk knows and does. " +
			"Ids are opaque strings, times RFC 3339 in UTC with milliseconds, money whole numbers in the smallest unit. " +
			"Lists are `{\"items\":[…],\"next\":\"cursor\"|null}`; ask with `?limit=` (at most 100) and `?cursor=`. " +
			"What you may not see answers 404, as what is absent does. Put an `Idempotency-Key` on a POST and it is done once: " +
			"for a day the same key with the same body gets the same answer, with another body 422. An answer is kept only if something was done. " +
			"Beside these, `GET /healthz`, `GET /readyz` and `GET /metrics` are for those who run the program."},
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"token": {Type: "http", Scheme: "bearer", Description: "A token made in the settings or with `baraji token create`."},
			},
		},
		Security: []map[string][]string{{"token": {}}},
	}
	return huma.Config{
		OpenAPI:       spec,
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{retell},
	}
}
