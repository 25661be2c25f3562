#!/bin/sh
# Runs all vitest projects and ends with `N passed, N failed`, read from vitest's own reports. Kubernetes is built, where it is
# not yet, while the tests run that need none; where it cannot be for want of Go, the cluster tests are skipped.
set -u
kubernetes=scripts/cluster/kubernetes/build.sh

run() {
  report=$1
  shift
  vitest run --passWithNoTests --outputFile.json="test-report-$report.json" "$@" || status=1
}

status=0
rm -f test-report*.json
"$kubernetes" >kubernetes-build.log 2>&1 &
build=$!
trap 'kill $build 2>/dev/null' EXIT
trap 'exit 130' INT TERM
run local --project unit --project integration "$@"
# The same again, in the foreground: it says how far the other is, waits for it, and builds only what that one did not.
"$kubernetes"
case $? in
  0) run cluster --project cluster "$@" ;;
  3) echo 'the cluster tests are skipped: no Kubernetes (above)' ;;
  *) echo 'the cluster tests did not run: no Kubernetes (above)' && status=1 ;;
esac
node scripts/summarize-tests.ts test-report-*.json || status=1
exit "$status"
