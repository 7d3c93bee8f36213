package inbox_test

import (
	"testing"

	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig/house"
)

// shop is a house with a shop in it.
type shop struct {
	*house.House
	t testing.TB
}

func each(t *testing.T, fn func(t *testing.T, s *shop)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *dbtest.Desk) { fn(t, newShop(t, d)) })
}

func newShop(t testing.TB, d *dbtest.Desk) *shop {
	t.Helper()
	return &shop{house.New(t, d).Furnish(), t}
}
