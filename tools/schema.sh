#!/usr/bin/env bash
# Writes the JSON schema and the TypeScript types of every contract message: tools/schema.sh OUT_DIR
set -euo pipefail
cd "$(dirname "$0")/.."

out=$1
cargo run --locked --quiet --bin xtask -- schema --out "$out"
[ -d tools/ts-types/node_modules ] || npm ci --silent --prefix tools/ts-types >&2
node tools/ts-types/generate.mjs "$out"
