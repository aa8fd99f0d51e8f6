# Writes the report: the input holds the sections, filled in with what the other tasks brought.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/files.sh"
work=$(cat)
echo "# $(basename "$(pwd)")"
echo
printf '%s' "$work" | sh "$here/input.sh"
# What a task that failed could not bring stands in the input too, with the reason.
case "$work" in
*'"coverage":{"status":"failed"'*) printf '\n## Coverage\n- nobody has measured it\n' ;;
esac
