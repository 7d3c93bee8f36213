// Package helpcenter is the public help centre, /hc/{en|ko}/…: start page, categories, articles, search, votes, the map for search
// engines. It is for people without an account; it works without scripts, and a page with all it loads is below 50 KB.
//
// Who reads is a knowledge.Reader; knowledge.Visible stands in every query, so nothing here decides what may be seen. Somebody of
// the team is shown what a customer is shown.
//
// Pages do not depend on who asks, have no token inside and no cookie, so browsers and proxies may keep them for a minute
// (ETag, Cache-Control). The one form that changes something, the vote, has no session behind it; ui.CSRF looks at where it comes from.
//
// How often articles are read is counted in memory and written every few seconds: a crash loses those few.
package helpcenter
