package ui

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"

	"github.com/a-h/templ"
)

func answer(do http.HandlerFunc, header ...string) *http.Response {
	r := httptest.NewRequest(http.MethodPost, "/inbox/1", nil)
	r = r.WithContext(With(r.Context(), Viewer{Locale: i18n.Korean, ID: "per_1", Name: "한서윤"}))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	do(w, r)
	return w.Result()
}

func TestProblemIsAPageForAPerson(t *testing.T) {
	cases := []struct {
		err    error
		status int
		says   string
	}{
		{problem.New(problem.Invalid, "Enter a number."), 422, "숫자를 적어 주세요."},
		{problem.New(problem.NotFound, "There is no such team."), 404, "그런 팀이 없어요."},
		{problem.New(problem.Forbidden, "Sign in first."), 403, "먼저 들어와 주세요."},
		{problem.New(problem.Conflict, "There is nothing to undo."), 409, "되돌릴 것이 없어요."},
		{problem.New(problem.Limited, "Too many tries. Wait a moment, then try again.").Wait(3 * time.Second), 429, "잠시 기다렸다가"},
		{fmt.Errorf("read the talk: %w", context.Canceled), 503, "잠시 뒤에 다시 시도해 주세요."},
		{errors.New("read the talk: sql: database is closed"), 503, "잠시 뒤에 다시 시도해 주세요."},
		{errors.New("open /var/secret: no such file"), 500, "저희 쪽에 문제가 생겼어요."},
	}
	for _, c := range cases {
		r := answer(func(w http.ResponseWriter, r *http.Request) { Problem(w, r, c.err) })
		page := body(t, r)
		if r.StatusCode != c.status || !strings.Contains(page, c.says) || !strings.Contains(page, `lang="ko"`) {
			t.Errorf("%v: %d, want %d and %q", c.err, r.StatusCode, c.status, c.says)
		}
		if strings.Contains(page, "secret") {
			t.Error("the page tells what is ours")
		}
		if (c.status == 429 || c.status == 503) && r.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
}

func TestProblemIsAToastForHtmx(t *testing.T) {
	r := answer(func(w http.ResponseWriter, r *http.Request) {
		Problem(w, r, problem.New(problem.Conflict, "There is nothing to undo."))
	}, "HX-Request", "true")
	if r.StatusCode != 409 || r.Header.Get("HX-Reswap") != "none" {
		t.Errorf("%d, swap %q", r.StatusCode, r.Header.Get("HX-Reswap"))
	}
	if got := toastOf(t, r); got.Text != "되돌릴 것이 없어요." || got.Kind != "bad" {
		t.Errorf("toast %+v", got)
	}
}

func toastOf(t *testing.T, r *http.Response) Toast {
	t.Helper()
	header := r.Header.Get("HX-Trigger")
	for _, c := range header {
		if c >= 0x80 {
			t.Errorf("a header holds %q", c)
		}
	}
	var events struct{ Toast Toast }
	if err := json.Unmarshal([]byte(header), &events); err != nil {
		t.Fatalf("%q: %v", header, err)
	}
	return events.Toast
}

func TestAToastSurvivesARedirect(t *testing.T) {
	r := answer(func(w http.ResponseWriter, r *http.Request) {
		SayThere(w, r, Toast{Text: "저장했어요 🙂", Undo: "/undo/1"}, "/settings")
	})
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/settings" {
		t.Errorf("%d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	b, err := base64.RawURLEncoding.DecodeString(r.Cookies()[0].Value)
	if err != nil || string(b) != `{"text":"저장했어요 🙂","undo":"/undo/1"}` {
		t.Errorf("cookie %q, %v", b, err)
	}
}

func TestEventsOfOneAnswerStandTogether(t *testing.T) {
	r := answer(func(w http.ResponseWriter, r *http.Request) {
		Trigger(w, "close-dialog", nil)
		Say(w, r, Toast{Text: "해결 😀"})
	}, "HX-Request", "true")
	if got := r.Header.Get("HX-Trigger"); !strings.Contains(got, "close-dialog") || toastOf(t, r).Text != "해결 😀" {
		t.Errorf("got %s", got)
	}
}

func TestRedirectStaysInTheHouse(t *testing.T) {
	cases := map[string]string{
		"/inbox?view=mine": "/inbox?view=mine", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/",
		"javascript:alert(1)": "/", "": "/", "/\t/evil.example": "/", "inbox": "/",
	}
	for to, want := range cases {
		if got := Local(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
	r := answer(func(w http.ResponseWriter, r *http.Request) { Redirect(w, r, "/inbox") }, "HX-Request", "true")
	if r.Header.Get("HX-Redirect") != "/inbox" || r.Header.Get("Location") != "" {
		t.Errorf("htmx is sent to %q", r.Header.Get("HX-Redirect"))
	}
}

func FuzzLocal(f *testing.F) {
	f.Add("//evil.example")
	f.Fuzz(func(t *testing.T, to string) {
		if got := Local(to); got[0] != '/' || len(got) > 1 && (got[1] == '/' || got[1] == '\\') {
			t.Errorf("%q leads to %q", to, got)
		}
	})
}

func TestAPageThatBreaksWhileItIsDrawnIsAProblem(t *testing.T) {
	broken := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		io.WriteString(w, "half a page")
		return errors.New("no more paper")
	})
	r := answer(func(w http.ResponseWriter, r *http.Request) { Render(w, r, http.StatusOK, broken) })
	if page := body(t, r); r.StatusCode != 500 || strings.Contains(page, "half a page") {
		t.Errorf("%d", r.StatusCode)
	}
}

func TestHeadersOfEveryPage(t *testing.T) {
	r := get(t, Secure(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})), "/")
	for name, want := range map[string]string{"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "same-origin", "Cache-Control": "no-store"} {
		if got := r.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Error("the policy allows what is unsafe")
	}
}

func TestFaces(t *testing.T) {
	for name, want := range map[string]string{"윤하람": "윤", "noah": "N", "  김도담": "김", "": "·", "🙂": "·", "“달빛”": "달", "élan": "É"} {
		if got := (FaceProps{Name: name}).letter(); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if a, b := (FaceProps{Name: "윤하람"}).classes(), (FaceProps{Name: "윤하람"}).classes(); a != b {
		t.Error("a face changes its colour")
	}
}

func TestTimersTurnAmberThenRed(t *testing.T) {
	now := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	ctx := With(context.Background(), Viewer{Locale: i18n.Korean, Now: now})
	cases := []struct {
		timer       TimerProps
		state, text string
	}{
		{TimerProps{Due: now.Add(80 * time.Minute)}, "", "1시간 20분 남음"},
		{TimerProps{Due: now.Add(4 * time.Minute)}, "soon", "4분 남음"},
		{TimerProps{Due: now.Add(30 * time.Second)}, "soon", "1분 안 남음"},
		{TimerProps{Due: now.Add(-30 * time.Second)}, "over", "지금"},
		{TimerProps{Due: now.Add(-12 * time.Minute)}, "over", "12분 지남"},
		{TimerProps{Due: now.Add(-12 * time.Minute), Held: true}, "held", "멈춤"},
		{TimerProps{Held: true, Why: "고객을 기다림"}, "held", "고객을 기다림"},
	}
	for _, c := range cases {
		if got := c.timer.state(now); got != c.state {
			t.Errorf("%s: state %q, want %q", c.text, got, c.state)
		}
		if got := c.timer.text(ctx); got != c.text {
			t.Errorf("got %q, want %q", got, c.text)
		}
	}
}
