package folder_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/knowledge/folder"
)

// furnish fills a desk with one of everything.
func furnish(p *place) {
	var delivery, times knowledge.CategoryID
	p.do(func(ctx context.Context, tx *db.Tx) (err error) {
		delivery, err = knowledge.SaveCategory(ctx, tx, knowledge.Category{Icon: "truck", Rank: 2, Name: map[i18n.Locale]string{i18n.English: "Delivery", i18n.Korean: "배송"},
			About: map[i18n.Locale]string{i18n.Korean: "언제, 어떻게 오나요"}})
		if err != nil {
			return err
		}
		times, err = knowledge.SaveCategory(ctx, tx, knowledge.Category{Parent: delivery, Name: map[i18n.Locale]string{i18n.English: "Times: all of them"}})
		return err
	})
	one, two := p.picture(png("one")), p.picture(png("two"))
	ko := knowledge.Words{Title: "언제 오나요: '내일'?", Summary: "# 해시 \"따옴표\"", Slug: "언제-오나요",
		Body: fmt.Sprintf("\n## 먼저\n\n---\n\n1. 봐요 ![사진](%s \"제목\")\n\n![같은](%s)\n\n```\n---\n```\n끝\\", one, one)}
	en := knowledge.Words{Title: "- When: does it come? #1", Summary: "yes", Slug: "when", Body: fmt.Sprintf("   indented\n\n![](%s)\n\n[old](/hc/en/a/when)", two)}
	id := p.writes(knowledge.Edit{Category: times, Issue: knowledge.Open, ReviewAt: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC),
		Texts: map[i18n.Locale]knowledge.Words{i18n.Korean: ko, i18n.English: en}}, i18n.Korean, i18n.English)
	en.Slug = "when-it-comes"
	p.edits(id, i18n.English, en)
	p.do(func(ctx context.Context, tx *db.Tx) error { return knowledge.Publish(ctx, tx, id, true, i18n.English) })
	en.Body += "\n\nnot published yet"
	p.edits(id, i18n.English, en)
	p.writes(knowledge.Edit{Audience: knowledge.Segment, Segment: "vip", Category: delivery, Texts: map[i18n.Locale]knowledge.Words{i18n.English: {Title: "Only some", Body: "vip"}}}, i18n.English)
	p.writes(knowledge.Edit{Audience: knowledge.Internal, Texts: map[i18n.Locale]knowledge.Words{i18n.Korean: {Title: "우리만", Body: "비밀"}}}, i18n.Korean)
	p.writes(knowledge.Edit{Texts: map[i18n.Locale]knowledge.Words{i18n.Korean: {Title: "초안", Body: ""}}})
	p.writes(knowledge.Edit{Texts: map[i18n.Locale]knowledge.Words{i18n.Korean: {Title: "초안", Body: "같은 제목"}}})
	away := p.writes(knowledge.Edit{Texts: map[i18n.Locale]knowledge.Words{i18n.English: {Title: "Away", Body: "put away"}}}, i18n.English)
	p.do(func(ctx context.Context, tx *db.Tx) error { return knowledge.Archive(ctx, tx, away, true) })
}

// stamps are what may differ between two desks that say the same: when, and the first article's names.
var stamps = regexp.MustCompile(`(?m)^updated: .*\n`)

func TestArticlesMakeTheRoundTrip(t *testing.T) {
	each(t, func(t *testing.T, here *place) {
		furnish(here)
		first := here.exports()
		for path, outcome := range outcomes(here.plans(first)) {
			if outcome != folder.Same {
				t.Errorf("%s is %s where it came from", path, outcome)
			}
		}
		there := newPlace(t, dbtest.New(t, here.Engine()))
		if r := there.takes(first, folder.Options{}); r.Taken != 6 || len(r.Failed)+len(r.Refused) > 0 {
			t.Fatalf("%+v", r)
		}
		second := there.exports()
		if a, b := slices.Sorted(maps.Keys(first)), slices.Sorted(maps.Keys(second)); !slices.Equal(a, b) {
			t.Errorf("files\n%q\n%q", a, b)
		}
		for path, content := range first {
			a, b := stamps.ReplaceAllString(content, ""), stamps.ReplaceAllString(second[path], "")
			if !strings.Contains(a, "\nslug:") { // a draft without an address gets that of its file
				b = regexp.MustCompile(`(?m)^slug: .*\n`).ReplaceAllString(b, "")
			}
			if a != b {
				t.Errorf("%s\n%s\nis there\n%s", path, a, b)
			}
		}
		before := there.all()
		if r := there.takes(first, folder.Options{}); r.Taken != 0 {
			t.Errorf("the same files twice took %d", r.Taken)
		}
		for i, w := range there.all() {
			if w.Edition != before[i].Edition {
				t.Errorf("%s was touched", w.Title(i18n.Korean))
			}
		}
		bodies := func(list []knowledge.Whole) (out []string) {
			slices.SortFunc(list, func(a, b knowledge.Whole) int {
				return strings.Compare(a.Title(i18n.Korean)+a.Texts[i18n.Korean].Body, b.Title(i18n.Korean)+b.Texts[i18n.Korean].Body)
			})
			for _, w := range list {
				for _, l := range i18n.Locales() {
					out = append(out, w.Texts[l].Title, w.Texts[l].Summary, w.Texts[l].Body, w.Live[l].Body, w.Live[l].Slug, fmt.Sprint(w.Former[l]))
				}
				out = append(out, string(w.Audience), w.Segment, string(w.Issue), w.ReviewAt.String(), fmt.Sprint(w.ArchivedAt.IsZero()))
			}
			return out
		}
		pictures := regexp.MustCompile(`pic_\w+`)
		a, b := bodies(here.all()), bodies(before)
		for i := range a {
			if pictures.ReplaceAllString(a[i], "") != pictures.ReplaceAllString(b[i], "") {
				t.Errorf("%q became %q", a[i], b[i])
			}
		}
	})
}

