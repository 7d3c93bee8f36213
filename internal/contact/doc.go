// Package contact is the people whom the firm looks after, and their companies.
//
// # A person
//
// A contact is one person with any number of addresses: e-mail, phone, the id by which another system knows him
// (external_id), or the id of a channel ("chat", "telegram"). An address belongs to one person only and is compared in a
// normal form ([Normal]). [Resolve] finds the person behind an address or makes one; it runs for every mail. What a
// visitor types without proof is a claim: agents see it, but it never leads to anybody.
//
// People stand in a stage of life: pre-sale, onboarding, post-sale, renewal, or former. They have tags, notes, own
// fields that the firm defines, and an owner who knows them. Somebody who writes from a domain of his own is put into
// that domain's company; free-mail domains make no company.
//
// # Merging
//
// Two contacts that are one person become one ([Merge]): the addresses, notes, tags and values of the one move to the
// other, whose empty fields are filled. The row of the one stays, pointing to the other, so that an old id still leads to
// the person ([Get] and everything else follow it). The merge notes what it moved, and [Unmerge] puts exactly that back;
// what came or was edited later stays with the one who was kept.
//
// Two companies that are one become one in the same way ([MergeCompanies], [UnmergeCompanies]): people, domains, values and
// conversations move.
//
// # What others keep about people
//
// Packages above this one keep rows about people too. Each hands over one [Part] at set-up ([Use]): what it moves in a
// merge, adds to an export, erases, and shows on the timeline. Merge, Unmerge, Export and Erase call the parts in the same
// transaction, so nobody ever reads half of it.
//
// # Erasing
//
// [Erase] takes a person away for good, and leaves keyed digests of the addresses ([ErasedAt]), so that his old mail does
// not come back when a mailbox is read again. If he writes anew he is a new contact.
//
// The event log is never changed, so nothing personal may ever be in it. This is a rule for every package: facts hold
// ids, kinds and the names of fields, never names, addresses, texts or values of a person. Nor may a job's arguments, a log
// line or an error text.
//
// Who looks at a person is logged ([View]), as Korean law asks of whoever keeps personal data: who, whom, when, from where.
//
// # Facts
//
// Created, Changed, StageChanged, AddressAdded, AddressRemoved, AddressVerified, NoteAdded, NoteChanged, NoteRemoved, Blocked, Unblocked, Merged,
// Unmerged, Viewed, Exported, Erased; CompanyCreated, CompanyChanged, CompanyRemoved, CompanyMerged, CompanyUnmerged; FieldDefined, FieldRemoved.
package contact
