package automation

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"baraji/internal/kit/problem"
)

// exprLook looks through an expression for what may stand in it. What is not named here may not, whatever the language will learn.
type exprLook struct {
	parts  int
	fields []string
	err    error
}

// Visit counts.
func (l *exprLook) Visit(*ast.Node) { l.parts++ }

// names finds the fields that it names, and what may not stand in it.
func (l *exprLook) names(n ast.Node) error {
	l.walk(n)
	slices.Sort(l.fields)
	l.fields = slices.Compact(l.fields)
	return l.err
}

func (l *exprLook) refuse(format string, args ...any) {
	if l.err == nil {
		l.err = problem.New(problem.Invalid, format, args...)
	}
}

func (l *exprLook) walk(n ast.Node) {
	switch n := n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
	case *ast.UnaryNode:
		l.walk(n.Node)
	case *ast.BinaryNode:
		l.binary(n)
	case *ast.ConditionalNode:
		l.walk(n.Cond)
		l.walk(n.Exp1)
		l.walk(n.Exp2)
	case *ast.ArrayNode:
		for _, x := range n.Nodes {
			l.walk(x)
		}
	case *ast.BuiltinNode:
		l.call(n.Name, n.Arguments)
	case *ast.CallNode:
		name, ok := n.Callee.(*ast.IdentifierNode)
		if !ok {
			l.refuse("Only fields, texts, numbers and a few functions can stand in an expression.")
			return
		}
		l.call(name.Value, n.Arguments)
	case *ast.IdentifierNode, *ast.MemberNode:
		l.field(n)
	default:
		l.refuse("Only fields, texts, numbers and a few functions can stand in an expression.")
	}
}

func (l *exprLook) binary(n *ast.BinaryNode) {
	switch n.Operator {
	case "..", "|", "??", "**", "^", "%":
		l.refuse("“%s” cannot stand in an expression.", n.Operator)
	case "matches":
		if _, ok := n.Right.(*ast.StringNode); !ok {
			l.refuse("What “matches” looks for has to stand there in quotes.")
		}
	}
	l.walk(n.Left)
	l.walk(n.Right)
}

func (l *exprLook) call(name string, args []ast.Node) {
	if _, ok := exprCalls[name]; !ok && !slices.Contains(exprBuiltins, name) {
		l.refuse("There is no function “%s”.", name)
	}
	for _, a := range args {
		l.walk(a)
	}
}

// field is a name such as customer.field.ends.
func (l *exprLook) field(n ast.Node) {
	var path []string
	for {
		switch at := n.(type) {
		case *ast.IdentifierNode:
			path = append(path, at.Value)
			slices.Reverse(path)
			key := strings.Join(path, ".")
			if f, _ := FieldOf(key); f.Key == "" || strings.HasSuffix(key, ".") {
				l.refuse("There is no field “%s”.", key)
			}
			l.fields = append(l.fields, key)
			return
		case *ast.MemberNode:
			name, ok := at.Property.(*ast.StringNode)
			if !ok || at.Optional {
				l.refuse("Only fields, texts, numbers and a few functions can stand in an expression.")
				return
			}
			path, n = append(path, name.Value), at.Node
		default:
			l.refuse("Only fields, texts, numbers and a few functions can stand in an expression.")
			return
		}
	}
}
