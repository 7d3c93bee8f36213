// Package mail is everything about mail as bytes: reading it, building it, telling who or what
// wrote it. It has no network and no database and knows nothing about support.
//
//   - [Parse] reads any mail that a customer's program can send, broken ones too. What it hands out is
//     always valid UTF-8 without NUL. A mail that is too big or too deep for us is an error
//     ([ErrTooComplex]) before it costs anything: put it into the quarantine.
//   - [Reply] is what the person newly wrote: no quoted text, signature, device line or legal footer.
//   - [Classify] tells people from machines: out-of-office, lists, bounces, complaints, receipts.
//     Nothing but a [Person] may get an automatic answer.
//   - [Compose] builds a mail strictly, from structures only: no field can add a header or a recipient.
//   - [Suspicions], [SafeName] and [Verdicts] help to show mail without being fooled by it.
//
// Parse has its own small MIME reader. The limits are only worth something when the code that counts is the
// code that later reads: a scan before another library's parser can be made to disagree with it. Our reader cuts
// the raw bytes into slices in one pass per level and copies nothing until a part is decoded.
package mail