func TestFilesSayWhatBecomesOfThem(t *testing.T) {
	each(t, func(t *testing.T, p *place) {
		f := files{
			"repo-main/README.md":                   "# hello",
			"repo-main/docs/delivery/when.md":       "# When does it come?\n\nTomorrow.\n\n![map](img/map.png) ![gone](img/gone.png)\n",
			"repo-main/docs/delivery/우리.ko.md":      "---\ntitle: 우리만\naudience: internal\nstatus: published\nowner: nobody@example.com\n---\n비밀이에요.",
			"repo-main/docs/delivery/img/map.png":   png("map"),
			"repo-main/docs/ko/배송/2024-02-01-언제.md": "---\ntitle: 언제 와요\npublished: true\nredirect_from:\n  - /old/어제.html\n---\n내일 와요.\n",
		}
		want := map[string]folder.Outcome{"repo-main/docs/delivery/when.md": folder.New, "repo-main/docs/delivery/우리.ko.md": folder.New, "repo-main/docs/ko/배송/2024-02-01-언제.md": folder.New}
		if got := outcomes(p.plans(f)); !maps.Equal(got, want) {
			t.Fatalf("%v", got)
		}
		if n := len(p.all()); n != 0 {
			t.Fatalf("the plan wrote %d articles", n)
		}
		r := p.takes(f, folder.Options{})
		if r.Taken != 3 || len(r.Refused) != 1 {
			t.Fatalf("%+v", r)
		}
		all := p.all()
		when, ours, ko := all[0], all[1], all[2]
		if w := when.Texts[i18n.English]; w.Title != "When does it come?" || !strings.HasPrefix(w.Body, "Tomorrow.\n\n![map](pic_") || !strings.HasSuffix(w.Body, "![gone](img/gone.png)") || w.Published() || w.Slug != "when" || when.Category == 0 {
			t.Errorf("%+v", w)
		}
		if ours.Audience != knowledge.Internal || !ours.Texts[i18n.Korean].Published() || ours.Owner != 7 || ours.Category != when.Category {
			t.Errorf("%+v", ours)
		}
		if ko.Live[i18n.Korean].Slug != "언제" || !slices.Equal(ko.Former[i18n.Korean], []string{"어제"}) || ko.Category == when.Category {
			t.Errorf("%+v", ko)
		}

		// A file that was changed changes the article; one that says the same does not.
		f["repo-main/docs/delivery/when.md"] = strings.Replace(f["repo-main/docs/delivery/when.md"], "Tomorrow", "Today", 1)
		if got := outcomes(p.plans(f)); got["repo-main/docs/delivery/when.md"] != folder.Changed || got["repo-main/docs/delivery/우리.ko.md"] != folder.Same {
			t.Errorf("%v", got)
		}
		// What was changed here since is left alone, whether or not the file has changed too.
		p.edits(when.ID, i18n.English, knowledge.Words{Title: "When?", Body: "Never."})
		p.edits(ours.ID, i18n.Korean, knowledge.Words{Title: "우리만요", Body: "더 비밀이에요."})
		if r := p.takes(f, folder.Options{}); r.Taken != 0 || outcomes(r.Items)["repo-main/docs/delivery/when.md"] != folder.Edited {
			t.Errorf("%+v", outcomes(r.Items))
		}
		if r := p.takes(f, folder.Options{Edited: true, Only: map[string]bool{"delivery/when": true}}); r.Taken != 1 || !strings.Contains(p.all()[0].Texts[i18n.English].Body, "Today") {
			t.Errorf("%+v", r)
		}
	})
}

