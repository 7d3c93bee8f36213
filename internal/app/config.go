package app

import (
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"
)

// Config is the few settings of the process. Every zero value works.
type Config struct {
	Data         string // folder of the database, the files and the key; "" is ./data
	Addr         string // where pages and the API listen; "" is 127.0.0.1:8080
	Database     string // postgres://…; "" is SQLite in the data folder
	SMTP         string // where inbound mail listens; "" is nowhere
	Blob         string // s3://…; "" is a folder in the data folder
	NATS         string // nats://…; "" is none
	URL          string // how the desk is reached from outside
	Key          string // the installation's key as text; "" is the key file (SQLite) or the database (PostgreSQL)
	AllowPrivate string // private networks that may be reached, with commas; "" see allowed
	Metrics      bool   // serve /metrics on a public address too
	Version      string
	Slack        string // where Slack's Web API is; "" is Slack. For tests, which have one of their own

	Now  func() time.Time // the desk's clock; nil is the machine's
	Real func() time.Time // the machine's clock, for deadlines of sockets
	Log  *slog.Logger     // nil is silent
}

func (c Config) filled() Config {
	if c.Data == "" {
		c.Data = "data"
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if c.Now == nil {
		c.Now = c.Real
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.URL = strings.TrimRight(c.URL, "/")
	return c
}

// networks reads AllowPrivate.
func (c Config) networks() ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, s := range strings.FieldsFunc(c.AllowPrivate, func(r rune) bool { return r == ',' || r == ' ' }) {
		if s == "none" {
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// mailNetworks are the private networks that mail servers may stand in. A desk
// that listens on this machine only is one whose neighbours are on this machine
// too: then the loopback is allowed for mail unless something else was said.
func (c Config) mailNetworks() ([]netip.Prefix, error) {
	list, err := c.networks()
	if err != nil || c.AllowPrivate != "" {
		return list, err
	}
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return list, nil
	}
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		list = append(list, netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
	}
	return list, nil
}
