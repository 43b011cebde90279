#!/bin/sh
# Stands for GitHub's `gh` and what it talks to: the files of $STUB. What the recipe should not say it refuses.
set -eu
refuse() {
    echo "stub gh: $1" >&2
    exit 1
}
[ "$GH_TOKEN" = the-token ] || refuse "no token"
for argument; do
    printf '[%s]' "$argument"
done >> "$STUB/calls"
echo >> "$STUB/calls"

verb=$1
shift
if [ "$verb" = run ]; then
    verb="run $1"
    shift
fi
method=GET filter=. subject="" field="" repo="" workflow="" event="" commit="" status="" name=""
while [ $# -gt 0 ]; do
    case $1 in
    --jq) filter=$2 ;;
    --method) method=$2 ;;
    --field) field=$2 ;;
    --repo) repo=$2 ;;
    --workflow) workflow=$2 ;;
    --event) event=$2 ;;
    --commit) commit=$2 ;;
    --status) status=$2 ;;
    --name) name=$2 ;;
    --limit | --json) ;;
    --paginate | --silent)
        shift
        continue
        ;;
    -*) refuse "flag $1" ;;
    *)
        subject=$1
        shift
        continue
        ;;
    esac
    shift 2
done

change_comments() {
    [ "$field" = body=@plan.md ] || refuse "field $field"
    jq --rawfile body plan.md "$@" "$STUB/comments.json" > "$STUB/comments.new"
    mv "$STUB/comments.new" "$STUB/comments.json"
}

case "$verb $method $subject" in
"api GET repos/shop/alerts/issues/7/comments?per_page=100") jq --raw-output "$filter" "$STUB/comments.json" ;;
"api POST repos/shop/alerts/issues/7/comments")
    change_comments '. + [{id: (length + 100), user: {login: "github-actions[bot]"}, body: $body}]'
    ;;
"api PATCH repos/shop/alerts/issues/comments/"*)
    change_comments --argjson id "${subject##*/}" 'map(if .id == $id then .body = $body else . end)'
    ;;
"api GET repos/shop/alerts/commits/$GITHUB_SHA/pulls") jq --raw-output "$filter" "$STUB/pulls.json" ;;
"run list GET ")
    [ "$repo $workflow" = "shop/alerts alertform" ] || refuse "the runs of $repo $workflow"
    jq --arg event "$event" --arg commit "$commit" --arg status "$status" \
        'map(select(.event == $event and .headSha == $commit and .conclusion == $status))' "$STUB/runs.json" |
        jq --raw-output "$filter"
    ;;
"run download GET "*)
    [ "$repo" = shop/alerts ] || refuse "the artifact of $repo"
    cp "$STUB/artifacts/$subject/$name/"* .
    ;;
*) refuse "$verb $method $subject" ;;
esac
