# shellcheck shell=bash
: "${out:?}"
# cert-manager. Its commands are modules of their own, which the module proxy does not serve: program/ has what they do.
release=github.com/cert-manager/cert-manager@v1.21.2
copy=$(checkout "$release")
cp -r edge/program "$copy/bed"
compile cert-manager "$release" ./bed/controller
compile acme-solver "$release" ./bed/solver
mkdir "$out/crds"
cp "$copy"/deploy/crds/*cert-manager.io_*.yaml "$out/crds/"

# The ACME server that Let's Encrypt tests clients with, and the DNS that it asks.
release=github.com/letsencrypt/pebble/v2@v2.10.3
compile pebble "$release" ./cmd/pebble
compile challtestsrv "$release" ./cmd/pebble-challtestsrv

# Traefik, without what the proxy does not serve: a folder of two empty types that its hub extends, two functions that a
# fork of a module for passwords has and the original lacks (nobody signs in at Traefik here), and the clients of some
# providers of DNS (challenges over DNS are cert-manager's work here). Its provider for Amazon's ECS is left out: no bed has one, and its client costs a compiler
# a gigabyte.
release=github.com/traefik/traefik/v3@v3.7.13
copy=$(checkout "$release")
mkdir -p "$copy/pkg/config/dynamic/ext"
printf 'module github.com/traefik/traefik/dynamic/ext\n' > "$copy/pkg/config/dynamic/ext/go.mod"
printf 'package ext\n\ntype HTTP struct{}\n\ntype Router struct{}\n' > "$copy/pkg/config/dynamic/ext/ext.go"
sed -i '/provider\/ecs"/d; /ecs\.ProviderName,/d; /\*ecs\.Provider /d' "$copy/pkg/config/static/static_config.go"
sed -i '/conf\.Ecs != nil/,+2d' "$copy/pkg/provider/aggregator/aggregator.go"
sed -i 's/goauth\.CheckSecret,/func(string, string) bool { return false },/' "$copy/pkg/middlewares/auth/basic_auth.go"
sed -i 's/RequireAuthStale(/RequireAuth(/' "$copy/pkg/middlewares/auth/digest_auth.go"
lego=$(checkout "$(cd "$copy" && go list -m -f '{{.Path}}@{{.Version}}' github.com/go-acme/lego/v5)")
rm -r "$lego"/providers/dns
mkdir "$lego/providers/dns"
cat > "$lego/providers/dns/none.go" << 'END'
package dns

import (
	"fmt"

	"github.com/go-acme/lego/v5/challenge"
)

func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, fmt.Errorf("built without providers of DNS: %s", name)
}
END
compile traefik "$release" ./cmd/traefik local \
  "github.com/traefik/traefik/dynamic/ext=$copy/pkg/config/dynamic/ext" "github.com/go-acme/lego/v5=$lego" \
  github.com/abbot/go-http-auth=github.com/abbot/go-http-auth@v0.4.0
cp "$copy/integration/fixtures/k8s/01-traefik-crd.yml" "$out/crds/traefik.io.yaml"
gateway=$(module "$(cd "$copy" && go list -m -f '{{.Path}}@{{.Version}}' sigs.k8s.io/gateway-api)")
cp "$gateway"/config/crd/standard/gateway.networking.k8s.io_*s.yaml "$out/crds/"
rm "$out"/crds/*_vap_*

# Traefik and what answers challenges run as pods.
python3 ../cluster/images/pack.py edge/program/images.json "$out" programs="$out"
