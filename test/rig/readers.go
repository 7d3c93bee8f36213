package rig

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os/exec"
	"testing"
)

//go:embed readers.py
var readers string

// Calendars and Feeds name the libraries, none of them ours, that read calendars (RFC 5545) and feeds (RFC 4287) for tests.
var (
	Calendars = []string{"icalendar", "vobject"}
	Feeds     = []string{"feedparser", "elementtree"}
)

// WebPush is what decrypts pushes for tests: another reading of the RFCs, with another library's ciphers.
const WebPush = "webpush"

// ReadWith has a library read a text, and takes what it understood: a list of values with the fields of readers.py. The test fails when the library
// finds anything wrong with the text.
func ReadWith(t testing.TB, library string, text []byte, into any) {
	t.Helper()
	python := Need(t, library)
	cmd := exec.Command(python, "-c", readers, library)
	cmd.Stdin = bytes.NewReader(text)
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s does not understand it: %v\n%s", library, err, bad.String())
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		t.Fatal(err)
	}
}

// pythonWith is Debian's Python, where a package of it is there.
func pythonWith(name string) func() string {
	return func() string {
		if !isDir("/usr/lib/python3/dist-packages/"+name) && !isFile("/usr/lib/python3/dist-packages/"+name+".py") {
			return ""
		}
		return ifFile("/usr/bin/python3")
	}
}
