// Package html is the one way of HTML from outside onto our pages and into our mails. Whoever shows a mail, an article or
// a reply calls it; nothing else may write raw HTML.
//
//	Clean         what a mail brought → safe HTML, no request to anybody until the agent agrees
//	Document      safe HTML → the whole page of the sandboxed frame, sent with FrameCSP
//	FromMarkdown  what an agent typed → safe HTML
//	FromArticle   the Markdown of a help article → safe HTML, with steps, callouts and our own pictures
//	ToText        HTML → text to read, to search and to send beside the HTML
//
// Clean works in three steps. It reads tokens, not a tree, and writes each tag anew from a list of what is allowed, with
// text escaped and every element closed: nothing of the input's own markup is copied, so there is nothing for a
// browser to read differently (mutation XSS), and time and memory grow with the input only, however it is nested. Then
// bluemonday, which knows nothing of the first step, checks the result against its own list. Last, the result is shown in a
// frame whose sandbox and Content-Security-Policy allow no script, so a hole in both would still run nothing.
//
// Pictures that would be fetched from elsewhere become <img data-remote="…"> without a source and are counted. After
// consent ([Options.Proxy]) they come through our own signed proxy, and only through it.
package html
