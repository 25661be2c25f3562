#!/bin/sh
# Builds Kubernetes' own programs, etcd and kwok from the Go module proxy into the user's cache: 8 to 14 minutes once,
# each program in place as soon as it is linked, what tests need first coming first. go.mod and go.sum pin every module.
# Usage: build.sh (build what is missing, in the order of `programs`) | build.sh --where (print the folder of the programs).
# $KUBEBUILDER_ASSETS: a folder with some of these programs; they are not built then. Exits 3 where Go is missing.
set -eu

programs='etcd kube-apiserver kubectl kube-controller-manager kube-scheduler kwok kubelet pause'
node_programs=' kubelet pause ' # a real node is Linux
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
version=$(sed -n 's#^require k8s.io/kubernetes \(v.*\)#\1#p' "$here/go.mod")

folder() {
  inputs=$(cd "$here" && cat go.mod go.sum build.sh pause/main.go | git hash-object --stdin | cut -c1-12)
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/bionas/kube/$version-$inputs"
}

say() {
  echo "Kubernetes $version: $1"
}

package_of() {
  case $1 in
    etcd) echo go.etcd.io/etcd/server/v3 ;; # Kubernetes pins etcd's server, so it is in the same module graph
    kwok) echo sigs.k8s.io/kwok/cmd/kwok ;;
    pause) echo ./pause ;;
    *) echo "k8s.io/kubernetes/cmd/$1" ;;
  esac
}

# An API server that does not know its version misjudges its clients.
linker_flags() {
  minor=${version#v1.}
  printf '%s' '-s -w'
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    printf ' -X %s' "$package.gitVersion=$version" "$package.gitMajor=1" "$package.gitMinor=${minor%%.*}" \
      "$package.gitTreeState=clean" "$package.gitCommit=$(printf '%040d' 0)" "$package.buildDate=1970-01-01T00:00:00Z"
  done
}

missing() {
  for program in $programs; do
    case $node_programs in *" $program "*) [ "$(uname -s)" = Linux ] || continue ;; esac
    [ -x "$target/$program" ] || [ -x "${KUBEBUILDER_ASSETS:-/nowhere}/$program" ] || echo "$program"
  done
}

# Two builds at once take turns; the second finds the work of the first. The lock goes with its holder.
take_turns() {
  exec 9>"$target/.lock"
  command -v flock >/dev/null || return 0
  waited=0
  until flock -n 9; do
    [ $((waited % 30)) -ne 0 ] || say "another build is at work: $(cat "$target/.progress" 2>/dev/null || echo starting)"
    [ $waited -lt 3600 ] || { say "another build is at work for an hour: end it, or remove $target/.lock" >&2; exit 1; }
    sleep 1
    waited=$((waited + 1))
  done
}

build() {
  started=$(date +%s)
  (cd "$here" && exec nice -n 5 go build -v -trimpath -buildvcs=false -ldflags "$(linker_flags)" \
    -o "$work/$1" "$(package_of "$1")") >"$work/log" 2>&1 9>&- &
  compiler=$!
  said=0
  while kill -0 $compiler 2>/dev/null; do
    sleep 1
    elapsed=$(($(date +%s) - started))
    echo "$1, $elapsed s, $(wc -l <"$work/log" | tr -d ' ') packages compiled" >"$target/.progress"
    [ $((elapsed - said)) -ge 30 ] || continue
    said=$elapsed
    say "$(cat "$target/.progress")"
  done
  if ! wait $compiler; then
    tail -n 15 "$work/log" >&2
    say "$1 could not be built (above)" >&2
    exit 1
  fi
  mv "$work/$1" "$target/$1"
  say "$1 built in $(($(date +%s) - started)) s"
}

clean_up() {
  [ -z "${compiler:-}" ] || kill $compiler 2>/dev/null || true
  rm -rf "$work" "$target/.progress"
}

main() {
  target=$(folder)
  if [ "${1:-}" = --where ]; then
    echo "$target"
    return
  fi
  [ -n "$(missing)" ] || return 0
  command -v go >/dev/null || {
    say "$(missing | tr '\n' ' ')must be built once, and Go is missing: install Go 1.21 or newer (https://go.dev/dl), or name a folder with these programs in KUBEBUILDER_ASSETS" >&2
    exit 3
  }
  export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off
  mkdir -p "$target"
  take_turns
  work=$(mktemp -d "$target/.build-XXXXXX")
  trap clean_up EXIT
  trap 'exit 130' INT TERM HUP
  for program in $(missing); do build "$program"; done
  say "ready at $target"
}

# In one line with its end: a shell reads on in a file that may have changed during the build.
main "$@"; exit
