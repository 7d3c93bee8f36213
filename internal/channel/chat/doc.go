// Package chat is the talk on the firm's own pages: a visitor writes in the
// widget, the team answers in the inbox.
//
// # What it is
//
// A widget is an inbox of the channel "chat": its address is the public key that
// stands in the one script tag. A visitor is a browser that has written. He is
// known by a random token that only this browser has (its hash is stored), and is a
// customer of his own: the name and the address that he types in are claims, which
// lead to nobody and overwrite nothing (contact.Sender.Unproven).
//
// A firm that has accounts can prove who its visitor is: its server signs a token
// (JWT, RFC 7519, HS256) with the widget's secret. Then he is the customer with
// that external id, in every browser, and goes on with the talk that is open. What
// he wrote before he was proven stays his own.
//
// # How messages go
//
// Each message carries an id that the browser made: sent twice, it is there once.
// The visitor reads what is behind the last that he has, as often as he likes. An
// answer is queued until his browser has fetched it, then sent; when that does not
// happen within Patience it goes on by mail, if he left an address (see OnReplied).
//
// # Facts
//
// Those of the conversation. Typing is no fact: it is told to who listens, and forgotten.
package chat
