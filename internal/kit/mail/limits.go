package mail

import (
	"errors"
	"fmt"
	"strings"
)

// ErrTooComplex is the error of a mail that goes over one of the [Limits]. Such a mail belongs into the quarantine: reading it again costs
// the same and ends the same. The error in hand is a *[TooComplex], which says what was too much.
var ErrTooComplex = errors.New("mail is too complex to read")

// ErrEmpty is the error of a mail without a single byte of header or body.
var ErrEmpty = errors.New("mail is empty")

// TooComplex says which limit a mail went over.
type TooComplex struct {
	What string // "parts", "nesting", …
	Max  int
}

func (e *TooComplex) Error() string { return fmt.Sprintf("mail has more than %d %s", e.Max, e.What) }

// Is makes errors.Is(err, ErrTooComplex) true.
func (e *TooComplex) Is(target error) bool { return target == ErrTooComplex }

// Limits bound what one mail may cost. Each is checked before the work that it bounds.
type Limits struct {
	Bytes       int // of the raw mail
	Header      int // bytes of one header block
	Fields      int // fields of one header block
	Recipients  int // in To, Cc and Reply-To together
	Depth       int // multiparts within multiparts
	Parts       int // leaves and multiparts together
	Decoded     int // bytes of all parts after decoding
	Attachments int // files, with those out of a winmail.dat
}

// DefaultLimits are those of [Parse]: far above what people send, far below what hurts.
var DefaultLimits = Limits{
	Bytes:       64 << 20,
	Header:      512 << 10,
	Fields:      2000,
	Recipients:  2000,
	Depth:       32,
	Parts:       1000,
	Decoded:     64 << 20,
	Attachments: 1000,
}

// checkHeader refuses a header block before it is taken apart. A body without any empty line is no header, however long:
// only lines up to the first that cannot be in a header count.
func (l Limits) checkHeader(data []byte) error {
	size, fields := 0, 0
	for rest := data; len(rest) > 0; {
		line, next := cutLine(rest)
		if len(line) == 0 {
			return nil
		}
		indented := line[0] == ' ' || line[0] == '\t'
		if !indented && fieldName(line) == 0 && !startsHeader(next) && !afterNextIsHeader(next) {
			return nil
		}
		size += len(rest) - len(next)
		if !indented {
			fields++
		}
		if size > l.Header {
			return &TooComplex{"bytes of header", l.Header}
		}
		if fields > l.Fields {
			return &TooComplex{"header fields", l.Fields}
		}
		rest = next
	}
	return nil
}

func (l Limits) checkRecipients(h Header) error {
	count := 0
	for _, f := range h {
		switch strings.ToLower(f.Name) {
		case "to", "cc", "bcc", "reply-to", "from":
			count += strings.Count(f.Value, "@")
		}
	}
	if count > l.Recipients {
		return &TooComplex{"recipients", l.Recipients}
	}
	return nil
}
