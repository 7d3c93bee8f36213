package contact

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/token"
	"baraji/internal/team"
)

// Sort is the order of a list.
type Sort string

// The orders.
const (
	BySeen    Sort = "last_seen" // who wrote last comes first
	ByName    Sort = "name"
	ByCreated Sort = "created" // the newest first
)

// Filter narrows a list of people; the zero Filter leaves everybody.
type Filter struct {
	Query   string // words of names and addresses, the last one may be begun only
	Company CompanyID
	Stage   Stage
	Owner   team.ID
	Tag     string
	Field   string // key of an own field …
	Value   string // … and the value that it must have
	Narrow  Narrow // nil: no more than that
	Sort    Sort   // "" is BySeen
	Cursor  string // where the page before ended
	Limit   int    // at most 100; 0 is 50
}

// Narrow is a condition of a package above this one, on a row of contact that is called c. It adds its parameters to a.
type Narrow func(a *db.Args) string

// List returns a page of people, and the cursor of the next page, "" at the end.
func List(ctx context.Context, tx *db.Tx, f Filter) ([]Contact, string, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, "", err
	}
	o, ok := orders[f.Sort]
	if !ok {
		return nil, "", problem.For("sort", "Choose an order.")
	}
	from, err := readCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	var a db.Args
	query := `SELECT ` + columns + ` FROM contact c WHERE c.merged_into = 0` + f.where(tx, &a) + o.from(&a, "c", from) +
		` ORDER BY ` + o.by("c") + db.Limit(limit(f.Limit)+1)
	list, err := db.All(ctx, tx, scan, query, a.List()...)
	if err != nil {
		return nil, "", fmt.Errorf("list customers: %w", err)
	}
	next := ""
	if len(list) > limit(f.Limit) {
		list = list[:limit(f.Limit)]
		last := list[len(list)-1]
		next = writeCursor(o.at(last))
	}
	return forEyes(ctx, f, list), next, nil
}

// forEyes masks where it must. Who sees masked addresses must not find out the
// rest by searching for it, so for him only the name counts.
func forEyes(ctx context.Context, f Filter, list []Contact) []Contact {
	if !team.From(ctx).Masked {
		return list
	}
	q := begun(f.Query)
	var out []Contact
	for _, c := range list {
		c = Masked(c)
		if q.Empty() || q.Matches(c.Name) {
			out = append(out, c)
		}
	}
	return out
}

func limit(n int) int {
	if n <= 0 {
		return 50
	}
	return min(n, 100)
}

func (f Filter) where(tx *db.Tx, a *db.Args) string {
	var b strings.Builder
	and := func(cond string) { b.WriteString(` AND ` + cond) }
	if strings.TrimSpace(f.Query) != "" {
		and(fulltext.Match(tx, a, searchTable, "c.id", begun(f.Query)))
	}
	if f.Company != 0 {
		and(`c.company_id = ` + a.Add(f.Company))
	}
	if f.Stage != "" {
		and(`c.stage = ` + a.Add(f.Stage))
	}
	if f.Owner != 0 {
		and(`c.owner_id = ` + a.Add(f.Owner))
	}
	if f.Tag != "" {
		and(`c.id IN (SELECT contact_id FROM contact_tag WHERE tag = ` + a.Add(fold(clean(f.Tag, 60))) + `)`)
	}
	if f.Field != "" {
		and(holding(a, "c.id", OfContact, f.Field, f.Value))
	}
	if f.Narrow != nil {
		and(f.Narrow(a))
	}
	return b.String()
}

// begun reads what somebody types into a search box: every word may be the
// beginning of one, and a whole phone number is found however it is written.
func begun(query string) token.Query {
	if normal, ok := NormalPhone(query); ok && len(normal) >= 10 {
		return token.Parse(normal)
	}
	words := strings.Fields(query)
	for i, w := range words {
		if !strings.HasSuffix(w, "*") && !strings.Contains(query, `"`) {
			words[i] = w + "*"
		}
	}
	return token.Parse(strings.Join(words, " "))
}

// order is one way to sort a list of people. Ids grow with time, and no two are
// the same, so they make every order a total one.
type order struct {
	column string // "" for the id alone
	down   bool
	at     func(Contact) place
}

