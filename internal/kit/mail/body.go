package mail

import (
	"bytes"
	"html"
	"strings"
)

// body is what one branch of the tree gives a reader: plain text, HTML or both.
type body struct {
	text, html string
	hasText    bool // text was sent as text
}

// collector walks the tree, chooses the body and gathers the files.
type collector struct {
	*reader
	m     *Message
	files int
	tnef  tnefBody // what a winmail.dat says, for a mail that says nothing else
}

func (c *collector) collect(root *entity) error {
	if root.media.value == "multipart/report" {
		c.m.report = strings.ToLower(root.media.params["report-type"])
	}
	b, err := c.walk(root, true)
	if err != nil {
		return err
	}
	if strings.TrimSpace(b.text) == "" && b.html == "" {
		b = body{text: c.tnef.text, html: c.tnef.html, hasText: c.tnef.text != ""}
	}
	c.m.HTML = b.html
	c.m.Text = b.text
	if strings.TrimSpace(b.text) == "" && strings.TrimSpace(b.html) != "" {
		c.m.Text = TextOf(b.html)
		c.m.textMade = true
	}
	c.m.Text = clean(c.m.Text)
	if strings.TrimSpace(c.m.Text) == "" && len(c.m.Calendar) > 0 {
		c.m.Text = c.m.Calendar[0].Summary
	}
	return c.uuencoded()
}

// walk returns the body of a branch. first is true as long as no body was found before it in its multipart.
func (c *collector) walk(e *entity, first bool) (body, error) {
	switch {
	case e.media.value == "multipart/alternative" && len(e.kids) > 0:
		return c.alternative(e)
	case e.media.value == "multipart/related" && len(e.kids) > 0:
		return c.related(e)
	case len(e.kids) > 0:
		return c.mixed(e)
	case strings.HasPrefix(e.media.value, "multipart/"):
		return body{}, nil
	}
	return c.leaf(e, first)
}

// alternative takes the text of the first kid that has some and the HTML of the last.
func (c *collector) alternative(e *entity) (body, error) {
	var b body
	for _, kid := range e.kids {
		k, err := c.walk(kid, true)
		if err != nil {
			return b, err
		}
		if k.html != "" {
			b.html = k.html
		}
		if k.hasText && strings.TrimSpace(b.text) == "" {
			b.text, b.hasText = k.text, true
		}
	}
	return b, nil
}

// related has one root, and files that the root shows.
func (c *collector) related(e *entity) (body, error) {
	root := e.kids[0]
	start := strings.Trim(e.media.params["start"], "<> ")
	for _, kid := range e.kids {
		if start != "" && strings.Trim(kid.header.Get("Content-ID"), "<> ") == start {
			root = kid
		}
	}
	b, err := c.walk(root, true)
	for _, kid := range e.kids {
		if err != nil {
			return b, err
		}
		if kid == root {
			continue
		}
		var k body
		if k, err = c.walk(kid, b.text == "" && b.html == ""); err == nil {
			b = join(b, k)
		}
	}
	return b, err
}

// mixed joins what its kids say, in order: Apple Mail writes text, picture, text.
func (c *collector) mixed(e *entity) (body, error) {
	var b body
	for i, kid := range e.kids {
		if e.media.value == "multipart/report" && i > 0 || e.media.value == "multipart/digest" {
			if err := c.file(kid); err != nil {
				return b, err
			}
			continue
		}
		k, err := c.walk(kid, b.text == "" && b.html == "")
		if err != nil {
			return b, err
		}
		b = join(b, k)
	}
	return b, nil
}

func join(a, b body) body {
	if a.text == "" && a.html == "" {
		return b
	}
	if b.text == "" && b.html == "" {
		return a
	}
	out := body{hasText: a.hasText || b.hasText}
	if out.hasText {
		out.text = strings.TrimRight(asText(a), "\n") + "\n\n" + strings.TrimLeft(asText(b), "\n")
	}
	if a.html != "" || b.html != "" {
		out.html = asHTML(a) + "\n" + asHTML(b)
	}
	return out
}

func asText(b body) string {
	if !b.hasText && b.html != "" {
		return TextOf(b.html)
	}
	return b.text
}

func asHTML(b body) string {
	if b.html == "" {
		return `<div style="white-space:pre-wrap">` + html.EscapeString(b.text) + `</div>`
	}
	return b.html
}

