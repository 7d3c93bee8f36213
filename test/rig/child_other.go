//go:build !linux

package rig

import "syscall"

// dieWithUs can do nothing here: only Linux lets a child ask to die with its parent. A killed test leaves its servers behind.
func dieWithUs(*syscall.SysProcAttr, syscall.Signal) {}
