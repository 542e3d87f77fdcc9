#!/usr/bin/env bash
# Rebuilds the wasm of the four contracts: tools/artifacts.sh [OUT_DIR], by default the checked-in artifacts/.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-artifacts}
bash tools/wasm-build.sh "$out" \
    suyuan-participant-registry suyuan-trace-code suyuan-assembly-graph suyuan-event-log
cd "$out"
sha256sum ./*.wasm | sed 's# \./# #' > checksums.txt
cat checksums.txt
