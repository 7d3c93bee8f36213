// Package ui is what the areas of the screen share: the frame of a page, its
// parts and forms, its assets, and the ways in which a handler answers.
//
// A handler reads who, what, checks, does, and answers in one of four ways:
//
//	ui.Render(w, r, 200, page(…))      a page or a fragment
//	ui.Redirect(w, r, "/inbox")        go elsewhere, also for htmx
//	ui.Say(w, r, ui.Toast{…})          a word about what was done, before either
//	ui.Problem(w, r, err)              what went wrong, as the person may read it
//
// Every page stands in @ui.Page (people who work here) or @ui.Public (sign-in,
// set-up). Who looks at it is the Viewer in the context; the edge puts it there
// with With, which also tells kit/i18n the language, zone and time.
//
// In the pages:
//
//   - Words come from the catalogue, i18n.T(ctx, "area.word"). A test reads the pages.
//   - No style="", no <script>, no hx-on: the content security policy refuses
//     them. Looks are classes (static/css), behaviour is data-* (static/js; static/makers on the pages where something is made).
//   - Words after a component go on a line of their own: @ui.Icon("x"){ … } would
//     give them to the icon as its children.
//   - data-key="r" gives a button a single key and puts it into the palette;
//     data-live="topic" with hx-trigger="live" keeps a part of the page fresh, and
//     leaves alone what somebody has in his hands (static/js/75-redraw.js), with
//     data-keep="hidden" also the attributes that a script sets;
//     data-open, data-close, popovertarget open and close what floats.
//   - htmx 4 inherits nothing by itself: write hx-target:inherited where a parent
//     speaks for its children. The token of unsafe requests is added by js/95-request.js
//     and, for forms without htmx, by @ui.Token().
//
// The order of the middleware: Secure, Compress, (session → With), CSRF.
package ui
