#!/bin/sh
# Gets TensorFlow for CUDA 12 and NVIDIA's libraries from PyPI, by the hashes of images/cuda-requirements.txt, into the user's cache:
# 2.5 GB, 4.3 GB unpacked. For machines with a card (docs/executors.md) and for the image trainer-cuda (docs/images.md).
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
target=${XDG_CACHE_HOME:-$HOME/.cache}/bionas/tensorflow-cuda/2.18.1
if [ -e "$target/tensorflow/libtensorflow_cc.so.2" ] && [ -d "$target/nvidia/cudnn" ]; then
  echo "TensorFlow 2.18.1 for CUDA: already at $target"
  exit 0
fi
[ "$(uname -sm)" = 'Linux x86_64' ] || {
  echo "fetch-tensorflow-cuda: there are CUDA wheels for Linux on x86-64 alone" >&2
  exit 1
}
mkdir -p "$(dirname "$target")"
work=$(mktemp -d "$(dirname "$target")/.fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
# The tags are Python 3.11's, whatever Python is here: nothing of Python runs.
python3 -m pip install --no-cache-dir --no-compile --no-deps --require-hashes --only-binary=:all: \
  --platform manylinux2014_x86_64 --python-version 3.11 --implementation cp --abi cp311 \
  --target "$work/wheels" -r "$here/../images/cuda-requirements.txt"
rm -rf "$target"
mv "$work/wheels" "$target"
echo "TensorFlow 2.18.1 for CUDA: ready at $target"
