package settings

import "baraji/internal/channel/email"

// preset is what a provider's servers are called.
type preset struct {
	name       string // of the word settings.provider_<name>
	imap, smtp email.Server
}

// presets are the providers that small firms in Korea and elsewhere use. Sources:
// each provider's own help pages.
func presets() []preset {
	tls := func(host string, port int) email.Server {
		return email.Server{Host: host, Port: port, Security: email.TLS}
	}
	start := func(host string, port int) email.Server {
		return email.Server{Host: host, Port: port, Security: email.StartTLS}
	}
	return []preset{
		{"naver", tls("imap.naver.com", 993), tls("smtp.naver.com", 465)},
		{"daum", tls("imap.daum.net", 993), tls("smtp.daum.net", 465)},
		{"kakao", tls("imap.kakao.com", 993), tls("smtp.kakao.com", 465)},
		{"gmail", tls("imap.gmail.com", 993), tls("smtp.gmail.com", 465)},
		{"workspace", tls("imap.gmail.com", 993), tls("smtp.gmail.com", 465)},
		{"outlook", tls("outlook.office365.com", 993), start("smtp-mail.outlook.com", 587)},
		{"microsoft", tls("outlook.office365.com", 993), start("smtp.office365.com", 587)},
	}
}
