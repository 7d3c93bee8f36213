package email

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/mail"
)

// parseLimit bounds how long a mail may take to be read.
const parseLimit = 20 * time.Second

// opened is a mail that was read.
type opened struct {
	Item
	inbox    inbox.Inbox
	raw      []byte
	mail     *mail.Message
	kind     mail.Kind
	null     bool // the envelope sender was null: a machine's mail
	forged   bool // found when it is placed (forged.go)
	sender   mail.Address
	reply    string
	flags    []string
	language string
	files    []conversation.Attachment
}

// read parses in a goroutine of its own: whatever a mail does to a parser, it
// does not take the worker with it.
func (o *opened) read() error {
	type result struct {
		o   opened
		err error
	}
	done := make(chan result, 1)
	work := *o
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- result{err: &held{ReasonUnreadable, fmt.Errorf("panic: %v", p)}}
			}
		}()
		err := parse(&work)
		done <- result{work, err}
	}()
	t := time.NewTimer(parseLimit)
	defer t.Stop()
	select {
	case r := <-done:
		if r.err == nil {
			*o = r.o
		}
		return r.err
	case <-t.C:
		return &held{ReasonTooComplex, fmt.Errorf("it took longer than %v", parseLimit)}
	}
}

func parse(o *opened) error {
	msg, err := mail.Parse(o.raw)
	switch {
	case errors.Is(err, mail.ErrTooComplex):
		return &held{ReasonTooComplex, err}
	case err != nil:
		return &held{ReasonUnreadable, err}
	}
	from := o.EnvelopeFrom
	if from == "" {
		from = mail.Envelope(msg)
	}
	o.mail, o.kind, o.sender = msg, mail.Classify(msg, from), sender(msg, from)
	o.null = strings.Trim(from, "<>") == ""
	o.reply, o.flags, o.language = mail.Reply(msg), flags(*o), languageOf(msg.Subject+" "+mail.Reply(msg))
	if o.sender.Addr == "" && o.nobodys() {
		o.sender.Addr = daemon
	}
	if o.sender.Addr == "" {
		return &held{ReasonNoSender, errors.New("neither From nor Reply-To nor an envelope sender")}
	}
	return nil
}

// daemon stands for the sender of reports that name none.
const daemon = "mailer-daemon"

// nobodys says whether a mail without a sender is what mail servers send so: a
// report, or mail with the null sender given.
func (o *opened) nobodys() bool {
	switch o.kind.Class {
	case mail.Bounced, mail.Receipt, mail.Feedback:
		return true
	}
	return o.EnvelopeFrom == nullSender || o.null && o.mail.Header.Has("Return-Path")
}

// sender is whom a mail is from. Reply-To does not change that (S. T32), it only
// helps where there is nothing else.
func sender(msg *mail.Message, envelope string) mail.Address {
	if a := msg.Sent(); a.Addr != "" {
		return a
	}
	for _, a := range msg.ReplyTo {
		if a.Addr != "" {
			return a
		}
	}
	return mail.Address{Addr: clip(strings.Trim(envelope, "<>"), 500)}
}

// flags are what is odd about a mail, for the agent's eyes.
func flags(o opened) (list []string) {
	for _, s := range mail.Suspicions(o.mail) {
		f := strings.ReplaceAll(string(s.Doubt), " ", "_")
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	if o.kind.Automatic() {
		list = append(list, "auto_"+string(o.kind.Class))
	}
	return list
}

// languageOf guesses Korean from Hangul; else English where there are letters.
func languageOf(text string) string {
	hangul, latin := 0, 0
	for i, r := range text {
		if i > 4000 {
			break
		}
		switch {
		case r >= 0xac00 && r <= 0xd7a3:
			hangul++
		case r >= 'a' && r <= 'z':
			latin++
		}
	}
	switch {
	case hangul > 0 && hangul*6 >= latin:
		return "ko"
	case latin > 20:
		return "en"
	}
	return ""
}
