/// A server of tools as a shell script of a dozen lines; each call that acts leaves a line in the file `acted`.
enum ShellToolServer {
    /// - Parameters:
    ///   - tools: what it answers when it is asked for its tools: a JSON array.
    ///   - reader: the tool that reads.
    ///   - read: what that one says.
    ///   - acted: what all others say.
    static func script(tools: String, reader: String, says read: String, others acted: String) -> String {
        """
        while read -r line; do
          id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
          case "$line" in
            *server/discover*) r='{"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}';;
            *tools/list*) r='{"tools":\(tools)}';;
            *'"name":"\(reader)"'*) r='{"content":[{"type":"text","text":"\(read)"}]}';;
            *) echo acted >> acted; r='{"content":[{"type":"text","text":"\(acted)"}]}';;
          esac
          printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$r"
        done
        """
    }
}
