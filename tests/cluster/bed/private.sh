# shellcheck shell=bash
# Sourced by node.sh in the state folder, inside fresh namespaces: makes the machine's own files, network and settings
# out of reach, so that nothing of the cluster is left when the namespaces end.
: "${state:?}" "${group:?}"

private_files() {
  mount --make-rshared /                     # runc wants shared mounts for volumes; this copy reaches nobody outside
  mkdir -p tmp
  local folder
  for folder in lib log; do                  # /var/lib/{cni,kubelet}, /var/log/{pods,containers}: fixed paths
    mkdir -p "var/$folder" "var/$folder.work"
    mount -t overlay overlay -o "lowerdir=/var/$folder,upperdir=$state/var/$folder,workdir=$state/var/$folder.work" "/var/$folder"
  done
  mkdir containerd etcd
  for folder in containerd etcd; do          # in memory, under 1 GB: quick to fill, and gone without a trace of work
    mount -t tmpfs -o mode=700,size=4g tmpfs "$folder"
  done
  mount -t tmpfs tmpfs /run                  # xtables lock, containerd's sockets, the network plugins' state
  # The kubelet sets these for the whole machine. It sets these copies instead.
  local setting
  for setting in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
    mkdir -p "sysctl/${setting%/*}"
    cat "/proc/sys/$setting" > "sysctl/$setting"
    mount --bind "sysctl/$setting" "/proc/sys/$setting"
  done
}

private_network() {
  hostname node1
  ip link set lo up
  # Made before the first pod, so that DNS and the kubelet can listen on it.
  ip link add cni0 type bridge
  ip addr add 10.244.0.1/24 dev cni0
  ip link set cni0 up
  ip route add 10.96.0.0/16 dev cni0         # lets processes outside pods use Service addresses
  sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1
  [ -n "${dual:-}" ] || return 0
  ip -6 addr add fd00:244::1/64 dev cni0 nodad
  ip -6 route add fd00:96::/112 dev cni0
  sysctl -qw net.ipv6.conf.all.forwarding=1 net.bridge.bridge-nf-call-ip6tables=1
}

private_control_groups() {
  # /sys of this network namespace, with the machine's control groups in it.
  mkdir groups
  mount --rbind /sys/fs/cgroup groups
  mount -t sysfs sysfs /sys
  mount --rbind groups /sys/fs/cgroup
  local root
  for root in /sys/fs/cgroup/*/; do
    [ -e "$root/cgroup.procs" ] || continue
    mkdir -p "$root$group"
    [ ! -e "$root/cpuset.cpus" ] || cat "$root/cpuset.cpus" > "$root$group/cpuset.cpus"   # a new cpuset has no processors
    [ ! -e "$root/cpuset.mems" ] || cat "$root/cpuset.mems" > "$root$group/cpuset.mems"
  done
}
