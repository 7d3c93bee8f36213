package team

// Right is something that a role allows. Own roles are put together from these.
type Right string

// The rights.
const (
	ReadConversations Right = "conversation.read"   // see conversations (which ones: See)
	Reply             Right = "conversation.reply"  // answer customers, start conversations
	Note              Right = "conversation.note"   // write notes
	Handle            Right = "conversation.handle" // assign, status, tags, snooze, merge
	Delete            Right = "conversation.delete"
	ReadContacts      Right = "contact.read"
	EditContacts      Right = "contact.edit"
	EraseContacts     Right = "contact.erase"
	Export            Right = "export"
	ReadArticles      Right = "article.read"
	EditArticles      Right = "article.edit" // write, publish and order help articles
	RunIncidents      Right = "incident.run" // open incidents, tell all customers whom one concerns, write on the status page
	RunCampaigns      Right = "campaign.run" // write to many customers at once
	Quarantine        Right = "quarantine"   // look at and release held mail
	ManageInboxes     Right = "manage.inboxes"
	ManagePeople      Right = "manage.people" // people, teams, roles
	ManageTokens      Right = "manage.tokens"
	ManageJobs        Right = "manage.jobs"
	ManageSettings    Right = "manage.settings" // fields, tags, templates, the firm
	ReadAudit         Right = "audit.read"
	Own               Right = "own" // give and take away the owner role
)

// Rights lists every right, in the order in which they are shown.
var Rights = []Right{ReadConversations, Reply, Note, Handle, Delete, ReadContacts, EditContacts, EraseContacts, Export, ReadArticles, EditArticles,
	RunIncidents, RunCampaigns, Quarantine, ManageInboxes, ManagePeople, ManageTokens, ManageJobs, ManageSettings, ReadAudit, Own}
