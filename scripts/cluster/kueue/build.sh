#!/bin/sh
# Builds Kueue's controller from the Go module proxy into the user's cache, with its CRDs and webhooks beside it: 5 to 10 minutes
# once, in the background of everything else. go.mod and go.sum pin every module. Exits 3 where Go is missing.
# Usage: build.sh (build it unless it is there) | build.sh --where (print its folder)
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
version=$(sed -n 's#^require sigs.k8s.io/kueue \(v.*\)#\1#p' "$here/go.mod")

folder() {
  inputs=$(cd "$here" && cat go.mod go.sum build.sh | git hash-object --stdin | cut -c1-12)
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/bionas/kueue/$version-$inputs"
}

say() {
  echo "Kueue $version: $1"
}

# A second build waits for the first and finds its work done. The lock goes with its holder.
take_turns() {
  exec 9>"$target/.lock"
  command -v flock >/dev/null || return 0
  waited=0
  until flock -n 9; do
    [ $((waited % 60)) -ne 0 ] || say 'another build is at work: waiting for it'
    [ $waited -lt 3600 ] || { say "another build is at work for an hour: end it, or remove $target/.lock" >&2; exit 1; }
    sleep 1
    waited=$((waited + 1))
  done
}

build() {
  started=$(date +%s)
  module=$(cd "$here" && go mod download -json sigs.k8s.io/kueue | sed -n 's/.*"Dir": "\(.*\)",*/\1/p')
  (cd "$here" && exec nice -n 19 go build -v -trimpath -buildvcs=false -ldflags '-s -w' \
    -o "$work/kueue" sigs.k8s.io/kueue/cmd/kueue) >"$work/log" 2>&1 9>&- &
  compiler=$!
  while kill -0 $compiler 2>/dev/null; do
    sleep 1
    elapsed=$(($(date +%s) - started))
    [ $((elapsed % 60)) -ne 59 ] || say "$elapsed s, $(wc -l <"$work/log" | tr -d ' ') packages compiled"
  done
  if ! wait $compiler; then
    tail -n 15 "$work/log" >&2
    say 'it could not be built (above)' >&2
    exit 1
  fi
  mkdir "$work/manifests"
  cp "$module"/config/components/crd/bases/*.yaml "$module/config/components/webhook/manifests.yaml" "$work/manifests/"
  chmod -R u+w "$work/manifests"
  mv "$work/manifests" "$target/"
  mv "$work/kueue" "$target/kueue"
  say "built in $(($(date +%s) - started)) s, ready at $target"
}

clean_up() {
  [ -z "${compiler:-}" ] || kill $compiler 2>/dev/null || true
  rm -rf "$work"
}

main() {
  target=$(folder)
  if [ "${1:-}" = --where ]; then
    echo "$target"
    return
  fi
  [ ! -x "$target/kueue" ] || return 0
  command -v go >/dev/null || {
    say 'its controller must be built once, and Go is missing: install Go 1.25 or newer (https://go.dev/dl)' >&2
    exit 3
  }
  export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off
  mkdir -p "$target"
  take_turns
  [ ! -x "$target/kueue" ] || return 0
  work=$(mktemp -d "$target/.build-XXXXXX")
  trap clean_up EXIT
  trap 'exit 130' INT TERM HUP
  rm -rf "$target/manifests"
  build
}

# In one line with its end: a shell reads on in a file that may have changed during the build.
main "$@"; exit
