package api

// resources is everything that is served: one line and one file for each.
var resources = []func(*routes){
	conversations,
	conversationParts,
	messages,
	attachments,
	contacts,
	contactParts,
	companies,
	companyMerges,
	fields,
	tags,
	searching,
	inboxes,
	widgets,
	quarantine,
	people,
	teams,
	roles,
	tokens,
	me,
	jobs,
	answers,
	helper,
	queues,
	events,
}
