package assistant_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
)

func (d *desk) models() (list []assistant.Model, now assistant.Serving) {
	d.t.Helper()
	d.edits(func(ctx context.Context, tx *db.Tx) (err error) {
		if now, err = assistant.Now(ctx, tx); err != nil {
			return err
		}
		list, err = assistant.Models(ctx, tx, 50)
		return err
	})
	return list, now
}

// TestManyChangesAreOneTraining, and none is no training.
func TestManyChangesAreOneTraining(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.lamps()
		d.works()
		list, now := d.models()
		if len(list) != 1 || list[0].Number != 1 || list[0].Figures.Answers < 3 || now.Model != list[0].ID || now.Held {
			t.Fatalf("models %+v, serving %+v", list, now)
		}
		m, err := d.Retrain(d.editor)
		if err != nil || m.ID != list[0].ID {
			t.Errorf("nothing is new, and it trained: %+v, %v", m, err)
		}
	})
}

// TestGoingBackHolds: an earlier model answers again, and stays although there is more to learn, until somebody lets it go on.
func TestGoingBackHolds(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.lamps()
		d.works()
		gift := assistant.Answer{Locale: i18n.English, Title: "Do you wrap gifts?", Body: "Yes.", Phrasings: []string{"gift wrapping", "wrap it as a present", "put a bow on it"}}
		d.saves(gift)
		d.works()
		list, _ := d.models()
		if len(list) != 2 || d.asks(d.stranger, i18n.English, "wrap it as a present").Title != gift.Title {
			t.Fatalf("the second model does not know gifts: %+v", list)
		}
		d.edits(func(ctx context.Context, tx *db.Tx) error { return assistant.Choose(ctx, tx, list[1].ID, true) })
		if err := d.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		gift.Title = "Do you wrap presents?"
		d.saves(gift)
		d.works()
		if r := d.asks(d.stranger, i18n.English, "wrap it as a present"); r.Model != list[1].ID || r.Title != "" {
			t.Errorf("the first model answers: %+v", r)
		}
		if more, now := d.models(); len(more) != 2 || !now.Held {
			t.Errorf("it learned on although it is held: %+v", now)
		}
		d.edits(func(ctx context.Context, tx *db.Tx) error { return assistant.Choose(ctx, tx, list[0].ID, false) })
		d.works()
		if more, now := d.models(); len(more) != 3 || now.Model != more[0].ID {
			t.Errorf("it does not learn on: %d models, %+v", len(more), now)
		}
	})
}

// TestAnotherNodeAnswersWithTheSameModel: a node that has just started takes it from the file, and one that has an old one finds
// out with the next question.
func TestAnotherNodeAnswersWithTheSameModel(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		delivery, _, _, _ := d.lamps()
		d.works()
		other := assistant.New(assistant.Parts{DB: d.DB, Blobs: d.blobs, Jobs: job.NewRunner(d.DB, slog.New(slog.DiscardHandler)), Clock: time.Now})
		if r, err := other.Ask(d.stranger, assistant.Question{Text: "where is my parcel", Locale: i18n.English}); err != nil || r.Outcome != assistant.HandOver {
			t.Errorf("who knows nothing says %+v, %v", r, err)
		}
		if err := other.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := d.asks(d.stranger, i18n.English, "where is my parcel")
		if got, err := other.Ask(d.stranger, assistant.Question{Text: "where is my parcel", Locale: i18n.English}); err != nil || got.Answer != delivery || got.Confidence != want.Confidence || got.Model != want.Model {
			t.Errorf("the other node says %+v, %v; this one %+v", got, err, want)
		}
	})
}

func TestWhatIsWrongWithAnAnswerIsSaid(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		for field, n := range map[string]assistant.Answer{
			"title":      {Locale: i18n.English, Title: " ", Body: "B"},
			"body":       {Locale: i18n.English, Title: "T"},
			"locale":     {Title: "T", Body: "B"},
			"audience":   {Locale: i18n.English, Title: "T", Body: "B", Audience: "everyone"},
			"segment":    {Locale: i18n.English, Title: "T", Body: "B", Audience: "segment"},
			"article_id": {Locale: i18n.English, Title: "T", Body: "B", Article: 77},
		} {
			err := d.Write(d.editor, func(tx *db.Tx) error { _, err := assistant.Create(d.editor, tx, n); return err })
			if f := problem.Fields(err); len(f) != 1 || f[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}
