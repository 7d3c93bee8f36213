// Package customers is the pages of people and their companies.
//
//	GET /customers            everybody, to search, narrow and sort
//	GET /customers/{id}       one person: the drawn line, what happened, what we know
//	GET /companies            their companies
//	GET /companies/{id}       one company
//
// A person's page is put together from cards (cards.go): each can be asked for
// alone, to read or to edit, and answers its own form. What a reader may not
// change has no button. That somebody looked is noted (contact.View).
//
// The line stands on the page twice: drawn across (life.go), and downwards with
// all that happened (line.go).
package customers
