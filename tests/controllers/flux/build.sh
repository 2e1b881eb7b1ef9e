# shellcheck shell=bash
: "${out:?}"
# The newest releases whose requirements are served, all but one, for which its release before stands in. The definitions
# are those of the same releases.
source=github.com/fluxcd/source-controller@v1.9.4
kustomize=github.com/fluxcd/kustomize-controller@v1.9.6
compile source-controller "$source" . local github.com/fluxcd/pkg/artifact=github.com/fluxcd/pkg/artifact@v0.18.0
compile kustomize-controller "$kustomize" .
mkdir "$out/crds"
for release in "$source" "$kustomize"; do cp "$(module "$release")"/config/crd/bases/*.yaml "$out/crds/"; done
