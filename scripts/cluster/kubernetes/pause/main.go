// Holds the sandbox of a Pod open until it is told to end. The image of the real node (node-image.ts) has no other program.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGINT, syscall.SIGTERM)
	<-told
}