// leaf is body or file. A named text is a file, unless it comes first and does not call itself an attachment: some programs name the body.
func (c *collector) leaf(e *entity, first bool) (body, error) {
	attached := e.disposition.value == "attachment" || e.name() != "" && !(first && e.disposition.value != "inline")
	switch {
	case attached:
	case e.media.value == "text/plain" || e.media.value == "text" || e.media.value == "application/text":
		text := e.text()
		if e.media.params["format"] == "flowed" {
			text = unflow(text, strings.EqualFold(e.media.params["delsp"], "yes"))
		}
		return body{text: text, hasText: true}, nil
	case e.media.value == "text/html" || e.media.value == "application/xhtml+xml":
		return body{html: e.text()}, nil
	case e.media.value == "text/enriched" || e.media.value == "text/richtext":
		return body{text: TextOf(e.text()), hasText: true}, nil
	}
	return body{}, c.file(e)
}

// file keeps a part as an attachment, whatever it is.
func (c *collector) file(e *entity) error {
	if strings.HasPrefix(e.media.value, "multipart/") && len(e.kids) > 0 {
		for _, kid := range e.kids {
			if err := c.file(kid); err != nil {
				return err
			}
		}
		return nil
	}
	p := Part{
		Name:      oneLine(e.name()),
		Type:      oneLine(e.media.value),
		ContentID: strings.Trim(oneLine(e.header.Get("Content-ID")), "<> "),
		Data:      e.data,
	}
	p.Inline = e.disposition.value == "inline" && p.ContentID != "" || e.disposition.value == "" && p.ContentID != "" && strings.HasPrefix(p.Type, "image/")
	if p.Type == "text/calendar" {
		if inv, ok := readCalendar(e.text(), e.media.params["method"]); ok && len(c.m.Calendar) < 10 {
			c.m.Calendar = append(c.m.Calendar, inv)
		}
	}
	if isTNEF(p) {
		return c.winmail(p)
	}
	return c.add(p)
}

func (c *collector) add(p Part) error {
	if c.files++; c.files > c.limits.Attachments {
		return &TooComplex{"attachments", c.limits.Attachments}
	}
	c.m.Attachments = append(c.m.Attachments, p)
	return nil
}

// tnef replaces a winmail.dat by what is inside. One that we cannot read stays what it is.
func (c *collector) winmail(p Part) error {
	t, err := decodeTNEF(p.Data, c.limits)
	if err != nil {
		c.warn("winmail.dat could not be read: " + err.Error())
		return c.add(p)
	}
	for _, f := range t.files {
		if c.decoded += len(f.Data); c.decoded > c.limits.Decoded {
			return &TooComplex{"decoded bytes", c.limits.Decoded}
		}
		if err := c.add(f); err != nil {
			return err
		}
	}
	c.tnef = t.body
	return nil
}

// uuencoded takes files out of a plain text, as programs wrote them before MIME.
func (c *collector) uuencoded() error {
	for n := 0; n < 50; n++ {
		before, name, data, after, ok := cutUU(c.m.Text)
		if !ok {
			return nil
		}
		c.m.Text = strings.TrimRight(before, "\n") + "\n" + strings.TrimLeft(after, "\n")
		if err := c.add(Part{Name: oneLine(name), Type: "application/octet-stream", Data: data}); err != nil {
			return err
		}
	}
	return nil
}

func cutUU(text string) (before, name string, data []byte, after string, ok bool) {
	start := 0
	if !strings.HasPrefix(text, "begin ") {
		i := strings.Index(text, "\nbegin ")
		if i < 0 {
			return "", "", nil, "", false
		}
		start = i + 1
	}
	end := strings.Index(text[start:], "\nend")
	if end < 0 {
		return "", "", nil, "", false
	}
	end += start + len("\nend")
	line, _ := cutLine([]byte(text[start:end]))
	if !uuBegin(line) {
		return "", "", nil, "", false
	}
	name, data, ok = decodeUU(bytes.TrimSpace([]byte(text[start:end])))
	return text[:start], name, data, text[end:], ok && len(data) > 0
}

// unflow joins the lines that format=flowed (RFC 3676) broke.
func unflow(text string, delsp bool) string {
	lines := strings.Split(text, "\n")
	var out strings.Builder
	depth, open := 0, false
	for i, line := range lines {
		d := 0
		for d < len(line) && line[d] == '>' {
			d++
		}
		words := strings.TrimPrefix(line[d:], " ")
		if d == 0 {
			words = strings.TrimPrefix(line, " ")
		}
		if !open || d != depth || words == "-- " {
			if i > 0 {
				out.WriteByte('\n')
			}
			if d > 0 {
				out.WriteString(strings.Repeat(">", d) + " ")
			}
		}
		depth, open = d, strings.HasSuffix(words, " ") && words != "-- "
		if open && delsp {
			words = strings.TrimSuffix(words, " ")
		}
		out.WriteString(words)
	}
	return out.String()
}
