package rig

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Setup says how the program is started. The zero value is `baraji serve` with SQLite in a folder of the test's.
type Setup struct {
	Main     string        // another main package of this module; ./cmd/baraji unless it says so
	Tags     string        // to build it with, such as shiftclock
	Command  string        // "serve" unless it says "demo"
	Args     []string      // further arguments
	Env      []string      // further environment, KEY=VALUE
	Database string        // postgres://…, or "" for SQLite
	Data     string        // data folder; several nodes must not share one
	NATS     string        // nats://…
	Token    string        // to use instead of one of its own, such as that of another node on the same database
	Slow     time.Duration // how long it may take to be ready; 30 s unless it says so
}

// binary builds what is to be started.
func (s Setup) binary() (string, error) {
	if s.Main != "" || s.Tags != "" {
		return compile(cmp.Or(s.Main, "./cmd/baraji"), cmp.Or(s.Tags, os.Getenv("BARAJI_TEST_TAGS")))
	}
	return build()
}

// Running is the program itself, as a child that tests talk to from outside only.
type Running struct {
	URL  string // http://127.0.0.1:port
	Data string

	t      testing.TB
	with   Setup
	binary string
	child  *child
	client http.Client

	once  sync.Once
	token string
}

// Program builds the program, starts `baraji serve` with further arguments and waits until it is ready.
func Program(t testing.TB, args ...string) *Running {
	t.Helper()
	return ProgramWith(t, Setup{Args: args})
}

// ProgramWith is Program with more to say.
func ProgramWith(t testing.TB, with Setup) *Running {
	t.Helper()
	binary, err := with.binary()
	if err != nil {
		t.Fatal(err)
	}
	if with.Data == "" {
		with.Data = t.TempDir()
	}
	r := &Running{URL: "http://" + loopback(FreePort(t)), Data: with.Data, t: t, with: with, binary: binary, client: http.Client{Timeout: time.Minute}}
	tellOnFailure(t, "baraji", r.Log())
	r.Start()
	t.Cleanup(func() {
		if r.child.running() {
			r.child.end(syscall.SIGKILL, 10*time.Second)
		}
	})
	return r
}

// Log is the file that takes what the program prints.
func (r *Running) Log() string { return filepath.Clean(r.Data) + ".log" }

// Start starts the program (again) with the same data and address, and waits until it is ready.
func (r *Running) Start() {
	r.t.Helper()
	r.Begin()
	r.WaitReady()
}

// Begin starts the program and waits for nothing.
func (r *Running) Begin() {
	r.t.Helper()
	cmd := exec.Command(r.binary, append([]string{cmp.Or(r.with.Command, "serve")}, r.with.Args...)...)
	cmd.Dir, cmd.Env = filepath.Dir(r.Data), r.environment()
	var err error
	if r.child, err = start(cmd, account{}, r.Log(), syscall.SIGKILL); err != nil {
		r.t.Fatal(err)
	}
}

// environment is ours without any BARAJI_ setting of the person who runs the tests, and with those of the setup.
func (r *Running) environment() []string {
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "BARAJI_") {
			env = append(env, kv)
		}
	}
	env = append(env, "BARAJI_DATA="+r.Data, "BARAJI_ADDR="+strings.TrimPrefix(r.URL, "http://"))
	if r.with.Database != "" {
		env = append(env, "BARAJI_DATABASE="+r.with.Database)
	}
	if r.with.NATS != "" {
		env = append(env, "BARAJI_NATS="+r.with.NATS)
	}
	return append(env, r.with.Env...)
}

// WaitReady waits until GET /readyz answers 200.
func (r *Running) WaitReady() {
	r.t.Helper()
	if err := r.child.await(cmp.Or(r.with.Slow, 30*time.Second), r.ready); err != nil {
		r.t.Fatal(err)
	}
}

func (r *Running) ready() error {
	resp, err := r.client.Get(r.URL + "/readyz")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(resp.Body, 1000))
		return fmt.Errorf("/readyz: %s: %s", resp.Status, why)
	}
	return nil
}

// Shift makes the desk's clock of the next start go ahead by so much; the program must have been built with the tag shiftclock.
func (r *Running) Shift(by time.Duration) {
	r.with.Env = append(slices.DeleteFunc(slices.Clone(r.with.Env), func(kv string) bool { return strings.HasPrefix(kv, "BARAJI_CLOCK_SHIFT=") }),
		"BARAJI_CLOCK_SHIFT="+by.String())
}