var orders = map[Sort]order{
	"":        bySeen,
	BySeen:    bySeen,
	ByName:    {column: "name_key", at: func(c Contact) place { return place{Text: fold(c.Name), ID: int64(c.ID)} }},
	ByCreated: {down: true, at: func(c Contact) place { return place{ID: int64(c.ID)} }},
}

var bySeen = order{column: "last_seen_at", down: true, at: func(c Contact) place { return place{Number: millis(c.LastSeenAt), ID: int64(c.ID)} }}

// place is where a page ended.
type place struct {
	Text   string `json:"t,omitempty"`
	Number int64  `json:"n,omitempty"`
	ID     int64  `json:"i"`
}

func (o order) by(table string) string {
	dir := ""
	if o.down {
		dir = " DESC"
	}
	if o.column == "" {
		return table + ".id" + dir
	}
	return table + "." + o.column + dir + ", " + table + ".id" + dir
}

// from is the condition that a row comes behind a place.
func (o order) from(a *db.Args, table string, p place) string {
	if p.ID == 0 {
		return ""
	}
	sign := " > "
	if o.down {
		sign = " < "
	}
	switch o.column {
	case "":
		return ` AND ` + table + `.id` + sign + a.Add(p.ID)
	case "name_key":
		return ` AND (` + table + `.name_key, ` + table + `.id)` + sign + `(` + a.Add(p.Text) + `, ` + a.Add(p.ID) + `)`
	}
	return ` AND (` + table + `.` + o.column + `, ` + table + `.id)` + sign + `(` + a.Add(p.Number) + `, ` + a.Add(p.ID) + `)`
}

func writeCursor(p place) string {
	b, _ := json.Marshal(p) // numbers and text: cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string) (p place, err error) {
	if s == "" {
		return p, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil || p.ID <= 0 || strings.ContainsRune(p.Text, 0) {
		return p, problem.For("cursor", "This page is not there. Begin with the first.")
	}
	return p, nil
}

// CompanyFilter narrows a list of companies.
type CompanyFilter struct {
	Query  string
	Tier   string
	Owner  team.ID
	Field  string
	Value  string
	Cursor string
	Limit  int
}

// Companies returns a page of companies by name, and the cursor of the next page.
func Companies(ctx context.Context, tx *db.Tx, f CompanyFilter) ([]Company, string, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, "", err
	}
	from, err := readCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	o := orders[ByName]
	var a db.Args
	list, err := db.All(ctx, tx, scanCompany, `SELECT `+companyColumns+` FROM contact_company o WHERE o.merged_into = 0`+f.where(tx, &a)+o.from(&a, "o", from)+
		` ORDER BY `+o.by("o")+db.Limit(limit(f.Limit)+1), a.List()...)
	if err != nil {
		return nil, "", fmt.Errorf("list companies: %w", err)
	}
	if len(list) <= limit(f.Limit) {
		return list, "", nil
	}
	list = list[:limit(f.Limit)]
	last := list[len(list)-1]
	return list, writeCursor(place{Text: fold(last.Name), ID: int64(last.ID)}), nil
}

func (f CompanyFilter) where(tx *db.Tx, a *db.Args) (where string) {
	if strings.TrimSpace(f.Query) != "" {
		where += ` AND ` + fulltext.Match(tx, a, searchTable, "o.id", begun(f.Query))
	}
	if f.Tier != "" {
		where += ` AND o.tier = ` + a.Add(f.Tier)
	}
	if f.Owner != 0 {
		where += ` AND o.owner_id = ` + a.Add(f.Owner)
	}
	if f.Field != "" {
		where += ` AND ` + holding(a, "o.id", OfCompany, f.Field, f.Value)
	}
	return where
}

// holding is the condition that an own field has a value.
func holding(a *db.Args, column string, h Holder, key, value string) string {
	return column + ` IN (SELECT v.holder_id FROM contact_value v JOIN contact_field f ON f.id = v.field_id WHERE f.holder = ` + a.Add(h) +
		` AND f.key = ` + a.Add(key) + ` AND v.text = ` + a.Add(value) + `)`
}
