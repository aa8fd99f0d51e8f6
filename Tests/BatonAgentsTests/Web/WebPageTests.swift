import Foundation
import Testing

@testable import BatonAgents

/// Pages as text.
@Suite struct WebPageTests {
    private static func page(_ html: String, charset: String? = "utf-8") -> WebPage {
        WebPage(html: Array(html.utf8), charset: charset)
    }

    @Test func `titles, paragraphs, lists, tables and links are kept, and nothing that is not shown`() {
        let page = Self.page(
            """
            <!doctype html><html><head><title> Tea
              time </title><style>p {}</style><script>evil()</script></head>
            <body><h1>Tea</h1><p>Boil   <b>fresh</b> water &amp; wait.</p><p hidden>secret</p>
            <ul><li>green</li><li>black: see <a href="https://tea.example/b">here</a></li></ul>
            <table><tr><th>Kind</th><th>Minutes</th></tr><tr><td>green</td><td>2</td></tr></table>
            <script>more()</script><!-- no --><pre>a
              b</pre><img alt="a cup"></body></html>
            """
        )
        #expect(page.title == "Tea time")
        #expect(
            page.text == """
                # Tea

                Boil fresh water & wait.

                - green
                - black: see here (https://tea.example/b)

                Kind | Minutes
                green | 2

                a
                  b

                a cup
                """
        )
    }

    @Test(arguments: [
        "", "<", "<a <b", "</p></p>", "\u{0}", "<p>x<p>y</div></body>z", "<table><td>a<td>b", "&#x110000;&nope;",
    ])
    func `a page of any quality ends`(html: String) { _ = Self.page(html) }

    @Test func `a page of a thousand layers, or of a hundred thousand lists in a row, is read`() {
        let deep = String(repeating: "<div>", count: 100_000) + "deep"
        _ = Self.page(deep)
        let wide = Self.page(String(repeating: "<ul><li>x</li></ul>", count: 20_000))
        #expect(wide.text.split(separator: "\n").count == 20_000)
    }

    @Test func `letters are those of the charset, from the server or the page`() {
        let latin: [UInt8] = Array("<p>caf".utf8) + [0xE9] + Array("</p>".utf8)
        #expect(WebPage(html: latin, charset: "iso-8859-1").text == "café")
        let meta = Array("<meta charset=\"iso-8859-1\">".utf8) + latin
        #expect(WebPage(html: meta, charset: nil).text == "café")
        #expect(WebPage(html: Array("<p>茶</p>".utf8), charset: nil).text == "茶")
        #expect(WebPage(html: Array("<p>tea</p>".utf8), charset: "no-such").text == "tea")
    }

    @Test func `links lead on from where the page was found`() {
        let html =
            ##"<a href="/rel">a</a> <a href="sub/x">b</a> <a href="//cdn.example/y">c</a> <a href="#top">d</a> <a href="mailto:x@y">e</a>"##
        let page = WebPage(html: Array(html.utf8), charset: nil, base: URL(string: "https://tea.example/dir/page"))
        #expect(
            page.text == "a (https://tea.example/rel) b (https://tea.example/dir/sub/x) c (https://cdn.example/y) d e"
        )
    }
}
