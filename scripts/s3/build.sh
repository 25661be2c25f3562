#!/bin/sh
# Builds versitygw, a server of S3's protocol over a directory, from the Go module proxy into the user's cache: a few minutes once.
# go.mod and go.sum pin every module. Exits 3 where Go is missing. Tests of the S3 store are skipped without it.
# Usage: build.sh (build it unless it is there) | build.sh --where (print its path)
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
inputs=$(cd "$here" && cat go.mod go.sum build.sh | git hash-object --stdin | cut -c1-12)
target="${XDG_CACHE_HOME:-$HOME/.cache}/bionas/s3/$inputs"

main() {
  if [ "${1:-}" = --where ]; then
    echo "$target/versitygw"
    return
  fi
  [ ! -x "$target/versitygw" ] || return 0
  command -v go >/dev/null || {
    echo 'versitygw must be built once, and Go is missing: install Go 1.25 or newer (https://go.dev/dl)' >&2
    exit 3
  }
  mkdir -p "$target"
  work=$(mktemp -d "$target/.build-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
  (cd "$here" && CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off nice -n 19 \
    go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$work/versitygw" github.com/versity/versitygw/cmd/versitygw)
  mv "$work/versitygw" "$target/versitygw"
  echo "versitygw is built: $target/versitygw"
}

# In one line with its end: a shell reads on in a file that may have changed during the build.
main "$@"; exit
