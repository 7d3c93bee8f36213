package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// A field of this name would hide what its form says about itself: form.id were
// the field, and a redraw took the form for another one, with all that stands in it.
var hiding = regexp.MustCompile(`name="(id|attributes|children|childNodes|firstChild|nextSibling|parentNode|tagName|nodeType|matches|isConnected)"`)

func TestNoFieldHidesItsForm(t *testing.T) {
	pages, err := filepath.Glob("../*/*.templ")
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range hiding.FindAll(text, -1) {
			t.Errorf("%s: a field has %s", page, found)
		}
	}
}
