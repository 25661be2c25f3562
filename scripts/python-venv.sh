#!/usr/bin/env bash
# Makes a Python environment that tests check bionas with, once, and prints its Python: python-venv.sh NAME, with what
# scripts/NAME-requirements.txt names. Place: $BIONAS_VENVS, else the cache. torch-venv.sh makes that of PyTorch.
set -euo pipefail

name=$1
requirements=$(cd "$(dirname "$0")" && pwd)/$name-requirements.txt
venv=${BIONAS_VENVS:-${XDG_CACHE_HOME:-$HOME/.cache}/bionas/venvs}/$name

if ! cmp --silent "$requirements" "$venv/.installed"; then
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" >&2
  cp "$requirements" "$venv/.installed"
fi
echo "$venv/bin/python"
