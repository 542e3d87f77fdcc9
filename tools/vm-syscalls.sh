#!/usr/bin/env bash
# Counts the system calls about memory that a warm message makes: the difference of two runs of
# runtime-host/vm/examples/warm.rs, one with a thousand more of each kind. Exits 1 if a message changes a mapping.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v strace >/dev/null || { echo "strace is not installed" >&2; exit 2; }
program="${CARGO_TARGET_DIR:-target}/debug/examples/warm"
cargo build --locked --quiet --example warm
few=1000
many=2000
# An execute, a query and an instance each.
messages=$(((many - few) * 3))
counts="$(mktemp -d)"
trap 'rm -r "$counts"' EXIT

for run in "$few" "$many"; do
    strace -f -c -U name,calls -e trace=mprotect,mmap,munmap,madvise,mremap,ioctl \
        -o "$counts/$run" "$program" "$run" >/dev/null
done

calls() { awk -v name="$2" '$1 == name { print $2; found = 1 } END { if (!found) print 0 }' "$counts/$1"; }

bad=0
for name in mprotect mmap munmap madvise mremap ioctl; do
    more=$(($(calls "$many" "$name") - $(calls "$few" "$name")))
    echo "$name: $more more calls for $messages more messages"
    case "$name" in
        # PAGEMAP_SCAN: at most one per message.
        ioctl) [ "$more" -le "$messages" ] || bad=1 ;;
        *) [ "$more" -eq 0 ] || bad=1 ;;
    esac
done
exit "$bad"
