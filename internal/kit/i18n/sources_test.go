package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	templ "github.com/a-h/templ/parser/v2"
)

// root is the module's folder, seen from this package.
const root = "../../.."

// sources calls do with each file of the product that ends in one of exts.
func sources(t *testing.T, do func(path, text string), exts ...string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return skipHidden(path, d, err)
		}
		for _, ext := range exts {
			if strings.HasSuffix(path, ext) && !strings.HasSuffix(path, "_test.go") {
				b, err := os.ReadFile(path)
				do(path, string(b))
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func skipHidden(path string, d fs.DirEntry, err error) error {
	if err == nil && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
		return fs.SkipDir
	}
	return err
}

// spoken attributes are read aloud or shown.
var spoken = map[string]bool{"title": true, "alt": true, "placeholder": true, "label": true, "aria-label": true,
	"aria-description": true, "aria-roledescription": true, "aria-valuetext": true, "content-text": true}

// notWords may stand in a page as they are: names of the product and of things
// that have one name in every language.
var notWords = regexp.MustCompile(`^(Baraji|Esc|esc|Tab|Ctrl|Ctrl K|[A-Z]|URL|API|CSV|JSON|Slack|Telegram|Google|English|한국어|[a-z])$`)

// A page whose words stand in the page itself is a page in one language.
func TestNoPageHoldsABareSentence(t *testing.T) {
	sources(t, func(path, text string) {
		file, err := templ.ParseString(text)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		for _, n := range file.Nodes {
			if page, ok := n.(*templ.HTMLTemplate); ok {
				bare(page.Children, func(words string) { t.Errorf("%s: %q must come from the catalogue", path, words) })
			}
		}
	}, ".templ")
}

func bare(nodes []templ.Node, found func(string)) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *templ.Text:
			check(n.Value, found)
		case *templ.Element:
			for _, a := range n.Attributes {
				bareAttribute(a, found)
			}
			bare(n.Children, found)
		case *templ.IfExpression:
			bare(n.Then, found)
			for _, e := range n.ElseIfs {
				bare(e.Then, found)
			}
			bare(n.Else, found)
		case *templ.ForExpression:
			bare(n.Children, found)
		case *templ.SwitchExpression:
			for _, c := range n.Cases {
				bare(c.Children, found)
			}
		case *templ.TemplElementExpression:
			bare(n.Children, found)
		}
	}
}

func bareAttribute(a templ.Attribute, found func(string)) {
	switch a := a.(type) {
	case *templ.ConstantAttribute:
		if spoken[a.Key.String()] {
			check(a.Value, found)
		}
	case *templ.ConditionalAttribute:
		for _, a := range append(a.Then, a.Else...) {
			bareAttribute(a, found)
		}
	}
}

func check(text string, found func(string)) {
	text = strings.TrimSpace(text)
	if strings.IndexFunc(text, unicode.IsLetter) >= 0 && !notWords.MatchString(text) {
		found(text)
	}
}

var (
	asked   = regexp.MustCompile(`\bT\(\s*(?:\w+|r\.Context\(\))\s*,\s*"([^"]+)"\s*([,)+])`)
	comment = regexp.MustCompile(`(?m)^\s*//.*$`)
	literal = regexp.MustCompile(`"([a-z]+\.[a-zA-Z0-9_.]*)"`)
)

// A key that is put together at run time ("stage." + name) counts as a use of
// every word that begins like it.
func TestEachWordThatIsAskedForExists(t *testing.T) {
	used, beginnings := map[string]bool{}, []string{}
	sources(t, func(path, text string) {
		text = comment.ReplaceAllString(text, "")
		for _, m := range asked.FindAllStringSubmatch(text, -1) {
			if m[2] != "+" && !Has(m[1]) {
				t.Errorf("%s asks for %q, which is in no catalogue", path, m[1])
			}
		}
		for _, m := range literal.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if strings.HasSuffix(m[1], ".") || strings.HasSuffix(m[1], "_") {
				beginnings = append(beginnings, m[1])
			}
		}
	}, ".templ", ".go")
	for key := range catalogues()[English].words {
		if !used[key] && !beginsLikeOne(key, beginnings) {
			t.Logf("nothing uses %q", key)
		}
	}
}

func beginsLikeOne(key string, beginnings []string) bool {
	for _, b := range beginnings {
		if strings.HasPrefix(key, b) {
			return true
		}
	}
	return false
}

// Every refusal that a person can meet is known in Korean.
func TestEachProblemIsTranslated(t *testing.T) {
	known := catalogues()[Korean].sentences
	sources(t, func(path, text string) {
		if strings.Contains(path, "kit/problem") || !strings.Contains(text, "problem.") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if format, ok := refusal(call); ok && known[format] == "" {
					t.Errorf("%s: %q is not in problems/ko", path, format)
				}
			}
			return true
		})
	}, ".go")
}

// refusal is the sentence of problem.New, problem.For, Error.With or Check.That.
func refusal(call *ast.CallExpr) (string, bool) {
	at := map[string]int{"New": 1, "For": 1, "With": 1, "That": 2}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	pkg, _ := sel.X.(*ast.Ident)
	i, ok := at[sel.Sel.Name]
	ours := sel.Sel.Name == "With" || sel.Sel.Name == "That" || pkg != nil && pkg.Name == "problem"
	if !ok || !ours || len(call.Args) <= i {
		return "", false
	}
	lit, ok := call.Args[i].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil && strings.Contains(s, " ")
}
