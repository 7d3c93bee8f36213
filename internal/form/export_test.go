package form

import "baraji/internal/kit/secret"

// Stamps can stamp and nothing else.
func Stamps(keys *secret.Keys) *Forms { return &Forms{keys: keys} }
