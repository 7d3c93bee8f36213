package ui

import (
	"context"
	"time"

	"baraji/internal/kit/i18n"
)

// Viewer is the person who looks at a page, as far as the page must know. The
// zero value is a stranger who reads English.
type Viewer struct {
	ID       string // empty: nobody signed in
	Name     string
	Shop     string // what the firm calls itself
	Locale   i18n.Locale
	Zone     *time.Location
	Now      time.Time
	Theme    string // "light", "dark"; empty follows the system
	Density  string // "roomy"; empty is the ordinary one
	KeysOff  bool   // single-key shortcuts turned off
	Presence string // "on", "away", "off"
	CSRF     string // the session's token; empty before sign-in, then CSRF makes one

	// Rights says what the person may do, by the name of the right.
	Rights func(right string) bool

	// Frame gives what surrounds a page. It is asked once per whole page, never
	// for a fragment, so it may count.
	Frame func(context.Context) Frame
}

// Can says whether the viewer has the right; the empty right is everyone's.
func (v Viewer) Can(right string) bool { return right == "" || v.Rights != nil && v.Rights(right) }

type viewerKey struct{}

// With puts the viewer into the context, for the pages and for kit/i18n.
func With(ctx context.Context, v Viewer) context.Context {
	ctx = i18n.With(ctx, i18n.Reader{Locale: v.Locale, Zone: v.Zone, Now: v.Now})
	return context.WithValue(ctx, viewerKey{}, v)
}

// Of is the viewer in the context.
func Of(ctx context.Context) Viewer {
	v, _ := ctx.Value(viewerKey{}).(Viewer)
	return v
}

// lang is the value of the page's lang attribute.
func lang(ctx context.Context) string { return string(i18n.Of(ctx).Locale) }
