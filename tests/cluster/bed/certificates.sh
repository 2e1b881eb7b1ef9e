# shellcheck shell=bash
# Sourced by node.sh in the state folder: the cluster's own authority, its certificates and kubeconfigs.

authority() {
  mkdir -p pki
  key ca
  openssl req -x509 -new -key pki/ca.key -out pki/ca.crt -days 30 -subj /CN=hexclave-bed \
    -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature
  key service-accounts
  openssl ec -in pki/service-accounts.key -pubout -out pki/service-accounts.pub 2> /dev/null
  certificate apiserver /CN=kube-apiserver \
    "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.96.0.1,IP:10.244.0.1"
  certificate admin /O=system:masters/CN=admin
  certificate controllers /CN=system:kube-controller-manager
  certificate scheduler /CN=system:kube-scheduler
  certificate apiserver-to-kubelet /O=system:masters/CN=apiserver-to-kubelet
  certificate aggregator /CN=aggregator
  certificate kubelet /O=system:nodes/CN=system:node:node1 "DNS:node1,IP:10.244.0.1"
  certificate proxy /CN=system:kube-proxy
  local name
  for name in admin controllers scheduler kubelet proxy; do kubeconfig_for "$name" 6443 > "$name.conf"; done
}

key() { openssl ecparam -name prime256v1 -genkey -noout -out "pki/$1.key"; }

certificate() { # name subject [alternative names]
  key "$1"
  openssl req -new -key "pki/$1.key" -subj "$2" -out "pki/$1.csr"
  openssl x509 -req -in "pki/$1.csr" -CA pki/ca.crt -CAkey pki/ca.key -CAcreateserial -days 30 -out "pki/$1.crt" \
    -extfile <(echo extendedKeyUsage=serverAuth,clientAuth; echo "${3:+subjectAltName=$3}") 2> /dev/null
}

kubeconfig_for() { # certificate port
  cat << Y
apiVersion: v1
kind: Config
current-context: bed
contexts: [{name: bed, context: {cluster: bed, user: $1}}]
clusters: [{name: bed, cluster: {server: "https://127.0.0.1:$2", certificate-authority-data: $(base64 -w0 pki/ca.crt)}}]
users: [{name: $1, user: {client-certificate-data: $(base64 -w0 "pki/$1.crt"), client-key-data: $(base64 -w0 "pki/$1.key")}}]
Y
}
