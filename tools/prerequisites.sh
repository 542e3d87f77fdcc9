#!/usr/bin/env bash
# Names what is missing on this machine and the way to get it.
set -euo pipefail

missing=0
need() { # command, what it is, how to get it
    command -v "$1" >/dev/null 2>&1 && return
    echo "missing: $2 ($1). $3" >&2
    missing=1
}
need cargo "Rust" "Install rustup from https://rustup.rs; it brings the pinned version by itself."
need cc "a C compiler" "On Debian and Ubuntu: apt-get install build-essential"
need git "git" "On Debian and Ubuntu: apt-get install git"
need node "Node.js 20 or later" "Install it from https://nodejs.org or with your package manager."
need npm "npm" "It comes with Node.js."
exit $missing
