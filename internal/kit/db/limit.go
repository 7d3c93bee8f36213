package db

import "strconv"

// Limit ends a query after n rows. The number stands in the text: both planners
// choose by it, and SQLite would prepare a statement anew for each value bound
// there. Limits are few; each is a statement of its own.
func Limit(n int) string { return ` LIMIT ` + strconv.Itoa(n) }
