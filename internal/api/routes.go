package api

// resources is everything that is served: one line and one file for each.
var resources = []func(*routes){
	conversations,
	messages,
	attachments,
	contacts,
	inboxes,
	queues,
}
