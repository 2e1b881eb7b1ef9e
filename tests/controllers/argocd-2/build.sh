# shellcheck shell=bash
: "${out:?}"
# The last of 2.x, which people still run.
release=github.com/argoproj/argo-cd/v2@v2.14.21
compile argocd "$release" ./cmd
cp -r "$(module "$release")/manifests/crds" "$out/crds"
