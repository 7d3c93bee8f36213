package setting_test

import (
	"reflect"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/setting"
)

type lamp struct {
	Colour string
	Rooms  []string
	Bright int
}

func TestASettingIsItsDefaultUntilSomebodyChooses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := t.Context()
		s := setting.Of[lamp]{Name: "test.lamp", Default: lamp{Colour: "warm", Rooms: []string{"hall"}, Bright: 3}}
		check := func(tx *db.Tx, want lamp) {
			t.Helper()
			got, err := setting.Get(ctx, tx, s)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
			for i := range got.Rooms {
				got.Rooms[i] = "changed" // must not reach the default
			}
		}
		err := desk.Write(ctx, func(tx *db.Tx) error {
			check(tx, s.Default)
			check(tx, s.Default)
			if err := setting.Set(ctx, tx, s, lamp{Colour: "cold"}); err != nil {
				return err
			}
			check(tx, lamp{Colour: "cold"})
			// A field that the stored value does not have yet has its default.
			if _, err := tx.Exec(ctx, `UPDATE setting SET value = '{"Colour":"red"}' WHERE name = 'test.lamp'`); err != nil {
				return err
			}
			check(tx, lamp{Colour: "red", Rooms: []string{"hall"}, Bright: 3})
			if err := setting.Forget(ctx, tx, s); err != nil {
				return err
			}
			check(tx, s.Default)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
