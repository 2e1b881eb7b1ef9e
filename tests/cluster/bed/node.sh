#!/usr/bin/env bash
# The cluster's init: process 1 of a pid, network, mount, UTS and IPC namespace in which everything below runs.
# Facts behind the flags: the node has no CAP_SYS_RESOURCE, no nftables and no network but its own.
set -euo pipefail
state=$1 programs=$2 images=$3
group=/${state##*/}   # of the control groups
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/certificates.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/private.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/configuration.sh"
cd "$state"
export TMPDIR=$state/tmp
# The ranges of pods and Services; with HEXCLAVE_BED_DUAL_STACK of both families.
dual=${HEXCLAVE_BED_DUAL_STACK:-}
pods=10.244.0.0/16${dual:+,fd00:244::/56} services=10.96.0.0/16${dual:+,fd00:96::/112}

progress() { echo "$*" >> progress; }
start() { local name=$1; shift; "$@" > "log/$name.log" 2>&1 < /dev/null & echo "$! $name" >> processes; }
kubectl() { "$programs/kubectl" --kubeconfig admin.conf "$@"; }
until_true() { until "$@" > /dev/null 2>&1; do sleep 0.1; done; }

private_files
private_network
private_control_groups
authority
configuration
progress "namespaces and certificates"

start containerd containerd --config containerd.toml
start etcd "$programs/etcd" --name default --data-dir etcd --unsafe-no-fsync --log-level warn
# --proxy-client and --requestheader: how the server behind an APIService learns who asks.
start apiserver "$programs/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 --advertise-address=10.244.0.1 \
  --tls-cert-file=pki/apiserver.crt --tls-private-key-file=pki/apiserver.key --client-ca-file=pki/ca.crt \
  --service-account-key-file=pki/service-accounts.pub --service-account-signing-key-file=pki/service-accounts.key \
  --service-account-issuer=https://kubernetes.default.svc.cluster.local --service-cluster-ip-range="$services" \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
  --kubelet-client-certificate=pki/apiserver-to-kubelet.crt --kubelet-client-key=pki/apiserver-to-kubelet.key \
  --proxy-client-cert-file=pki/aggregator.crt --proxy-client-key-file=pki/aggregator.key \
  --requestheader-client-ca-file=pki/ca.crt --requestheader-allowed-names=aggregator \
  --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
  --requestheader-extra-headers-prefix=X-Remote-Extra- \
  --kubelet-preferred-address-types=InternalIP   # else exec and logs look the node's name up in DNS
# Further folders of images, which may bring other content under the same names.
IFS=: read -ra archives <<< "$images${HEXCLAVE_BED_IMAGES:+:$HEXCLAVE_BED_IMAGES}"
import_images() {
  local archive
  until_true ctr version
  for archive in "${archives[@]}"; do ctr -n k8s.io images import "$archive/images.tar"; done
}
import_images > log/images.log 2>&1 &
import=$!
until_true kubectl get --raw /readyz
progress "API server ready"

start controllers "$programs/kube-controller-manager" --kubeconfig=controllers.conf --leader-elect=false \
  --use-service-account-credentials=true --root-ca-file=pki/ca.crt --cluster-cidr="$pods" \
  --service-account-private-key-file=pki/service-accounts.key \
  --cluster-signing-cert-file=pki/ca.crt --cluster-signing-key-file=pki/ca.key
start scheduler "$programs/kube-scheduler" --kubeconfig=scheduler.conf --leader-elect=false
wait "$import"
for archive in "${archives[@]}"; do name_digests "$archive/images.json"; done >> log/images.log 2>&1
progress "images imported"
start kubelet "$programs/kubelet" --config=kubelet.yaml --kubeconfig=kubelet.conf --hostname-override=node1 \
  --node-ip=10.244.0.1${dual:+,fd00:244::1} --root-dir="$state/kubelet"
start proxy "$programs/kube-proxy" --kubeconfig=proxy.conf --hostname-override=node1 --proxy-mode=iptables \
  --cluster-cidr="$pods" --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0s --conntrack-tcp-timeout-close-wait=0s
start dns "$programs/coredns" -conf Corefile
until_true kubectl get node node1   # kube-router gives up when its node is not registered
# The bridge plugin enforces no NetworkPolicy; this does.
NODE_NAME=node1 start policies "$programs/kube-router" --kubeconfig=admin.conf --hostname-override=node1 --run-firewall=true \
  --run-router=false --run-service-proxy=false --run-loadbalancer=false --enable-cni=false \
  --enable-ipv6="$([ -n "$dual" ] && echo true || echo false)" --service-cluster-ip-range="$services" --iptables-sync-period=10s
kubectl apply --server-side -f volumes.yaml > log/volumes.log 2>&1
until_true kubectl get serviceaccount default -n default
kubectl wait --for=condition=Ready node/node1 --timeout=60s > log/wait.log 2>&1
progress "node ready"

until [ -e port ]; do sleep 0.1; done
read -r forwarded < port
kubeconfig_for admin "$forwarded" > kubeconfig
: > ready
# Reaps orphans, and notes which program has ended: none is meant to.
while :; do
  pid=0
  wait -n -p pid || true
  grep "^${pid:-0} " processes >> log/ended.log || sleep 1
done
