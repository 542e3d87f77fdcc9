#!/usr/bin/env bash
# All tests. The binary first, because tests start it as a child process.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --locked -p suyuan-node --bin suyuan
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked
    cargo test --locked --doc
else
    cargo test --locked
fi
