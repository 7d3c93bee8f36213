package hours

import "time"

// Zone is the first of some names that is a time zone, such as "Asia/Seoul"; UTC when none is.
func Zone(names ...string) *time.Location {
	for _, name := range names {
		if z, err := time.LoadLocation(name); name != "" && err == nil {
			return z
		}
	}
	return time.UTC
}
