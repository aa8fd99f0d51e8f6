/// Texts that want to be more than text: case 96 and 97 of the reliability list, and their kin.
enum HostileTexts {
    private static let cores = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
        "<svg><script>1</script></svg>",
        "<a href=\"javascript:alert(1)\">x</a>", "javascript:alert(1)", "<iframe src=//evil.example></iframe>",
        "<style>*{display:none}</style>", "<link rel=stylesheet href=//evil.example/x.css>",
        "{{constructor.constructor('x')()}}",
        "${alert(1)}", "<%= 7*7 %>", "#{7*7}", "![x](https://evil.example/x.png)", "[x](javascript:alert(1))",
        "![x][y]\n\n[y]: https://evil.example/x.png", "<https://evil.example>", "https://evil.example/?q=1",
        "www.evil.example",
        "expression(alert(1))", "background:url(https://evil.example/x)", "}body{display:none}",
        "@import url(//evil.example)",
        "&lt;script&gt;", "&#60;script&#62;", "&#x3c;script&#x3e;", "\u{3c}\u{0}script>", "<scr\u{0}ipt>",
        "<\u{200B}script>",
        "\u{1B}]0;owned\u{7}", "\u{1B}[2J", "\u{202E}txt.exe", "\u{85}\u{9B}31m", "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0;url=//evil.example>", "<form action=//evil.example><input></form>",
        "<object data=//evil.example></object>", "<math><mtext><script>1</script></mtext></math>", "<!--", "-->",
        "<![CDATA[", "]]>",
        "<?xml version=\"1.0\"?>", "<!DOCTYPE html>", "\u{FEFF}<script>", "＜script＞", "` onmouseover=alert(1) `", "\\",
        "```", "````\n# x",
    ]
    private static let ways = ["", "\">", "'>", "</title></style></textarea></pre></svg></table>"]

    /// Two hundred of them: each as it is, and after what would end an attribute or an element.
    static let all = Self.ways.flatMap { way in Self.cores.map { way + $0 } }
}
