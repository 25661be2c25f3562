#!/usr/bin/env bash
# Makes the Python environment with PyTorch that checks and benchmarks measure bionas with, once; prints its Python.
# Place: $BIONAS_TORCH_VENV, else the cache. On Linux x86-64 PyPI's wheel brings CUDA (about 5 GB on disk); for the
# small one of the CPU, set PIP_EXTRA_INDEX_URL to the CPU index that PyTorch documents.
set -euo pipefail

requirements=$(cd "$(dirname "$0")" && pwd)/torch-requirements.txt
venv=${BIONAS_TORCH_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/bionas/venvs/torch}
installed=$venv/.installed

if ! cmp --silent "$requirements" "$installed"; then
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" >&2
  "$venv/bin/python" -c 'import torch; torch.ones(1) + 1' >&2
  cp "$requirements" "$installed"
fi
echo "$venv/bin/python"
