package internal_test

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// floors lists the packages from the ground up. A package may import from
// floors below its own; packages of one floor do not know each other.
var floors = []string{
	"kit/problem kit/id kit/hours kit/secret kit/token kit/mail kit/html kit/dial kit/blob kit/i18n kit/wake kit/room kit/hangul kit/svm migrations",
	"kit/db kit/holiday",
	"kit/job kit/fulltext kit/setting kit/db/dbtest",
	"kit/event",
	"kit/live",
	"team",
	"contact inbox bot calendar notice",
	"conversation knowledge consent",
	"assistant knowledge/folder sla promise shift webhook outcall hookin moment segment",
	"incident routing oncall night",
	"slack",
	"automation channel/email channel/chat flow form portal runbook",
	"macro sequence campaign",
	"web/ui",
	"web/acts web/desk web/look web/sheet web/routed web/ui/gallery",
	"web/assistant web/campaigns web/coverage web/customers web/forms web/helpcenter web/inbox web/intake web/incidents web/knowledge web/notices web/portal web/promises web/runbooks web/settings web/signin web/status web/widget api",
	"web",
	"app",
	"app/demo",
}

// writers are the packages that write tables which are not called after them.
// kit/db and kit/fulltext also write tables whose names they are handed: the
// whole database from a backup, and the search table of whoever calls.
var writers = map[string][]string{
	"kit/db": {"counter", "migration"},
}

var writesAnyTable = []string{"kit/db", "kit/fulltext"}

// engines may name a database engine: the drivers, the queue (it locks rows one
// by one), the full-text index, the hints (LISTEN and NOTIFY), search, and the
// two that let an operator choose.
var engines = []string{"kit/db", "kit/db/dbtest", "kit/job", "kit/fulltext", "kit/wake", "search", "app", "cmd/baraji"}

// machineTime are the files that may ask the machine for the time, each for its
// reason: where the clock comes from, what only tests use, and deadlines of
// sockets, which the operating system measures by no other clock.
var machineTime = []string{
	"cmd/baraji/main.go",
	"internal/kit/db/dbtest/dbtest.go",
	"internal/kit/live/live.go",
	"internal/channel/email/line.go",
}

// rawHTML may write a string into a page as it is: one function that is handed
// what kit/html made.
var rawHTML = []string{"web/inbox", "web/helpcenter", "web/knowledge", "web/portal", "web/runbooks"}

func TestPackagesImportFromFloorsBelow(t *testing.T) {
	floor := map[string]int{"cmd/baraji": len(floors)}
	for i, names := range floors {
		for _, name := range strings.Fields(names) {
			floor[name] = i
		}
	}
	seen := map[string]bool{}
	for _, p := range house(t) {
		seen[p.name] = true
		level, known := floor[p.name]
		if !known {
			t.Errorf("%s stands on no floor: add it to the list", p.name)
		}
		for at, to := range p.imports() {
			below, ours := floor[to]
			switch {
			case strings.HasPrefix(to, "test/") && p.name == "kit/db/dbtest": // it starts the servers of the rig
			case !ours:
				t.Errorf("%s: %s imports %s, which stands on no floor", at, p.name, to)
			case below >= level:
				t.Errorf("%s: %s imports %s, which is not below it", at, p.name, to)
			case to == "kit/db/dbtest":
				t.Errorf("%s: %s imports what only tests may", at, p.name)
			}
		}
	}
	for name := range floor {
		if !seen[name] {
			t.Errorf("the list has %s, the house has not", name)
		}
	}
}

func TestEachTableHasOneWriter(t *testing.T) {
	for _, p := range house(t) {
		for at, text := range p.texts() {
			for _, table := range written(text) {
				if !p.mayWrite(table) {
					t.Errorf("%s: %s writes the table %q, which is another's", at, p.name, table)
				}
			}
		}
	}
}

var writing = regexp.MustCompile(`\b(DO |FOR )?(?:INSERT(?: OR [A-Z]+)? INTO|UPDATE|DELETE FROM)\s+([a-z_0-9]*)`)

