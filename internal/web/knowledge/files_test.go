package knowledge_test

import (
	"archive/zip"
	"bytes"
	"io"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"baraji/test/rig/house"
)

// uploads sends files by the form of the page.
func uploads(t *testing.T, v *house.Visitor, files ...string) house.Answer {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField("_csrf", v.Token())
	for i := 0; i < len(files); i += 2 {
		part, err := w.CreateFormFile("files", files[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, files[i+1])
	}
	w.Close()
	return v.Send("POST", "/knowledge/files", &b, "Content-Type", w.FormDataContentType())
}

func TestArticlesGoOutAndComeIn(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		h.Mina.Get("/knowledge/files").Is(200).Says("Take articles out", "Take articles in", "translationKey")
		uploads(t, h.Mina).Is(422).Says("Choose a file.")
		uploads(t, h.Mina, "a.zip", "no zip").Is(422).Says("not a zip file")

		plan := uploads(t, h.Mina, "언제.ko.md", "---\nstatus: published\ntitle: 언제 와요\n---\n내일 와요.", "team.en.md", "---\naudience: internal\n---\nOnly us", "x.fr.md", "bonjour")
		at := plan.To
		if !strings.HasPrefix(at, "/knowledge/files?upload=") {
			t.Fatalf("%d %s", plan.Status, plan.Words())
		}
		page := h.Mina.Get(at).Is(200).Says("New", "언제 와요", "Readers see it: 한국어", "The team only", "none of the languages here", "Take in what is ticked")
		h.Mina.Get("/knowledge").Says("Write down what you explain twice") // nothing is written yet
		h.As("다른 분", "agent").Get(at).Says("This upload is gone")          // it is nobody else's

		upload := page.Find(`name="upload" value="([^"]+)"`)
		h.Mina.Post("/knowledge/files/take", "upload", upload, "take", "언제", "take", "team").Is(200).Says("2 articles were taken in.", "언제 와요")
		h.Stranger().Get("/hc/ko/a/언제").Is(200).Says("내일 와요.")
		h.Stranger().Get("/hc/en/a/team").Is(404)
		h.Mina.Get(at).Is(200).Says("Nothing to do", "As it is here")
		h.Mina.Post("/knowledge/files/take", "upload", upload, "take", "언제").Is(200).Says("Nothing was taken in.")

		list := h.Mina.Get("/knowledge?q=" + url.QueryEscape("언제")).Find(`href="(/knowledge/articles/[^"]+)"`)
		h.Mina.Post(list, "audience", "internal", "ko_title", "언제 와요", "ko_body", "모레 와요.", "publish", "ko").Leads(list)
		h.Mina.Get(at).Is(200).Says("Changed here since", "Different:")
		public := uploads(t, h.Mina, "언제.ko.md", "---\nstatus: published\ntitle: 언제 와요\naudience: public\n---\n글피에 와요.").To
		h.Mina.Get(public).Is(200).Says("The team only → Everybody", "More people than before")

		out := h.Mina.Get("/knowledge/export.zip").Is(200)
		z, err := zip.NewReader(strings.NewReader(out.Body), int64(len(out.Body)))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range z.File {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); !regexp.MustCompile(`언제\.ko\.md`).MatchString(got) || !strings.Contains(got, "team.en.md") {
			t.Errorf("%q", got)
		}
		light := h.As("참관", "light")
		light.Get("/knowledge/files").Is(200).Says("Take articles out").Hides("Take articles in")
		light.Post("/knowledge/files/take", "upload", upload).Is(403)
	})
}
