package ui

import "slices"

// zoneNames are the time zones that a choice offers. Others may be set by the API and
// then stand in the choice as well.
func zoneNames() []string {
	return []string{
		"Asia/Seoul", "Asia/Tokyo", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Ho_Chi_Minh", "Asia/Bangkok", "Asia/Jakarta",
		"Asia/Manila", "Asia/Kuala_Lumpur", "Asia/Kolkata", "Asia/Dubai", "Asia/Riyadh", "Asia/Jerusalem", "Asia/Almaty", "Asia/Tashkent", "Asia/Ulaanbaatar",
		"Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Perth", "Pacific/Auckland", "Pacific/Honolulu",
		"Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Paris", "Europe/Madrid", "Europe/Berlin", "Europe/Amsterdam", "Europe/Brussels",
		"Europe/Zurich", "Europe/Vienna", "Europe/Rome", "Europe/Prague", "Europe/Warsaw", "Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen",
		"Europe/Helsinki", "Europe/Athens", "Europe/Bucharest", "Europe/Kyiv", "Europe/Istanbul", "Europe/Moscow",
		"America/New_York", "America/Toronto", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Vancouver",
		"America/Anchorage", "America/Mexico_City", "America/Bogota", "America/Lima", "America/Santiago", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
		"Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "UTC",
	}
}

// ZoneOptions are the time zones to choose from, with the one that is chosen.
// none is what the empty choice is called; "" leaves it out.
func ZoneOptions(chosen, none string) []Option {
	zones := zoneNames()
	var list []Option
	if none != "" {
		list = append(list, Option{Label: none})
	}
	if chosen != "" && !slices.Contains(zones, chosen) {
		list = append(list, Option{Value: chosen, Label: chosen})
	}
	for _, z := range zones {
		list = append(list, Option{Value: z, Label: z})
	}
	return list
}
