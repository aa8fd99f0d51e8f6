# Prints the text in the member "input" of the JSON on standard input, without any tool but awk.
awk '
{ text = text $0 }
END {
    at = index(text, "\"input\":\"")
    if (at == 0) exit 65
    rest = substr(text, at + 9)
    while (length(rest) > 0) {
        letter = substr(rest, 1, 1)
        if (letter == "\"") exit 0
        if (letter != "\\") { printf "%s", letter; rest = substr(rest, 2); continue }
        escape = substr(rest, 2, 1)
        if (escape == "n") printf "\n"
        else if (escape == "t") printf "\t"
        else if (escape != "r") printf "%s", escape
        rest = substr(rest, 3)
    }
}'
