// Package folder carries help articles as Markdown files that people, site generators and Git can read.
//
// # The format
//
// A folder stands for a category, one under it for a category of the second level. An article is a file in each language,
// delivery/when-does-it-come.en.md and delivery/언제-오나요.ko.md, with a head in YAML between two lines of hyphens:
//
//	title: When does it come?
//	description: So that you know when to be at home.
//	locale: en
//	slug: when-does-it-come
//	translationKey: art_06x3k9…   # the same in both languages
//	category: delivery/times      # counts for files that lie in no folder
//	audience: public              # signed-in, segment (with segment: vip), internal
//	issue: open                   # of a known problem: open, fixed
//	status: published             # or draft
//	draft: true                   # stands wherever the world may not read it, for site generators
//	owner: mina@example.com
//	review: 2027-01-31
//	aliases: [/hc/en/a/old-address]
//	archived: true
//	updated: 2026-11-22T14:40:00.000Z
//
// What was changed since it was published lies beside it as when-does-it-come.draft.en.md. Pictures lie in pictures/ beside the
// articles that show them, called by their content. _index.en.md and _index.ko.md say what a category is called.
//
// Reading is more lenient than writing: the names that Hugo, Jekyll and Docusaurus use for the same are known ([read]), a
// title may be the first heading, a language a part of the name or a folder.
//
// # Taking articles in
//
// [Read] reads files and says of each that cannot be taken why. [Batch.Plan] says what would become of each article and writes
// nothing; [Batch.Take] does it, each article whole or not at all. Both find the article that a file is about by its
// translationKey, by the files it was taken from before, or by its address. The same files twice change nothing. What was
// changed here since the files were written is left alone unless one says otherwise. What files publish is published, or kept as a
// draft if one says so; a file that is a draft never withdraws what readers see. Who does not say who may read a new article lets everybody:
// the plan says it.
package folder
