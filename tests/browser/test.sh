#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Renders real and hostile reports with the given ridgepoint and opens them in Chromium. Screenshots go to
# build/screenshots when that folder can be made.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
ridgepoint=$(realpath "$1")
[ -d "$here/node_modules/playwright-core" ] ||
  (cd "$here" && npm ci --no-audit --no-fund --silent) || { echo "npm ci failed: the npm registry is needed once" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$ridgepoint" report "$root/tests/golden/input/recommendation.json" --out "$work/recommendation.html"
"$ridgepoint" report "$root/tests/golden/input/machine.json" --out "$work/machine.html"
"$ridgepoint" recommend --as-of 2017-06 --objective time --out "$work/y2017.html"
cp "$root/tests/golden/hostile.html" "$work/hostile.html"
cd "$here"
node run.mjs --out "$root/build/screenshots" "$work"/*.html
node serve.mjs "$ridgepoint" "$root/tests/golden/input"
