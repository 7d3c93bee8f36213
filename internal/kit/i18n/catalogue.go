package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed catalogue problems
var files embed.FS

// word is one entry: a text, or two when English needs a singular.
type word struct {
	one, other string
}

// UnmarshalJSON accepts "text" and {"one": "text", "other": "text"}.
func (w *word) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &w.other); err == nil {
		return nil
	}
	var both struct{ One, Other string }
	if err := json.Unmarshal(b, &both); err != nil {
		return err
	}
	w.one, w.other = both.One, both.Other
	return nil
}

type catalogue struct {
	words     map[string]word   // "inbox.assign" → text
	sentences map[string]string // English sentence of a problem → this language's
}

// catalogues are read once, at the first word that is asked for, and never
// change. A broken file is a mistake of the build, which the tests find.
var catalogues = sync.OnceValue(func() map[Locale]catalogue {
	all := map[Locale]catalogue{}
	for _, l := range Locales() {
		c := catalogue{words: map[string]word{}, sentences: map[string]string{}}
		if err := c.read(l); err != nil {
			panic(err)
		}
		all[l] = c
	}
	return all
})

func (c catalogue) read(l Locale) error {
	err := eachFile("catalogue/"+string(l), func(area string, b []byte) error {
		var words map[string]word
		if err := json.Unmarshal(b, &words); err != nil {
			return err
		}
		for name, w := range words {
			c.words[area+"."+name] = w
		}
		return nil
	})
	if err != nil || l == English {
		return err
	}
	return eachFile("problems/"+string(l), func(_ string, b []byte) error {
		return json.Unmarshal(b, &c.sentences)
	})
}

func eachFile(dir string, do func(name string, b []byte) error) error {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		b, err := files.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		if err := do(strings.TrimSuffix(e.Name(), ".json"), b); err != nil {
			return fmt.Errorf("%s/%s: %w", dir, e.Name(), err)
		}
	}
	return nil
}
