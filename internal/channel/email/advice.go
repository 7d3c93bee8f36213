package email

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"strings"

	"baraji/internal/kit/dial"
)

// advice names what to do about a step that failed.
func (p *probe) advice(step string, err error) string {
	switch step {
	case "resolve":
		return "resolve"
	case "connect":
		return adviceConnect(err)
	case "tls":
		return adviceTLS(err)
	case "greeting":
		if errors.Is(err, errSilent) && p.server.Security != TLS {
			return "greeting_tls"
		}
		return "greeting"
	case "sign_in":
		return p.adviceSignIn()
	}
	return step
}

func adviceConnect(err error) string {
	var d *dial.Error
	switch {
	case errors.As(err, &d) && d.Kind == dial.Refused:
		return "private"
	case strings.Contains(said(err), "refused"):
		return "port_refused"
	}
	return "port_silent"
}

func adviceTLS(err error) string {
	var (
		name    x509.HostnameError
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		plain   tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &name):
		return "tls_name"
	case errors.As(err, &unknown):
		return "tls_unknown"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "tls_expired"
	case errors.As(err, &plain), errors.Is(err, io.EOF), errors.Is(err, errSilent):
		return "tls_not"
	}
	return "tls"
}

// adviceSignIn knows what the large providers want before a program may sign in.
func (p *probe) adviceSignIn() string {
	if p.server.Security == Plain {
		return "sign_in_plain"
	}
	host := "." + strings.ToLower(p.server.Host)
	for _, c := range []struct{ domain, advice string }{
		{".naver.com", "sign_in_naver"}, {".daum.net", "sign_in_kakao"}, {".kakao.com", "sign_in_kakao"}, {".gmail.com", "sign_in_google"},
		{".googlemail.com", "sign_in_google"}, {".office365.com", "sign_in_microsoft"}, {".outlook.com", "sign_in_microsoft"},
	} {
		if strings.HasSuffix(host, c.domain) {
			return c.advice
		}
	}
	return "sign_in"
}

// TroubleOf says in one word what kind of trouble an account's InTrouble or
// OutTrouble tells of: "sign_in", "connect", "tls", "mailbox" or "other"; "" is none.
func TroubleOf(text string) string {
	switch {
	case text == "":
		return ""
	case strings.HasPrefix(text, "sign in at"):
		return "sign_in"
	case strings.HasPrefix(text, "connect to"):
		return "connect"
	case strings.HasPrefix(text, "protect the connection"):
		return "tls"
	case strings.HasPrefix(text, "open mailbox"):
		return "mailbox"
	}
	return "other"
}
