// Package browser holds what is tested in a real Chromium.
//
//	pages_test.go    every page of the product, found by its route: axe in both languages and themes. A new page has to be
//	                 added to the list, or the test says that nobody looks at it
//	shots_test.go    the same list as pictures, with a sheet of all looks for each page (`make screenshots`)
//	guide_test.go    some of them as the pictures of the guide (`make guide-pictures`)
//	stage_test.go    the chat beside its settings
//	embed_test.go    forms on other sites; a chat over a lost network
//	hostile_test.go  letters with bad intent, opened wherever they can be seen
//	live_test.go     two desks that see each other
//	ui_test.go       the parts of the pages, each in its states
package browser
