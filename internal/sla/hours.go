package sla

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
)

// snapshot is working hours as they are kept.
type snapshot struct {
	Zone string                       `json:"zone"`
	Week [7][]hours.Block             `json:"week"`
	Days map[hours.Date][]hours.Block `json:"days,omitempty"`
}

// Days that are kept of a calendar: from mail that was long on its way to the longest promise.
const (
	keepsBack  = 40
	keepsAhead = 2 * 366
)

// keepHours keeps a calendar as it is now, and gives its name.
func keepHours(ctx context.Context, tx *db.Tx, id calendar.ID) (string, error) {
	h, err := calendar.Hours(ctx, tx, id)
	if err != nil {
		return "", err
	}
	today := hours.DateOf(tx.Now(), h.Zone)
	from, until := today.Add(-keepsBack), today.Add(keepsAhead)
	for day := range h.Days {
		if day.Compare(from) < 0 || day.Compare(until) > 0 {
			delete(h.Days, day)
		}
	}
	body, err := json.Marshal(snapshot{h.Zone.String(), h.Week, h.Days})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:12])
	_, err = tx.Exec(ctx, `INSERT INTO sla_hours (hash, body) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, hash, string(body))
	return hash, err
}

// known are the calendars that were read already, by name. What a name means never changes, so nothing is ever out of date.
type known struct {
	mu   sync.Mutex
	list map[string]hours.Calendar
}

const mostKnown = 200

func (k *known) get(hash string) (hours.Calendar, bool) {
	if k == nil {
		return hours.Calendar{}, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	c, ok := k.list[hash]
	return c, ok
}

func (k *known) keep(hash string, c hours.Calendar) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.list == nil || len(k.list) >= mostKnown {
		k.list = map[string]hours.Calendar{}
	}
	k.list[hash] = c
}

// Use lets a database remember the calendars that clocks began with.
func Use(d *db.DB) { db.Attach(d, &known{}) }

// keptHours reads calendars that promises name.
func keptHours(ctx context.Context, tx *db.Tx, steps []Step) (map[string]hours.Calendar, error) {
	out, remembered := map[string]hours.Calendar{}, db.Attached[*known](tx)
	for _, s := range steps {
		hash := s.Promise.Hours
		if _, had := out[hash]; had || s.What != Promised {
			continue
		}
		c, ok := remembered.get(hash)
		if !ok {
			var err error
			if c, err = readHours(ctx, tx, hash); err != nil {
				return nil, err
			}
			remembered.keep(hash, c)
		}
		out[hash] = c
	}
	return out, nil
}

func readHours(ctx context.Context, tx *db.Tx, hash string) (hours.Calendar, error) {
	body, err := db.Value[string](ctx, tx, `SELECT body FROM sla_hours WHERE hash = $1`, hash)
	if err != nil {
		return hours.Calendar{}, err
	}
	var kept snapshot
	if err := json.Unmarshal([]byte(body), &kept); err != nil {
		return hours.Calendar{}, err
	}
	zone, err := time.LoadLocation(kept.Zone)
	return hours.Calendar{Zone: zone, Week: kept.Week, Days: kept.Days}, err
}
