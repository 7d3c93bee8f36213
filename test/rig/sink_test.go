package rig_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"baraji/test/rig"
)

const agent = "agent@shop.example"

func send(t *testing.T, sink *rig.MailSink, to ...string) error {
	t.Helper()
	c, err := smtp.Dial(sink.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.SendMail(agent, to, strings.NewReader(letter))
}

func TestSinkJournalsBeforeItAnswers(t *testing.T) {
	sink := rig.Sink(t, rig.SinkSetup{})
	if err := send(t, sink, customer, "b@x.example"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(sink.Journal())
	if err != nil {
		t.Fatal(err)
	}
	var entry rig.Mail
	if err := json.Unmarshal(text, &entry); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	raw, err := entry.Raw()
	if err != nil || string(raw) != letter {
		t.Errorf("journalled %q, %v", raw, err)
	}
	if entry.Number != 1 || entry.From != agent || len(entry.To) != 2 || entry.To[0] != customer || entry.Cut {
		t.Errorf("journal says %+v", entry)
	}
}

func TestSinkAnswersByScript(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer rig.Answer
		code   int // 0: the line is cut
		taken  int // after the first try
	}{
		{"greylisted", rig.RefuseRecipient(450), 450, 0},
		{"going away", rig.RefuseRecipient(421), 421, 0},
		{"unknown", rig.RefuseRecipient(550), 550, 0},
		{"refused for its content", rig.RefuseData(554), 554, 0},
		{"cut at DATA", rig.CutAtData(), 0, 0},
		{"cut after the data", rig.CutAfterData(), 0, 0},
		{"cut before 250", rig.CutBefore250(), 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			sink := rig.Sink(t, rig.SinkSetup{})
			sink.Script(customer, c.answer)
			err := send(t, sink, customer)
			var answer *smtp.SMTPError
			if errors.As(err, &answer); (answer == nil) != (c.code == 0) || answer != nil && answer.Code != c.code || err == nil {
				t.Errorf("first try: %v, want code %d", err, c.code)
			}
			if n := len(sink.Mails()); n != c.taken {
				t.Errorf("%d mails taken, want %d", n, c.taken)
			}
			if err := send(t, sink, customer); err != nil {
				t.Errorf("second try: %v", err)
			}
			if n := sink.Attempts(customer); n != 2 {
				t.Errorf("%d attempts, want 2", n)
			}
		})
	}
}

func TestSinkRefusesOneOfThree(t *testing.T) {
	sink := rig.Sink(t, rig.SinkSetup{})
	sink.Always("b@x.example", rig.RefuseRecipient(550))
	c, err := smtp.Dial(sink.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Mail(agent, nil); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"a@x.example", "b@x.example", "c@x.example"} {
		if err := c.Rcpt(to, nil); (err != nil) != (to == "b@x.example") {
			t.Errorf("%s: %v", to, err)
		}
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte(letter))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := sink.Mails(); len(got) != 1 || len(got[0].To) != 2 {
		t.Errorf("taken: %+v", got)
	}
}

func TestSinkWantsTLSAndLogin(t *testing.T) {
	for _, client := range []sasl.Client{sasl.NewPlainClient("", agent, rig.Password), sasl.NewLoginClient(agent, rig.Password)} {
		sink := rig.Sink(t, rig.SinkSetup{STARTTLS: true, User: agent})
		if err := send(t, sink, customer); err == nil {
			t.Error("mail was taken without login")
		}
		c, err := smtp.DialStartTLS(sink.Addr, &tls.Config{RootCAs: sink.Cert.Pool(), ServerName: "localhost"})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Auth(sasl.NewPlainClient("", agent, "wrong")); err == nil {
			t.Error("a wrong password was taken")
		}
		if err := c.Auth(client); err != nil {
			t.Fatal(err)
		}
		if err := c.SendMail(agent, []string{customer}, strings.NewReader(letter)); err != nil {
			t.Fatal(err)
		}
		if got := sink.Mails(); len(got) != 1 || !got[0].TLS || got[0].User != agent {
			t.Errorf("taken: %+v", got)
		}
	}
}

func TestSinkThinksBefore250AndSurvivesAStop(t *testing.T) {
	sink := rig.Sink(t, rig.SinkSetup{Delay: func() time.Duration { return time.Hour }})
	answered := make(chan error, 1)
	go func() {
		c, err := smtp.Dial(sink.Addr)
		if err == nil {
			err = c.SendMail(agent, []string{customer}, strings.NewReader(letter))
		}
		answered <- err
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	sink.Wait(ctx, 1) // in the journal, not answered
	sink.Stop()
	if err := <-answered; err == nil {
		t.Error("the sender was told 250 by a server that was stopped")
	}
	sink.Start()
	if n := len(sink.Mails()); n != 1 {
		t.Errorf("%d mails after a restart, want 1", n)
	}
	if _, err := smtp.Dial(sink.Addr); err != nil {
		t.Error(err)
	}
}

func TestSinkForwardsIntoAMailbox(t *testing.T) {
	box := rig.Dovecot(t, customer)
	sink := rig.Sink(t, rig.SinkSetup{Forward: box})
	if err := send(t, sink, customer, "nobody@customer.example"); err != nil {
		t.Fatal(err)
	}
	if got := box.Fetch(customer, "INBOX"); len(got) != 1 || !bytes.HasSuffix(got[0], []byte(letter)) {
		t.Errorf("the customer has %q", got)
	}
}
