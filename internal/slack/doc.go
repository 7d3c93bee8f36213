// Package slack is the firm's workspace in Slack: what we say there, and what people do there with it.
//
// # What it is
//
// A [Workspace] is connected with the token and the signing secret of an app of the firm's own; both are sealed and never shown again. A firm
// has one. A [Post] is something we say in a channel, or to one person: the card of a conversation with its buttons, a line in its thread, a
// call of somebody on call. A [Link] says who of the people who work here is who in Slack: found by the mail address, and only where Slack says
// that it is confirmed.
//
// The first thing said of a conversation in a channel is its card; what comes later stands in the card's thread. The card is drawn anew when the
// status, the assignee, the priority or the subject is another. What people write in the thread becomes a note of the conversation, in their name.
// Of somebody who is a member of the workspace and does not work here it becomes a note that says who wrote it in Slack; of anybody else nothing.
// Edits and deletions in Slack change no note; files stay there, and the note says so.
//
// # Who may
//
// Who presses a button acts as who they are here, with their rights of that moment, and sees what they may see. A card to one person is drawn with
// what they may see. What stands in a channel is read by all who are in it: [Options] say whether names, subjects and texts of customers may.
//
// # States
//
// of a post:
//
//	waiting   is to be said, or tried again
//	sending   is being said; after a kill or a lost answer nobody knows whether it was
//	sent      stands there
//	failed    it was given up; it says why
//	withdrawn is to be taken away there: its customer or its conversation was deleted
//
// # How nothing is said twice or lost
//
// The row is the queue, with one job for each channel or person: Slack takes about one message a second in a channel. A post is marked as sending
// before it is sent, and carries its id in the message's metadata. One that is found sending is looked for with that id (conversations.history,
// conversations.replies with include_all_metadata) before it is sent again. Where Slack answers 429, everything for the workspace waits as long as
// Retry-After says. A token that Slack takes no more stops everything, and whoever connected it is told; posts wait for a new one, a day at most.
//
// What Slack tells is verified (X-Slack-Signature v0, five minutes), kept, answered, and done by a job. event_id, or the press itself, is
// kept for a week, so what comes again does nothing. Doing it is one transaction with the note that it is done.
//
// # Facts
//
// Connected, Disconnected, OptionsChanged, Troubled, Linked, Parted, GivenUp. They hold our ids, never words or addresses.
//
// # Sources
//
// docs.slack.dev: authentication/verifying-requests-from-slack, apis/events-api (retries, event_id), messaging/message-metadata,
// methods/chat.postMessage (one message a second; client_msg_id has errors there and no argument, so nothing here relies on it), chat.update,
// conversations.history, conversations.list, users.lookupByEmail, apis/web-api/rate-limits, reference/app-manifest, reference/block-kit.
package slack
