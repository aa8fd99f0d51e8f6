# The files of the repository: what git tracks, or what find finds where there is no git.
files() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files
    else
        find . -type f -not -path './.*' | sed 's|^\./||'
    fi
}
