package html_test

import "baraji/test/rig/hostile"

func payloads() []string { return hostile.Payloads() }

func phones() []string { return hostile.Phones() }
