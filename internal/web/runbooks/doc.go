// Package runbooks is the pages of runbooks and known errors (/runbooks): the catalogue, one with its figures, and the form in which it is
// written. In a conversation one is followed on the conversation's own page (web/inbox).
package runbooks