func TestNothingInternalBecomesPublicUnsaid(t *testing.T) {
	each(t, func(t *testing.T, p *place) {
		f := files{"secret.en.md": "---\naudience: internal\nstatus: published\n---\nsecret", "secret.ko.md": "---\ntranslationKey: s\naudience: internal\nstatus: published\n---\n비밀"}
		f["secret.en.md"] = strings.Replace(f["secret.en.md"], "---\n", "---\ntranslationKey: s\n", 1)
		p.takes(f, folder.Options{})
		none := files{"secret.en.md": "---\ntranslationKey: s\nstatus: published\n---\nmore secret"}
		if i := p.plans(none)[0]; i.Will != knowledge.Internal || i.Widens() || i.Outcome != folder.Changed {
			t.Errorf("who says nothing about readers: %+v", i)
		}
		f["secret.en.md"] = strings.Replace(f["secret.en.md"], "internal", "public", 1)
		if i := p.plans(f)[0]; i.Will != knowledge.Internal || i.Widens() {
			t.Errorf("one of two files: %+v", i)
		}
		f["secret.ko.md"] = strings.Replace(f["secret.ko.md"], "internal", "public", 1)
		if i := p.plans(f)[0]; i.Will != knowledge.Everybody || !i.Widens() || !slices.Contains(i.Fields, "audience") {
			t.Errorf("both files: %+v", i)
		}
		if r := p.takes(f, folder.Options{Drafts: true}); r.Taken != 1 {
			t.Errorf("%+v", r)
		}
	})
}

func TestDraftsStayDraftsAndNothingIsWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, p *place) {
		f := files{"a.en.md": "---\nstatus: published\n---\none"}
		p.takes(f, folder.Options{Drafts: true})
		if w := p.all()[0]; len(w.Live) > 0 || w.Texts[i18n.English].Body != "one" {
			t.Fatalf("%+v", w)
		}
		p.takes(f, folder.Options{})
		if w := p.all()[0]; w.Live[i18n.English].Body != "one" {
			t.Fatalf("%+v", w)
		}
		p.takes(files{"a.en.md": "---\nstatus: draft\n---\ntwo"}, folder.Options{})
		if w := p.all()[0]; w.Live[i18n.English].Body != "one" || w.Texts[i18n.English].Body != "two" {
			t.Fatalf("%+v", w)
		}
		p.takes(files{"a.en.md": "---\nstatus: published\n---\nthree", "a.draft.en.md": "---\nstatus: draft\n---\nfour"}, folder.Options{})
		if w := p.all()[0]; w.Live[i18n.English].Body != "three" || w.Texts[i18n.English].Body != "four" || len(p.all()) != 1 {
			t.Fatalf("%+v", w)
		}
	})
}

func TestBadFilesAreSaidOneByOne(t *testing.T) {
	f := files{
		"../out.md":          "x",
		"/abs.md":            "x",
		"a\\..\\..\\b.md":    "x",
		"broken.md":          "---\ntitle: [\n---\nx",
		"list.md":            "---\n- a\n---\nx",
		"open.md":            "---\ntitle: a\n",
		"toml.md":            "+++\ntitle = 1\n+++\n",
		"latin.md":           "caf\xe9",
		"nul.md":             "a\x00b",
		"who.md":             "---\naudience: everyone\n---\nx",
		"seg.md":             "---\naudience: segment\n---\nx",
		"state.md":           "---\nstatus: live\n---\nx",
		"when.md":            "---\nreview: soon\n---\nx",
		"yes.md":             "---\ndraft: maybe\n---\nx",
		"french.fr.md":       "bonjour",
		"long.md":            strings.Repeat("x", 33<<10),
		"huge.md":            strings.Repeat("x", 65<<10),
		"empty.md":           "---\nstatus: published\n---\n",
		"run.exe":            "MZ",
		"x/same.md":          "one",
		"y/same.md":          "two",
		"z/1.en.md":          "---\ntranslationKey: k\n---\none",
		"z/2.en.md":          "---\ntranslationKey: k\n---\ntwo",
		"bomb.md":            "---\na: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n---\nfine",
		"__MACOSX/._good.md": "junk",
		".git/config.md":     "junk",
		"good.md":            "\ufeff# Good\r\n\r\nText\r\n",
	}
	b := batch(t, f)
	said := map[string]string{}
	for _, l := range b.Refused {
		said[l.Path] += l.Why.Error()
	}
	for path, want := range map[string]string{"../out.md": "out of the folder", "/abs.md": "out of the folder", "a/../../b.md": "out of the folder", "broken.md": "not YAML", "list.md": "not YAML", "open.md": "no end",
		"toml.md": "TOML", "latin.md": "UTF-8", "nul.md": "UTF-8", "who.md": "no audience", "seg.md": "for a segment", "state.md": "no status", "when.md": "write a day", "yes.md": "true or false",
		"french.fr.md": "none of the languages", "long.md": "at most 32 KB", "huge.md": "larger than 64 KB", "empty.md": "says nothing", "run.exe": "neither", "y/same.md": "same address as x/same.md", "z/2.en.md": "same article as z/1.en.md"} {
		if !strings.Contains(said[path], want) {
			t.Errorf("%s: %q, want %q", path, said[path], want)
		}
		delete(said, path)
	}
	if len(said) > 0 {
		t.Errorf("also refused: %v", said)
	}
	var good []string
	for _, e := range b.Entries {
		good = append(good, e.Texts[0].Path)
	}
	if want := []string{"bomb.md", "good.md", "x/same.md", "z/1.en.md"}; !slices.Equal(good, want) {
		t.Errorf("%q", good)
	}
	if w := b.Entries[1].Texts[0].Words; w.Title != "Good" || w.Body != "Text" {
		t.Errorf("%+v", w)
	}
}

