package team

// Hashes is how many passwords the door has hashed or compared.
func (d *Door) Hashes() int64 { return d.hashes.Load() }

// Sweep is what the hourly job does.
var Sweep = sweep

// Change is how what decides is written.
var Change = change
