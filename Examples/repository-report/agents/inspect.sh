# Looks for what is wrong.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/files.sh"

case "$BATON_TASK" in
notes)
    cat >/dev/null
    found=$(sources | while read -r file; do grep -cE '(TODO|FIXME)' "$file" || true; done | awk '{ sum += $1 } END { print sum + 0 }')
    echo "- $found lines say TODO or FIXME"
    ;;
links)
    cat >/dev/null
    broken=0
    for page in $(files | grep '\.md$'); do
        for target in $(grep -oE '\]\([^)#: ]+\)' "$page" | sed 's/^](//; s/)$//'); do
            [ -e "$(dirname "$page")/$target" ] || { echo "- $page points to $target, which is not there"; broken=1; }
        done
    done
    [ "$broken" = 1 ] || echo "- every link between documents leads somewhere"
    ;;
coverage)
    cat >/dev/null
    [ -f coverage.json ] || { echo "nobody has measured coverage: there is no coverage.json" >&2; exit 66; }
    cat coverage.json
    ;;
proofread)
    sh "$here/input.sh" >"${TMPDIR:-/tmp}/proofread.$$"
    trap 'rm -f "${TMPDIR:-/tmp}/proofread.$$"' EXIT
    for section in Files Size "Longest files" "Left open" Links History; do
        grep -q "^## $section" "${TMPDIR:-/tmp}/proofread.$$" || { echo "section $section is missing" >&2; exit 1; }
    done
    echo "- the report has all six sections"
    ;;
*)
    echo "inspect.sh knows no task $BATON_TASK" >&2
    exit 64
    ;;
esac
