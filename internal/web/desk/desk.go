// Package desk is what the areas of the screen share beside their looks: the
// parts of the program that handlers call, who is signed in, and what surrounds
// each page.
package desk

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/campaign"
	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/consent"
	"baraji/internal/conversation"
	"baraji/internal/flow"
	"baraji/internal/form"
	"baraji/internal/hookin"
	"baraji/internal/incident"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/live"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/outcall"
	"baraji/internal/portal"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/internal/web/ui"
	"baraji/internal/webhook"
)

// Desk is the parts of the program that pages call.
type Desk struct {
	DB     *db.DB
	Log    *slog.Logger
	Keys   *secret.Keys
	Blobs  blob.Store
	Dial   *dial.Dialer // for addresses that people enter: pictures, links
	Jobs   *job.Runner
	Events *event.Log
	Hub    *live.Hub
	Tell   func(ctx context.Context, topic, kind string) // says what happens under a topic at this moment
	Door   *team.Door
	Mail   *email.Mail
	Chat   *chat.Chat
	Forms  *form.Forms
	Portal *portal.Portal
	Broken *incident.Incidents
	Many   *campaign.Campaigns
	Counts *conversation.Counter
	Helper *assistant.Assistant
	Robot  *flow.Robot

	Consents *consent.Consents

	Notices *notice.Notices
	Hooks   *webhook.Hooks
	Calls   *outcall.Calls
	Intake  *hookin.Hooks
	Slack   *slack.Slack
	URL     string // how the desk is reached from outside, without a slash at the end; "" is not known

	Version string // of the program
	Data    string // its folder; "" is not told
}

// Read runs fn for a request in a transaction that only reads.
func (d *Desk) Read(r *http.Request, fn func(ctx context.Context, tx *db.Tx) error) error {
	return d.DB.Read(r.Context(), func(tx *db.Tx) error { return fn(r.Context(), tx) })
}

// Write runs fn for a request in a transaction.
func (d *Desk) Write(r *http.Request, fn func(ctx context.Context, tx *db.Tx) error) error {
	return d.DB.Write(r.Context(), func(tx *db.Tx) error { return fn(r.Context(), tx) })
}

type sessionKey struct{}

// Session is the session of whoever is signed in.
func Session(ctx context.Context) team.Session {
	s, _ := ctx.Value(sessionKey{}).(team.Session)
	return s
}

// Recognise finds out who asks, from the cookie, and puts him into the context:
// as the actor of commands and as the viewer of pages. A stranger passes too.
func (d *Desk) Recognise(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var actor team.Actor
		var session team.Session
		var firm team.Firm
		var since int64 // where the log ended before anything of a page was read
		err := d.DB.Read(r.Context(), func(tx *db.Tx) error {
			return tx.Together(r.Context(),
				db.Into(r.Context(), &firm, team.GetFirm),
				func(tx *db.Tx) (err error) {
					actor, session, err = d.Door.Authenticate(r.Context(), tx, Cookie(r))
					return err
				},
				func(tx *db.Tx) (err error) {
					if r.Method == http.MethodGet && !ui.Fragment(r) {
						since, err = event.Last(r.Context(), tx)
					}
					return err
				},
			)
		})
		if err != nil && !errors.Is(err, team.ErrSignedOut) {
			ui.Problem(w, r, err)
			return
		}
		if err != nil {
			actor, session = team.Actor{}, team.Session{}
		}
		// Always, also for strangers: whoever acts in the context that the server was
		// started with must not act for a request.
		ctx := context.WithValue(team.With(r.Context(), actor), sessionKey{}, session)
		next.ServeHTTP(w, r.WithContext(ui.With(ctx, d.viewer(r, actor, session, firm, since))))
	})
}

func (d *Desk) viewer(r *http.Request, actor team.Actor, s team.Session, firm team.Firm, since int64) ui.Viewer {
	v := ui.Viewer{Shop: firm.Name, Now: d.DB.Now(), Locale: locale(s.Choices.Language, r, firm), Zone: zone(s.Choices.Zone, firm.Zone)}
	if actor.Nobody() {
		return v
	}
	v.ID, v.Name = actor.Person.String(), actor.Name
	v.Theme, v.KeysOff = s.Choices.Theme, !s.Choices.Shortcuts
	if s.Choices.Density == "comfortable" {
		v.Density = "roomy"
	}
	v.CSRF = d.Keys.Tag("csrf", s.ID.String())
	v.Rights = func(right string) bool { return actor.Can(team.Right(right)) }
	v.Frame = func(ctx context.Context) ui.Frame { return d.frame(ctx, r, since) }
	return v
}

// locale: what the person chose, else what was chosen in this browser, else what
// the browser asks for, else the firm's.
func locale(chosen string, r *http.Request, firm team.Firm) i18n.Locale {
	switch {
	case chosen != "":
		return i18n.Locale(chosen)
	case cookieLanguage(r) != "":
		return cookieLanguage(r)
	case r.Header.Get("Accept-Language") != "":
		return i18n.Match(r.Header.Get("Accept-Language"))
	}
	return i18n.Locale(firm.Language)
}

