// Package browser holds what is tested in a real Chromium: the parts of the
// pages (ui_test.go), and the pictures of `make screenshots` (shots_test.go).
package browser
