// Command baraji looks after the customers of a firm before and after they buy.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // zones also where the machine has none

	"baraji/internal/app"
	"baraji/internal/app/demo"
	"baraji/internal/kit/problem"

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "dev"

// settings are the flags that every command of the desk takes.
type settings struct {
	Data         string `help:"Folder of the database, the files and the key." default:"data" env:"BARAJI_DATA"`
	Database     string `help:"postgres://… instead of SQLite in the data folder." env:"BARAJI_DATABASE"`
	Blob         string `help:"s3://… instead of a folder in the data folder." env:"BARAJI_BLOB"`
	Key          string `help:"The installation's key, in base64; else the key file." env:"BARAJI_KEY"`
	AllowPrivate string `help:"Private networks that may be reached, such as 10.0.0.0/8,192.168.1.0/24, or none." env:"BARAJI_ALLOW_PRIVATE"`
	LogLevel     string `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"BARAJI_LOG"`
}

type serveFlags struct {
	settings
	Addr string `help:"Where pages and the API listen." default:"127.0.0.1:8080" env:"BARAJI_ADDR"`
	SMTP string `help:"Where inbound mail listens (host:port; lmtp:host:port for LMTP)." env:"BARAJI_SMTP"`
	NATS string `help:"nats://… for faster wake-ups between nodes." env:"BARAJI_NATS"`
	URL  string `help:"How the desk is reached, such as https://desk.example.com." env:"BARAJI_URL"`

	Metrics bool `help:"Serve /metrics on a public address too." env:"BARAJI_METRICS"`
}

type cli struct {
	Serve   serveCmd   `cmd:"" help:"Run the desk."`
	Demo    demoCmd    `cmd:"" help:"Run a sample shop in a throw-away folder."`
	Token   tokenCmd   `cmd:"" help:"API tokens."`
	User    userCmd    `cmd:"" help:"People who work here."`
	Backup  backupCmd  `cmd:"" help:"Copy everything into one file, also while the desk runs."`
	Restore restoreCmd `cmd:"" help:"Put a backup into an empty place."`
	Export  exportCmd  `cmd:"" help:"Write the help articles into a folder, as Markdown."`
	Import  importCmd  `cmd:"" help:"Take in what another program wrote."`
	Check   checkCmd   `cmd:"" help:"Look whether everything is in order, and count what waits."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	os.Exit(run())
}

func run() int {
	var c cli
	parser, err := kong.New(&c, kong.Name("baraji"), kong.Description("A desk for looking after customers, before and after they buy."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Exit(func(int) {}), kong.Writers(os.Stdout, os.Stderr))
	if err != nil {
		fmt.Fprintln(os.Stderr, "baraji:", err)
		return 1
	}
	for _, arg := range os.Args[1:] {
		if arg == "--help" || arg == "-h" || arg == "help" {
			parser.Parse([]string{"--help"})
			return 0
		}
	}
	k, err := parser.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "baraji:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	switch err := k.Run(); {
	case err == nil:
		return 0
	case isUse(err):
		fmt.Fprintln(os.Stderr, "baraji:", err)
		return 2
	default:
		fmt.Fprintln(os.Stderr, "baraji:", err)
		return 1
	}
}

// isUse says that whoever called has to call differently.
func isUse(err error) bool {
	_, told := problem.As(err)
	return told
}

func (s settings) logger() *slog.Logger {
	var level slog.Level
	level.UnmarshalText([]byte(s.LogLevel))
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

func (s settings) config() app.Config {
	return app.Config{Data: s.Data, Database: s.Database, Blob: s.Blob, Key: s.Key, AllowPrivate: s.AllowPrivate, Version: version,
		Log: s.logger(), Now: clock(time.Now), Real: time.Now}
}

func (f serveFlags) config() app.Config {
	c := f.settings.config()
	c.Addr, c.SMTP, c.NATS, c.URL, c.Metrics = f.Addr, f.SMTP, f.NATS, f.URL, f.Metrics
	return c
}

type serveCmd struct{ serveFlags }

// Run serves until a signal comes.
func (s *serveCmd) Run(ctx context.Context) error {
	a, err := app.Open(ctx, s.config())
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Run(ctx, func(addr net.Addr) {
		a.Config.Log.Info("baraji serves", "address", "http://"+addr.String(), "version", version)
	})
}

type demoCmd struct {
	serveFlags
}

// Run makes the sample shop and serves it. Without --data its folder goes with it.
func (d *demoCmd) Run(ctx context.Context) error {
	c := d.config()
	if d.Data == "data" && os.Getenv("BARAJI_DATA") == "" {
		dir, err := os.MkdirTemp("", "baraji-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.Data = dir
	}
	who, err := demo.Fill(ctx, c)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, c)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Run(ctx, func(addr net.Addr) {
		fmt.Printf("Address: http://%s\nEmail: %s\nPassword: %s\nToken: %s\n", addr, who.Email, who.Password, who.Token)
		fmt.Fprintf(os.Stderr, "The portal as one of the customers, good once: http://%s%s\n", addr, who.Portal) // not through the log: it is a secret
	})
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make a token and print it."`
}

type tokenCreateCmd struct {
	settings
	Name string `help:"What it is for." required:""`
	Role string `help:"Whose rights it has: owner, admin, manager, agent, sales, partner, light or one of your own." required:""`
	Rate int    `help:"Requests a minute; 0 is no limit." default:"600"`
}

// Run makes a token; also while the desk runs.
func (t *tokenCreateCmd) Run(ctx context.Context) error {
	text, err := app.MakeToken(ctx, t.config(), t.Name, t.Role, t.Rate)
	if err == nil {
		fmt.Println(text)
	}
	return err
}

type userCmd struct {
	Create userCreateCmd `cmd:"" help:"Make a person who works here."`
}

type userCreateCmd struct {
	settings
	Email         string `required:"" help:"What he signs in with."`
	Name          string `required:""`
	Role          string `required:"" help:"owner, admin, manager, agent, sales, partner, light or one of your own."`
	PasswordStdin bool   `required:"" help:"Read the password from standard input."`
}

// Run makes a person; also while the desk runs.
func (u *userCreateCmd) Run(ctx context.Context) error {
	b, err := io.ReadAll(io.LimitReader(os.Stdin, 4096))
	if err != nil {
		return err
	}
	return app.MakePerson(ctx, u.config(), u.Email, u.Name, u.Role, strings.TrimRight(string(b), "\r\n"))
}

type backupCmd struct {
	settings
	File string `arg:"" help:"The file to write."`
}

// Run writes a backup.
func (b *backupCmd) Run(ctx context.Context) error { return app.Backup(ctx, b.config(), b.File) }

type restoreCmd struct {
	settings
	File string `arg:"" help:"The backup to read."`
}

// Run reads a backup into an empty place.
func (r *restoreCmd) Run(ctx context.Context) error { return app.Restore(ctx, r.config(), r.File) }

type checkCmd struct{ settings }

var errOutOfOrder = errors.New("not everything is in order")

// Run prints what was found.
func (c *checkCmd) Run(ctx context.Context) error {
	report, err := app.Check(ctx, c.config())
	if err != nil {
		return err
	}
	report.Print(os.Stdout)
	if !report.OK() {
		return errOutOfOrder
	}
	return nil
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	fmt.Println("baraji", version)
	return nil
}
