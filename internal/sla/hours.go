package sla

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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

// keptHours reads calendars that promises name.
func keptHours(ctx context.Context, tx *db.Tx, steps []Step) (map[string]hours.Calendar, error) {
	out := map[string]hours.Calendar{}
	for _, s := range steps {
		hash := s.Promise.Hours
		if _, had := out[hash]; had || s.What != Promised {
			continue
		}
		body, err := db.Value[string](ctx, tx, `SELECT body FROM sla_hours WHERE hash = $1`, hash)
		if err != nil {
			return nil, err
		}
		var kept snapshot
		if err := json.Unmarshal([]byte(body), &kept); err != nil {
			return nil, err
		}
		zone, err := time.LoadLocation(kept.Zone)
		if err != nil {
			return nil, err
		}
		out[hash] = hours.Calendar{Zone: zone, Week: kept.Week, Days: kept.Days}
	}
	return out, nil
}
