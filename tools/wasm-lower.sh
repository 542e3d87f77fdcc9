#!/usr/bin/env bash
# Lowers what rustc emits to what CosmWasm hosts accept, and optimises it: tools/wasm-lower.sh IN.wasm OUT.wasm
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)

command -v node >/dev/null || {
    echo "error: Node.js is missing; install version 20 or later from https://nodejs.org" >&2
    exit 1
}
[ -x "$tools/wasm-opt/node_modules/.bin/wasm-opt" ] || npm ci --silent --prefix "$tools/wasm-opt" >&2

exec node "$tools/wasm-opt/node_modules/.bin/wasm-opt" \
    --mvp-features --enable-mutable-globals --enable-sign-ext --enable-bulk-memory \
    --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-multivalue \
    --enable-reference-types \
    --llvm-memory-copy-fill-lowering --llvm-nontrapping-fptoint-lowering \
    --disable-bulk-memory --disable-nontrapping-float-to-int \
    -Oz --one-caller-inline-max-function-size 1000 --strip-debug --strip-producers --strip-target-features \
    "$1" -o "$2"
