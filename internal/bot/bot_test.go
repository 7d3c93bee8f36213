package bot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// shop is what a small shop has: a few articles, and phrasings in both languages.
func shop() ([]Example, []Article) {
	articles := []Article{
		{ID: "delivery", Lang: "en", Title: "When does my parcel arrive?", Text: "Parcels leave the same day when you order before two.\n\nThey take two days. Islands take four days.\n\nYou get a tracking number by mail."},
		{ID: "refund", Lang: "en", Title: "How do I get my money back?", Text: "Send the lamp back within thirty days. The money is on your account three days after we have it."},
		{ID: "배송", Lang: "ko", Title: "배송은 얼마나 걸리나요?", Text: "오후 두 시 전에 주문하시면 당일 출고돼요.\n\n보통 이틀 걸리고, 제주도는 나흘 걸려요."},
		{ID: "환불", Lang: "ko", Title: "환불은 어떻게 받나요?", Text: "삼십 일 안에 보내 주시면 돼요. 물건이 도착하고 사흘 뒤에 환불금이 들어와요."},
	}
	examples := []Example{
		{"where is my order", "delivery"}, {"my parcel has not arrived", "delivery"}, {"how long does shipping take", "delivery"},
		{"i want a refund", "refund"}, {"can i send it back", "refund"}, {"return the lamp and get the money", "refund"},
		{"언제 배송되나요", "배송"}, {"택배가 아직 안 왔어요", "배송"}, {"주문한 거 언제 와요", "배송"},
		{"환불해 주세요", "환불"}, {"반품하고 싶어요", "환불"}, {"돈을 돌려받고 싶어요", "환불"},
		{"which bulb fits", "bulb"}, {"what bulb do i need for the lamp", "bulb"},
	}
	return examples, articles
}

func shopModel(t testing.TB) *Model {
	examples, articles := shop()
	return trained(t, Trainer{}, examples, articles)
}

func TestQuestionsFindTheirAnswers(t *testing.T) {
	m := shopModel(t)
	for _, c := range []struct{ question, lang, want string }{
		{"where is my order?", "en", "delivery"},
		{"Has my PARCEL arrived", "en", "delivery"},
		{"i would like to have my money back", "en", "refund"},
		{"what bulb is the right one", "en", "bulb"},
		{"배송 언제 돼요?", "ko", "배송"},
		{"환불받고싶어요", "ko", "환불"},
		{"ｒｅｆｕｎｄ please", "en", "refund"},
		{"qothddl djswp ehlskdy", "ko", "배송"}, // 배송이 언제 되나요
		{"ghksqnfgo wntpdy", "ko", "환불"},      // 환불해 주세요
		{"ㄱㄷ려ㅜㅇ", "", "refund"},
		{"whereismyorder", "en", "delivery"},
		{"wehre is my oredr", "en", "delivery"},
		{"제주도는 며칠 걸려요?", "ko", "배송"},
	} {
		out := m.Ask(c.question, c.lang)
		if len(out.Answers) == 0 || out.Answers[0].ID != c.want {
			t.Errorf("%s: %+v, want %s", c.question, out, c.want)
		}
	}
}

func TestWhatIsAskedWordForWordIsAnswered(t *testing.T) {
	m := shopModel(t)
	for _, question := range []string{"where is my order", "환불해 주세요"} {
		if out := m.Ask(question, ""); out.Kind != Answered {
			t.Errorf("%s: %+v", question, out)
		}
	}
	for _, question := range []string{"", "?!", "\xff\x00", "zzz", "what is the capital of Peru", "오늘 서울 날씨"} {
		if out := m.Ask(question, ""); out.Kind == Answered {
			t.Errorf("%q: %+v", question, out)
		}
	}
}

func TestAnAnswerCitesThePassage(t *testing.T) {
	m := shopModel(t)
	_, articles := shop()
	out := m.Ask("how many days for islands", "en")
	if len(out.Answers) == 0 || out.Answers[0].Article != "delivery" {
		t.Fatalf("%+v", out)
	}
	p := out.Answers[0].Passage
	if got := articles[0].Text[p.Start:p.End]; !strings.Contains(got, "Islands") {
		t.Errorf("cites %q", got)
	}
	if out := m.Ask("which bulb fits", "en"); out.Answers[0].Article != "" {
		t.Errorf("cites an article for a saved answer: %+v", out)
	}
}

func TestWhatOneMayNotSeeLeavesNoTrace(t *testing.T) {
	m := shopModel(t)
	out := m.AskAmong("where is my order", "", func(answer string) bool { return answer != "delivery" })
	for _, a := range out.Answers {
		if a.ID == "delivery" {
			t.Errorf("%+v", out)
		}
	}
	if out.Kind == Answered {
		t.Errorf("answered by another: %+v", out)
	}
	if out := m.AskAmong("where is my order", "", func(string) bool { return false }); !reflect.DeepEqual(out, Outcome{}) {
		t.Errorf("%+v", out)
	}
}

