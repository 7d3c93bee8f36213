package helpcenter_test

import (
	"context"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

// Strangers get a page as it was drawn for another one, until something that readers see has changed; each of them counts as a reader.
func TestAPageIsDrawnOnceForStrangers(t *testing.T) {
	each(t, func(t *testing.T, c *centre) {
		id := c.shows(words{ko: "조광기", en: "The dimmer", text: "한 번 꺼요."})
		paths := []string{"/hc/ko/", "/hc/ko/c/repair", "/hc/ko/a/조광기", "/hc/en/a/the-dimmer"}
		for _, path := range paths {
			first := c.Stranger().Get(path).Is(200)
			next := c.Stranger().Get(path).Is(200)
			if first.Body != next.Body || first.Header.Get("ETag") != next.Header.Get("ETag") || next.Header.Get("Cache-Control") != "public, max-age=60" || next.Header.Get("Content-Language") == "" {
				t.Errorf("%s: another page for the next stranger: %v", path, next.Header)
			}
			c.Stranger().Get(path, "If-None-Match", first.Header.Get("ETag")).Is(304)
		}
		c.Stranger().Get("/hc/ko/a/조광기?thanks").Is(200).Hides("네 아니요")
		c.Stranger().Get("/hc/ko/a/조광기").Is(200).Says("네 아니요")

		c.Clock.Advance(10 * time.Second)
		c.Stranger().Get("/hc/ko/a/조광기").Is(200)
		var reads int64
		for range 500 { // it is written after the answer has gone out
			c.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
				a, err := knowledge.Get(ctx, tx, id)
				reads = a.Reads
				return err
			})
			if reads > 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if reads != 9 { // 3 in each language, with thanks, without, and the last
			t.Errorf("it was read %d times", reads)
		}

		c.shows(words{ko: "새 글", text: "새로워요."})
		c.Stranger().Get("/hc/ko/").Is(200).Says("새 글")
		c.Mina.Do(func(ctx context.Context, tx *db.Tx) error { return knowledge.Unpublish(ctx, tx, id, i18n.Korean) })
		c.Stranger().Get("/hc/ko/a/조광기").Is(404).Hides("한 번 꺼요")
		c.Stranger().Get("/hc/ko/").Is(200).Hides("조광기")
	})
}
