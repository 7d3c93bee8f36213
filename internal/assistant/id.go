package assistant

import "baraji/internal/kit/id"

// AnswerID is the id of a saved answer.
type AnswerID = id.Of[answerKind]

type answerKind struct{}

func (answerKind) Prefix() string { return "ans" }

// LessonID is the id of a lesson.
type LessonID = id.Of[lessonKind]

type lessonKind struct{}

func (lessonKind) Prefix() string { return "les" }

// ModelID is the id of a model.
type ModelID = id.Of[modelKind]

type modelKind struct{}

func (modelKind) Prefix() string { return "mdl" }

// SessionID is the id of a visit.
type SessionID = id.Of[sessionKind]

type sessionKind struct{}

func (sessionKind) Prefix() string { return "vst" }
