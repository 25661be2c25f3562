#!/bin/sh
# Writes go.mod and go.sum anew, to move to another Kubernetes: write-go-mod.sh v1.37.2 v0.8.0 (Kubernetes', kwok's version).
# Kubernetes names its staging modules v0.0.0 and replaces them by folders of its own, which holds in its own build only. So its
# require blocks are taken with every pin, and each staging module is set to the release that belongs to it (v1.37.2: v0.37.2).
set -eu

kubernetes=$1
kwok=$2
staging=v0.${kubernetes#v1.}
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
programs="go.etcd.io/etcd/server/v3 sigs.k8s.io/kwok/cmd/kwok"
for program in kube-apiserver kubectl kube-controller-manager kube-scheduler kubelet; do
  programs="$programs k8s.io/kubernetes/cmd/$program"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod GOWORK=off CGO_ENABLED=0
source=$(go mod download -json "k8s.io/kubernetes@$kubernetes" | sed -n 's/.*"GoMod": "\(.*\)",*/\1/p')
# To the end of the word: k8s.io/utils v0.0.0-DATE-HASH is no staging module.
staged='^\t(k8s\.io/[a-z-]+) v0\.0\.0( .*)?$'
{
  echo 'module bionas.dev/cluster'
  grep -E '^(go|godebug) ' "$source"
  echo "require k8s.io/kubernetes $kubernetes"
  echo "require sigs.k8s.io/kwok $kwok"
  sed -n '/^require (/,/^)/p' "$source" | sed -E "s#$staged#\t\1 $staging\2#"
  echo 'replace ('
  sed -nE "s#$staged#\t\1 => \1 $staging#p" "$source" | sort -u
  echo ')'
} >go.mod
for platform in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64; do
  # shellcheck disable=SC2086 # one argument a program
  GOOS=${platform%/*} GOARCH=${platform#*/} go list -deps $programs >/dev/null
done
cp go.mod go.sum "$here/"