// written are the tables that an SQL text writes; "" where the name comes from elsewhere.
func written(text string) (tables []string) {
	for _, m := range writing.FindAllStringSubmatch(text, -1) {
		if m[1] == "" { // else ON CONFLICT … DO UPDATE, SELECT … FOR UPDATE
			tables = append(tables, m[2])
		}
	}
	return tables
}

// mayWrite says whether a table is this package's: it is called after it. No
// name means that the code puts one together.
func (p pkg) mayWrite(table string) bool {
	own := path.Base(p.name)
	return table == "" && slices.Contains(writesAnyTable, p.name) ||
		table == own || strings.HasPrefix(table, own+"_") || slices.Contains(writers[p.name], table)
}

func TestTablesAreCalledAfterTheirPackages(t *testing.T) {
	owned := map[string]bool{}
	for _, p := range house(t) {
		owned[path.Base(p.name)] = true
	}
	for _, names := range writers {
		for _, name := range names {
			owned[name] = true
		}
	}
	creating := regexp.MustCompile(`(?i)CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?([a-z0-9]+)`)
	files, _ := filepath.Glob("migrations/*.sql")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range creating.FindAllStringSubmatch(string(b), -1) {
			if !owned[m[1]] {
				t.Errorf("%s makes a table %s…, which is called after no package", file, m[1])
			}
		}
	}
}

func TestEngineNamesStayInTheirRooms(t *testing.T) {
	name := regexp.MustCompile(`(?i)\b(?:sqlite|postgres(?:ql)?|fts5|tsvector|tsquery|skip locked)\b`)
	for _, p := range house(t) {
		if slices.Contains(engines, p.name) {
			continue
		}
		for at, text := range p.texts() {
			if found := name.FindString(text); found != "" {
				t.Errorf("%s: %s names an engine: %s", at, p.name, found)
			}
		}
		for at, used := range p.selectors() {
			if used == "db.SQLite" || used == "db.Postgres" {
				t.Errorf("%s: %s asks which engine it is", at, p.name)
			}
		}
	}
}

func TestTimeComesFromTheClock(t *testing.T) {
	for _, p := range house(t) {
		for at, used := range p.selectors() {
			file, _, _ := strings.Cut(at, ":")
			if slices.Contains([]string{"time.Now", "time.Since", "time.Until"}, used) && !slices.Contains(machineTime, file) {
				t.Errorf("%s: %s uses %s: take tx.Now() or a clock", at, p.name, used)
			}
		}
	}
}

func TestNothingButOurPipelineWritesHTML(t *testing.T) {
	raw := []string{"templ.Raw", "templ.FromGoHTML", "templ.ToGoHTML", "templ.ComponentFunc", "templ.JSUnsafeFuncCall", "template.HTML"}
	for _, p := range house(t) {
		where := []string{}
		for at, used := range p.selectors() {
			if slices.Contains(raw, used) {
				where = append(where, at)
			}
		}
		if len(where) > 0 && !slices.Contains(rawHTML, p.name) {
			t.Errorf("%s: %s writes HTML past kit/html", where, p.name)
		}
		if len(where) > 1 {
			t.Errorf("%s: %s writes HTML in more than one place", where, p.name)
		}
	}
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	drawers := []string{"service", "services", "repository", "model", "models", "utils", "util", "helper", "helpers", "common", "misc"}
	for _, p := range house(t) {
		for word := range strings.SplitSeq(p.name, "/") {
			if slices.Contains(drawers, word) {
				t.Errorf("%s is called %s: say what it is about", p.name, word)
			}
		}
		if !slices.ContainsFunc(p.files, func(f *ast.File) bool { return f.Doc != nil }) {
			t.Errorf("%s does not begin with a sentence that says what it is", p.name)
		}
	}
}

func TestPackagesHaveNoState(t *testing.T) {
	for _, p := range house(t) {
		for _, problem := range p.state() {
			t.Error(problem)
		}
	}
}