func TestOnlyArticlesOfTheLanguageAnswer(t *testing.T) {
	m := shopModel(t)
	for _, a := range m.Search("order 배송", "ko-KR", 10) {
		if a.ID == "delivery" || a.ID == "refund" {
			t.Errorf("%s is English", a.ID)
		}
	}
}

// A lesson changes the next model, and taking it back changes it back: models are made of their lessons and of nothing
// else.
func TestALessonIsLearnedAndUnlearned(t *testing.T) {
	examples, articles := shop()
	question := "does the warranty cover a broken switch"
	before := shopModel(t).Ask(question, "en")
	if before.Kind == Answered {
		t.Fatalf("answered before it was taught: %+v", before)
	}
	taught := append(append([]Example(nil), examples...), Example{"is a broken switch covered by warranty", "warranty"})
	after := trained(t, Trainer{}, taught, articles).Ask(question, "en")
	if after.Kind != Answered || after.Answers[0].ID != "warranty" {
		t.Errorf("not learned: %+v", after)
	}
	if again := shopModel(t).Ask(question, "en"); !reflect.DeepEqual(again, before) {
		t.Errorf("not unlearned: %+v, before %+v", again, before)
	}
}

func TestThereMustBeSomethingToLearnFrom(t *testing.T) {
	if _, err := Train(context.Background(), nil, nil); !errors.Is(err, ErrEmpty) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	examples, articles := shop()
	if _, err := Train(ctx, examples, articles); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	for _, little := range [][]Example{{{"a", "x"}}, {{"", "x"}}, {{"hello", ""}}, {{"a", "x"}, {"a", "y"}}} {
		m := trained(t, Trainer{}, little, nil)
		m.Ask("hello", "")
	}
	trained(t, Trainer{}, nil, []Article{{ID: "a"}}).Ask("hello", "en")
}

func TestManyAskAtOnce(t *testing.T) {
	m := shopModel(t)
	want := m.Ask("where is my order", "en")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				m.Ask("배송 언제 돼요?", "ko")
				if got := m.Ask("where is my order", "en"); !reflect.DeepEqual(got, want) {
					t.Errorf("%+v, want %+v", got, want)
				}
			}
		})
	}
	wait.Wait()
}

func TestAModelIsReadAsItWasWritten(t *testing.T) {
	m := shopModel(t)
	written := write(t, m)
	read, err := Read(bytes.NewReader(written))
	if err != nil {
		t.Fatal(err)
	}
	for _, question := range []string{"where is my order", "qothd", "반품", "nothing of this"} {
		if got, want := read.Ask(question, ""), m.Ask(question, ""); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", question, got, want)
		}
	}
	if !reflect.DeepEqual(read.Figures(), m.Figures()) {
		t.Errorf("%+v, want %+v", read.Figures(), m.Figures())
	}
	if !bytes.Equal(write(t, shopModel(t)), written) {
		t.Error("the same lessons made another model")
	}
}

func TestADamagedModelIsNotRead(t *testing.T) {
	whole := write(t, shopModel(t))
	for at := 0; at < len(whole); at += 1 + len(whole)/200 {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x40
		if _, err := Read(bytes.NewReader(damaged)); !errors.Is(err, ErrFile) {
			t.Fatalf("byte %d changed: %v", at, err)
		}
		if _, err := Read(bytes.NewReader(whole[:at])); !errors.Is(err, ErrFile) {
			t.Fatalf("ended at byte %d: %v", at, err)
		}
	}
}

func write(t testing.TB, m *Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func FuzzRead(f *testing.F) {
	m, err := Train(f.Context(), []Example{{"where is it", "a"}, {"환불", "b"}}, []Article{{ID: "a", Title: "x", Text: "y z"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(write(f, m))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := Read(bytes.NewReader(signed(b))); err == nil {
			m.Ask("where is 환불", "")
		}
	})
}

// signed puts the right checksum under damaged bytes, so that what is behind it is tested too.
func signed(b []byte) []byte {
	if len(b) < 32 {
		return b
	}
	b = b[:len(b)-32]
	s := sha256.Sum256(b)
	return append(append([]byte(nil), b...), s[:]...)
}

func FuzzAsk(f *testing.F) {
	m := shopModel(f)
	f.Add("where is my order")
	f.Add("qothd ㅗ디ㅔ 값\xff")
	f.Fuzz(func(t *testing.T, question string) {
		out := m.Ask(question, "")
		if len(out.Answers) > MostAnswers || out.Confidence != out.Confidence {
			t.Errorf("%+v", out)
		}
	})
}

// whiteSpace is what passages may leave out between them.
const whiteSpace = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20"

func FuzzPassages(f *testing.F) {
	f.Add("One.\n\nTwo.")
	f.Add(strings.Repeat("가나다. ", 300) + "\xff")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, p := range passagesOf(text) {
			if p.Start < at || p.End <= p.Start || p.End > len(text) || strings.TrimLeft(text[at:p.Start], whiteSpace) != "" {
				t.Fatalf("%q: %+v", text, p)
			}
			at = p.End
		}
		if strings.TrimLeft(text[at:], whiteSpace) != "" {
			t.Errorf("%q: the end is lost", text)
		}
	})
}
