package api

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/team"
)

// saved is what the tests look at of a saved answer.
type saved struct {
	ID, Title, Audience string
	Phrasings           []string
	Archived            bool
}

// got reads an answer.
func got[T any](r reply, status int) (v T) {
	r.t.Helper()
	r.want(status)
	if err := json.Unmarshal(r.Body.Bytes(), &v); err != nil {
		r.t.Fatal(err)
	}
	return v
}

// learned is a world with two answers that the assistant knows.
func (w *world) learned() (delivery, returns string) {
	w.t.Helper()
	save := func(title, body string, phrasings ...string) string {
		a := got[saved](w.call(w.admin, "POST", "/answers", map[string]any{"title": title, "body": body, "phrasings": phrasings, "locale": "en"}), 201)
		return a.ID
	}
	delivery = save("When does it arrive?", "In two days.", "where is my parcel", "how long does delivery take", "has my order been shipped")
	returns = save("How do I send it back?", "Within fourteen days.", "I want my money back", "can I return the lamp", "refund please")
	return delivery, returns
}

func TestTheAssistantIsAskedTaughtAndTrained(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.call(w.admin, "POST", "/assistant/retrain", nil).want(409)
		delivery, returns := w.learned()
		var m Trained
		m = got[Trained](w.call(w.admin, "POST", "/assistant/retrain", nil), 200)
		if m.TrainedOn != 8 || !strings.HasPrefix(m.Model, "mdl_") || m.TookMS < 0 {
			t.Errorf("trained: %+v", m)
		}
		var said Said
		r := w.call(w.admin, "POST", "/assistant/ask", map[string]any{"text": "how long does delivery take?", "locale": "en", "session": "s1"})
		said = got[Said](r, 200)
		if said.Outcome != "answer" || said.AnswerID != delivery || said.Text != "In two days." || len(said.Choices) != 2 || said.Choices[0].AnswerID != delivery || said.Choices[0].Title == "" || said.Choices[0].Score <= said.Choices[1].Score || said.Confidence <= 0 || said.Confidence > 1 || said.Citations == nil {
			t.Errorf("asked: %+v", said)
		}
		took, unit, _ := strings.Cut(r.Header().Get("Server-Timing"), "=")
		if ms, err := strconv.ParseFloat(unit, 64); took != "app;dur" || err != nil || ms < 0 {
			t.Errorf("Server-Timing: %q", r.Header().Get("Server-Timing"))
		}
		w.call(w.admin, "POST", "/assistant/lessons", map[string]any{"text": "my lamp is cracked", "answer_id": returns}).want(202)
		w.call(w.admin, "POST", "/assistant/lessons", map[string]any{"text": "my lamp is cracked", "answer_id": "ans_0000000000zz1"}).want(422)
		w.call(w.admin, "POST", "/assistant/lessons", map[string]any{"text": "buy my pills", "none": true}).want(202)
		m = got[Trained](w.call(w.admin, "POST", "/assistant/retrain", nil), 200)
		if m.TrainedOn != 10 {
			t.Errorf("trained with two lessons more: %+v", m)
		}
		said = got[Said](w.call(w.admin, "POST", "/assistant/ask", map[string]any{"text": "my lamp is cracked", "locale": "en"}, "Idempotency-Key", "k1"), 200)
		if said.AnswerID != returns {
			t.Errorf("taught: %+v", said)
		}
		w.call(w.admin, "POST", "/assistant/ask", map[string]any{"text": "other", "locale": "en"}, "Idempotency-Key", "k1").want(422)
		w.call(w.admin, "DELETE", "/answers/"+returns, nil).want(204)
		w.call(w.admin, "GET", "/answers/"+returns, nil).want(404)
		said = got[Said](w.call(w.admin, "POST", "/assistant/ask", map[string]any{"text": "my lamp is cracked", "locale": "en"}), 200)
		for _, c := range said.Choices {
			if c.AnswerID == returns {
				t.Errorf("what is deleted is offered by a model that knew it: %+v", said)
			}
		}
	})
}

func TestAnswersAreKeptAndChanged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		delivery, returns := w.learned()
		a := got[saved](w.call(w.admin, "PATCH", "/answers/"+delivery, map[string]any{"phrasings": []string{"when", "when", " "}, "audience": "vip", "archived": true}), 200)
		if len(a.Phrasings) != 1 || a.Audience != "vip" || !a.Archived || a.Title != "When does it arrive?" {
			t.Errorf("changed: %+v", a)
		}
		list := got[page[saved]](w.call(w.admin, "GET", "/answers?limit=1", nil), 200)
		if len(list.Items) != 1 || list.Items[0].ID != returns || len(list.Items[0].Phrasings) != 3 || list.Next != nil {
			t.Errorf("listed: %+v", list)
		}
		w.call(w.admin, "POST", "/answers", map[string]any{"title": "", "body": "x", "locale": "en"}).want(422)
		w.call(w.token(team.Partner), "POST", "/answers", map[string]any{"title": "T", "body": "x", "locale": "en"}).want(403)
	})
}

// BenchmarkAsk asks as a program does, over 77 answers with 130 phrasings each.
func BenchmarkAsk(b *testing.B) {
	w := newWorld(b, dbtest.New(b, db.SQLite))
	for n := range 77 {
		var phrasings []string
		for i := range 130 {
			phrasings = append(phrasings, fmt.Sprintf("phrasing %d of topic %c%c about thing %d please", i, 'a'+n%26, 'a'+n/26, n*7%31))
		}
		w.call(w.admin, "POST", "/answers", map[string]any{"title": fmt.Sprint("Answer ", n), "body": "Body.", "phrasings": phrasings, "locale": "en"}).want(201)
	}
	w.call(w.admin, "POST", "/assistant/retrain", nil).want(200)
	body, _ := json.Marshal(map[string]any{"text": "phrasing of topic ca about thing 12", "locale": "en", "session": "s"})
	for b.Loop() {
		w.call(w.admin, "POST", "/assistant/ask", string(body)).want(200)
	}
}
