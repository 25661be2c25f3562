#!/bin/sh
# Runs all vitest projects and ends with `N passed, N failed`, read from vitest's own reports. Kubernetes is built, where it is
# not yet, while the tests run that need none; where it cannot be for want of Go, the cluster tests are skipped. Kueue's controller
# and an S3 server are built beside all of it, as far as the processors have nothing else to do, and nothing waits for that: where they are not there in
# time their tests are skipped, and a later run has them. Tests that share a cluster run beside those that start one a file: all mostly
# wait. What the latter say is shown at their end.
set -u
kubernetes=scripts/cluster/kubernetes/build.sh
kueue=scripts/cluster/kueue/build.sh
s3=scripts/s3/build.sh

run() {
  report=$1
  shift
  vitest run --passWithNoTests --outputFile.json="test-report-$report.json" "$@"
}

on_clusters() {
  run faults --project plane --exclude 'test/cluster/!(faults)/**' --exclude 'test/cluster/*.test.ts' "$@" >fault-tests.log 2>&1 &
  faults=$!
  run plane --project plane --exclude 'test/cluster/faults/**' "$@" >plane-tests.log 2>&1 &
  plane=$!
  children="$children $faults $plane"
  run cluster --project cluster "$@" || status=1
  wait "$plane" || status=1
  wait "$faults" || status=1
  cat plane-tests.log fault-tests.log
}

status=0
rm -f test-report*.json
"$kubernetes" >kubernetes-build.log 2>&1 &
children=$!
"$kueue" >kueue-build.log 2>&1 &
children="$children $!"
"$s3" >s3-build.log 2>&1 &
children="$children $!"
trap 'kill $children 2>/dev/null' EXIT
trap 'exit 130' INT TERM
run local --project unit --project integration "$@" || status=1
# The same again, in the foreground: it says how far the other is, waits for it, and builds only what that one did not.
"$kubernetes"
case $? in
  0) on_clusters "$@" ;;
  3) echo 'the cluster tests are skipped: no Kubernetes (above)' ;;
  *) echo 'the cluster tests did not run: no Kubernetes (above)' && status=1 ;;
esac
node scripts/summarize-tests.ts test-report-*.json || status=1
exit "$status"
