package customers

import (
	"baraji/internal/team"
	"baraji/internal/web/desk"
)

// area is the pages of customers with the parts that they call.
type area struct{ *desk.Desk }

// Routes adds the area's pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /customers", team.ReadContacts, a.list)
	rt.Page("GET /customers/new", team.EditContacts, a.newForm)
	rt.Page("POST /customers/new", team.EditContacts, a.create)

	rt.Page("GET /customers/{id}", team.ReadContacts, a.person)
	rt.Page("GET /customers/{id}/card/{card}", team.ReadContacts, a.card)
	rt.Page("POST /customers/{id}/card/{card}", team.ReadContacts, a.saveCard)
	rt.Page("POST /customers/{id}/addresses/{address}/{act}", team.EditContacts, a.onAddress)
	rt.Page("POST /customers/{id}/notes/{note}/{act}", team.Note, a.onNote)
	rt.Page("POST /customers/{id}/unblock", team.EditContacts, a.unblock)
	rt.Page("GET /customers/{id}/merge", team.EditContacts, a.mergePage)
	rt.Page("POST /customers/{id}/merge", team.EditContacts, a.merge)
	rt.Page("POST /customers/{id}/unmerge/{merge}", team.EditContacts, a.unmerge)
	rt.Page("POST /customers/{id}/export", team.Export, a.export)
	rt.Page("POST /customers/{id}/portal", team.Reply, a.sendPortal)
	rt.Page("GET /customers/{id}/erase", team.EraseContacts, a.erasePage)
	rt.Page("POST /customers/{id}/erase", team.EraseContacts, a.erase)

	rt.Page("POST /customers/{id}/consent", team.EditContacts, a.noteConsent)
	rt.Page("GET /consents", team.ReadContacts, a.consents)
	rt.Page("POST /consents/ask", team.ManageSettings, a.askAgain)
	rt.Page("POST /consents/rules", team.ManageSettings, a.saveConsentRules)
	rt.Page("POST /consents/bars", team.EditContacts, a.bar)
	rt.Page("POST /consents/bars/{id}/lift", team.ManageSettings, a.lift)
	rt.Public("GET /consent/{id}/{token}", a.ownConsent)
	rt.Public("POST /consent/{id}/{token}", a.saveOwnConsent)

	rt.Page("GET /segments", team.ReadContacts, a.segments)
	rt.Page("GET /segments/new", team.EditContacts, a.newSegment)
	rt.Page("POST /segments/new", team.EditContacts, a.saveSegment)
	rt.Page("GET /segments/{id}", team.ReadContacts, a.segment)
	rt.Page("GET /segments/{id}/count", team.ReadContacts, a.segmentCount)
	rt.Page("GET /segments/{id}/edit", team.EditContacts, a.editSegment)
	rt.Page("POST /segments/{id}/edit", team.EditContacts, a.saveSegment)
	rt.Page("POST /segments/{id}/delete", team.EditContacts, a.deleteSegment)

	rt.Page("GET /companies", team.ReadContacts, a.companies)
	rt.Page("GET /companies/names", team.ReadContacts, a.companyNames)
	rt.Page("GET /companies/new", team.EditContacts, a.newCompanyForm)
	rt.Page("POST /companies/new", team.EditContacts, a.createCompany)
	rt.Page("GET /companies/{id}", team.ReadContacts, a.company)
	rt.Page("GET /companies/{id}/edit", team.EditContacts, a.editCompany)
	rt.Page("POST /companies/{id}/edit", team.EditContacts, a.saveCompany)
	rt.Page("GET /companies/{id}/merge", team.EditContacts, a.uniteForm)
	rt.Page("POST /companies/{id}/merge", team.EditContacts, a.unite)
	rt.Page("POST /companies/{id}/unmerge/{merge}", team.EditContacts, a.part)
	rt.Page("POST /companies/{id}/portal", team.EditContacts, a.sharePortal)
	rt.Page("POST /companies/{id}/remove", team.EraseContacts, a.removeCompany)
}
