package app_test

import (
	"context"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// searches are the places where one thing stands among others: none of them shows what is another team's.
func (w *walk) searches() {
	f := w.foreign
	paths := []string{"/inbox?view=all&tag=vip", "/inbox?view=unassigned", "/inbox?view=teams", "/inbox?view=all&team=" + f["of"], "/inbox?view=all&inbox=" + f["inbox"],
		"/inbox?view=solved", "/inbox?view=mentions", "/inbox?view=following", "/search?q=lampe&status=all", "/find?q=" + f["number"], "/find?q=%23" + f["number"],
		"/inbox/" + w.own["conversation"] + "/merge", "/inbox/" + w.own["conversation"] + "/merge?q=%23" + f["number"], "/inbox/" + w.own["conversation"] + "/merge?other=" + f["conversation"],
		"/customers", "/customers/" + f["contact"], "/customers/" + f["contact"] + "?show=conversations", "/customers/" + f["contact"] + "?show=open",
		"/customers/" + f["contact"] + "/merge?other=" + w.own["contact"], "/customers/" + w.own["contact"] + "/merge?other=" + f["contact"],
		"/customers/" + f["contact"] + "/erase", "/companies/" + f["company"], "/companies", "/settings/audit.csv", "/settings/audit?subject=" + f["conversation"]}
	for _, p := range w.people {
		if !p.narrow && !p.masked {
			continue
		}
		for _, path := range paths {
			w.asked++
			a := p.Get(path)
			if a.Status >= 500 || strings.HasPrefix(a.To, "/sign-in") {
				w.t.Errorf("%s by %s: %.300s", path, p.name, said(a))
			}
			w.keeps(path, p, a)
		}
		export := p.Post("/customers/" + f["contact"] + "/export")
		w.keeps("an export", p, export)
		if p.can(team.Export) {
			export.Is(200).Says(`"complete": false`, `"conversations": []`)
		}
	}
	w.owner.Post("/customers/"+f["contact"]+"/export").Is(200).Says(`"complete": true`, secret(w.theirs))
}

// inForms sends the ids of what is another team's inside forms: the answer is the one to what never was, and
// nothing is changed.
func (w *walk) inForms() {
	forms := []struct{ path, form string }{
		{"/inbox/" + w.own["conversation"] + "/merge", "other={conversation}"},
		{"/inbox/" + w.own["conversation"] + "/merge", "other={conversation}&swap=1"},
		{"/inbox/bulk", "talk={conversation}&do=take"},
		{"/inbox/bulk", "talk={conversation}&do=solved"},
		{"/inbox/bulk", "talk={conversation}&do=tag&tag=stolen"},
		{"/inbox/bulk", "all=1&do=solved&back=/inbox%3Fview%3Dall%26team%3D{of}"},
		{"/inbox/bulk", "all=1&do=solved&sure=1&until=4000000000000&back=/inbox%3Fview%3Dall%26team%3D{of}"},
		{"/inbox/" + w.own["conversation"] + "/say", "kind=note&note=x&file={upload}"},
		{"/inbox/" + w.own["conversation"] + "/say", "kind=reply&reply=x&file={upload}"},
		{"/inbox/new", "inbox={inbox}&to=x@y.example&subject=x&text=x&file={upload}"},
	}
	f, gone := w.foreign, w.foreign.absent()
	w.other.Do(func(ctx context.Context, tx *db.Tx) error {
		u, err := conversation.AddUpload(ctx, tx, conversation.Upload{Name: secret(w.theirs), Type: "text/plain", Size: 3, Blob: "x"})
		f["upload"], gone["upload"] = u.ID.String(), "upl_0000000000zz1"
		return err
	})
	gone["inbox"] = f["inbox"]
	for _, p := range w.people {
		if !p.narrow && !p.masked || !p.can(team.Handle, team.Reply) {
			continue
		}
		token, before := p.Token(), w.state()
		for _, x := range forms {
			answers := []house.Answer{}
			for _, on := range []things{f, gone} {
				form := on.fillForm(x.form)
				form.Set("_csrf", token)
				w.asked++
				answers = append(answers, p.Send("POST", x.path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded"))
			}
			if said(answers[0]) != said(answers[1]) {
				w.t.Errorf("%s with %s by %s: %.300q on another's, %.300q on what never was", x.path, x.form, p.name, said(answers[0]), said(answers[1]))
			}
			if after := w.state(); after != before {
				w.t.Errorf("%s with %s by %s changed something:\n%s\n%s", x.path, x.form, p.name, before, after)
				before = after
			}
			w.keeps(x.path, p, answers[0])
		}
	}
}
