package form

import (
	"context"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// Reason says why something is held.
type Reason string

// The reasons.
const (
	Trapped Reason = "trap"    // a field was filled in that people do not see
	Fast    Reason = "fast"    // nobody reads and types that fast
	Links   Reason = "links"   // hardly anything but links
	Often   Reason = "often"   // much for one address in a day
	Flood   Reason = "network" // much from one place in an hour
)

// Bounds of what one place, or one address that is named, may send. What is above them is held; only what is far above is
// refused, so that a shop full of customers behind one address is not locked out.
const (
	fastest       = 2 * time.Second
	heldAnAddress = 5   // a day
	heldANetwork  = 20  // an hour
	mostANetwork  = 120 // an hour
	fewLinks      = 2
)

// network is a keyed digest of the place that a request comes from: one address, or the network that one line has in IPv6.
func (f *Forms) network(from string) string {
	ip, err := netip.ParseAddr(from)
	if err == nil && ip.Unmap().Is6() {
		if p, err := ip.Prefix(64); err == nil {
			from = p.String()
		}
	}
	return f.keys.Tag("form.network", from)
}

// admit refuses what comes from a place in masses.
func admit(ctx context.Context, tx *db.Tx, network string) error {
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM form_submission WHERE network = $1 AND at > $2`, network, tx.Now().Add(-time.Hour))
	if err == nil && n >= mostANetwork {
		err = problem.New(problem.Limited, "Too much was sent from here within an hour. Everything is still here: send it again later.").Wait(15 * time.Minute)
	}
	return err
}

// suspect says why something has to be looked at before it becomes a conversation; "" when it need not.
func suspect(ctx context.Context, tx *db.Tx, s Submission, shown time.Time, trap string) (Reason, error) {
	switch {
	case trap != "":
		return Trapped, nil
	case tx.Now().Sub(shown) < fastest:
		return Fast, nil
	case linkHeavy(s.words()):
		return Links, nil
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM form_submission WHERE network = $1 AND at > $2`, s.network, tx.Now().Add(-time.Hour))
	if err != nil || n >= heldANetwork {
		return Flood, err
	}
	if s.Email == "" {
		return "", nil
	}
	n, err = db.Value[int](ctx, tx, `SELECT COUNT(*) FROM form_submission WHERE email = $1 AND at > $2`, s.Email, tx.Now().AddDate(0, 0, -1))
	if err != nil || n >= heldAnAddress {
		return Often, err
	}
	return "", nil
}

var links = regexp.MustCompile(`(?i)https?://\S+|www\.\S+|\[url\b[^\]]*\]|<a\s[^>]*>`)

// linkHeavy says whether a text is made for its links: more than a few, or most of it.
func linkHeavy(text string) bool {
	found := links.FindAllString(text, -1)
	size := 0
	for _, l := range found {
		size += len(l)
	}
	return len(found) > fewLinks || len(found) > 0 && size*2 > len(strings.TrimSpace(text))
}
