package mail

import (
	"strings"
	"testing"
)

func TestVerdictsOnlyFromOurServer(t *testing.T) {
	const ours = "Authentication-Results: mx.example.com (ours);\n dkim=pass (2048-bit key) header.d=shop.example header.i=@shop.example;\n spf=softfail (not allowed; at all) smtp.mailfrom=a@shop.example;\n dmarc=pass (p=REJECT) header.from=shop.example\n"
	const forged = "Authentication-Results: mx.example.com; dmarc=pass header.from=bank.example; spf=pass smtp.mailfrom=bank.example\n"
	const other = "Authentication-Results: evil.example; dmarc=pass header.from=bank.example\n"
	m := parsed(t, other+ours+forged+"Subject: x\n\nx")
	got := ReadVerdicts(m.Header, "MX.example.com")
	if got.DMARC != Pass || got.DKIM != Pass || got.SPF != Fail || got.From != "shop.example" || strings.Join(got.Signers, " ") != "shop.example" {
		t.Errorf("got %+v", got)
	}
	if got := ReadVerdicts(m.Header, ""); got.DMARC != None || got.SPF != None {
		t.Errorf("nobody is trusted, yet %+v", got)
	}
	if got := ReadVerdicts(parsed(t, other+"\nx").Header, "mx.example.com"); got.DMARC != None {
		t.Errorf("a stranger is believed: %+v", got)
	}
	stripped := string(StripVerdicts([]byte(other+ours+forged+"Subject: x\n\nAuthentication-Results: body"), "mx.example.com"))
	if stripped != ours+"Subject: x\n\nAuthentication-Results: body" {
		t.Errorf("stripped to %q", stripped)
	}
}

func TestSuspicions(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want Doubt
	}{
		{"From: Kim <kim@example.com>\nReply-To: kim@example.net\n\nx", ReplyElsewhere},
		{"From: Kim <kim@pаypal.com>\n\nx", MixedScript},
		{"From: Kim <kim@xn--80ak6aa92e.com>\n\nx", MixedScript},
		{"From: \"boss@example.com\" <evil@example.net>\n\nx", NameIsAddress},
		{"From: =?utf-8?Q?boss=40example=2Ecom?= <evil@example.net>\n\nx", NameIsAddress},
		{"From: =?utf-8?B?4oCuYWJj?= <a@example.com>\n\nx", HiddenSigns},
		{"Content-Type: text/html\n\n<a href='https://evil.example.net/'>https://www.example.com/login</a>", LinkElsewhere},
		{"Content-Type: text/html\n\n<a href='https://evil.example.net/'>mybank.co.kr</a>", LinkElsewhere},
		{"Content-Type: application/x; name=\"invoice.pdf.exe\"\n\nx", DoubleName},
		{"Content-Type: application/x; name=\"invoice\u202efdp.exe\"\n\nx", HiddenSigns},
	} {
		found := Suspicions(parsed(t, c.raw))
		hit := false
		for _, s := range found {
			hit = hit || s.Doubt == c.want
		}
		if !hit {
			t.Errorf("%q: %v, want %s", c.raw, found, c.want)
		}
	}
	for _, raw := range []string{
		"From: \"kim@example.com\" <kim@example.com>\nReply-To: <desk@mail.example.com>\n\nx",
		"From: 김보라 👨‍👩‍👧 <kim@한국.kr>\n\nx",
		"Content-Type: text/html\n\n<a href='https://click.example.com/x'>www.example.com</a> <a href='https://a.example.net'>더 보기</a> <a href='mailto:a@b.c'>a@b.c</a>",
		"From: a@почта.рф\n\nx",
	} {
		if found := Suspicions(parsed(t, raw)); len(found) > 0 {
			t.Errorf("%q: %v", raw, found)
		}
	}
}
