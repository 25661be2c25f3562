#!/bin/sh
# Makes the README's pictures from a real run of the quickstart: docs/images/quickstart.txt, the live table as it stands
# in a terminal, and docs/images/quickstart-report.png, its report. Needs tmux and chromium; takes as long as the search.
set -eu
cd "$(dirname "$0")/.."
for tool in tmux chromium; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install tmux chromium" >&2; exit 1; }
done

images=docs/images
session="bionas-screenshots-$$"
mkdir -p "$images"
trap 'tmux -L "$session" kill-server 2>/dev/null || true' EXIT

# The table, once enough trials have ended to fill it.
tmux -L "$session" new-session -d -s run -x 104 -y 24 \
  "bin/bionas run examples/quickstart.yaml --fresh; echo \$? >runs/quickstart/exit-code"
printf '$ bionas run examples/quickstart.yaml\n' >"$images/quickstart.txt"
until tmux -L "$session" capture-pane -p -t run | grep -Eq '^trials .* (9|1[0-9])/16'; do
  sleep 1
done
tmux -L "$session" capture-pane -p -t run | sed -e 's/ *$//' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >>"$images/quickstart.txt"

while tmux -L "$session" has-session -t run 2>/dev/null; do
  sleep 2
done
code=$(cat runs/quickstart/exit-code)
rm runs/quickstart/exit-code
[ "$code" = 0 ] || { echo "the quickstart ended with exit code $code" >&2; exit 1; }

chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1120,1240 \
  --screenshot="$images/quickstart-report.png" "file://$PWD/runs/quickstart/report.html" >/dev/null 2>&1
ls -l "$images"
