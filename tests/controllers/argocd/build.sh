# shellcheck shell=bash
: "${out:?}"
# The newest 3.x. One program is all of its parts, by the name that ARGOCD_BINARY_NAME gives it.
release=github.com/argoproj/argo-cd/v3@v3.6.1
compile argocd "$release" ./cmd go1.27.3
folder=$(module "$release")
cp -r "$folder/manifests/crds" "$out/crds"
# The repository server asks it about signatures of commits; its image has it, too.
install -m 755 "$folder/hack/git-verify-wrapper.sh" "$out/"
