#!/bin/sh
# Makes the server's two buckets in an S3 store and lets everyone read the objects of the public one, whose addresses the
# server hands to browsers. Run again it changes nothing. Runs in the image of curl, which signs the requests.

wait_seconds=300

# put WHAT PATH [BODY]: one signed PUT, repeated while the store is not up yet.
put() {
  waited=0
  while :; do
    answer=$(request "$2" "$3" 2>&1)
    status=$(printf '%s' "$answer" | tail -n 1)
    case "$status" in
      2??) printf 'buckets: %s\n' "$1"; return ;;
      409) printf 'buckets: %s: was there already\n' "$1"; return ;;
      000 | 5??) ;;
      *) fail "$1" ;;
    esac
    [ "$waited" -lt "$wait_seconds" ] || fail "$1 (gave up after $wait_seconds s)"
    [ "$waited" -gt 0 ] || printf 'buckets: waiting for the store\n'
    sleep 2
    waited=$((waited + 2))
  done
}

# request PATH [BODY]: prints the answer's body and, on a line of its own, its status. The key comes as a configuration
# file from a builtin: every process of the node can read a command line. Curl reads \ and " in it as C does. Older curl
# signs a body without saying so, which no store accepts; with the header none of them signs it.
request() {
  printf 'user = "%s:%s"\n' "$(quoted "$STACK_S3_ACCESS_KEY_ID")" "$(quoted "$STACK_S3_SECRET_ACCESS_KEY")" |
    curl --silent --show-error --config - --connect-timeout 5 --max-time 20 \
      --aws-sigv4 "aws:amz:$STACK_S3_REGION:s3" --header 'x-amz-content-sha256: UNSIGNED-PAYLOAD' \
      --request PUT --data-binary "$2" --write-out '\n%{http_code}\n' "$STACK_S3_ENDPOINT/$1"
}

quoted() {
  printf '%s' "$1" | sed 's/[\\"]/\\&/g'
}

fail() {
  printf 'buckets: failed: %s\n%s\n' "$1" "$answer" >&2
  exit 1
}

put "bucket $STACK_S3_BUCKET" "$STACK_S3_BUCKET" ''
put "bucket $STACK_S3_PRIVATE_BUCKET" "$STACK_S3_PRIVATE_BUCKET" ''
put "everyone may read objects of $STACK_S3_BUCKET" "$STACK_S3_BUCKET?policy=" "$(
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::%s/*"]}]}' \
    "$STACK_S3_BUCKET"
)"
