package campaign

import (
	"context"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Manners is how a campaign goes out.
type Manners struct {
	Rate     int  `json:"rate"`     // mails in a minute
	Quiet    bool `json:"quiet"`    // not at night, where the customer is
	From     int  `json:"from"`     // when the night begins: minutes since midnight
	To       int  `json:"to"`       // and when it ends
	Most     int  `json:"most"`     // advertising mails to one customer …
	Days     int  `json:"days"`     // … within so many days; 0 is no limit
	Problems bool `json:"problems"` // spares those who have a problem with us
}

const (
	mostRate = 6000
	mostDays = 365
)

func (m *Manners) check(c *problem.Check) {
	c.That(m.Rate >= 1 && m.Rate <= mostRate, "rate", "Between 1 and %d mails in a minute.", mostRate)
	c.That(m.Days >= 0 && m.Days <= mostDays, "days", "At most %d days.", mostDays)
	c.That(m.Days == 0 || m.Most >= 1 && m.Most <= 100, "most", "Between 1 and 100 mails.")
	c.That(!m.Quiet || m.From >= 0 && m.From < 24*60, "from", "Enter a time such as 21:00.")
	c.That(!m.Quiet || m.To >= 0 && m.To < 24*60, "to", "Enter a time such as 08:00.")
	c.That(!m.Quiet || m.From != m.To, "to", "The night begins and ends at the same time. Enter another time.")
}

// Foot is what stands below every mail: who sends it, and how to reach them.
type Foot struct {
	Sender  string `json:"sender,omitempty"` // "": the firm's name
	Address string `json:"address,omitempty"`
	Reach   string `json:"reach,omitempty"` // a telephone number or an address
}

// Frame is what a mail is framed by.
type Frame struct {
	Foot
	Mark bool   `json:"mark,omitempty"` // "(광고)" before the subject of Korean advertising
	Firm string `json:"firm,omitempty"`
}

func (f Frame) sender() string {
	if f.Sender != "" {
		return f.Sender
	}
	return f.Firm
}

// Defaults are how new campaigns begin, and what frames all of them.
type Defaults struct {
	Manners Manners `json:"manners"`
	Mark    bool    `json:"mark"`
	Foot    Foot    `json:"foot"`
}

var defaults = setting.Of[Defaults]{Name: "campaign.defaults", Default: Defaults{Mark: true,
	Manners: Manners{Rate: 120, Quiet: true, From: 21 * 60, To: 8 * 60, Most: 1, Days: 7, Problems: true}}}

// GetDefaults returns them.
func GetDefaults(ctx context.Context, tx *db.Tx) (Defaults, error) {
	return setting.Get(ctx, tx, defaults)
}

// SetDefaults changes them: for campaigns that are made from now on, and the frame of those that have not begun.
func SetDefaults(ctx context.Context, tx *db.Tx, d Defaults) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	d.Foot.Sender, d.Foot.Address, d.Foot.Reach = line(d.Foot.Sender), line(d.Foot.Address), line(d.Foot.Reach)
	var c problem.Check
	d.Manners.check(&c)
	c.That(len([]rune(d.Foot.Sender)) <= 100, "sender", "At most %d characters.", 100)
	c.That(len([]rune(d.Foot.Address)) <= 300, "address", "At most %d characters.", 300)
	c.That(len([]rune(d.Foot.Reach)) <= 200, "reach", "At most %d characters.", 200)
	if err := c.Err(); err != nil {
		return err
	}
	if err := setting.Set(ctx, tx, defaults, d); err != nil {
		return err
	}
	return event.Record(ctx, tx, DefaultsChanged{})
}

// frame is how a mail is framed that leaves now.
func frame(ctx context.Context, tx *db.Tx) (Frame, error) {
	d, err := GetDefaults(ctx, tx)
	if err != nil {
		return Frame{}, err
	}
	firm, err := team.GetFirm(ctx, tx)
	return Frame{Foot: d.Foot, Mark: d.Mark, Firm: firm.Name}, err
}

// line makes one line of a text.
func line(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")), " ")
}
