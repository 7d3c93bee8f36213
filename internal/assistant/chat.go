package assistant

import (
	"context"
	"crypto/rand"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// Chatting says whether the assistant answers in the chat on the firm's own pages.
type Chatting struct{ On bool }

var chatting = setting.Of[Chatting]{Name: "assistant.chat"}

// InChat says whether the assistant answers in the chat.
func InChat(ctx context.Context, tx *db.Tx) (bool, error) {
	c, err := setting.Get(ctx, tx, chatting)
	return c.On, err
}

// SetInChat lets the assistant answer in the chat, or not.
func SetInChat(ctx context.Context, tx *db.Tx, on bool) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if err := setting.Set(ctx, tx, chatting, Chatting{on}); err != nil {
		return err
	}
	return event.Record(ctx, tx, ChattingChanged{on})
}

// OnReceived reacts to what a visitor writes in the chat: it answers, offers a choice, or hands over, and says each time how to reach a
// person. From the first answer of a person or an assignment on, and once it has handed over, it is silent.
func (a *Assistant) OnReceived(ctx context.Context, tx *db.Tx, f conversation.Received) error {
	on, err := InChat(ctx, tx)
	if err != nil || !on || f.Auto {
		return err
	}
	c, err := conversation.Get(ctx, tx, f.ID)
	if problem.KindOf(err) == problem.NotFound {
		return nil
	}
	if err != nil || c.Channel != "chat" || c.Assignee != 0 || !c.FirstReplyAt.IsZero() || c.MergedInto != 0 {
		return err
	}
	m, err := conversation.GetMessage(ctx, tx, f.Message)
	if err != nil || m.Kind != conversation.FromCustomer || strings.TrimSpace(m.ReplyText) == "" {
		return err
	}
	h := hearing{a: a, talk: c, text: strings.TrimSpace(m.ReplyText)}
	if err := h.recall(ctx, tx); err != nil || h.handed {
		return err
	}
	return h.answer(ctx, tx)
}

// hearing is a message that the assistant hears in a talk, with what went before.
type hearing struct {
	a      *Assistant
	talk   conversation.Conversation
	text   string
	locale i18n.Locale
	handed bool
	last   Turn   // zero: the first one
	ref    string // of it
}

// recall reads what went before.
func (h *hearing) recall(ctx context.Context, tx *db.Tx) error {
	h.locale = spoken(h.text, i18n.English)
	err := db.Each(ctx, tx, func(r db.Row) error {
		var at time.Time
		err := r.Scan(db.Time(&at), &h.locale, &h.ref, &h.last.Text, &h.last.Outcome)
		h.handed = !at.IsZero()
		return err
	}, `SELECT s.handed_at, s.locale, t.ref, t.text, t.outcome FROM assistant_session s JOIN assistant_turn t ON t.session_id = s.id
		WHERE s.place = $1 AND s.key = $2 ORDER BY t.id`, Widget, h.talk.ID.String())
	h.locale = spoken(h.text, h.locale)
	return err
}

var (
	person = regexp.MustCompile(`(?i)(상담원|상담사|직원|담당자|사람)(이랑|과|하고|한테|에게|을|를|좀)?[\s]*(연결|바꿔|불러|이야기|얘기|말|상담|부탁|$)|\b(human|agent|person|representative|somebody real)\b`)
	yes    = regexp.MustCompile(`(?i)^(네|예|넵|응|yes|yep|ok(ay)?|👍)[\s.!~]*$`)
	no     = regexp.MustCompile(`(?i)^(아니요|아니오|아뇨|no|nope|👎)[\s.!~]*$`)
	number = regexp.MustCompile(`^([1-3])[\s.)번]*$`)
)

func (h *hearing) answer(ctx context.Context, tx *db.Tx) error {
	picked := number.FindStringSubmatch(h.text)
	switch {
	case person.MatchString(h.text):
		return h.handOver(ctx, tx, "say_person")
	case h.last.Outcome == Answered && yes.MatchString(h.text):
		if err := Useful(ctx, tx, h.ref, true); err != nil {
			return err
		}
		return h.say(ctx, tx, h.word(ctx, "say_glad"))
	case h.last.Outcome == Answered && no.MatchString(h.text):
		return errors.Join(Useful(ctx, tx, h.ref, false), h.handOver(ctx, tx, "say_sorry"))
	case h.last.Outcome == Choices && no.MatchString(h.text):
		return h.handOver(ctx, tx, "say_sorry")
	case h.last.Outcome == Choices && picked != nil:
		return h.pick(ctx, tx, picked[1])
	}
	return h.ask(ctx, tx, h.text)
}