// Kill ends the program at once with SIGKILL.
func (r *Running) Kill() {
	r.t.Helper()
	r.child.end(syscall.SIGKILL, 10*time.Second)
	r.client.CloseIdleConnections()
}

// Term asks the program to end and fails the test when it takes longer than the ten seconds it has, or does not end with status 0.
func (r *Running) Term() {
	r.t.Helper()
	if err := r.child.end(syscall.SIGTERM, 10*time.Second); err != nil {
		r.t.Fatal(err)
	}
	if code := r.child.cmd.ProcessState.ExitCode(); code != 0 {
		r.t.Fatalf("after SIGTERM the program ended with status %d", code)
	}
	r.client.CloseIdleConnections()
}

// Restart kills the program and starts it again.
func (r *Running) Restart() {
	r.t.Helper()
	r.Kill()
	r.Start()
}

// Lives says whether the process still runs.
func (r *Running) Lives() bool { return r.child.running() }

// PID is the process, for tests that look at its memory or stop it for a while.
func (r *Running) PID() int { return r.child.cmd.Process.Pid }

// Command runs another command of the program on the same data, with some text as its input, and returns what it printed on standard output.
func (r *Running) Command(stdin string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.binary, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = filepath.Dir(r.Data), r.environment(), strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("baraji %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return out.String(), nil
}

// Token is an administrator's, without a limit of requests.
func (r *Running) Token() string {
	r.t.Helper()
	r.once.Do(func() {
		if r.token = r.with.Token; r.token != "" {
			return
		}
		out, err := r.Command("", "token", "create", "--name", "rig", "--role", "admin", "--rate", "0")
		if err != nil {
			r.t.Fatal(err)
		}
		words := strings.Fields(out)
		if len(words) == 0 {
			r.t.Fatal("token create printed nothing")
		}
		r.token = words[len(words)-1]
	})
	return r.token
}

// APIAnswer is what the API said.
type APIAnswer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into reads the body as JSON.
func (a APIAnswer) Into(v any) error { return json.Unmarshal(a.Body, v) }

// API calls the REST interface (path as in "/conversations") with an administrator's token and fails the test when no answer comes. A body that is not
// nil is sent as JSON.
func (r *Running) API(method, path string, body any) APIAnswer {
	r.t.Helper()
	a, err := r.TryAPI(context.Background(), method, path, body, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

// TryAPI is API with an error, for loops that go on while the program is down, and with further header lines, such as Idempotency-Key.
func (r *Running) TryAPI(ctx context.Context, method, path string, body any, header http.Header) (APIAnswer, error) {
	r.t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return APIAnswer{}, err
		}
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.URL+"/api/v1"+path, content)
	if err != nil {
		return APIAnswer{}, err
	}
	if header != nil {
		req.Header = header.Clone()
	}
	req.Header.Set("Authorization", "Bearer "+r.Token())
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return APIAnswer{}, err
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	return APIAnswer{resp.StatusCode, resp.Header, all}, err
}

// Queues is the answer of GET /api/v1/queues: all that waits to be done.
type Queues struct {
	Drained bool `json:"drained"`
	Queues  []struct {
		Name    string  `json:"name"`
		Due     int     `json:"due"`
		Waiting int     `json:"waiting"`
		Failed  int     `json:"failed"`
		OldestS float64 `json:"oldest_s"`
	} `json:"queues"`
}

// Queues asks what waits.
func (r *Running) Queues() (Queues, error) {
	a, err := r.TryAPI(context.Background(), "GET", "/queues", nil, nil)
	if err != nil {
		return Queues{}, err
	}
	if a.Status != http.StatusOK {
		return Queues{}, fmt.Errorf("GET /queues: %d: %s", a.Status, a.Body)
	}
	var q Queues
	return q, a.Into(&q)
}

// WaitDrained waits until nothing is due any more.
func (r *Running) WaitDrained(within time.Duration) {
	r.t.Helper()
	var last Queues
	err := r.child.await(within, func() (err error) {
		if last, err = r.Queues(); err == nil && !last.Drained {
			err = fmt.Errorf("not drained: %+v", last.Queues)
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}
