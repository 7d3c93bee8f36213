package html

import (
	"regexp"
	"strings"
)

const (
	maxStyle = 4000 // bytes of one style attribute
	maxValue = 200  // bytes of one value
)

// style writes an inline style anew from the declarations that are allowed. background is the old attribute of tables.
func (c *cleaner) style(in, background string) string {
	var out strings.Builder
	if len(in) <= maxStyle {
		for _, d := range declarations(in) {
			c.declare(&out, d)
		}
	}
	if background != "" {
		c.declare(&out, `background-image:url("`+strings.ReplaceAll(background, `"`, "")+`")`)
	}
	return strings.TrimSpace(out.String())
}

func (c *cleaner) declare(out *strings.Builder, d string) {
	name, value, ok := strings.Cut(d, ":")
	name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
	if !ok || !properties[name] {
		return
	}
	if name == "background" || name == "background-image" {
		name, value = c.background(name, value)
	}
	value = strings.ReplaceAll(value, `"`, "'")
	if value == "" || !ours(value) && !safeValue(name, value) {
		return
	}
	out.WriteString(name + ": " + value + "; ")
}

var cssURL = regexp.MustCompile(`(?i)url\(\s*["']?([^"')]*)["']?\s*\)`)

// background replaces the picture of a background: nothing before consent, our proxy's after. Without a picture it is a
// colour and passes as that.
func (c *cleaner) background(name, value string) (string, string) {
	m := cssURL.FindStringSubmatch(value)
	if m == nil {
		return name, value
	}
	own := ""
	src := squeeze(m[1])
	if id, ok := cutFold(src, "cid:"); ok {
		c.attached(id, func(_, v string) { own = v })
	} else if remote, ok := remoteURL(src); ok {
		c.result.Remote++
		if c.options.Proxy != nil {
			own = c.options.Proxy(remote)
		}
	}
	if v := "url('" + own + "')"; own != "" && ours(v) {
		return "background-image", v
	}
	return "background", strings.TrimSpace(cssURL.ReplaceAllString(value, ""))
}

// ours is a value that [cleaner.background] made.
var ourURL = regexp.MustCompile(`^url\('[^'"()\\\s<>;]+'\)$`)

func ours(value string) bool { return ourURL.MatchString(value) }

var (
	// A value is words, numbers, colours and quoted names. No escapes, no comments, no function but those of colours.
	cssValue = regexp.MustCompile(`^(?:[\pL\pN #%.,'+!_-]|/|(?i:rgba?|hsla?)\([0-9 ,.%/deg]*\))+$`)
	negative = regexp.MustCompile(`(?:^|[ (,])-`)
)

func safeValue(name, value string) bool {
	if len(value) > maxValue || strings.Contains(value, "/*") || strings.Contains(value, "//") || strings.Count(value, "'")%2 == 1 {
		return false
	}
	lower := strings.ToLower(value)
	for _, bad := range []string{"url", "expression", "javascript", "image-set", "attr", "var(", "calc", "behavior", "binding", "fixed"} {
		if strings.Contains(lower, bad) {
			return false
		}
	}
	if name == "display" {
		return displays[lower]
	}
	if strings.HasPrefix(name, "margin") && negative.MatchString(value) {
		return false
	}
	return cssValue.MatchString(value)
}

// declarations parts a style at its semicolons, but not inside quotes or brackets. A style with escapes or comments in a
// declaration loses that declaration in safeValue.
func declarations(s string) []string {
	var out []string
	start, depth, quote := 0, 0, byte(0)
	for i := range len(s) {
		switch b := s[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '(':
			depth++
		case b == ')':
			depth = max(depth-1, 0)
		case b == ';' && depth == 0:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}
