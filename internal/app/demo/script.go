package demo

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed talks mails
var files embed.FS

// script is a talk as talks/ tells it, with gaps such as {lamp}:
//
//	== subject | key=value …
//	> what the customer writes, over as many lines as he likes
//	< what the shop answers
//	# a note; @Name mentions somebody
//	+ picture.png  goes with what was said last
type script struct {
	subject   string
	korean    bool
	forFirm   bool
	typ       string
	priority  string
	severity  string
	stage     string
	team      string
	inbox     string
	tags      []string
	sentences []sentence
}

// sentence is one thing that is said: '>', '<' or '#'.
type sentence struct {
	who  byte
	text string
	file string
}

func scripts(name string, korean bool) ([]script, error) {
	b, err := files.ReadFile("talks/" + name)
	if err != nil {
		return nil, err
	}
	var list []script
	for i, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		if head, ok := strings.CutPrefix(line, "== "); ok {
			list = append(list, script{korean: korean})
			if err := list[len(list)-1].head(head); err != nil {
				return nil, fmt.Errorf("talks/%s:%d: %w", name, i+1, err)
			}
			continue
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("talks/%s:%d: a talk begins with ==", name, i+1)
		}
		list[len(list)-1].line(line)
	}
	return list, nil
}

func (s *script) head(head string) error {
	subject, rest, _ := strings.Cut(head, " | ")
	s.subject = subject
	for _, word := range strings.Fields(rest) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "type":
			s.typ = value
		case "prio":
			s.priority = value
		case "severity":
			s.severity = value
		case "stage":
			s.stage = value
		case "team":
			s.team = value
		case "inbox":
			s.inbox = value
		case "for":
			s.forFirm = value == "firm"
		case "tags":
			s.tags = strings.Split(value, ",")
		default:
			return fmt.Errorf("what is %q?", word)
		}
	}
	return nil
}

func (s *script) line(line string) {
	switch {
	case len(line) > 1 && strings.IndexByte("><#", line[0]) >= 0 && line[1] == ' ':
		s.sentences = append(s.sentences, sentence{who: line[0], text: line[2:]})
	case strings.HasPrefix(line, "+ ") && len(s.sentences) > 0:
		s.sentences[len(s.sentences)-1].file = line[2:]
	case len(s.sentences) > 0:
		s.sentences[len(s.sentences)-1].text += "\n" + line
	}
}
