#!/bin/sh
# Writes go.mod and go.sum anew, to move to another Kueue: write-go-mod.sh v0.17.0. Its require blocks are taken with every pin: a
# module that only asks for Kueue would choose newer ones than the release was made of.
set -eu

kueue=$1
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod GOWORK=off CGO_ENABLED=0
source=$(go mod download -json "sigs.k8s.io/kueue@$kueue" | sed -n 's/.*"GoMod": "\(.*\)",*/\1/p')
{
  echo 'module bionas.dev/cluster/kueue'
  grep -E '^(go|godebug) ' "$source"
  echo "require sigs.k8s.io/kueue $kueue"
  sed -n '/^require (/,/^)/p' "$source"
} >go.mod
for platform in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64; do
  GOOS=${platform%/*} GOARCH=${platform#*/} go list -deps sigs.k8s.io/kueue/cmd/kueue >/dev/null
done
cp go.mod go.sum "$here/"
