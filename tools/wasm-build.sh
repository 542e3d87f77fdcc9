#!/usr/bin/env bash
# Builds contracts to optimised wasm: tools/wasm-build.sh OUT_DIR PACKAGE...
#
# Each contract is built alone, so that features of one never leak into another. Paths are remapped, so that
# two machines make the same bytes. rustc emits bulk-memory instructions that CosmWasm hosts refuse: they are lowered.
set -euo pipefail
cd "$(dirname "$0")/.."

out=$1
shift
target=wasm32-unknown-unknown
build_dir=${CARGO_TARGET_DIR:-target}

if ! rustc --print target-libdir --target "$target" 2>/dev/null | xargs -r test -d; then
    rustup target add "$target" >&2 || {
        echo "error: the Rust target $target is missing; install it with: rustup target add $target" >&2
        exit 1
    }
fi
cargo_home=${CARGO_HOME:-$HOME/.cargo}
sysroot=$(rustc --print sysroot)
export RUSTFLAGS="--remap-path-prefix=$cargo_home=/cargo --remap-path-prefix=$PWD=/suyuan --remap-path-prefix=$sysroot=/rust"

mkdir -p "$out"
for package in "$@"; do
    echo "building $package" >&2
    cargo build --quiet --locked --profile contract --target "$target" --lib -p "$package"
    name=${package#suyuan-}
    name=${name//-/_}
    bash tools/wasm-lower.sh "$build_dir/$target/contract/${package//-/_}.wasm" "$out/$name.wasm"
done