func zone(names ...string) *time.Location {
	for _, name := range names {
		if name == "" {
			continue
		}
		if z, err := time.LoadLocation(name); err == nil {
			return z
		}
	}
	return time.UTC
}

// frame is what surrounds the pages: the stream, and how much there is to do. The
// stream begins before the page was read, or what happened in between were lost.
func (d *Desk) frame(ctx context.Context, r *http.Request, since int64) ui.Frame {
	f := ui.Frame{Find: "/find", Live: "/live", LiveSince: strconv.FormatInt(since, 10)}
	if !team.From(ctx).Can(team.ReadConversations) {
		f.Find = ""
	}
	counts, err := d.Counts.Of(ctx) // not within the Read below: it may need a connection of its own
	if err != nil {
		d.Log.Error("count queues", "error", err)
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		var held, broken int
		err := tx.Together(ctx,
			func(tx *db.Tx) (err error) { held, err = d.countMore(ctx, tx, &counts); return err },
			db.Into(ctx, &broken, incident.CountOpen),
			db.Into(ctx, &f.Bell, Bell),
		)
		f.Counts = map[string]int{"inbox": counts.Mine + counts.Unassigned, "incidents": broken}
		f.Groups = d.groups(ctx, r, counts, held)
		return err
	})
	if err != nil {
		d.Log.Error("read what surrounds a page", "error", err)
	}
	return f
}

// SignedIn lets only those through who are signed in; others are led to the
// sign-in page and back.
func (d *Desk) SignedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if team.From(r.Context()).Nobody() {
			ui.Redirect(w, r, "/sign-in?to="+escape(r))
			return
		}
		if Session(r.Context()).Must && !strings.HasPrefix(r.URL.Path, "/profile") && r.URL.Path != "/sign-out" {
			ui.Redirect(w, r, "/profile/factor")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// escape is where to go back to: a page of ours that can be asked for again.
func escape(r *http.Request) string {
	if r.Method != http.MethodGet || r.Header.Get("HX-Request") != "" {
		return "%2Finbox"
	}
	return strings.NewReplacer("%", "%25", "&", "%26", "#", "%23", "+", "%2B", "?", "%3F", "/", "%2F", "=", "%3D").Replace(r.URL.RequestURI())
}

// cookie is the session's. Its name with __Host- makes browsers refuse it from
// another host or without TLS.
func cookieName(r *http.Request) string {
	if OverTLS(r) {
		return "__Host-baraji"
	}
	return "baraji"
}

// Base is our own address, without a slash at the end.
func (d *Desk) Base(r *http.Request) string {
	switch {
	case d.URL != "":
		return d.URL
	case OverTLS(r):
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// Visitor is a digest that is the same for a browser for a day, and from which nobody learns who it was.
func (d *Desk) Visitor(r *http.Request) string {
	return d.Keys.Tag("vote", d.DB.Now().UTC().Format(time.DateOnly)+"\n"+From(r)+"\n"+r.UserAgent())
}

// OverTLS says whether the browser came over TLS, to us or to a proxy of ours.
func OverTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// Cookie reads the session's token.
func Cookie(r *http.Request) string {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

// SetCookie gives the browser a session; token "" takes it away. kept says
// whether it outlives the browser window.
func SetCookie(w http.ResponseWriter, r *http.Request, token string, kept bool) {
	c := &http.Cookie{Name: cookieName(r), Value: token, Path: "/", HttpOnly: true, Secure: OverTLS(r), SameSite: http.SameSiteLaxMode}
	switch {
	case token == "":
		c.MaxAge = -1
	case kept:
		c.MaxAge = int((90 * 24 * time.Hour).Seconds())
	}
	http.SetCookie(w, c)
}

// From is the address that a request comes from, for the log and for throttling.
// A forwarding header is believed only from this machine: a proxy of ours.
func From(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if ip == nil || !ip.IsLoopback() {
		return host
	}
	hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
	if last := strings.TrimSpace(hops[len(hops)-1]); net.ParseIP(last) != nil {
		return last // the one that our proxy saw; what stands before it anybody may have written
	}
	return host
}

// Handle wraps a handler that may fail: the error is answered as a person may
// read it, and what is ours is written to the log.
func (d *Desk) Handle(fn func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := fn(w, r); err != nil {
			ui.Problem(w, r, err)
		}
	})
}

// Live is the handler of the stream of changes. It ends when whoever listens is signed
// out, or may see other things than when it began: the browser asks anew, as he is now.
func (d *Desk) Live(w http.ResponseWriter, r *http.Request) {
	since := r.Header.Get("Last-Event-ID")
	if since == "" {
		since = r.URL.Query().Get("since")
	}
	seq, _ := strconv.ParseInt(since, 10, 64)
	token, was := Cookie(r), team.From(r.Context())
	d.Hub.Serve(w, r, r.URL.Query()["topic"], seq, func(ctx context.Context) (same bool) {
		return d.DB.Read(ctx, func(tx *db.Tx) error {
			is, _, err := d.Door.Authenticate(ctx, tx, token)
			same = is.Same(was)
			return err
		}) == nil && same
	})
}
