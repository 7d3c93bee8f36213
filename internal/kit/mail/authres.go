package mail

import (
	"bytes"
	"strings"

	"github.com/emersion/go-msgauth/authres"
)

// Verdict is what a check of the sender came to.
type Verdict string

const (
	Pass Verdict = "pass"
	Fail Verdict = "fail"
	None Verdict = "none" // not checked, not published, or could not be decided
)

// Verdicts are what our own mail server found out about who sent a mail (RFC 8601).
type Verdicts struct {
	DMARC, DKIM, SPF Verdict
	From             string   // the domain that DMARC speaks of; "" if unknown
	Signers          []string // domains whose DKIM signature holds
}

// ReadVerdicts reads the Authentication-Results that the server called trusted wrote. Servers put their field on top, so only the first field of that name counts:
// those below it may be the sender's own. Without a trusted name nothing counts. The server must take out fields of its own name that come from outside (RFC 8601 §5).
func ReadVerdicts(h Header, trusted string) Verdicts {
	v := Verdicts{DMARC: None, DKIM: None, SPF: None}
	for _, field := range h.All("Authentication-Results") {
		id, results, ok := parseResults(field)
		if trusted == "" || !ok || !strings.EqualFold(id, trusted) {
			continue
		}
		for _, r := range results {
			v.add(r)
		}
		return v
	}
	return v
}

func (v *Verdicts) add(r authres.Result) {
	switch r := r.(type) {
	case *authres.DMARCResult:
		v.DMARC = better(v.DMARC, verdict(r.Value))
		v.From = strings.ToLower(oneLine(r.From))
	case *authres.SPFResult:
		v.SPF = better(v.SPF, verdict(r.Value))
	case *authres.DKIMResult:
		v.DKIM = better(v.DKIM, verdict(r.Value))
		if verdict(r.Value) == Pass && r.Domain != "" {
			v.Signers = append(v.Signers, strings.ToLower(oneLine(r.Domain)))
		}
	}
}

// better keeps a pass: of several signatures one that holds is enough.
func better(a, b Verdict) Verdict {
	if a == Pass || b == Pass {
		return Pass
	}
	if a == Fail || b == Fail {
		return Fail
	}
	return None
}

func verdict(value authres.ResultValue) Verdict {
	switch strings.ToLower(string(value)) {
	case "pass":
		return Pass
	case "fail", "softfail", "hardfail", "policy":
		return Fail
	}
	return None // what could not be decided is no proof, such as permerror: a record that cannot be read
}

// parseResults reads a field whose comments are taken out: parsers stumble over them, and what stands in them is not a result.
func parseResults(field string) (id string, results []authres.Result, ok bool) {
	bare, _ := stripComments(field)
	id, results, err := authres.Parse(strings.Join(strings.Fields(bare), " "))
	if err == nil {
		return strings.TrimSpace(id), results, true
	}
	id, rest, _ := strings.Cut(bare, ";") // one bad result must not hide the others
	for _, one := range strings.Split(rest, ";") {
		if _, more, err := authres.Parse(strings.TrimSpace(id) + "; " + strings.TrimSpace(one)); err == nil {
			results = append(results, more...)
		}
	}
	id, _, _ = strings.Cut(strings.TrimSpace(id), " ")
	return id, results, id != ""
}

// StripVerdicts takes all Authentication-Results out of a mail, except the first of the trusted server: for mail that goes on to programs that believe any of them.
func StripVerdicts(raw []byte, trusted string) []byte {
	out := make([]byte, 0, len(raw))
	kept, dropping := false, false
	for rest := raw; len(rest) > 0; {
		line, next := cutLine(rest)
		whole := rest[:len(rest)-len(next)]
		if len(line) == 0 {
			return append(out, rest...)
		}
		if line[0] != ' ' && line[0] != '\t' {
			n := fieldName(line)
			dropping = n > 0 && bytes.EqualFold(bytes.TrimSpace(line[:n]), []byte("Authentication-Results"))
			if dropping && !kept && trusted != "" {
				h, _ := lenientHeader(append(append([]byte(nil), unfoldFirst(rest)...), "\n\n"...), "")
				if id, _, ok := parseResults(h.Get("Authentication-Results")); ok && strings.EqualFold(id, trusted) {
					kept, dropping = true, false
				}
			}
		}
		if !dropping {
			out = append(out, whole...)
		}
		rest = next
	}
	return out
}

// unfoldFirst returns the first field with its continuation lines.
func unfoldFirst(data []byte) []byte {
	_, rest := cutLine(data)
	for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
		_, rest = cutLine(rest)
	}
	return bytes.TrimRight(data[:len(data)-len(rest)], "\r\n")
}