func TestWhatIsNoArchiveIsSaid(t *testing.T) {
	if _, err := folder.Zip(bytes.NewReader([]byte("PK\x03\x04 no")), 8); err == nil || !strings.Contains(err.Error(), "not a zip file") {
		t.Error(err)
	}
	b := zipped(t, files{"a.md": strings.Repeat("0", 50<<20)}) // 50 KB of zip
	list, err := folder.Zip(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := folder.Read(list)
	if err != nil || len(got.Entries) != 0 || len(got.Refused) != 1 {
		t.Errorf("%v %+v", err, got)
	}
}

func TestAFolderOnThisMachine(t *testing.T) {
	dir := t.TempDir()
	os.MkdirAll(filepath.Join(dir, "delivery"), 0o755)
	os.WriteFile(filepath.Join(dir, "delivery", "a.md"), []byte("a"), 0o644)
	os.WriteFile(filepath.Join(t.TempDir(), "secret.md"), []byte("s"), 0o644)
	os.Symlink(filepath.Join(dir, "delivery", "a.md"), filepath.Join(dir, "link.md"))
	list, err := folder.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := folder.Read(list)
	if err != nil || len(b.Entries) != 1 || b.Entries[0].Shelf != "delivery" || len(b.Refused) != 1 || b.Refused[0].Path != "link.md" {
		t.Errorf("%v %+v", err, b)
	}
	if _, err := folder.Dir(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there was read")
	}
}

// An address that is another article's stays with it.
func TestAnAddressIsNotTaken(t *testing.T) {
	each(t, func(t *testing.T, p *place) {
		one := p.writes(knowledge.Edit{Texts: map[i18n.Locale]knowledge.Words{i18n.English: {Title: "One", Body: "one"}}}, i18n.English)
		p.writes(knowledge.Edit{Texts: map[i18n.Locale]knowledge.Words{i18n.English: {Title: "Two", Body: "two"}}}, i18n.English)
		got := p.plans(files{"x.en.md": "---\ntranslationKey: " + one.String() + "\nslug: two\n---\nx"})[0]
		if got.Outcome != folder.Refused || !strings.Contains(got.Remark[0].Error(), "another article's: “Two”") {
			t.Errorf("%+v", got)
		}
		// Files from elsewhere that want the address of an article which was written here are about it, and do not win.
		if got := p.plans(files{"two.en.md": "other words"})[0]; got.Outcome != folder.Edited || got.Was != knowledge.Everybody {
			t.Errorf("%+v", got)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("a.ko.md", "---\ntitle: a\naliases: [b, c]\nreview: 2026-01-01\n---\n\n# b\n![](x.png)")
	f.Add("_index.en.md", "---\ntitle: \"a: b\"\nweight: 3\n---\n")
	f.Add("docs/2024-01-01-x.md", "---\r\ndraft: true\r\n---\r\n# T #\r\nx")
	f.Fuzz(func(t *testing.T, path, content string) {
		list := []folder.File{folder.Memory(path, content), folder.Memory("x.png", png("x"))}
		b, err := folder.Read(list)
		if err != nil {
			return
		}
		for _, e := range b.Entries {
			for _, text := range e.Texts {
				if text.Words != text.Words.Tidy() || text.Words.Title == "" && text.Live {
					t.Errorf("%+v", text)
				}
			}
		}
	})
}
