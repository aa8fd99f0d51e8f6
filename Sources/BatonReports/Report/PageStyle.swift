/// The style sheet of the HTML report; it loads nothing and holds nothing from outside.
enum PageStyle {
    /// The hash of ``sheet`` as the page's policy names it: no other style has any effect.
    static let hash: StaticString = "sha256-ZDLsAAD1x5TOvARurS4U9tcktrN9nSh/3MhQcNd/VEI="

    static let sheet: StaticString = """
        :root{color-scheme:light dark;--back:#ffffff;--ink:#1f2328;--faint:#57606a;--line:#d0d7de;--card:#f6f8fa;\
        --link:#0550ae;--good:#116329;--bad:#a40e26;--wait:#7d4e00;--active:#0550ae;--mark:#8250df}
        @media(prefers-color-scheme:dark){:root{--back:#0d1117;--ink:#e6edf3;--faint:#9ea7b3;--line:#3d444d;\
        --card:#161b22;--link:#79c0ff;--good:#56d364;--bad:#ff7b72;--wait:#e3b341;--active:#79c0ff;--mark:#d2a8ff}}
        *{box-sizing:border-box}
        html{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:16px;line-height:1.5;\
        background:var(--back);color:var(--ink);scroll-padding-top:1rem}
        body{margin:0 auto;padding:1.5rem 1.25rem 3rem;max-width:72rem}
        h1{font-size:1.75rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
        h3{font-size:1rem;margin:0 0 .25rem;overflow-wrap:anywhere}
        p{margin:0 0 .75rem;overflow-wrap:anywhere}
        a{color:var(--link)}
        a:focus-visible,summary:focus-visible,.wide:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
        .faint{color:var(--faint)}
        .headline{font-size:1.05rem}
        .banner{border:2px dashed var(--wait);border-radius:.5rem;padding:.6rem .9rem;font-weight:600;color:var(--wait)}
        .glance{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.9rem;margin:1.25rem 0}
        .glance section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem}
        .glance h2{font-size:1rem;margin:0 0 .4rem;border:0;padding:0}
        .glance ul{margin:0;padding:0;list-style:none}
        .glance li{margin:0 0 .4rem;overflow-wrap:anywhere}
        .glance li:last-child{margin:0}
        .glance code{display:inline-block}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:0;padding:0;list-style:none}
        code,pre,samp{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.85rem}
        code{background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.05rem .35rem;\
        overflow-wrap:anywhere}
        pre{margin:0;padding:.75rem .9rem;background:var(--card);border:1px solid var(--line);border-radius:.4rem;\
        white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}
        article{border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem;margin:0 0 .9rem}
        details{margin:0 0 .75rem}
        summary{cursor:pointer;overflow-wrap:anywhere}
        details>pre,details>p,details>ol,details>div{margin-top:.5rem}
        samp{overflow-wrap:anywhere}
        .task{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-weight:600}
        dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.2rem 1rem;margin:.5rem 0}
        dt{color:var(--faint)}
        dd{margin:0;overflow-wrap:anywhere}
        .wide{overflow-x:auto;margin:0 0 .5rem;max-width:100%}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        caption{text-align:left;color:var(--faint);padding:0 0 .35rem}
        th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-top:1px solid var(--line)}
        thead th{border-top:0;color:var(--faint);font-weight:600;white-space:nowrap}
        tbody th{font-weight:600;white-space:nowrap}
        .number{text-align:right;white-space:nowrap}
        .tight{white-space:nowrap}
        .under{display:block;font-weight:400;color:var(--faint)}tbody .both{white-space:normal;width:40%}
        .text{min-width:15rem;overflow-wrap:anywhere}
        tr:target>*,article:target{background:var(--card);box-shadow:inset .25rem 0 0 var(--mark)}
        .completed{color:var(--good)}.failed,.cancelled{color:var(--bad)}.skipped,.blocked,.resting{color:var(--wait)}\
        .running{color:var(--active)}.waiting,.ready{color:var(--faint)}
        figure{margin:0 0 1rem}
        figcaption{color:var(--faint);font-size:.9rem}
        svg{display:block;font-family:inherit}
        svg text{fill:var(--ink);font-size:12px}
        svg .name{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        svg .tick{fill:var(--faint);text-anchor:middle}
        svg .grid{stroke:var(--line);stroke-width:1}
        svg .link{fill:none;stroke:var(--faint);stroke-width:1.3}
        svg .critical{stroke:var(--mark);stroke-width:3.5}
        svg .node{fill:var(--card);stroke:currentColor;stroke-width:1.6}
        svg .node.failed{stroke-width:4}
        svg .node.skipped,svg .node.cancelled,svg .node.waiting{stroke-dasharray:6 4}
        svg .state{fill:currentColor}
        svg .bar{fill:currentColor;stroke:currentColor;stroke-width:1.5}
        svg .bar.failed{fill:var(--back);stroke-width:2.5}
        svg .bar.person{fill:var(--back);stroke-dasharray:5 3}
        svg .bar.skipped,svg .bar.cancelled,svg .bar.waiting{fill:var(--back)}
        svg .busy{color:var(--active)}
        svg a:focus-visible .node{stroke:var(--mark)}
        ol.plain{margin:0;padding-left:1.5rem}
        footer{margin-top:2.5rem;color:var(--faint);font-size:.9rem}
        @media(max-width:44rem){.both+.text{min-width:0}body{padding:1rem .9rem 2rem}h1{font-size:1.4rem}.glance{grid-template-columns:minmax(0,1fr)}\
        dl{grid-template-columns:minmax(0,1fr)}dd{margin:0 0 .4rem}}
        @media print{:root{color-scheme:light;--back:#ffffff;--ink:#000000;--faint:#444c56;--line:#b6bec8;--card:#ffffff;\
        --link:#000000;--good:#116329;--bad:#a40e26;--wait:#7d4e00;--active:#0550ae;--mark:#8250df}
        html{font-size:11pt}body{max-width:none;padding:0}nav{display:none}.wide{overflow:visible}a{text-decoration:none}
        svg{max-width:100%;height:auto}h2,h3,caption,summary{break-after:avoid}article,tr,.glance section,svg{break-inside:avoid}
        pre{break-inside:auto}details::details-content{content-visibility:visible;block-size:auto;height:auto}\
        .glance{gap:.5rem}table{font-size:9pt}th,td{padding:.2rem .4rem}.text{min-width:0}tbody th{white-space:normal}}

        """
}
