// Package inbox is the heart of the desk: the list of conversations, the talk,
// and the customer beside it.
//
// # The page
//
// GET /inbox is the list of a view; GET /inbox/{id} is the same page with a
// conversation open. For htmx the second answers only the talk and the customer,
// and ?part=list of either only the list. Every part can be fetched again at any
// time, which is how the page stays fresh (data-live) and how it shows what an
// action did: an action answers 204 with the event "refresh", or without script
// leads back to the page.
//
// # Addresses
//
// A list is named by its view and filters in the query (view.go), so an address
// can be sent to somebody else. Conversations, messages and files have their ids;
// /c/{number} leads from what people call a conversation to it.
//
// What is done to chosen conversations is done at once (bulk.go). What is done to a
// whole list, over its pages, is counted and confirmed first; jobs do it
// (conversation.Bulk), and leave alone what a customer wrote after the question.
//
// # What comes from outside
//
// HTML of a mail is shown in a frame of its own (html.go) with the policy of
// kit/html; pictures from elsewhere come through /picture, and only after the
// reader asked for them. Files are handed out as downloads under a sandbox;
// pictures of a few known types also inline.
package inbox
