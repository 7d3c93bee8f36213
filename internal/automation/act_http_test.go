package automation

import (
	"encoding/json"
	"strings"
	"testing"

	"baraji/internal/kit/problem"
	"baraji/internal/outcall"
)

// What customers call themselves stays what it is, wherever it is put.
func TestWhatIsFilledInStaysInItsPlace(t *testing.T) {
	nasty := []string{`"}, "admin": true, {"`, `\`, "a\r\nX-Evil: 1", "../../admin", "?x=1&y=2#z", "{secret.shop}", "{{7*7}}", "한글 이름", "", "\x00\x1f", "</script>", "007", "12"}
	for _, name := range nasty {
		fill := func(string) (string, error) { return name, nil }
		r, err := request(map[string]string{"method": "POST", "address": "https://shop.example/users/{customer.name}/x?q={customer.name}", "headers": "X-Who: {customer.name}\nAuthorization: Bearer {secret.shop}",
			"body": `{"a": "say \"{customer.name}\" to {customer.name}", "b": {customer.name}, "s": "{secret.shop}"}`}, fill)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ A, S string }
		body := r.Body.Shown()
		if err := json.Unmarshal([]byte(body), &got); err != nil || got.A != strings.ToValidUTF8(`say "`+name+`" to `+name, "") || got.S != "{secret.shop}" {
			t.Errorf("%q: %s: %+v, %v", name, body, got, err)
		}
		var loose map[string]any
		if json.Unmarshal([]byte(body), &loose); len(loose) != 3 {
			t.Errorf("%q made %v", name, loose)
		}
		address := r.Address.Shown()
		if !strings.HasPrefix(address, "https://shop.example/users/") || strings.ContainsAny(address, " \r\n#\"{}") || strings.Count(address, "?") != 1 || strings.Count(address, "&") != 0 || strings.Count(address, "/") != 5 {
			t.Errorf("%q: %s", name, address)
		}
		if v := r.Headers[0].Value.Shown(); strings.ContainsAny(v, "\r\n\x00") || len(r.Headers) != 2 {
			t.Errorf("%q: %q", name, r.Headers)
		}
		if names := r.Secrets(); len(names) != 1 || names[0] != "shop" {
			t.Errorf("%q: secrets %q", name, names)
		}
		secrets := 0
		for _, p := range append(append(r.Body, r.Address...), r.Headers[0].Value...) {
			if p.Secret != "" {
				secrets++
			}
		}
		if secrets != 1 {
			t.Errorf("%q: what a customer calls himself became a secret: %+v", name, r)
		}
	}
}

// A number stays a number where no quotes stand around it; a phone number is none.
func TestAJSONValueWithoutQuotes(t *testing.T) {
	for given, want := range map[string]string{"12": `12`, "-1.5": `-1.5`, "01012345678": `"01012345678"`, "1e9": `"1e9"`, "": `null`, "true": `true`, "Kim": `"Kim"`, "NaN": `"NaN"`} {
		r, err := request(map[string]string{"body": `{"n": {conversation.number}}`}, func(string) (string, error) { return given, nil })
		if got := r.Body.Shown(); err != nil || got != `{"n": `+want+`}` {
			t.Errorf("%q became %s", given, got)
		}
	}
}

func TestHeadersThatARuleMayNotSet(t *testing.T) {
	for text, ok := range map[string]bool{"X-Key: 1": true, "Host: evil.example": false, "Content-Length: 1": false, "Transfer-Encoding: chunked": false, "no colon": false, "Bad Name: x": false,
		"idempotency-key: x": false, ": x": false, "X-A: a\x00b": false, "Authorization: Bearer {secret.shop}": true} {
		var c problem.Check
		outHeaders(&c, text)
		if (c.Err() == nil) != ok {
			t.Errorf("%q: %v", text, c.Err())
		}
	}
}

// Whom one talks to stands in the rule, whatever a customer calls himself.
func TestNoPlaceholderDecidesWhoIsAsked(t *testing.T) {
	for _, address := range []string{"{customer.name}", "{customer.name}://shop.example/", "https://{customer.name}/", "https://{customer.name}.example/", "https://shop{customer.name}", "https://shop.example{customer.name}/", "https://shop.example:{customer.name}/"} {
		for _, name := range []string{"x", "https://evil.example/", "evil.example/", "@evil.example/", ".evil.example/"} {
			r, err := request(map[string]string{"method": "GET", "address": address}, func(string) (string, error) { return name, nil })
			if err != nil {
				t.Fatal(err)
			}
			if _, err := outcall.Ask(t.Context(), nil, r, outcall.About{}); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%s with %s: %v", address, name, err)
			}
		}
	}
}
