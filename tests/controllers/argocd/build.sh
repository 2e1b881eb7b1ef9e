# shellcheck shell=bash
: "${out:?}"
# The newest 3.x. One program is all of its parts, by the name that ARGOCD_BINARY_NAME gives it.
release=github.com/argoproj/argo-cd/v3@v3.6.1
compile argocd "$release" ./cmd go1.27.3
cp -r "$(module "$release")/manifests/crds" "$out/crds"
