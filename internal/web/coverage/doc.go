// Package coverage is the pages of who stands at which hour: the week with all its rotas, a rota and how it is made, one's
// own shifts, hand-over notes, who is on call.
package coverage
