// Package portal is the pages of the customers' own door (internal/portal), /portal: sign-in by a mailed link, his
// conversations, one of them, a new question, his sessions. Everything works without scripts.
//
// Its session is a cookie of its own, beside the team's: somebody who is signed in to the desk is a stranger here. Each
// unsafe request carries the token that every form of the house carries (ui.CSRF).
package portal
