#!/bin/sh
# Takes the recordings again from DIR, which holds one folder a server (`<server>/<topic>/<name>.json` and
# `<server>/queries.json`). A server's folder is replaced as a whole, so that recordings withdrawn there vanish here;
# folders of servers that DIR does not have, the README and exceptions.txt stay as they are.
#
#     tests/conformance/take.sh DIR && git diff --stat tests/conformance
set -eu

[ $# -eq 1 ] && [ -d "$1" ] || { echo "usage: take.sh DIR (a folder with one folder a server)" >&2; exit 2; }
from=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
[ "$from" != "$here" ] || { echo "take.sh: DIR is the folder that would be replaced" >&2; exit 2; }

taken=0
for server in "$from"/*/; do
    [ -n "$(find "$server" -name '*.json' -print | head -n 1)" ] || continue
    name=$(basename "$server")
    rm -rf "${here:?}/$name"
    (cd "$from" && find "$name" -type f -name '*.json') | while read -r file; do
        mkdir -p "$here/$(dirname "$file")"
        cp "$from/$file" "$here/$file"
        chmod 644 "$here/$file"
    done
    taken=$((taken + 1))
done

[ "$taken" -gt 0 ] || { echo "take.sh: no recordings in $from" >&2; exit 1; }
echo "took the recordings of $taken servers, $(find "$here" -name '*.json' | wc -l) files in all"
