package assistant

// What happens to answers, lessons and models. Texts stand in the rows, never in facts.
type (
	AnswerCreated struct {
		ID AnswerID `json:"id"`
	}
	AnswerChanged struct {
		ID AnswerID `json:"id"`
	}
	AnswerDeleted struct {
		ID AnswerID `json:"id"`
	}
	Proposed struct { // the assistant asks whether it may learn this
		ID LessonID `json:"id"`
	}
	Decided struct { // somebody accepted, rejected or undid a lesson
		ID    LessonID `json:"id"`
		State State    `json:"state"`
	}
	Trained struct { // there is a new model, and it answers since now
		ID     ModelID `json:"id"`
		Number int     `json:"number"`
	}
	Chosen struct { // somebody went back to an earlier model (Held), or on to the newest
		ID     ModelID `json:"id"`
		Number int     `json:"number"`
		Held   bool    `json:"held"`
	}
)

func (AnswerCreated) EventKind() string { return "assistant.answer_created" }
func (AnswerChanged) EventKind() string { return "assistant.answer_changed" }
func (AnswerDeleted) EventKind() string { return "assistant.answer_deleted" }
func (Proposed) EventKind() string      { return "assistant.proposed" }
func (Decided) EventKind() string       { return "assistant.decided" }
func (Trained) EventKind() string       { return "assistant.trained" }
func (Chosen) EventKind() string        { return "assistant.chosen" }

func (f AnswerCreated) Subject() string { return f.ID.String() }
func (f AnswerChanged) Subject() string { return f.ID.String() }
func (f AnswerDeleted) Subject() string { return f.ID.String() }
func (f Proposed) Subject() string      { return f.ID.String() }
func (f Decided) Subject() string       { return f.ID.String() }
func (f Trained) Subject() string       { return f.ID.String() }
func (f Chosen) Subject() string        { return f.ID.String() }

// ChattingChanged says that the assistant answers in the chat since now, or no longer.
type ChattingChanged struct {
	On bool `json:"on"`
}

func (ChattingChanged) EventKind() string { return "assistant.chatting_changed" }
func (ChattingChanged) Subject() string   { return "assistant" }
