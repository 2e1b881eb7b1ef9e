# shellcheck shell=bash
# Sourced by node.sh in the state folder: the configuration files of the node's programs.
: "${state:?}" "${group:?}"

configuration() {
  mkdir -p cni plugins volumes
  : > resolv.conf
  network_conflist > cni/10-bridge.conflist
  containerd_toml > containerd.toml
  kubelet_yaml > kubelet.yaml
  corefile > Corefile
  volumes_yaml > volumes.yaml
}

network_conflist() {
  local second='' route=''
  if [ -n "${dual:-}" ]; then
    second=', [{"subnet": "fd00:244::/64", "rangeStart": "fd00:244::10"}]' route=', {"dst": "::/0"}'
  fi
  cat << Y
{"cniVersion": "0.4.0", "name": "bed", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true, "ipam": {"type": "host-local",
   "ranges": [[{"subnet": "10.244.0.0/24", "rangeStart": "10.244.0.10"}]$second], "routes": [{"dst": "0.0.0.0/0"}$route]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
Y
}

# restrict_oom_score_adj: without CAP_SYS_RESOURCE runc may not lower a score, and no sandbox would start.
containerd_toml() {
  cat << Y
version = 2
root = "$state/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$state/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
    SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$state/cni"
Y
}

kubelet_yaml() {
  cat << Y
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 10.244.0.1
healthzBindAddress: 127.0.0.1
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $state/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $state/pki/kubelet.crt
tlsPrivateKeyFile: $state/pki/kubelet.key
cgroupDriver: cgroupfs
cgroupRoot: $group
failCgroupV1: false
failSwapOn: false
clusterDNS: [10.244.0.1]
clusterDomain: cluster.local
resolvConf: $state/resolv.conf
volumePluginDir: $state/plugins
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
nodeStatusUpdateFrequency: 5s
Y
}

corefile() {
  printf '.:53 {\n bind 10.244.0.1\n errors\n kubernetes cluster.local {\n  kubeconfig %s/admin.conf bed\n }\n}\n' "$state"
}

# Volumes for claims that name no class. Local volumes, unlike host paths, honour a pod's fsGroup.
volumes_yaml() {
  cat << 'Y'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: local, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
Y
  local number
  for number in $(seq 24); do
    mkdir -p "volumes/$number"
    cat << Y
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: local-$number}
spec:
  capacity: {storage: 100Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: local
  local: {path: $state/volumes/$number}
  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node1]}]}]}}
Y
  done
}

# A manifest may pin an image by digest: containerd finds it when the digest is a name of its own.
name_digests() { # images.json
  local name digest
  while read -r name digest; do
    ctr -n k8s.io images tag --force "$name" "${name%:*}@$digest" > /dev/null
  done < <(jq -r 'to_entries[] | "\(.key) \(.value)"' "$1")
}
