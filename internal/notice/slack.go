package notice

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// slackFirm is the firm's own address: a channel where everybody reads who is wanted.
type slackFirm struct {
	Sealed string `json:"sealed"`
}

var slackOfFirm = setting.Of[slackFirm]{Name: "notice.slack"}

const slackSeal = "notice.slack"

func firmSlack(ctx context.Context, tx *db.Tx) (string, error) {
	f, err := setting.Get(ctx, tx, slackOfFirm)
	return f.Sealed, err
}

// HasFirmSlack says whether the firm has an address in Slack.
func HasFirmSlack(ctx context.Context, tx *db.Tx) (bool, error) {
	s, err := firmSlack(ctx, tx)
	return s != "", err
}

// SetSlack stores the address of whoever acts in Slack (an incoming webhook); "" takes it away.
func (s *Notices) SetSlack(ctx context.Context, tx *db.Tx, address string) error {
	me := team.From(ctx).Person
	if me == 0 {
		return problem.New(problem.Forbidden, "Sign in first.")
	}
	sealed, err := s.sealSlack(address)
	if err != nil {
		return err
	}
	body, err := json.Marshal(Choice{Quiet: Default().Quiet})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO notice_choice (person_id, body, slack) VALUES ($1, $2, $3) ON CONFLICT (person_id) DO UPDATE SET slack = excluded.slack`, me, string(body), sealed)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, SlackChanged{me, sealed != ""})
}

// SetFirmSlack does so for the firm.
func (s *Notices) SetFirmSlack(ctx context.Context, tx *db.Tx, address string) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	sealed, err := s.sealSlack(address)
	if err != nil {
		return err
	}
	if err := setting.Set(ctx, tx, slackOfFirm, slackFirm{sealed}); err != nil {
		return err
	}
	return event.Record(ctx, tx, SlackChanged{Set: sealed != ""})
}

// sealSlack checks and seals an address: whoever has it can write there.
func (s *Notices) sealSlack(address string) (string, error) {
	address = strings.TrimSpace(address)
	if address == "" {
		return "", nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || len(address) > 1000 || !overTLS(u) {
		return "", problem.For("slack", "Enter the address of an incoming webhook: it begins with https://.")
	}
	return s.Keys.Seal(slackSeal, []byte(address)), nil
}

// slack sends a message there. name is said where more than one person reads.
func (s *Notices) slack(ctx context.Context, sealed, name string, m message) error {
	address, err := s.Keys.Unseal(slackSeal, sealed)
	if err != nil {
		return err
	}
	text := "*" + slackText(m.text) + "*"
	if name != "" {
		text = "@" + slackText(name) + " " + text
	}
	if m.title != "" {
		text += "\n" + slackText(m.title)
	}
	text += "\n<" + m.link + "|" + slackText(m.open) + ">"
	if m.answer != "" {
		text += "  <" + m.answer + "|" + slackText(m.ask) + ">"
	}
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, string(address), bytes.NewReader(body))
	if err != nil {
		return errRefused // the error would hold the address
	}
	r.Header.Set("Content-Type", "application/json")
	return s.post(r)
}

// slackText escapes what Slack would read as markup: a name must not call a whole channel.
func slackText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "∗", "\n", " ").Replace(s)
}
