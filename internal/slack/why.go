package slack

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"baraji/internal/kit/dial"
)

// Why says why something was not said; its word is "slack.why_" + it. "" is: it was.
type Why string

// The reasons.
const (
	NoConnection     = Why(dial.NoConnection)
	NotTrusted       = Why(dial.NotTrusted)
	TooSlow          = Why(dial.TooSlow)
	Cut              = Why(dial.Cut)
	Ill          Why = "status"   // Slack answered that it cannot at the moment
	Rate         Why = "rate"     // Slack asks to be left alone for a while
	Token        Why = "token"    // the token is worth nothing any more
	Scope        Why = "scope"    // the app may not do this
	Outside      Why = "outside"  // we are not in the channel
	NoRoom       Why = "channel"  // there is no such channel, or we do not see it
	Archived     Why = "archived" // the channel is closed
	NoPerson     Why = "person"   // nobody there has the address, or it is not confirmed
	Hidden       Why = "hidden"   // whom it is for may not see what it is about
	Gone         Why = "gone"     // what it belongs to was deleted
	Off          Why = "off"      // the workspace was disconnected
	Late         Why = "late"     // it could not be said for a day
	Refused      Why = "refused"  // something else: Slack says what
)

// Reasons lists them.
var Reasons = []Why{NoConnection, NotTrusted, TooSlow, Cut, Ill, Rate, Token, Scope, Outside, NoRoom, Archived, NoPerson, Hidden, Gone, Off, Late, Refused}

// Refusal is that Slack did not do something. It holds neither the token nor what was to be said.
type Refusal struct {
	Why   Why
	Said  string        // how Slack calls it
	After time.Duration // how long Slack asks to be left alone
}

func (r *Refusal) Error() string { return "slack: " + string(r.Why) + " " + r.Said }

// refusalOf is why something failed; nil is another error.
func refusalOf(err error) *Refusal {
	var r *Refusal
	errors.As(err, &r)
	return r
}

// whys says what Slack's words mean to us.
var whys = map[Why][]string{
	Token:    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "access_denied", "team_access_not_granted"},
	Scope:    {"missing_scope", "not_allowed_token_type", "no_permission"},
	Outside:  {"not_in_channel", "restricted_action", "restricted_action_read_only_channel"},
	NoRoom:   {"channel_not_found", "cannot_dm_bot", "user_not_visible"},
	Archived: {"is_archived"},
	NoPerson: {"users_not_found", "user_not_found", "user_disabled"},
	Gone:     {"message_not_found", "thread_not_found", "cannot_reply_to_message", "cant_update_message", "edit_window_closed", "cant_delete_message"},
	Rate:     {"ratelimited", "rate_limited"},
	Ill:      {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"},
}

func whyOf(said string) Why {
	for why, list := range whys {
		if slices.Contains(list, said) {
			return why
		}
	}
	return Refused
}

func whyOfStatus(status int) Why {
	switch {
	case status == http.StatusTooManyRequests:
		return Rate
	case status >= 500:
		return Ill
	}
	return Refused
}

// unsure says whether it may have been said all the same.
func (w Why) unsure() bool { return w == TooSlow || w == Cut || w == Ill }

// passing says whether another try may go better.
func (w Why) passing() bool {
	switch w {
	case NoConnection, NotTrusted, TooSlow, Cut, Ill, Rate, Token:
		return true
	}
	return false
}
