# shellcheck shell=bash
: "${out:?}"
for controller in source-controller kustomize-controller; do
  release=github.com/fluxcd/$controller@v1.10.1
  compile "$controller" "$release" . go1.27.3
  mkdir -p "$out/crds"
  cp "$(module "$release")"/config/crd/bases/*.yaml "$out/crds/"
done