// TestTheChecksFind shows that the checks above would find something.
func TestTheChecksFind(t *testing.T) {
	p := parsed(t, "conversation", `package conversation
		import ("time"; "sync"; "baraji/internal/team")
		var seen = map[string]int{}
		var list []int
		var guard sync.Mutex
		var table = map[string]int{"a": 1}
		func init() { list = append(list, 1) }
		func f(id string) string { seen[id]++; _ = time.Now; _ = team.Allow; _ = table["a"]; return "UPDATE " + "contact SET x = 1" }
		func g() { table := map[string]int{}; table["b"] = 2 }`)
	state := strings.Join(p.state(), "\n")
	for _, want := range []string{"init", "seen", "list", "guard"} {
		if !strings.Contains(state, want) {
			t.Errorf("not found: %s", want)
		}
	}
	if strings.Contains(state, "table") {
		t.Errorf("a table that nobody changes is no state:\n%s", state)
	}
	for want, all := range map[string]iter.Seq2[string, string]{"team": p.imports(), "time.Now": p.selectors(), "UPDATE contact SET x = 1": p.texts()} {
		found := false
		for _, got := range all {
			found = found || got == want
		}
		if !found {
			t.Errorf("not found: %s", want)
		}
	}
	for text, want := range map[string][]string{
		"UPDATE contact SET x = 1":                                     {"contact"},
		"INSERT OR REPLACE INTO team_try (a) VALUES ($1)":              {"team_try"},
		"INSERT INTO a (x) VALUES (1) ON CONFLICT DO UPDATE SET x = 1": {"a"},
		"DELETE FROM ": {""},
		"SELECT id FROM job FOR UPDATE SKIP LOCKED": nil,
	} {
		if got := written(text); !slices.Equal(got, want) {
			t.Errorf("%q writes %q, want %q", text, got, want)
		}
	}
	for table, want := range map[string]bool{"conversation": true, "conversation_tag": true, "contact": false, "conversations": false, "": false} {
		if p.mayWrite(table) != want {
			t.Errorf("may write %q: want %v", table, want)
		}
	}
}

// pkg is a package of the house, without its tests.
type pkg struct {
	name  string // below internal/; or cmd/baraji
	set   *token.FileSet
	files []*ast.File
}

// house is all packages below internal and cmd, generated code too.
func house(t *testing.T) []pkg {
	t.Helper()
	list, err := readHouse()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var readHouse = sync.OnceValues(func() ([]pkg, error) {
	found := map[string]*pkg{}
	read := func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		name := strings.TrimPrefix(path.Dir(filepath.ToSlash(file)), "../")
		if found[name] == nil {
			found[name] = &pkg{name: name, set: token.NewFileSet()}
		}
		return found[name].add(file, nil)
	}
	for _, root := range []string{".", "../cmd"} {
		if err := filepath.WalkDir(root, read); err != nil {
			return nil, err
		}
	}
	var list []pkg
	for _, name := range slices.Sorted(maps.Keys(found)) {
		list = append(list, *found[name])
	}
	return list, nil
})

func parsed(t *testing.T, name, source string) pkg {
	t.Helper()
	p := pkg{name: name, set: token.NewFileSet()}
	if err := p.add(name+".go", source); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *pkg) add(file string, source any) error {
	f, err := parser.ParseFile(p.set, file, source, parser.ParseComments)
	if err == nil {
		p.files = append(p.files, f)
	}
	return err
}

func (p pkg) at(n ast.Node) string {
	at := p.set.Position(n.Pos())
	return fmt.Sprintf("%s:%d", path.Join("internal", filepath.ToSlash(at.Filename)), at.Line)
}

func (p pkg) walk(see func(ast.Node) bool) {
	for _, f := range p.files {
		ast.Inspect(f, see)
	}
}

// imports are the imports of our own packages, and where they stand.
func (p pkg) imports() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, f := range p.files {
			for _, imp := range f.Imports {
				full, _ := strconv.Unquote(imp.Path.Value)
				to, ours := strings.CutPrefix(full, "baraji/")
				if ours && !yield(p.at(imp), strings.TrimPrefix(to, "internal/")) {
					return
				}
			}
		}
	}
}

