// Command desk is a stand-in for the program with just enough of its outside contract to test the rig: it answers the probes, makes tokens and counts
// its starts in the data folder.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	starts := filepath.Join(os.Getenv("BARAJI_DATA"), "starts")
	if os.Args[1] == "token" {
		fmt.Println("secret")
		return
	}
	f, err := os.OpenFile(starts, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	f.WriteString("x")
	f.Close()

	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	asked := 0
	http.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET /api/v1/queues", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			http.Error(w, "who?", http.StatusUnauthorized)
			return
		}
		asked++
		fmt.Fprintf(w, `{"drained":%t,"queues":[{"name":"mail","due":1,"waiting":2,"failed":0,"oldest_s":0.5}]}`, asked > 2)
	})
	go http.ListenAndServe(os.Getenv("BARAJI_ADDR"), nil)
	<-end
}
