package assistant

import (
	"context"
	"crypto/rand"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
)

// Talk is a conversation in the chat in which nobody of the team speaks, with what the visitor has just written or pressed.
type Talk struct {
	Inbox   inbox.ID
	Text    string
	Pressed string // the button that says it; "": he wrote it
	Locale  i18n.Locale

	reader knowledge.Reader // what he may read
	helper *Assistant
	about  conversation.Conversation
	handed bool
	last   Turn   // zero: the first one
	ref    string // of it
}

// Listen gives the talk in which a customer has just said something, if it is still a machine's to answer: from the first answer
// of a person or an assignment on, and once it was handed over, there is none.
func (a *Assistant) Listen(ctx context.Context, tx *db.Tx, f conversation.Received) (*Talk, error) {
	c, err := conversation.Get(ctx, tx, f.ID)
	if problem.KindOf(err) == problem.NotFound {
		return nil, nil
	}
	if err != nil || f.Auto || c.Channel != "chat" || c.Assignee != 0 || !c.FirstReplyAt.IsZero() || c.MergedInto != 0 {
		return nil, err
	}
	m, err := conversation.GetMessage(ctx, tx, f.Message)
	if err != nil || m.Kind != conversation.FromCustomer || strings.TrimSpace(m.ReplyText) == "" {
		return nil, err
	}
	k := &Talk{helper: a, about: c, Inbox: c.Inbox, Text: strings.TrimSpace(m.ReplyText), Pressed: m.Pressed}
	if slices.Contains(m.Flags, conversation.Proven) {
		who, err := contact.Whole(ctx, tx, m.Contact)
		if err != nil {
			return nil, err
		}
		k.reader = knowledge.Reader{SignedIn: true, Tags: who.Tags}
	}
	if err := k.recall(ctx, tx); err != nil || k.handed {
		return nil, err
	}
	return k, nil
}

// recall reads what went before.
func (k *Talk) recall(ctx context.Context, tx *db.Tx) error {
	l, known := i18n.Parse(k.about.Language)
	if !known {
		l = i18n.English
	}
	err := db.Each(ctx, tx, func(r db.Row) error {
		var at time.Time
		err := r.Scan(db.Time(&at), &l, &k.ref, &k.last.Text, &k.last.Outcome)
		k.handed = !at.IsZero()
		return err
	}, `SELECT s.handed_at, s.locale, t.ref, t.text, t.outcome FROM assistant_session s JOIN assistant_turn t ON t.session_id = s.id
		WHERE s.place = $1 AND s.key = $2 ORDER BY t.id`, Widget, k.about.ID.String())
	k.Locale = spoken(k.Text, l)
	return err
}

// The buttons that every talk knows; those of choices are their numbers.
const (
	PressPerson = "person"
	PressYes    = "yes"
	PressNo     = "no"
	PressAsk    = "ask" // he wants to write his question himself
)

var (
	person = regexp.MustCompile(`(?i)(상담원|상담사|직원|담당자|사람)(이랑|과|하고|한테|에게|을|를|좀)?[\s]*(연결|바꿔|불러|이야기|얘기|말|상담|부탁|$)|\b(human|agent|person|representative|somebody real)\b`)
	yes    = regexp.MustCompile(`(?i)^(네|예|넵|응|yes|yep|ok(ay)?|👍)[\s.!~]*$`)
	no     = regexp.MustCompile(`(?i)^(아니요|아니오|아뇨|no|nope|👎)[\s.!~]*$`)
	number = regexp.MustCompile(`^([1-3])[\s.)번]*$`)
)

// WantsPerson says whether a text asks for a person.
func WantsPerson(text string) bool { return person.MatchString(text) }

// means says whether he pressed a button, or wrote what it says.
func (k *Talk) means(press string, written *regexp.Regexp) bool {
	if k.Pressed != "" {
		return k.Pressed == press
	}
	return written != nil && written.MatchString(k.Text)
}

// picked is the number of the choice that he takes; "": none.
func (k *Talk) picked() string {
	if m := number.FindStringSubmatch(k.Text); m != nil && k.Pressed == "" {
		return m[1]
	}
	if number.MatchString(k.Pressed) {
		return k.Pressed
	}
	return ""
}

// Understood acts on what every talk knows: that he wants a person, whether an answer helped, which of some choices he takes. It
// says whether it was any of these.
func (k *Talk) Understood(ctx context.Context, tx *db.Tx) (bool, error) {
	switch {
	case k.means(PressPerson, person):
		return true, k.HandOver(ctx, tx, "say_person")
	case k.means(PressAsk, nil):
		return true, k.Say(ctx, tx, k.Word(ctx, "say_ask"))
	case k.last.Outcome == Answered && k.means(PressYes, yes):
		if err := Useful(ctx, tx, k.ref, true); err != nil {
			return true, err
		}
		return true, k.Wait(ctx, tx, k.Word(ctx, "say_glad"))
	case k.last.Outcome == Answered && k.means(PressNo, no):
		return true, errors.Join(Useful(ctx, tx, k.ref, false), k.HandOver(ctx, tx, "say_sorry"))
	case k.last.Outcome == Choices && k.means(PressNo, no):
		return true, k.HandOver(ctx, tx, "say_sorry")
	case k.last.Outcome == Choices && k.picked() != "":
		return true, k.pick(ctx, tx, k.picked())
	}
	return false, nil
}

