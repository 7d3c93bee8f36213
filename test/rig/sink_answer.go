package rig

import (
	"fmt"

	"github.com/emersion/go-smtp"
)

// Answer is what the sink says when a mail for a recipient is offered. The zero value accepts.
type Answer struct {
	at   moment
	code int // of the refusal; 0 cuts the connection
}

type moment int

const (
	never moment = iota
	atRecipient
	atData
	afterData
	before250
)

// Accept takes the mail.
func Accept() Answer { return Answer{} }

// RefuseRecipient answers RCPT with a code: 450 or 452 to come back later, 550 never. After 421 the line is closed, as RFC 5321 3.8 says.
func RefuseRecipient(code int) Answer { return Answer{atRecipient, code} }

// RefuseData answers the end of the data with a code.
func RefuseData(code int) Answer { return Answer{afterData, code} }

// CutAtData closes the line where "354 Go ahead" has been said but nothing read: certainly not taken.
func CutAtData() Answer { return Answer{atData, 0} }

// CutAfterData closes the line after the data, which is thrown away: not taken, though the sender cannot know.
func CutAfterData() Answer { return Answer{afterData, 0} }

// CutBefore250 closes the line where 250 was due, with the mail in the journal: taken, though the sender cannot know.
func CutBefore250() Answer { return Answer{before250, 0} }

// Script sets the answers for a recipient's next attempts, one each; then the mail is accepted, or what [MailSink.Always] said holds.
func (s *MailSink) Script(address string, answers ...Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[address] = answers
}

// Always sets the answer for a recipient that no script covers.
func (s *MailSink) Always(address string, answer Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.always[address] = answer
}

// answer takes the next line of a recipient's script.
func (s *MailSink) answer(address string) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts[address]++
	script := s.scripts[address]
	if len(script) == 0 {
		return s.always[address]
	}
	s.scripts[address] = script[1:]
	return script[0]
}

func refusal(code int, what string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: fmt.Sprintf("%s, says the script", what)}
}
