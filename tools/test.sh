#!/usr/bin/env bash
# All tests. Building them builds the binary `suyuan`, too, which some of them start as a child process.
set -euo pipefail
cd "$(dirname "$0")/.."

if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked
    cargo test --locked --doc
else
    cargo test --locked
fi
