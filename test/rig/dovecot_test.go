package rig_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"baraji/test/rig"
)

const (
	support  = "support@shop.example"
	customer = "minji@customer.example"
	letter   = "From: minji@customer.example\r\nTo: support@shop.example\r\nSubject: Lamp\r\n\r\nWhere is my lamp? 램프는 어디에 있나요?\r\n"
)

func TestMailDeliveredByLMTPIsFetchedByIMAP(t *testing.T) {
	box := rig.Dovecot(t, support, customer)
	box.Deliver(support, []byte(letter))
	box.Deliver(support, []byte(letter))
	got := box.Fetch(support, "INBOX")
	if len(got) != 2 || !bytes.HasSuffix(got[1], []byte("램프는 어디에 있나요?\r\n")) {
		t.Errorf("fetched %q", got)
	}
	if n := box.Messages(customer); n != 0 {
		t.Errorf("the other account has %d mails", n)
	}
	if err := box.TryDeliver(customer, "nobody@shop.example", []byte(letter)); err == nil {
		t.Error("mail for an unknown address was taken")
	}
	box.Deliver(customer, []byte(letter)) // the refusal did not spoil the line
}

func TestAppendKeepsBytesFlagsAndDate(t *testing.T) {
	box := rig.Dovecot(t)
	then := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	box.Append(support, "Old/2001", []byte(letter), []imap.Flag{imap.FlagSeen}, then)
	if got := box.Fetch(support, "Old/2001"); len(got) != 1 || string(got[0]) != letter {
		t.Errorf("fetched %q", got)
	}
	c := box.Client(support)
	if _, err := c.Select("Old/2001", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	found, err := c.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{Flags: true, InternalDate: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	if !found[0].InternalDate.Equal(then) || found[0].Flags[0] != imap.FlagSeen {
		t.Errorf("date %v, flags %v", found[0].InternalDate, found[0].Flags)
	}
}

func TestResetUIDValidityKeepsTheMail(t *testing.T) {
	box := rig.Dovecot(t)
	for range 3 {
		box.Deliver(support, []byte(letter))
	}
	box.ResetUIDValidity(support) // fails itself when the value stays
	if n := box.Messages(support); n != 3 {
		t.Errorf("%d mails, want 3", n)
	}
}

func TestDovecotComesBackWithItsMail(t *testing.T) {
	box := rig.Dovecot(t)
	box.Deliver(support, []byte(letter))
	for _, end := range []func(){box.Stop, box.Kill} {
		end()
		if _, err := imapclient.DialInsecure(box.IMAP, nil); err == nil {
			t.Fatal("a server that was ended takes connections")
		}
		box.Start()
	}
	box.Deliver(support, []byte(letter))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if got := box.WaitMessages(ctx, support, 2); len(got) != 2 {
		t.Errorf("%d mails, want 2", len(got))
	}
}

func TestDovecotSpeaksTLSBothWays(t *testing.T) {
	box := rig.Dovecot(t)
	trust := &imapclient.Options{TLSConfig: &tls.Config{RootCAs: box.Cert.Pool(), ServerName: "localhost"}}
	for name, dial := range map[string]func() (*imapclient.Client, error){
		"STARTTLS": func() (*imapclient.Client, error) { return imapclient.DialStartTLS(box.IMAP, trust) },
		"imaps":    func() (*imapclient.Client, error) { return imapclient.DialTLS(box.IMAPS, trust) },
	} {
		t.Run(name, func(t *testing.T) {
			c, err := dial()
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := c.Login(support, rig.Password).Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}
