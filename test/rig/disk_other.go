//go:build !linux

package rig

import "errors"

func mount(string, string) error { return errors.New("only Linux has tmpfs") }

func unmount(string) {}