// Reads is a context in which the visitor reads: what everybody may, and what is for customers like him if the firm has proven
// who he is.
func (k *Talk) Reads(ctx context.Context) context.Context { return knowledge.For(ctx, k.reader) }

// Think puts what he wrote to the model, under his own eyes. Nothing is said yet.
func (k *Talk) Think(ctx context.Context, tx *db.Tx) (Reply, error) {
	return k.helper.AskIn(k.Reads(ctx), tx, Question{Text: k.Text, Locale: k.Locale})
}

// Answer says what the model thinks: an answer, choices, or that a person takes over.
func (k *Talk) Answer(ctx context.Context, tx *db.Tx, r Reply) error {
	switch r.Outcome {
	case Answered:
		return k.tell(ctx, tx, r.Best[0], r)
	case Choices:
		if err := k.keep(ctx, tx, k.Text, r); err != nil {
			return err
		}
		return k.Say(ctx, tx, k.Word(ctx, "say_choices"), k.offer(ctx, r)...)
	}
	return errors.Join(k.keep(ctx, tx, k.Text, r), k.HandOver(ctx, tx, "say_handover"))
}

// offer makes buttons of choices.
func (k *Talk) offer(ctx context.Context, r Reply) (list []conversation.Button) {
	for i, c := range r.Offered() {
		list = append(list, conversation.Button{ID: strconv.Itoa(i + 1), Label: c.Title})
	}
	return append(list, conversation.Button{ID: PressNo, Label: k.Word(ctx, "press_none")})
}

// pick tells what was chosen of what was offered last.
func (k *Talk) pick(ctx context.Context, tx *db.Tx, digit string) error {
	k.Text = k.last.Text
	r, err := k.Think(ctx, tx)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(digit)
	if n > len(r.Offered()) {
		return k.Answer(ctx, tx, r)
	}
	chosen := r.Offered()[n-1]
	r.Outcome, r.Target = Answered, chosen.Target
	return k.tell(ctx, tx, chosen, r)
}

// tell says an answer with its source, and asks whether it helped.
func (k *Talk) tell(ctx context.Context, tx *db.Tx, c Choice, r Reply) error {
	var source []conversation.Button
	if c.Source.Article != 0 {
		source = append(source, conversation.Button{Label: c.Source.Title, URL: k.helper.URL + c.Source.Path})
	}
	if err := k.keep(ctx, tx, k.Text, r); err != nil {
		return err
	}
	return k.end(ctx, tx, strings.ReplaceAll(c.Text, "**", ""), source)
}

// Tell says what answers a question that somebody came to by buttons, and asks whether it helped. More are buttons before those
// of the question; about is the article that it rests on, 0: none.
func (k *Talk) Tell(ctx context.Context, tx *db.Tx, text string, about knowledge.ID, more []conversation.Button) error {
	if err := k.keep(ctx, tx, k.Text, Reply{Outcome: Answered, Confidence: 1, Target: Target{Article: about}}); err != nil {
		return err
	}
	return k.end(ctx, tx, text, more)
}

// end says something and asks whether it helped.
func (k *Talk) end(ctx context.Context, tx *db.Tx, text string, more []conversation.Button) error {
	more = append(more, conversation.Button{ID: PressYes, Label: k.Word(ctx, "press_yes")}, conversation.Button{ID: PressNo, Label: k.Word(ctx, "press_no")})
	return k.Wait(ctx, tx, text+"\n\n"+k.Word(ctx, "say_helped"), more...)
}

// HandOver says that a person takes over; from here on the assistant is silent.
func (k *Talk) HandOver(ctx context.Context, tx *db.Tx, word string) error {
	if k.last.Outcome == "" {
		if err := k.keep(ctx, tx, k.Text, Reply{Outcome: HandOver}); err != nil {
			return err
		}
	}
	if err := HandedOver(ctx, tx, Widget, k.about.ID.String(), k.about.ID); err != nil {
		return err
	}
	if err := k.Say(ctx, tx, k.Word(ctx, word)); err != nil {
		return err
	}
	return conversation.SetStatus(ctx, tx, k.about.ID, conversation.Open)
}

// keep writes down what was asked and answered.
func (k *Talk) keep(ctx context.Context, tx *db.Tx, text string, r Reply) error {
	r.Ref = rand.Text()
	k.last.Outcome = r.Outcome
	_, err := Record(ctx, tx, Question{Text: text, Locale: k.Locale, Place: Widget, Session: k.about.ID.String(), Contact: k.about.Contact, Conversation: k.about.ID}, r)
	return err
}

// Say says something to the visitor, with what he may press.
func (k *Talk) Say(ctx context.Context, tx *db.Tx, text string, may ...conversation.Button) error {
	_, err := conversation.BotSay(ctx, tx, k.about.ID, k.Word(ctx, "name"), text, may...)
	return err
}

// Wait says something after which nobody of the team has to act, as long as the visitor only presses buttons.
func (k *Talk) Wait(ctx context.Context, tx *db.Tx, text string, may ...conversation.Button) error {
	if err := k.Say(ctx, tx, text, may...); err != nil {
		return err
	}
	return conversation.SetStatus(ctx, tx, k.about.ID, conversation.Pending)
}

// Word is a sentence of the assistant in the language of the talk.
func (k *Talk) Word(ctx context.Context, key string) string {
	return i18n.T(i18n.With(ctx, i18n.Reader{Locale: k.Locale}), "assistant."+key)
}

// Site is how the desk is reached from outside; "" is not known.
func (k *Talk) Site() string { return k.helper.URL }
