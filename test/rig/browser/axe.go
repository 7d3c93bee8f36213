package browser

import (
	"fmt"
	"os"
	"strings"

	"baraji/test/rig"
)

// Violation is a breach of accessibility that axe-core found.
type Violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		Target  []any  `json:"target"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n    %v: %s", n.Target, strings.ReplaceAll(n.Summary, "\n", " "))
	}
	return b.String()
}

// settled waits for what moves to have come to its place: a message that is still half seen-through has no contrast yet.
const settled = `(async () => {
	await new Promise(requestAnimationFrame)
	for (let i = 0; i < 20; i++) {
		const moves = document.getAnimations().filter(a => a.playState === "running" && a.effect?.getComputedTiming().endTime < 2000)
		if (!moves.length) return
		await Promise.allSettled(moves.map(a => a.finished))
	}
})()`

// Axe examines the page as it stands for WCAG 2.2 A and AA and the good practice that axe knows. The script is not ours and not in the repository:
// `make axe` fetches the package. Style sheets are not loaded once more for it (preload): only a rule on turned screens, which is not among these, wants
// that, and it takes as long as all the others.
func (tab *Tab) Axe() []Violation {
	tab.t.Helper()
	source, err := os.ReadFile(rig.Need(tab.t, "axe"))
	if err != nil {
		tab.t.Fatal(err)
	}
	if !Eval[bool](tab, "typeof axe === 'object'") {
		Eval[bool](tab, string(source)+";true")
	}
	return Eval[[]Violation](tab, settled+`.then(() => axe.run(document, {resultTypes: ['violations'], preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}))
		.then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => ({target: n.target, failureSummary: n.failureSummary}))})))`)
}

// NoViolations fails the test for each thing that axe finds.
func (tab *Tab) NoViolations() {
	tab.t.Helper()
	for _, v := range tab.Axe() {
		tab.t.Errorf("axe%s\n  %s", tab.where(), v)
	}
}
