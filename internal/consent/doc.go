// Package consent is who may be written to for what: what customers agreed to and took back, and the addresses to which nothing goes.
//
// # Consent
//
// Advertising needs consent; a notice about what somebody has bought needs none ([Purpose]). What was agreed to or taken back is an
// [Entry]: for one address or for all of a customer's, how (a form, the portal, a link, by hand, an import), in which words, with what
// proof. Entries are never changed. Of those about an address the newest counts, also after two customers were merged; of those
// at one moment a withdrawal. [May] asks at the moment of sending and gives a reason when it says no.
//
// # The list of addresses to which nothing goes
//
// An address is put on it when mail came back for good, when its owner complained, unsubscribed, was erased, or by hand ([Suppress]). It is
// kept beside a keyed digest; when a customer is erased the address goes and the digest stays, so that an old list which is imported
// again does not reach them. Who agrees anew themselves is taken off again, where they were on it because they had left or were erased.
//
// # Korean law, as far as this package goes
//
// The Act on Promotion of Information and Communications Network Utilization and Information Protection, article 50, asks for consent
// before advertising (1), that its withdrawal costs nothing (6), that whoever agreed or withdrew is told what came of it (7, with the
// decree: within 14 days, the date and the result), and that consent is confirmed regularly (8, with the decree: every two years, naming
// the sender, the date of the consent, and how to keep it or take it back). So by default a receipt is mailed at once, and consent that was
// neither given nor confirmed for two years counts as none until it was asked about again ([Consents.OnGave], [Ask]). The decree does not ask for
// an answer to that mail; a firm that wants one can say so ([Rules]). This is help to keep the law, no legal advice: what the words of a
// form must say, and whether something is advertising, is the firm's own decision.
//
// # Letters
//
// Receipts and questions are written down and mailed one after another by one job. One that was mailed when the program died may be mailed
// twice. States: waiting, sent, failed (given up after some tries), dropped (nobody to mail it to any more, or suppressed since).
//
// # Facts
//
// Gave, Withdrew, Confirmed (of a customer); Barred, Unbarred (an address); Asked, RulesChanged.
package consent
