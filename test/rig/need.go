package rig

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// part is something from outside that tests need: how to find it, and the Debian package that brings it.
type part struct {
	name, deb string
	find      func() string // the path of what was found, "" when it is not there
}

func parts() []part {
	return []part{
		{"postgres", "postgresql", func() string { return pgBinary("postgres") }},
		{"dovecot", "dovecot-imapd and dovecot-lmtpd", findDovecot},
		{"chromium", "chromium", func() string { return onPath("chromium", "chromium-browser", "google-chrome") }},
		{"korean font", "fonts-nanum", findKoreanFont},
		{"axe", "(npm) axe-core, by `make axe`", axePath},
		{"icalendar", "python3-icalendar", pythonWith("icalendar")},
		{"vobject", "python3-vobject", pythonWith("vobject")},
		{"feedparser", "python3-feedparser", pythonWith("feedparser")},
		{"webpush", "python3-cryptography", pythonWith("cryptography")},
		{"elementtree", "python3", func() string { return ifFile("/usr/bin/python3") }},
		{"shared data", "(the folder shared/data beside the repository)", sharedData},
	}
}

// Need returns the path of a part that does not come with Go: "postgres", "dovecot", "chromium", "korean font", "axe", "shared data"
// or one that reads feeds or pushes (see Calendars, Feeds, WebPush). Without it
// the test is skipped, or fails when CI=true, so that no run is green because nothing ran.
func Need(t testing.TB, name string) string {
	t.Helper()
	all := parts()
	i := slices.IndexFunc(all, func(p part) bool { return p.name == name })
	if i < 0 {
		t.Fatalf("rig knows no part %q", name)
	}
	found := all[i].find()
	if found == "" {
		missing(t, name+" is not installed (Debian package "+all[i].deb+"; `make setup` brings it)")
	}
	return found
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal("CI=true and " + what)
	}
	t.Skip("SKIPPED, NOT TESTED: " + what)
}

// onPath looks for the first of some programs on PATH and where Debian keeps servers, which an ordinary user's PATH leaves out.
func onPath(names ...string) string {
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
		if found := filepath.Join("/usr/sbin", name); isFile(found) {
			return found
		}
	}
	return ""
}

// findDovecot wants all three: the server, and the two protocols that are packages of their own.
func findDovecot() string {
	for _, part := range []string{"/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp"} {
		if !isFile(part) {
			return ""
		}
	}
	return onPath("dovecot")
}

func findKoreanFont() string {
	found, _ := filepath.Glob("/usr/share/fonts/truetype/nanum/NanumGothic.ttf")
	return strings.Join(found, "")
}

// axePath is where `make axe` put axe-core: outside the repository, in the user's cache.
func axePath() string {
	if set := os.Getenv("BARAJI_AXE"); set != "" {
		return ifFile(set)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return ifFile(filepath.Join(cache, "baraji-test", "axe.min.js"))
}

// sharedData is the folder data of shared, which lies beside the repository.
func sharedData() string {
	root, err := repositoryRoot()
	if err != nil {
		return ""
	}
	data := filepath.Join(root, "..", "shared", "data")
	if info, err := os.Stat(data); err != nil || !info.IsDir() {
		return ""
	}
	return data
}

func ifFile(path string) string {
	if isFile(path) {
		return path
	}
	return ""
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
