package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"baraji/internal/kit/dial"
)

// connect opens a connection to a mail server, protected from its first byte if the
// server is to be spoken to so. config is for protecting it later (STARTTLS). silence is
// how long the other side may say nothing.
func (m *Mail) connect(ctx context.Context, s Server, silence time.Duration) (conn net.Conn, config *tls.Config, err error) {
	config = &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: m.roots}
	d := m.dial.WithIdle(silence)
	if s.Security == TLS {
		conn, err = d.TLS(ctx, "tcp", s.Addr(), config)
	} else {
		conn, err = d.DialContext(ctx, "tcp", s.Addr())
	}
	var why *dial.Error
	switch {
	case err == nil:
		return conn, config, nil
	case errors.As(err, &why) && why.Kind == dial.Insecure:
		return nil, nil, unprotected(s, why.Unwrap())
	}
	return nil, nil, fmt.Errorf("connect to %s: %w", s.Addr(), err)
}

// unprotected says why a connection could not be protected; see TroubleOf.
func unprotected(s Server, err error) error {
	return fmt.Errorf("protect the connection to %s: %w", s.Addr(), err)
}
