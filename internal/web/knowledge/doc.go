// Package knowledge is the pages on which the team writes help articles: the list, the editor with both languages side by side,
// versions, categories, what readers looked for and did not find.
package knowledge
