// Package bot is the engine of the FAQ bot and learning assistant: it learns from phrasings and articles of one
// customer, and says of a question which answer is right, how sure that is and what may be cited. No service outside,
// no model server, no words that came from elsewhere: what it knows it has from what it was given.
//
// [Train] makes a [Model], which never changes; [Model.Ask] gives an [Outcome]:
//
//	Answered   the first answer is right as often as was aimed for: give it, with its citation
//	Choices    the right one is probably among the first three: let the customer choose
//	HandOver   neither: to a person
//
// A question goes this way.
//
//  1. It is read as it was meant (repair.go): qothd is 배송, ㅗ디ㅔ is help, wheremyorder has its spaces back, wehre is
//     where — always only towards words that the customer's own phrasings and articles have.
//  2. It becomes features (features.go): words and pairs of words, characters 2-5 of Latin words, characters 1-2 of
//     Hangul whatever spaces lie between, letters of Hangul, endings. A dictionary says how much each of them tells.
//  3. Three look at it: a linear classifier (kit/svm), the likeness to the nearest phrasings, and BM25 over articles and
//     their passages. The classifier and the articles name candidates, and each candidate has the numbers of all three.
//  4. A judge weighs the numbers, and says how far the first candidate can be trusted. Its weights and thresholds are
//     learned with the model: phrasings are held back, the rest is learned, the held back are asked (tryout.go). Some
//     answers are held back whole, so that the judge has seen questions to which it knows no answer.
//
// The same lessons make the same model, whatever the machine. docs/assistant.md has the figures.
package bot
