# Goes to the root of the repository: what git says it is, or this folder where there is no git.
cd "$(git rev-parse --show-toplevel 2>/dev/null || pwd)"

# The files of the repository: what git tracks, or what find finds where there is no git.
files() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files
    else
        find . -type f -not -path './.*' | sed 's|^\./||'
    fi
}

# Those of them that are written in a language of programs.
sources() {
    files | grep -E '\.(swift|c|h|cc|cpp|go|rs|py|rb|js|ts|java|kt|cs|php|sh)$'
}
