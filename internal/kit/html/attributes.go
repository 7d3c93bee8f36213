package html

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

const maxAttrs = 40

// attributes reads the tag's attributes and gives those to be written.
func (c *cleaner) attributes(name string, allowed map[string]bool, z *html.Tokenizer, more bool) []html.Attribute {
	in := map[string]string{}
	for n := 0; more && n < maxAttrs; n++ {
		var k, v []byte
		k, v, more = z.TagAttr()
		if key := string(k); allowed[key] || c.options.article && key == "class" {
			if _, twice := in[key]; !twice { // the first one counts, as in browsers
				in[key] = string(v)
			}
		}
	}
	var out []html.Attribute
	add := func(key, value string) { out = append(out, html.Attribute{Key: key, Val: value}) }
	for _, key := range order {
		if value, ok := in[key]; ok && plainValue(key, value) {
			add(key, strings.TrimSpace(value))
		}
	}
	if class := in["class"]; classes[name][class] {
		add("class", class)
	}
	if style := c.style(in["style"], in["background"]); style != "" {
		add("style", style)
	}
	switch name {
	case "a":
		c.anchor(in["href"], add)
	case "img":
		c.picture(in["src"], in["srcset"], add)
	}
	return out
}

// order is that of the output, so that the same input always gives the same text.
var order = strings.Fields("dir lang title align valign alt width height bgcolor border cellpadding cellspacing colspan rowspan nowrap span color face size start type reversed value")

var short = regexp.MustCompile(`^[#\pL\pN %.,'_-]{0,100}$`)

func plainValue(key, value string) bool {
	if key == "title" || key == "alt" {
		return len(value) <= 1000
	}
	return short.MatchString(value)
}

func (c *cleaner) anchor(href string, add func(k, v string)) {
	if c.options.article && ownPath(href) {
		add("href", href)
		return
	}
	href, ok := safeLink(href)
	if !ok {
		return
	}
	add("href", href)
	add("target", "_blank")
	add("rel", "noopener noreferrer nofollow")
	if len(c.result.Links) < 500 {
		c.result.Links = append(c.result.Links, Link{Href: href})
		c.link = &strings.Builder{}
	}
}

func (c *cleaner) endLink() {
	if c.link == nil {
		return
	}
	l := &c.result.Links[len(c.result.Links)-1]
	l.Text = strings.Join(strings.Fields(c.link.String()), " ")
	l.Misleading = misleading(l.Href, l.Text)
	c.link = nil
}

var hostLike = regexp.MustCompile(`(?i)^(?:https?://)?((?:[\pL\pN-]+\.)+[\pL]{2,})(?:[:/?#]\S*)?$`)

// misleading is a text that reads as an address of another host than the link's.
func misleading(href, text string) bool {
	m := hostLike.FindStringSubmatch(text)
	u, err := url.Parse(href)
	if m == nil || err != nil || u.Host == "" {
		return false
	}
	bare := func(h string) string { return strings.TrimPrefix(strings.ToLower(h), "www.") }
	said, real := bare(m[1]), bare(u.Hostname())
	return said != real && !strings.HasSuffix(real, "."+said)
}

// safeLink reads a link as browsers do, which skip control characters, and lets four schemes through.
func safeLink(href string) (string, bool) {
	href = squeeze(href)
	u, err := url.Parse(href)
	if err != nil || len(href) > 4000 {
		return "", false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.String(), u.Host != ""
	case "mailto", "tel":
		return u.String(), u.Opaque != ""
	}
	return "", false
}

// picture decides where a picture comes from: from the mail, out of the text itself, or from elsewhere.
func (c *cleaner) picture(src, srcset string, add func(k, v string)) {
	src = squeeze(src)
	if src == "" && srcset != "" {
		src = squeeze(strings.Split(strings.TrimSpace(srcset), " ")[0])
	}
	if id, ok := cutFold(src, "cid:"); ok {
		c.attached(id, add)
		return
	}
	if dataImage(src) {
		add("src", src)
		return
	}
	remote, ok := remoteURL(src)
	if !ok {
		return
	}
	c.result.Remote++
	add("loading", "lazy")
	if c.options.Proxy == nil {
		add("data-remote", remote)
	} else if own := c.options.Proxy(remote); own != "" {
		add("src", own)
	}
}

func (c *cleaner) attached(id string, add func(k, v string)) {
	if plain, err := url.PathUnescape(id); err == nil {
		id = plain
	}
	id = strings.Trim(id, "<> ")
	if c.options.CID == nil || id == "" {
		return
	}
	if own := c.options.CID(id); own != "" {
		c.result.CIDs = append(c.result.CIDs, id)
		add("src", own)
	}
}

// remoteURL is an absolute http(s) address; //host/x counts as one. Anything relative has no home in a mail.
func remoteURL(s string) (string, bool) {
	if strings.HasPrefix(strings.ReplaceAll(s, `\`, "/"), "//") {
		s = "https:" + strings.ReplaceAll(s, `\`, "/")
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(s) > 4000 {
		return "", false
	}
	u.Fragment = ""
	return u.String(), true
}

var dataURL = regexp.MustCompile(`(?i)^data:image/(?:png|jpe?g|gif|webp);base64,`)

// dataImage lets pictures through that stand in the text itself, but no SVG, which is a document.
func dataImage(s string) bool {
	head := dataURL.FindString(s)
	if head == "" {
		return false
	}
	_, err := base64.StdEncoding.DecodeString(s[len(head):])
	return err == nil
}

// squeeze takes out what browsers skip in addresses.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7F || r == 0xFEFF || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E {
			return -1
		}
		return r
	}, s)
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
