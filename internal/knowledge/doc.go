// Package knowledge is the help articles: what customers read instead of asking, and what the team reads before it
// answers.
//
// # An article
//
// An [Article] has a text in each language ([Text]), side by side. A text is a draft that anybody who may write changes
// ([Save]); customers see none of it until it is published. [Publish] makes a [Version], with a number, its HTML and its words for the
// search. Old versions stay: they are listed, compared and restored ([Restore] brings one back as the draft). The first
// published version gives the text its address (slug); when the address is changed, the old one leads to the new one for good.
//
// A text is: a draft (never published), published, published with changes that are not, or withdrawn. An article may be
// archived: nobody but the team finds it.
//
// A translation is behind when the other language was published with a change that it has not followed ([Text.Behind]). Publishing
// a text that was behind, or the first text of a language, catches up and does not make the other one behind.
//
// # Who reads it
//
// The audience is everybody (public), customers who are signed in, a segment of them (by a tag of the contact), or the team
// (internal). [Visible] is compiled into every query of what customers are shown: pages, searches, related articles, the list for
// search engines, pictures, old addresses. Drafts and old versions have no query for customers at all. The team reads
// everything with team.ReadArticles and writes with team.EditArticles.
//
// # A known problem
//
// An article may be about a known problem: open with a workaround, or fixed. The help centre shows open ones first.
//
// # Searching
//
// [Search] ranks by where the words stand (title, summary, text). It does not mind spaces (새벽 배송, 새벽배송), particles (배송이),
// one wrong letter, the wrong keyboard (qothd for 배송), and knows the words that editors say mean the same ([SetSynonyms]).
// What nobody found is counted for editors ([Misses]), unless it looks like a number or an address of a person.
//
// # Facts
//
// Created, Changed, Published, Unpublished, Archived, Unarchived; CategoryChanged, CategoryRemoved; SynonymsChanged.
package knowledge
