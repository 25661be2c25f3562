#!/bin/sh
# Builds the native addon of @tensorflow/tfjs-node (or of tfjs-node-gpu: its argument) on the TensorFlow library that koffi
# loads too, into the user's cache. The package's own install script would fetch a TensorFlow 2.9 of another host.
# Usage: build-tfjs-node.sh [tfjs-node | tfjs-node-gpu]. $BIONAS_TENSORFLOW_DIR: a library and its include/ of your own.
set -eu

package=${1:-tfjs-node}
version=4.22.0 # trainer/executors/tfjs-node/package-location.ts names the same
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/bionas
library=${BIONAS_TENSORFLOW_DIR:-}
root=$cache/tfjs-node/$version
addon=$root/node_modules/@tensorflow/$package/lib/napi-v8/tfjs_binding.node

fail() {
  echo "make tfjs-node: $1" >&2
  exit 1
}

# Beside the addon lies what it was built from: another library, lockfile or script makes it stale.
stamp() {
  printf '%s\n' "$library"
  cat "$here/tfjs-node/package-lock.json" "$here/build-tfjs-node.sh"
}

# A cache of its own for every version, so a lockfile that is there is the one that was installed.
install_packages() {
  cmp -s "$here/tfjs-node/package-lock.json" "$root/node_modules/.installed" && return
  mkdir -p "$root"
  cp "$here/tfjs-node/package.json" "$here/tfjs-node/package-lock.json" "$root/"
  (cd "$root" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) ||
    fail "npm could not install @tensorflow/$package $version (300 MB): check the network and npm's registry"
  cp "$here/tfjs-node/package-lock.json" "$root/node_modules/.installed"
}

# TensorFlow moved one header since 4.22 was written: a forwarding one stands where the addon looks for it.
forward_moved_header() {
  moved=tensorflow/core/platform/ctstring_internal.h
  [ -e "$library/include/$moved" ] && return
  mkdir -p "$1/$(dirname "$moved")"
  for home in tsl xla/tsl; do
    [ -e "$library/include/$home/platform/ctstring_internal.h" ] || continue
    echo "#include \"$home/platform/ctstring_internal.h\"" >"$1/$moved"
  done
}

compile() {
  source=$root/node_modules/@tensorflow/$package/binding
  extra=$(mktemp -d)
  trap 'rm -rf "$extra"' EXIT
  forward_moved_header "$extra"
  mkdir -p "$(dirname "$addon")"
  # The libraries are named by path, so the addon asks for the very files that koffi loads.
  g++ -std=c++17 -O2 -fPIC -shared -w -DNAPI_VERSION=8 \
    -I"$root/node_modules/node-api-headers/include" -I"$library/include" -I"$extra" -I"$source/.." \
    "$source/tfjs_backend.cc" "$source/tfjs_binding.cc" -o "$addon.new" \
    "$library/libtensorflow_cc.so.2" "$library/libtensorflow_framework.so.2" \
    -Wl,-rpath,"$library" -Wl,--allow-shlib-undefined ||
    fail "the addon does not compile on the TensorFlow at $library"
  mv "$addon.new" "$addon"
}

check() {
  (cd "$root" && TF_CPP_MIN_LOG_LEVEL=2 node --no-deprecation "$here/tfjs-node/check.cjs" "@tensorflow/$package") ||
    fail "the addon was built, but does not compute (above)"
}

case $package in tfjs-node | tfjs-node-gpu) ;; *) fail "no package $package: use tfjs-node or tfjs-node-gpu" ;; esac
[ "$(uname -s)" = Linux ] || fail "the addon is built on Linux only; the default executor needs no addon"
if [ -z "$library" ]; then
  library=$cache/tensorflow/2.18.1
  python3 "$here/fetch-tensorflow.py" --headers >/dev/null || exit 1
fi
[ -e "$library/include/tensorflow/c/c_api.h" ] || fail "no TensorFlow headers at $library/include"
if stamp | cmp -s - "$addon.stamp"; then
  echo "$package $version: already at $root"
  exit 0
fi
command -v g++ >/dev/null || fail "g++ is missing (Debian: apt-get install g++); the default executor needs no addon"
rm -f "$addon.stamp"
install_packages
compile
check
stamp >"$addon.stamp"
echo "$package $version: ready at $root"
