package rig

import (
	"net"
	"syscall"
)

// hold keeps what is written back until the line is closed.
func hold(conn net.Conn) {
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err == nil {
		raw.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_CORK, 1) })
	}
}
