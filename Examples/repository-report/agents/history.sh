# Reads the log. The first attempt fails on purpose: 75 says "try again later".
set -eu
cat >/dev/null
if [ "$BATON_ATTEMPT" = 1 ]; then
    echo "the first attempt fails on purpose" >&2
    exit 75
fi
if git rev-parse HEAD >/dev/null 2>&1; then
    git log --format='%an' | sort | uniq -c | sort -rn | head -5 | awk '{ n = $1; $1 = ""; printf "- %d commits by%s\n", n, $0 }'
    git log -1 --format='- the last one: %s'
else
    echo "- there is no history here"
fi