// ask puts a question to the model, with the eyes of a stranger.
func (h *hearing) ask(ctx context.Context, tx *db.Tx, text string) error {
	r, err := h.a.AskIn(knowledge.For(ctx, knowledge.Reader{}), tx, Question{Text: text, Locale: h.locale})
	if err != nil {
		return err
	}
	switch r.Outcome {
	case Answered:
		return h.tell(ctx, tx, r.Best[0], r)
	case Choices:
		words := []string{h.word(ctx, "say_choices")}
		for i, c := range r.Offered() {
			words = append(words, strconv.Itoa(i+1)+". "+c.Title)
		}
		return errors.Join(h.keep(ctx, tx, text, r), h.say(ctx, tx, strings.Join(words, "\n")+"\n\n"+h.word(ctx, "say_how")))
	}
	return errors.Join(h.keep(ctx, tx, text, r), h.handOver(ctx, tx, "say_handover"))
}

// pick tells what was chosen of what was offered last.
func (h *hearing) pick(ctx context.Context, tx *db.Tx, digit string) error {
	r, err := h.a.AskIn(knowledge.For(ctx, knowledge.Reader{}), tx, Question{Text: h.last.Text, Locale: h.locale})
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(digit)
	if n > len(r.Offered()) {
		return h.ask(ctx, tx, h.text)
	}
	chosen := r.Offered()[n-1]
	r.Outcome, r.Target, h.text = Answered, chosen.Target, h.last.Text
	return h.tell(ctx, tx, chosen, r)
}

// tell says an answer with its source, and asks whether it helped.
func (h *hearing) tell(ctx context.Context, tx *db.Tx, c Choice, r Reply) error {
	words := strings.ReplaceAll(c.Text, "**", "")
	if c.Source.Article != 0 {
		words += "\n\n" + c.Source.Title
		if h.a.URL != "" {
			words += "\n" + h.a.URL + c.Source.Path
		}
	}
	if err := h.keep(ctx, tx, h.text, r); err != nil {
		return err
	}
	if err := h.say(ctx, tx, words+"\n\n"+h.word(ctx, "say_helped")); err != nil {
		return err
	}
	return conversation.SetStatus(ctx, tx, h.talk.ID, conversation.Pending)
}

// handOver says that a person takes over; from here on the assistant is silent.
func (h *hearing) handOver(ctx context.Context, tx *db.Tx, word string) error {
	if h.last.Outcome == "" {
		if err := h.keep(ctx, tx, h.text, Reply{Outcome: HandOver}); err != nil {
			return err
		}
	}
	if err := HandedOver(ctx, tx, Widget, h.talk.ID.String(), h.talk.ID); err != nil {
		return err
	}
	if err := h.say(ctx, tx, h.word(ctx, word)); err != nil {
		return err
	}
	return conversation.SetStatus(ctx, tx, h.talk.ID, conversation.Open)
}

// keep writes down what was asked and answered.
func (h *hearing) keep(ctx context.Context, tx *db.Tx, text string, r Reply) error {
	r.Ref = rand.Text()
	h.last.Outcome = r.Outcome
	_, err := Record(ctx, tx, Question{Text: text, Locale: h.locale, Place: Widget, Session: h.talk.ID.String(), Contact: h.talk.Contact, Conversation: h.talk.ID}, r)
	return err
}

func (h *hearing) say(ctx context.Context, tx *db.Tx, text string) error {
	_, err := conversation.BotSay(ctx, tx, h.talk.ID, h.word(ctx, "name"), text)
	return err
}

// word is a sentence in the language of the talk.
func (h *hearing) word(ctx context.Context, key string) string {
	return i18n.T(i18n.With(ctx, i18n.Reader{Locale: h.locale}), "assistant."+key)
}
