package conversation

import "encoding/json"

// Button is something that a customer may press instead of writing, below what the assistant said. One with a URL leads
// there; what another one means, knows who offered it.
type Button struct {
	ID    string `json:"id,omitempty"`
	Label string `json:"label"`
	URL   string `json:"url,omitempty"`
}

func (m *Message) readButtons(text string) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), &m.Buttons)
}
