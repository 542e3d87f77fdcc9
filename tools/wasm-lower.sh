#!/usr/bin/env bash
# Lowers what rustc emits to what CosmWasm hosts accept, and optimises it: tools/wasm-lower.sh IN.wasm OUT.wasm
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)

command -v node >/dev/null || {
    echo "error: Node.js is missing; install version 20 or later from https://nodejs.org" >&2
    exit 1
}
[ -x "$tools/wasm-opt/node_modules/.bin/wasm-opt" ] || npm ci --silent --prefix "$tools/wasm-opt" >&2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
binaryen() {
    local tool=$1
    shift
    node "$tools/wasm-opt/node_modules/.bin/$tool" "$@"
}
features=(
    --mvp-features --enable-mutable-globals --enable-sign-ext --enable-bulk-memory --enable-bulk-memory-opt
    --enable-nontrapping-float-to-int --enable-multivalue --enable-reference-types
)

# names of functions stay until wasm-polish.mjs has read them
lower=("${features[@]}" --llvm-memory-copy-fill-lowering --llvm-nontrapping-fptoint-lowering -g)
binaryen wasm-opt "${lower[@]}" "$1" -o "$scratch/lowered.wasm"
binaryen wasm-opt "${lower[@]}" "$tools/wasm-memory.wat" -o "$scratch/memory.wasm"
node "$tools/wasm-polish.mjs" "$scratch/lowered.wasm" "$scratch/memory.wasm" "$scratch/polished.wasm"
# nothing lies in the first kilobyte: it is the far end of the stack, which a linker of Rust puts before all data
binaryen wasm-opt "${features[@]}" --disable-bulk-memory --disable-bulk-memory-opt --disable-nontrapping-float-to-int \
    -Oz --low-memory-unused --one-caller-inline-max-function-size 1000 --strip-debug --strip-producers --strip-target-features \
    "$scratch/polished.wasm" -o "$2"
