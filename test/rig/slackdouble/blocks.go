package slackdouble

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Block is a part of a message, as far as a test looks at it.
type Block struct {
	Type    string
	Text    string
	Fields  []string
	Buttons []Button
}

// Button is one that can be pressed.
type Button struct{ Text, Action, Value, URL string }

type text struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim *bool  `json:"verbatim"`
	Emoji    *bool  `json:"emoji"`
}

func (t *text) check(most int, kinds ...string) string {
	switch {
	case t == nil:
		return "a text is missing"
	case !slices.Contains(kinds, t.Type):
		return "a text of type " + t.Type
	case t.Text == "" || utf8.RuneCountInString(t.Text) > most:
		return fmt.Sprintf("a text of %d letters, of 1 to %d", utf8.RuneCountInString(t.Text), most)
	case t.Type == "plain_text" && t.Verbatim != nil:
		return "verbatim in a plain text"
	case t.Type == "mrkdwn" && !balanced(t.Text):
		return "markup that does not end: " + t.Text
	}
	return ""
}

// balanced says whether each < has its >: else Slack reads what was never meant.
func balanced(s string) bool {
	depth := 0
	for _, r := range s {
		switch r {
		case '<':
			depth++
		case '>':
			depth--
		}
		if depth < 0 || depth > 1 {
			return false
		}
	}
	return depth == 0
}

// readBlocks checks blocks as Block Kit describes them; fault is the first thing that is wrong.
func readBlocks(raw []json.RawMessage) (list []Block, fault string) {
	if len(raw) > 50 {
		return nil, "more than 50"
	}
	actions := map[string]bool{}
	for _, b := range raw {
		var in struct {
			Type     string            `json:"type"`
			Text     *text             `json:"text"`
			Fields   []text            `json:"fields"`
			Elements []json.RawMessage `json:"elements"`
		}
		if fault := strict(b, &in); fault != "" {
			return nil, fault
		}
		o := Block{Type: in.Type}
		switch in.Type {
		case "section":
			if in.Text == nil && len(in.Fields) == 0 {
				return nil, "a section without text"
			}
			if in.Text != nil {
				if fault = in.Text.check(3000, "mrkdwn", "plain_text"); fault != "" {
					return nil, fault
				}
				o.Text = in.Text.Text
			}
			if len(in.Fields) > 10 {
				return nil, "more than 10 fields"
			}
			for _, f := range in.Fields {
				if fault = f.check(2000, "mrkdwn", "plain_text"); fault != "" {
					return nil, fault
				}
				o.Fields = append(o.Fields, f.Text)
			}
		case "context":
			if len(in.Elements) == 0 || len(in.Elements) > 10 {
				return nil, "a context of so many elements"
			}
			for _, e := range in.Elements {
				var t text
				if fault = strict(e, &t); fault == "" {
					fault = t.check(2000, "mrkdwn", "plain_text")
				}
				if fault != "" {
					return nil, fault
				}
				o.Text += t.Text
			}
		case "actions":
			if len(in.Elements) == 0 || len(in.Elements) > 25 {
				return nil, "actions of so many elements"
			}
			for _, e := range in.Elements {
				button, fault := readButton(e)
				if fault != "" {
					return nil, fault
				}
				if actions[button.Action] {
					return nil, "two buttons of one action_id"
				}
				actions[button.Action] = true
				o.Buttons = append(o.Buttons, button)
			}
		default:
			return nil, "a block of type " + in.Type
		}
		list = append(list, o)
	}
	return list, ""
}

func readButton(raw json.RawMessage) (b Button, fault string) {
	var in struct {
		Type   string `json:"type"`
		Text   *text  `json:"text"`
		Action string `json:"action_id"`
		Value  string `json:"value"`
		URL    string `json:"url"`
		Style  string `json:"style"`
	}
	if fault = strict(raw, &in); fault != "" {
		return b, fault
	}
	if fault = in.Text.check(75, "plain_text"); fault != "" {
		return b, fault
	}
	switch {
	case in.Type != "button":
		fault = "an element of type " + in.Type
	case in.Action == "" || len(in.Action) > 255 || len(in.Value) > 2000 || len(in.URL) > 3000:
		fault = "a button whose parts are too long, or without action_id"
	case in.Style != "" && in.Style != "primary" && in.Style != "danger":
		fault = "a button of style " + in.Style
	case in.URL != "" && !strings.HasPrefix(in.URL, "http"):
		fault = "a button that leads to " + in.URL
	}
	return Button{in.Text.Text, in.Action, in.Value, in.URL}, fault
}

func strict(raw json.RawMessage, into any) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err.Error()
	}
	return ""
}
