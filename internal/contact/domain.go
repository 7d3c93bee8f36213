package contact

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// freeMail are domains whose addresses say nothing about where somebody works.
var freeMail = set(`gmail.com googlemail.com naver.com hanmail.net daum.net kakao.com nate.com empas.com lycos.co.kr dreamwiz.com korea.com
	hanmir.com hotmail.com hotmail.co.kr hotmail.co.uk hotmail.fr outlook.com outlook.kr outlook.jp live.com live.co.kr live.co.uk msn.com icloud.com me.com mac.com
	yahoo.com yahoo.co.kr yahoo.co.jp yahoo.co.uk yahoo.fr yahoo.de ymail.com rocketmail.com aol.com gmx.com gmx.de gmx.net web.de t-online.de
	mail.com mail.ru yandex.ru yandex.com proton.me protonmail.com pm.me tutanota.com tuta.com fastmail.com hey.com zoho.com zohomail.com
	qq.com 163.com 126.com yeah.net sina.com sina.cn sohu.com foxmail.com aliyun.com 139.com naver.jp docomo.ne.jp ezweb.ne.jp softbank.ne.jp
	orange.fr free.fr laposte.net libero.it wp.pl o2.pl seznam.cz rediffmail.com comcast.net att.net verizon.net sbcglobal.net btinternet.com
	duck.com mozmail.com privaterelay.appleid.com passmail.net chol.com paran.com freechal.com unitel.co.kr hanafos.com netian.com
	mail.example post.example`) // the last two: RFC 2606 has no free mail, and the sample shop has customers

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// companyDomain is the domain that stands for a company in a normal e-mail
// address: what somebody registered (kim@sales.acme.co.kr is acme.co.kr). It is ""
// for free mail, which groups nobody, and for domains that nobody can register.
func companyDomain(email string) string {
	host := domainOf(email)
	if freeMail[host] {
		return ""
	}
	d, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil || freeMail[d] {
		return ""
	}
	return d
}

// companyName is what a company is called until somebody says it better: acme.co.kr is Acme.
func companyName(domain string) string {
	name, _, _ := strings.Cut(domain, ".")
	return strings.ToUpper(name[:1]) + name[1:]
}
