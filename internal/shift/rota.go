package shift

import (
	"time"

	"baraji/internal/kit/hours"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// RotaID is the id of a rota.
type RotaID = id.Of[rotaKind]

type rotaKind struct{}

func (rotaKind) Prefix() string { return "rot" }

// Mode says who the people of a rota are.
type Mode string

// The modes. Where people of the house and partners cover the same week the firm is a hybrid; there is no mode for that.
const (
	InHouse Mode = "house"
	Partner Mode = "partner"
	OnCall  Mode = "call" // not at the desk, but woken when it has to be
)

// Modes lists them as they are offered.
var Modes = []Mode{InHouse, Partner, OnCall}

// Rota is who stands at which hour for one thing.
type Rota struct {
	ID        RotaID
	Name      string
	Color     int    // 1 to 6
	Zone      string // "" is the firm's
	Mode      Mode
	Team      team.TeamID // that it stands for; 0: none
	Notes     bool        // a note is due when somebody's turn ends
	Layers    []Layer
	Version   int // grows with each change
	UpdatedAt time.Time

	zone *time.Location
}

// Place is the zone that counts: the rota's, or the firm's.
func (r Rota) Place() *time.Location {
	if r.zone == nil {
		return time.UTC
	}
	return r.zone
}

// Unit is what the length of a turn is counted in.
type Unit string

// The units.
const (
	Hours Unit = "hours"
	Days  Unit = "days"
	Weeks Unit = "weeks"
)

// Units lists them as they are offered.
var Units = []Unit{Hours, Days, Weeks}

// Layer is people who take turns. Of layers that hold at the same time those of the highest level stand; those of one level
// stand beside each other.
type Layer struct {
	ID    int         `json:"id"` // of its rota; not given to another
	Name  string      `json:"name"`
	Slots [][]team.ID `json:"slots"`         // in order; several people of one slot stand together
	First hours.Date  `json:"first"`         // the first turn begins on it, at the hand-over time
	Last  hours.Date  `json:"last,omitzero"` // the last day: it ends at the next day's hand-over time; the zero Date: there is none
	Hand  int         `json:"hand"`          // time of the hand-over, in minutes since midnight
	Every int         `json:"every"`         // length of a turn, in Units
	Unit  Unit        `json:"unit"`
	Hours []Span      `json:"hours"` // of the week; none: all of them
	Level int         `json:"level"` // 0 to 9
}

// Span is the same hours on some days of the week. One that ends no later than it begins ends on the next day.
type Span struct {
	Days []time.Weekday `json:"days"`
	From int            `json:"from"` // minutes since midnight
	To   int            `json:"to"`
}

// step is the length of a turn on the wall.
func (l Layer) step() time.Duration {
	n := time.Duration(l.Every) * time.Hour
	switch l.Unit {
	case Days:
		n *= 24
	case Weeks:
		n *= 7 * 24
	}
	return n
}

// week is its hours for counting; no hours are none, not all.
func (l Layer) week(zone *time.Location) hours.Calendar {
	const day = 24 * 60
	c := hours.Calendar{Zone: zone}
	for _, s := range l.Hours {
		for _, d := range s.Days {
			if s.From < s.To {
				c.Week[d] = append(c.Week[d], hours.Block{From: s.From, To: s.To})
				continue
			}
			c.Week[d] = append(c.Week[d], hours.Block{From: s.From, To: day})
			if next := (d + 1) % 7; s.To > 0 {
				c.Week[next] = append(c.Week[next], hours.Block{From: 0, To: s.To})
			}
		}
	}
	return c
}

// SingleID is the id of a shift that was planned by hand.
type SingleID = id.Of[singleKind]

type singleKind struct{}

func (singleKind) Prefix() string { return "shf" }

// Single is a shift that was planned by hand: these people, that day, from then for so long. It stands beside the layers.
type Single struct {
	ID     SingleID
	Rota   RotaID
	People []team.ID
	Day    hours.Date
	From   int        // minutes since midnight
	Length int        // minutes on the wall
	Weekly bool       // and each week from then on
	Last   hours.Date `json:",omitzero"` // the last day of a weekly one; the zero Date: there is none
}

// Why says what makes somebody stand.
type Why string

// What can make somebody stand.
const (
	ByLayer    Why = "layer"
	BySingle   Why = "shift"
	ByOverride Why = "override"
	BySwap     Why = "swap"
	AsDeputy   Why = "deputy" // of somebody who is away
)

// ChangeID is the id of a change by hand, which may be several things that are undone together.
type ChangeID = id.Of[changeKind]

type changeKind struct{}

func (changeKind) Prefix() string { return "pch" }

// OverrideID is the id of an override.
type OverrideID = id.Of[overrideKind]

type overrideKind struct{}

func (overrideKind) Prefix() string { return "ovr" }

// Override is somebody else who stands for a while.
type Override struct {
	ID      OverrideID
	Rota    RotaID
	From    time.Time
	Until   time.Time
	Instead team.ID  // where he stands; 0: instead of whoever stands, and also where nobody does
	Person  team.ID  // 0: nobody
	Swap    SwapID   // that it came of
	Group   ChangeID // undone with the others of it
	By      team.ID  // who made it; 0: the program, or a token
	MadeAt  time.Time
}

// SwapID is the id of a swap.
type SwapID = id.Of[swapKind]

type swapKind struct{}

func (swapKind) Prefix() string { return "swp" }

// LeaveID is the id of a leave.
type LeaveID = id.Of[leaveKind]

type leaveKind struct{}

func (leaveKind) Prefix() string { return "lve" }

// Kind says why somebody is away.
type Kind string

// The kinds.
const (
	Holiday  Kind = "holiday"
	Sick     Kind = "sick"
	Training Kind = "training"
	Other    Kind = "other"
	Gone     Kind = "gone" // may no longer come in: the program's own
)

// Kinds lists those that people choose from.
var Kinds = []Kind{Holiday, Sick, Training, Other}

// Leave is a time in which somebody stands nowhere.
type Leave struct {
	ID     LeaveID
	Person team.ID
	From   time.Time
	Until  time.Time
	Kind   Kind
	Deputy team.ID // stands where he would; 0: nobody
	By     team.ID
	MadeAt time.Time
}

// Turn is somebody's turn.
type Turn struct {
	Rota     RotaID
	Person   team.ID
	From     time.Time
	Until    time.Time
	Why      Why
	Instead  team.ID    // whose place it is, if it is another's
	Layer    int        // that it comes from; 0: from none
	Single   SingleID   // …
	Override OverrideID // that made it so
	Key      string     // names it for good: what it comes from, when that began, whose it is
}

// Stretch is a time from an instant until another.
type Stretch struct{ From, Until time.Time }
