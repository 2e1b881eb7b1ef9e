// The process of the pods that answer an ACME server's question, by cert-manager's own library.
package main

import (
	"flag"
	"log"

	"github.com/go-logr/logr"

	"github.com/cert-manager/cert-manager/pkg/issuer/acme/http/solver"
)

func main() {
	one := &solver.HTTP01Solver{}
	flag.IntVar(&one.ListenPort, "listen-port", 8089, "port to listen on")
	flag.StringVar(&one.Domain, "domain", "", "host whose challenge it is")
	flag.StringVar(&one.Token, "token", "", "token of the challenge")
	flag.StringVar(&one.Key, "key", "", "answer to the challenge")
	flag.Parse()
	log.Fatal(one.Listen(logr.Discard()))
}
