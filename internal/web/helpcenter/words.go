package helpcenter

import (
	"net/url"

	"github.com/a-h/templ"
)

func windowTitle(p around) string {
	site := t(p.ctx, "of_shop", "shop", shop(p.ctx))
	if p.Title == "" {
		return site
	}
	return p.Title + " – " + site
}

// mailTo begins a mail with what the reader wanted to know.
func mailTo(p around) string {
	subject := p.Query
	if subject == "" {
		subject = p.Title
	}
	u := url.URL{Scheme: "mailto", Opaque: url.PathEscape(p.Contact)}
	if subject != "" {
		u.RawQuery = "subject=" + url.PathEscape(subject)
	}
	return u.String()
}

// body is the text of an article, which kit/html made when it was published.
func body(safe string) templ.Component { return templ.Raw(safe) }
