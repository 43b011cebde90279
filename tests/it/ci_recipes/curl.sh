#!/bin/sh
# Stands for `curl` and the GitLab that it talks to: the files of $STUB. What the recipe should not say it refuses.
set -eu
refuse() {
    echo "stub curl: $1" >&2
    exit 22
}
for argument; do
    printf '[%s]' "$argument"
done >> "$STUB/calls"
echo >> "$STUB/calls"

method=GET url="" output=/dev/stdout data="" header=""
while [ $# -gt 0 ]; do
    case $1 in
    --request) method=$2 ;;
    --header) header=$2 ;;
    --output) output=$2 ;;
    --data-urlencode) data=$2 ;;
    --fail | --silent | --show-error)
        shift
        continue
        ;;
    -*) refuse "flag $1" ;;
    *)
        url=$1
        shift
        continue
        ;;
    esac
    shift 2
done
[ "$header" = "PRIVATE-TOKEN: the-token" ] || refuse "no token"

change_notes() {
    [ "$data" = body@plan.md ] || refuse "data $data"
    jq --rawfile body plan.md "$@" "$STUB/notes.json" > "$STUB/notes.new"
    mv "$STUB/notes.new" "$STUB/notes.json"
}

# two notes a page, so that there are pages
notes=projects/9/merge_requests/7/notes
answer() {
    case "$method ${url#https://gitlab.example.com/api/v4/}" in
    "GET user") echo '{"id": 5}' ;;
    "GET $notes?sort=asc&per_page=100&page="*)
        jq --compact-output --argjson page "${url##*=}" '.[($page - 1) * 2:$page * 2]' "$STUB/notes.json"
        ;;
    "POST $notes") change_notes '. + [{id: (length + 100), author: {id: 5}, body: $body}]' ;;
    "PUT $notes/"*) change_notes --argjson id "${url##*/}" 'map(if .id == $id then .body = $body else . end)' ;;
    "GET projects/9/repository/commits/$CI_COMMIT_SHA/merge_requests") cat "$STUB/requests.json" ;;
    "GET projects/9/merge_requests/7/pipelines") cat "$STUB/pipelines.json" ;;
    "GET projects/9/pipelines/70/jobs?per_page=100") echo '[{"id": 701, "name": "note"}, {"id": 700, "name": "plan"}]' ;;
    "GET projects/9/jobs/700/artifacts/alertform.plan") cat "$STUB/artifacts/alertform.plan" ;;
    *) refuse "$method $url" ;;
    esac
}
answer > "$output"
