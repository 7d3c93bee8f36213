// Package acts is the actions of rules and macros as people read and choose them: what one is called with what it is told, and
// what it can be told. Their words are those of the area "rules".
package acts
