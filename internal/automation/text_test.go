package automation

import (
	"fmt"
	"strings"
	"testing"
)

// T47: what template engines would make something of is printed as it is written; what looks like a placeholder and is none is left out;
// nothing is ever computed.
func TestATextIsOnlyText(t *testing.T) {
	frames := []string{"{{%s}}", "${%s}", "#{%s}", "<%%= %s %%>", "<%% %s %%>", "{%% %s %%}", "{{= %s}}", "@(%s)", "[[%s]]", "[[${%s}]]", "*{%s}", "~{%s}", "{{{%s}}}", "$%s", "%%{%s}", "{$%s}", "{php}%s{/php}", "#set($x=%s)", "@{%s}", "`%s`"}
	payloads := []string{"7*7", "7*'7'", "config.items()", "self.__class__.__mro__[1].__subclasses__()", "''.class.forName('java.lang.Runtime')", "T(java.lang.System).getenv()", "constructor.constructor('return process')()",
		"system('id')", "_self.env.registerUndefinedFilterCallback('exec')", "printf \"%s\" .", "request.application.__globals__", "range.constructor('return 1')()"}
	c, n := &Case{}, 0
	for _, frame := range frames {
		for _, p := range payloads {
			n++
			text := "Hello " + fmt.Sprintf(frame, p) + " end"
			got, err := c.fill(text)
			if want := hole.ReplaceAllString(text, ""); err != nil || got != want { // a{b.c}d looks like one that nobody knows
				t.Errorf("%q became %q, %v", text, got, err)
			}
		}
	}
	for _, unknown := range []string{"{customer.password}", "{a.b}", "{config.items}", "{self.env.secret}", "{conversation.}", "{.name}"} {
		n++
		got, err := c.fill("Hello " + unknown + ".")
		want := "Hello ."
		if !hole.MatchString(unknown) { // no placeholder at all: text
			want = "Hello " + unknown + "."
		}
		if err != nil || got != want {
			t.Errorf("%s became %q, %v", unknown, got, err)
		}
	}
	if n < 200 {
		t.Errorf("%d payloads", n)
	}
	if got, _ := c.fill(strings.Repeat("{a.b", 10_000)); len(got) != 40_000 {
		t.Errorf("%d letters", len(got))
	}
}
