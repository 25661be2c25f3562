#!/bin/sh
# Makes the pictures of docs/dashboard-page.md from the directory of a real run, the quickstart's by default:
# scripts/make-dashboard-screenshots.sh [runs/NAME]. Needs chromium.
set -eu
cd "$(dirname "$0")/.."
run=${1:-runs/quickstart}
[ -f "$run/ledger.jsonl" ] || { echo "$run is no run: make quickstart first" >&2; exit 1; }
node --disable-warning=ExperimentalWarning scripts/dashboard-screenshots.ts "$run"