// texts are the strings of the program: literals, and literals put together.
func (p pkg) texts() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		more := true
		p.walk(func(n ast.Node) bool {
			if _, imp := n.(*ast.ImportSpec); imp || !more {
				return false
			}
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			text, whole := literal(e)
			if whole {
				more = yield(p.at(n), text)
			}
			return !whole
		})
	}
}

// literal is the text of a string literal, or of a sum that consists of them only.
func literal(e ast.Expr) (text string, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		return constant.StringVal(constant.MakeFromLiteral(e.Value, e.Kind, 0)), true
	case *ast.BinaryExpr:
		a, left := literal(e.X)
		b, right := literal(e.Y)
		return a + b, left && right && e.Op == token.ADD
	}
	return "", false
}

// selectors are all uses of the form package.Name, and where they stand.
func (p pkg) selectors() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		more := true
		p.walk(func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && more {
				if x, ok := s.X.(*ast.Ident); ok {
					more = yield(p.at(s), x.Name+"."+s.Sel.Name)
				}
			}
			return more
		})
	}
}

// state says what a package keeps for itself: functions that run by themselves,
// and variables that somebody changes. Tables, patterns, errors and what is
// computed once are none.
func (p pkg) state() (found []string) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	check := types.Config{Importer: anything{}, Error: func(error) {}} // what is imported is not looked into; names of our own are found all the same
	whole, _ := check.Check(p.name, p.set, p.files, info)
	ours := func(e ast.Expr) (string, bool) {
		for {
			switch x := e.(type) {
			case *ast.Ident:
				v, ok := info.Uses[x].(*types.Var)
				return x.Name, ok && v.Parent() == whole.Scope()
			case *ast.IndexExpr:
				e = x.X
			case *ast.SelectorExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			case *ast.ParenExpr:
				e = x.X
			default:
				return "", false
			}
		}
	}
	changed := func(n ast.Node, e ast.Expr) {
		if name, is := ours(e); is {
			found = append(found, fmt.Sprintf("%s: %s changes %s, which belongs to the whole package", p.at(n), p.name, name))
		}
	}
	for _, f := range p.files {
		for _, d := range f.Decls {
			found = append(found, p.declared(d)...)
		}
	}
	p.walk(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				changed(n, e)
			}
		case *ast.IncDecStmt:
			changed(n, n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				changed(n, n.X)
			}
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && (fn.Name == "delete" || fn.Name == "clear") {
				changed(n, n.Args[0])
			}
		}
		return true
	})
	return found
}

// declared finds init, and variables whose type is there to be changed.
func (p pkg) declared(d ast.Decl) (found []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.Name == "init" && d.Recv == nil {
			found = append(found, fmt.Sprintf("%s: %s has an init", p.at(d), p.name))
		}
	case *ast.GenDecl:
		if d.Tok != token.VAR {
			return nil
		}
		for _, s := range d.Specs {
			v := s.(*ast.ValueSpec)
			if changes(v.Type) || slices.ContainsFunc(v.Values, changes) {
				found = append(found, fmt.Sprintf("%s: %s keeps %s, which is there to be changed", p.at(v), p.name, v.Names[0]))
			}
		}
	}
	return found
}

// changes says of a type or a value that it is good only for being changed.
func changes(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.ChanType:
		return true
	case *ast.StarExpr:
		return changes(e.X)
	case *ast.UnaryExpr:
		return e.Op == token.AND && changes(e.X)
	case *ast.CompositeLit:
		return changes(e.Type)
	case *ast.CallExpr:
		fn, ok := e.Fun.(*ast.Ident)
		return ok && fn.Name == "make"
	case *ast.IndexExpr: // atomic.Pointer[T]
		return changes(e.X)
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && (x.Name == "atomic" || x.Name == "sync" && !strings.HasPrefix(e.Sel.Name, "OnceValue"))
	}
	return false
}

// anything stands in for every imported package: an empty one.
type anything struct{}

func (anything) Import(name string) (*types.Package, error) {
	p := types.NewPackage(name, path.Base(name))
	p.MarkComplete()
	return p, nil
}
