# Counts and lists. The task says what: its name comes in BATON_TASK, everything else as JSON on standard input.
set -eu
. "$(dirname "$0")/files.sh"
cat >/dev/null

case "$BATON_TASK" in
inventory)
    files | sed -n 's/.*\.\([A-Za-z0-9]*\)$/\1/p' | sort | uniq -c | sort -rn | head -8 \
        | awk '{ printf "- %d %s in .%s\n", $1, $1 == 1 ? "file ends" : "files end", $2 }'
    ;;
size)
    sources | while read -r file; do
        printf '%s %s\n' "$(wc -l <"$file")" "$(echo "$file" | cut -d/ -f1-2)"
    done | awk '{ lines[$2] += $1; total += $1 }
        END { for (part in lines) printf "- %s: %d lines\n", part, lines[part]; printf "- together: %d lines\n", total }' | sort
    ;;
longest)
    sources | while read -r file; do
        printf '%s %s\n' "$(wc -l <"$file")" "$file"
    done | sort -rn | head -5 | awk '{ printf "- %s (%d lines)\n", $2, $1 } END { if (NR == 0) print "- no source files" }'
    ;;
*)
    echo "survey.sh knows no task $BATON_TASK" >&2
    exit 64
    ;;
esac
