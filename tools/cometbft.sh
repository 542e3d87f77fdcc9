#!/usr/bin/env bash
# The consensus engine of network tests, at the pinned version, into the folder that is given. Done once per folder.
# The Go module proxy and its checksum database vouch for the source; nothing is built from a copy.
set -euo pipefail

readonly VERSION=0.38.25
folder=${1:?usage: tools/cometbft.sh FOLDER}

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
exec 9>"$folder/cometbft.lock"
flock 9
if [ -x "$folder/cometbft" ] && [ "$("$folder/cometbft" version)" = "$VERSION" ]; then
    exit 0
fi
command -v go >/dev/null || {
    echo "network tests need Go 1.22.11 or later to install CometBFT $VERSION: https://go.dev/dl" >&2
    exit 1
}
CGO_ENABLED=0 GOBIN="$folder" go install "github.com/cometbft/cometbft/cmd/cometbft@v$VERSION"
[ "$("$folder/cometbft" version)" = "$VERSION" ]
