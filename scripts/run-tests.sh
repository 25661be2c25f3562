#!/bin/sh
# Runs both vitest projects and ends with `N passed, N failed`, read from vitest's own report.
set -u
rm -f test-report.json
vitest run "$@"
status=$?
node scripts/summarize-tests.ts test-report.json || status=1
exit "$status"
