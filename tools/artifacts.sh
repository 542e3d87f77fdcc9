#!/usr/bin/env bash
# Rebuilds the wasm of the four contracts and of the example that tests use: tools/artifacts.sh [OUT_DIR], by default the checked-in artifacts/.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-artifacts}
bash tools/wasm-build.sh "$out" \
    suyuan-participant-registry suyuan-trace-code suyuan-assembly-graph suyuan-event-log counter
cd "$out"
sha256sum ./*.wasm | sed 's# \./# #' > checksums.txt
cat checksums.txt
