// Package assistant answers what is asked often, and learns from what agents answered. The engine is package bot; here is what it
// knows, from whom, and who may be told.
//
// # An answer
//
// A saved answer ([Answer]) is one question that is asked often and what we say to it, in one language, with phrasings: the ways to
// ask for it. It may cite an article. It has an audience like an article's (knowledge.Audience), and may be archived: then nobody
// is given it and nothing is learned from it. Published articles answer too, by themselves.
//
// # A lesson
//
// A [Lesson] says that a text wants an answer, an article, or nothing that we have ("none of ours"). When a conversation is solved,
// one is proposed from what the customer asked and what an agent answered ([OnSolved]); where nothing fits, the lesson brings the
// draft of an answer. What belongs to a person is masked ([Mask]). The assistant's own answers teach nothing.
//
//	proposed → accepted → undone        proposed → rejected
//
// Only what is accepted is learned; whoever may edit articles decides. Undoing leaves no trace in the next model.
//
// # A model
//
// A [Model] is what was learned: a file, its figures, what it took. It is trained a few seconds after something changed (one
// training for many changes), from all answers, lessons and published articles; the newest answers, on each node from memory. Going
// back to an earlier one ([Choose]) holds it there until somebody lets the assistant learn on. Nodes find out with the next
// question that another model answers, and fetch it.
//
// # Who is told what
//
// The asker is the customer in the context (knowledge.For) or else the actor. What he may not see is left out before anything is
// compared, and whatever the model names is read from the database under his own eyes before it is said: an article that became
// internal a moment ago is not cited, whatever a node has in memory. A model knows articles by their versions, so old texts
// cannot come up. What is asked is only ever compared, never obeyed: there is nothing that a text could make the assistant do.
//
// # A visit
//
// A visit is one customer asking at one [Place], with its turns: what was asked (masked), what came of it, whether it helped, and
// the conversation that it led to when a person took over. [Deflection] makes the figures of it.
//
// # Facts
//
// AnswerCreated, AnswerChanged, AnswerDeleted; Proposed, Decided (a lesson); Trained, Chosen (a model).
package assistant
