package coverage

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// draft is a rota while it is made: what was typed, also where it does not do yet.
type draft struct {
	shift.Rota
	Lines   []layerLine
	People  []team.Person
	Names   map[team.ID]string
	Teams   []team.Team
	Trouble ui.Trouble
	Can     bool // its last change can be undone
	Preview *preview
}

// layerLine is a layer as it is typed.
type layerLine struct {
	ID                int
	Name, Level       string
	First, Last, Hand string
	Every             string
	Unit              shift.Unit
	People            []personLine
	Hours             []hourLine
}

// personLine is one in the order of turns; with says that he stands together with the one before.
type personLine struct {
	Person team.ID
	With   bool
}

type hourLine struct {
	Days     [7]bool
	From, To string
}

// preview is the next two weeks as they would be.
type preview struct {
	Days   []row
	Gaps   time.Duration
	Clash  int
	Shares shares
}

func (a area) editRota(w http.ResponseWriter, r *http.Request) error {
	d, err := a.loadDraft(r)
	if err != nil {
		return err
	}
	if err := a.previewOf(r.Context(), &d); err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, editPage(d))
	return nil
}

// loadDraft reads the rota of an address; a new one has one layer with nobody in it.
func (a area) loadDraft(r *http.Request) (d draft, err error) {
	ctx := r.Context()
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		d = draft{}
		if d.People, err = team.People(ctx, tx, team.Filter{}); err != nil {
			return err
		}
		if d.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		if d.Teams, err = team.Teams(ctx, tx); err != nil {
			return err
		}
		if r.PathValue("id") == "" {
			d.Rota = shift.Rota{Color: 1, Mode: shift.InHouse, Notes: true}
			d.Lines = []layerLine{newLayer(hours.DateOf(tx.Now(), i18n.Of(ctx).Zone))}
			d.Layers = d.layers()
			return nil
		}
		key, err := rotaID(r)
		if err != nil {
			return err
		}
		if d.Rota, err = shift.Get(ctx, tx, key); err != nil {
			return err
		}
		d.Can, err = shift.CanUndo(ctx, tx, key)
		d.Lines = lines(d.Rota)
		return err
	})
	return d, err
}

func newLayer(today hours.Date) layerLine {
	return layerLine{First: monday(today).String(), Hand: "09:00", Every: "1", Unit: shift.Weeks, Level: "0",
		Hours: []hourLine{{Days: [7]bool{false, true, true, true, true, true, false}, From: "09:00", To: "18:00"}}}
}

// lines are the layers of a rota as one types them.
func lines(r shift.Rota) (list []layerLine) {
	for _, l := range r.Layers {
		line := layerLine{ID: l.ID, Name: l.Name, Level: number(l.Level), First: l.First.String(), Last: dateValue(l.Last), Hand: clockOf(l.Hand), Every: number(l.Every), Unit: l.Unit}
		for _, slot := range l.Slots {
			for i, person := range slot {
				line.People = append(line.People, personLine{person, i > 0})
			}
		}
		for _, s := range l.Hours {
			h := hourLine{From: clockOf(s.From), To: clockOf(s.To)}
			for _, d := range s.Days {
				h.Days[d] = true
			}
			line.Hours = append(line.Hours, h)
		}
		list = append(list, line)
	}
	return list
}

func (a area) saveRota(w http.ResponseWriter, r *http.Request) error {
	d, err := a.loadDraft(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	d.typed(r)
	do := r.FormValue("do")
	if do == "save" || do == "" {
		key := d.ID
		err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
			rota := d.Rota
			rota.Layers = slices.Clone(d.Layers)
			if d.ID == 0 {
				key, err = shift.Make(ctx, tx, rota)
				return err
			}
			version, _ := strconv.Atoi(r.FormValue("version"))
			return shift.Change(ctx, tx, d.ID, version, rota)
		})
		if err == nil {
			undo := ""
			if d.ID != 0 {
				undo = "/coverage/rotas/" + key.String() + "/undo"
			}
			return done(w, r, "/coverage/rotas/"+key.String(), "rota_saved", undo)
		}
		if d.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
			return err
		}
	} else {
		d.do(do, r, hours.DateOf(a.DB.Now(), i18n.Of(ctx).Zone))
	}
	if err := a.previewOf(ctx, &d); err != nil {
		return err
	}
	status := http.StatusOK
	if d.Trouble.Status != 0 {
		status = d.Trouble.Status
	}
	ui.Render(w, r, status, editPage(d))
	return nil
}

// typed takes over what was typed.
func (d *draft) typed(r *http.Request) {
	d.Name, d.Zone, d.Mode = r.FormValue("name"), r.FormValue("zone"), shift.Mode(r.FormValue("mode"))
	d.Color, _ = strconv.Atoi(r.FormValue("color"))
	d.Team, _ = id.Read[team.TeamID](r.FormValue("team"))
	d.Notes = r.FormValue("notes") != ""
	d.Lines = nil
	for _, n := range r.Form["l"] {
		d.Lines = append(d.Lines, readLayer(r, "l."+n+"."))
	}
	d.Layers = d.layers()
}

// layers are what the lines say.
func (d *draft) layers() (list []shift.Layer) {
	for _, l := range d.Lines {
		list = append(list, l.layer())
	}
	return list
}

