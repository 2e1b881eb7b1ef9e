# shellcheck shell=bash
: "${out:?}"
release=sigs.k8s.io/metrics-server@v0.8.0
compile metrics-server "$release" ./cmd/metrics-server
cp "$(module "$release")"/manifests/base/apiservice.yaml "$out/"
