#!/bin/sh
# Init container of a backup's pod, in restic's image: hands its program, and the certificate authorities that it trusts,
# to a container of PostgreSQL's image, which has neither.
set -eu
cp "$(command -v restic)" "$WORK/restic"
: > "$WORK/ca.crt"
for file in /etc/ssl/certs/ca-certificates.crt "$CA_BUNDLE"; do
  if [ -s "$file" ]; then cat "$file" >> "$WORK/ca.crt"; fi
done