func readLayer(r *http.Request, at string) layerLine {
	l := layerLine{Name: r.FormValue(at + "name"), Level: r.FormValue(at + "level"), First: r.FormValue(at + "first"), Last: r.FormValue(at + "last"),
		Hand: r.FormValue(at + "hand"), Every: r.FormValue(at + "every"), Unit: shift.Unit(r.FormValue(at + "unit"))}
	l.ID, _ = strconv.Atoi(r.FormValue(at + "id"))
	with := r.Form[at+"with"]
	for i, text := range r.Form[at+"p"] {
		if person, err := id.Read[team.ID](text); err == nil {
			l.People = append(l.People, personLine{person, slices.Contains(with, number(i))})
		}
	}
	for _, n := range r.Form[at+"h"] {
		h := hourLine{From: r.FormValue(at + n + ".from"), To: r.FormValue(at + n + ".to")}
		for _, text := range r.Form[at+n+".day"] {
			if day, err := strconv.Atoi(text); err == nil && day >= 0 && day < 7 {
				h.Days[day] = true
			}
		}
		l.Hours = append(l.Hours, h)
	}
	return l
}

// layer is what a line says; what cannot be read is what shift refuses.
func (l layerLine) layer() shift.Layer {
	out := shift.Layer{ID: l.ID, Name: l.Name, Unit: l.Unit, Hand: -1}
	out.First, _ = hours.ParseDate(l.First)
	out.Last, _ = hours.ParseDate(l.Last)
	if at, ok := timeOfDay(l.Hand); ok {
		out.Hand = at
	}
	out.Every, _ = strconv.Atoi(l.Every)
	out.Every = min(max(out.Every, 0), 10_000)
	if level, err := strconv.Atoi(l.Level); err == nil {
		out.Level = level
	}
	for i, p := range l.People {
		if last := len(out.Slots) - 1; i > 0 && p.With {
			out.Slots[last] = append(out.Slots[last], p.Person)
			continue
		}
		out.Slots = append(out.Slots, []team.ID{p.Person})
	}
	for _, h := range l.Hours {
		s := shift.Span{From: -1, To: -1}
		if at, ok := timeOfDay(h.From); ok {
			s.From = at
		}
		if at, ok := timeOfDay(h.To); ok {
			s.To = at
		}
		for d, on := range h.Days {
			if on {
				s.Days = append(s.Days, time.Weekday(d))
			}
		}
		out.Hours = append(out.Hours, s)
	}
	return out
}

// do changes a draft as a button says: "p.up.0.2" moves the third person of the first layer up.
func (d *draft) do(what string, r *http.Request, today hours.Date) {
	word, rest, _ := strings.Cut(what, ":")
	at := func(n int) int {
		parts := strings.Split(rest, ".")
		if n >= len(parts) {
			return -1
		}
		v, err := strconv.Atoi(parts[n])
		if err != nil {
			return -1
		}
		return v
	}
	if word == "layer" && len(d.Lines) < 20 {
		d.Lines = append(d.Lines, newLayer(today))
	}
	if i := at(0); i >= 0 && i < len(d.Lines) {
		d.Lines[i].do(word, at(1), r.FormValue("l."+number(i)+".new"))
		if word == "drop" {
			d.Lines = slices.Delete(d.Lines, i, i+1)
		}
	}
	d.Layers = d.layers()
}

func (l *layerLine) do(word string, k int, added string) {
	switch word {
	case "p.add":
		if person, err := id.Read[team.ID](added); err == nil && len(l.People) < 200 {
			l.People = append(l.People, personLine{Person: person})
		}
	case "h.add":
		l.Hours = append(l.Hours, hourLine{From: "18:00", To: "09:00"})
	}
	inPeople, inHours := k >= 0 && k < len(l.People), k >= 0 && k < len(l.Hours)
	switch {
	case word == "p.drop" && inPeople:
		l.People = slices.Delete(l.People, k, k+1)
	case word == "p.up" && inPeople && k > 0:
		l.People[k-1], l.People[k] = l.People[k], l.People[k-1]
	case word == "p.down" && inPeople && k+1 < len(l.People):
		l.People[k+1], l.People[k] = l.People[k], l.People[k+1]
	case word == "h.drop" && inHours:
		l.Hours = slices.Delete(l.Hours, k, k+1)
	}
}

// previewOf plans the next two weeks of a draft, and what it does to who stands how much; nothing where it does not do yet.
func (a area) previewOf(ctx context.Context, d *draft) error {
	zone := i18n.Of(ctx).Zone
	return a.DB.Read(ctx, func(tx *db.Tx) error {
		first := monday(hours.DateOf(tx.Now(), zone))
		from, until := hours.Instant(zone, first, 0), hours.Instant(zone, first.Add(14), 0)
		rota := d.Rota
		rota.Layers = slices.Clone(d.Layers)
		if rota.Name == "" {
			rota.Name = t(ctx, "rota_new")
		}
		was, now, err := shift.Draft(ctx, tx, rota, from, until.AddDate(0, 0, 7*fairWeeks))
		if err != nil {
			if problem.KindOf(err) == problem.Internal {
				return err
			}
			return nil
		}
		p := &preview{Days: rows(first, 14, zone, tx.Now())}
		turns := now.Plan(from, until)
		var list []shown
		list = append(list, together(ctx, now.Rota, turns, d.Names, nil)...)
		gaps := shift.Gaps(now.Needs(from, until), turns)
		for _, s := range gaps {
			list = append(list, shown{Stretch: s, bar: bar{Kind: isEmpty, Spoken: spanWord(ctx, s)}})
		}
		lay(p.Days, list, zone)
		p.Gaps, p.Clash = shift.Long(gaps), len(shift.Overlaps(turns))
		var before []shift.Book
		if was.Rota.ID != 0 {
			before = []shift.Book{was}
		}
		p.Shares, err = loadShares(ctx, tx, []shift.Book{now}, before, from, d.Names)
		d.Preview = p
		return err
	})
}
