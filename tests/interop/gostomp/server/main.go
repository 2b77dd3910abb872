// The server of go-stomp, for the tests of stomptui: main ADDRESS [HEART-BEAT].
//
// HEART-BEAT is the shortest interval that it agrees to, as Go writes durations: 500ms.
package main

import (
	"log"
	"os"
	"time"

	"github.com/go-stomp/stomp/v3/server"
)

func main() {
	serving := &server.Server{Addr: os.Args[1]}
	if len(os.Args) > 2 {
		interval, err := time.ParseDuration(os.Args[2])
		if err != nil {
			log.Fatal(err)
		}
		serving.HeartBeat = interval
	}
	log.Fatal(serving.ListenAndServe())
}
