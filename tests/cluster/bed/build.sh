#!/usr/bin/env bash
# Builds the cluster's programs from the Go modules in modules/ and prints the folder they are in. A folder is named by
# a digest of what decides its contents, so a version bump builds anew and nothing else does.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source-path=SCRIPTDIR
. ./lib.sh

key=$(digest build.sh modules/*/go.mod modules/*/go.sum)
target=$cache/programs-$key
mkdir -p "$cache"
exec 9> "$cache/programs.lock"
flock 9   # two runs at once: the second waits and finds the work done
if [ -d "$target" ]; then say "programs: cached"; echo "$target"; exit; fi

require go
rm -rf "$cache"/partial.*   # of a build that was killed outright
# Moved to its final name only when complete: an interrupted build leaves Go's own cache warm and nothing else.
partial=$(mktemp -d "$cache/partial.XXXXXX")
trap 'rm -rf "$partial"' EXIT
trap 'exit 130' INT TERM

# Without the version stamped in, the API server calls itself v0.0.0 and refuses some of its own version checks.
version=$(cd modules/kubernetes && go list -m -f '{{.Version}}' k8s.io/kubernetes)
IFS=. read -r major minor _ <<< "${version#v}"
stamp="-s -w"
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  stamp+=" -X $package.gitVersion=$version -X $package.gitMajor=$major -X $package.gitMinor=$minor -X $package.gitTreeState=clean"
done

compile() { # module program import-path
  (cd "modules/$1" && CGO_ENABLED=0 go build -trimpath -ldflags "$stamp" -o "$partial/$2" "$3")
}
for program in kube-apiserver kube-controller-manager kube-scheduler kubectl kubelet kube-proxy; do
  timed "$program $version" compile kubernetes "$program" "k8s.io/kubernetes/cmd/$program"
done
timed etcd compile kubernetes etcd go.etcd.io/etcd/server/v3
# Modules of their own: each wants other versions of the k8s.io libraries than Kubernetes itself.
timed CoreDNS compile coredns coredns github.com/coredns/coredns
timed kube-router compile kube-router kube-router github.com/cloudnativelabs/kube-router/v2/cmd/kube-router

chmod 755 "$partial"
mv -T "$partial" "$target"
echo "$target"
