package segment

// What can happen to a segment.
type (
	// Made says that there is one more.
	Made struct {
		ID ID `json:"id"`
	}
	// Changed says that it is called otherwise, or asks for something else.
	Changed struct {
		ID ID `json:"id"`
	}
	// Deleted says that it is no more.
	Deleted struct {
		ID ID `json:"id"`
	}
)

func (Made) EventKind() string    { return "segment.made" }
func (Changed) EventKind() string { return "segment.changed" }
func (Deleted) EventKind() string { return "segment.deleted" }

func (f Made) Subject() string    { return f.ID.String() }
func (f Changed) Subject() string { return f.ID.String() }
func (f Deleted) Subject() string { return f.ID.String() }
