package mail

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

var seeds = []string{
	"From: a@b.c\nSubject: =?euc-kr?B?vsg=?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=cp949\n\nx\n--b\nContent-Type: application/x; name*0*=utf-8''%ea; name*1=\"b\n\nx\n--b--\n",
	"From: MAILER-DAEMON@x.y\nSubject: failure notice\n\n<a@b.c>:\n550 5.1.1 unknown user\n\n--- Below this line is a copy of the message.\n\nReceived: from x\nMessage-ID: <1@x>\n",
	"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\n--b--",
	"Content-Type: text/html\n\n<div>hi</div><div class=gmail_quote><blockquote>On Mon x wrote:</blockquote></div><div id=divRplyFwdMsg>",
	"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VEVENT\nDTSTART;TZID=x:20260101T000000\nEND:VEVENT",
	"Content-Type: text/plain; format=flowed; delsp=yes\n\n> a \n> b\n\nbegin 644 a\n#86)C\n`\nend\n",
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { harmless(t, raw) })
}

func FuzzClassify(f *testing.F) {
	f.Add("MAILER-DAEMON@x.y", "failure notice", "<a@b.c>: 550 5.1.1 x", "", "X-Failed-Recipients")
	f.Add("a@b.c", "부재중 자동응답", "자리를 비웁니다", "a@b.c", "Precedence")
	f.Fuzz(func(t *testing.T, from, subject, text, envelope, name string) {
		m := &Message{From: []Address{{from, from}}, Subject: subject, Text: clean(text), Header: Header{{name, text}, {"From", from}, {"Subject", subject}}}
		k := Classify(m, envelope)
		if k.Class == "" || k.Class != Person && k.Sign == "" {
			t.Errorf("%+v", k)
		}
	})
}

func FuzzSplitText(f *testing.F) {
	f.Add("답입니다.\n\n2026년 11월 16일 (월) 오후 3:05, 상점 <help@example.com>님이 작성:\n> 인용\n")
	f.Add("**Original**\n\x02 \nwords")
	f.Add("hi\n-- \nme\n\n-----Original Message-----\nFrom: a\nSent: b\nSubject: c\n")
	f.Fuzz(func(t *testing.T, text string) {
		s := SplitText(text)
		if got, want := len(squash(s.Reply))+len(squash(s.Quoted))+len(squash(s.Signature)), len(squash(unmark.Replace(clean(text)))); got != want {
			t.Errorf("%d characters of %d are left: %q", got, want, s)
		}
	})
}

func FuzzSplitHTML(f *testing.F) {
	f.Add("<p>hi</p><div class='gmail_quote'><div class='gmail_attr'>On x wrote:</div><blockquote>x</blockquote></div>")
	f.Add("<ol start=-5><li><p>a<table><tr><td>b<td>c</table></ol><pre>\nx</pre>\x02\x03")
	f.Fuzz(func(t *testing.T, page string) {
		s := SplitHTML(page)
		for _, text := range []string{s.Reply, s.Quoted, s.Signature, TextOf(page)} {
			if !utf8.ValidString(text) || bytes.ContainsAny([]byte(text), "\x00"+cutMark+quoteMark+signedMark) && !bytes.ContainsAny([]byte(page), cutMark+quoteMark+signedMark+"&") {
				t.Errorf("not clean: %q", text)
			}
		}
	})
}

func FuzzTNEF(f *testing.F) {
	f.Add(tnefFile(`{\rtf1\ansi\fromhtml1 {\*\htmltag19 <p>}\'be\u44032?{\*\htmltag27 </p>}}`, "a.txt", "x"))
	f.Add([]byte("\x78\x9f\x3e\x22\x01\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := DefaultLimits
		limits.Decoded = 1 << 20
		got, err := decodeTNEF(data, limits)
		if err != nil {
			return
		}
		if !utf8.ValidString(got.body.text) || !utf8.ValidString(got.body.html) {
			t.Errorf("not UTF-8: %q", got.body)
		}
		for _, p := range got.files {
			if !utf8.ValidString(p.Name) || len(p.Data) > len(data) && len(p.Data) > 1<<20 {
				t.Errorf("bad file %q", p.Name)
			}
		}
	})
}

func FuzzSafeName(f *testing.F) {
	for _, name := range strangeNames()[:60] {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if err := safe(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	})
}
