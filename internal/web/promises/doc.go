// Package promises is the pages of what was promised to customers (/promises): one's own, the team's, what slips, what was broken. A promise is
// noted from a sentence of a talk (web/inbox) or here.
package promises
