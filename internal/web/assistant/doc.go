// Package assistant is the pages of the assistant for the team: what waits to be learned, saved answers with their phrasings,
// models with their figures, and what it did by itself.
package assistant
