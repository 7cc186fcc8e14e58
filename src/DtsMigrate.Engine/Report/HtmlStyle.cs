namespace DtsMigrate.Engine.Report;

/// <summary>The style of the HTML report: light, dark and print.</summary>
internal static class HtmlStyle
{
    public const string Css =
        """
        :root{--bg:#fff;--panel:#f6f8fa;--text:#1f2328;--mute:#59636e;--line:#d1d9e0;--blue:#0969da;--green:#1a7f37;--amber:#9a6700;--red:#cf222e;--violet:#8250df;--grey:#818b98;--teal:#0f7b8a;color-scheme:light dark}
        @media (prefers-color-scheme:dark){:root{--bg:#0d1117;--panel:#151b23;--text:#e6edf3;--mute:#9198a1;--line:#3d444d;--blue:#4493f8;--green:#3fb950;--amber:#d29922;--red:#f85149;--violet:#ab7df8;--grey:#6e7681;--teal:#39c5cf}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        main{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
        header{display:flex;flex-wrap:wrap;align-items:baseline;gap:8px 16px}
        h1{font-size:28px;margin:0;font-weight:650;overflow-wrap:anywhere}
        h2{font-size:18px;margin:40px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line);font-weight:600}
        h3{font-size:14px;margin:18px 0 4px;font-weight:600}
        .sub{color:var(--mute);margin:6px 0 0;overflow-wrap:anywhere}
        .badge{display:inline-block;border:1px solid currentColor;border-radius:999px;padding:1px 10px;font-size:13px;font-weight:600;white-space:nowrap}
        .good{color:var(--green)}.warn{color:var(--amber)}.bad{color:var(--red)}.info{color:var(--blue)}.mute{color:var(--mute)}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px;margin-top:24px}
        .card{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
        .card b{display:block;font-size:21px;font-weight:650;font-variant-numeric:tabular-nums;line-height:1.3}
        .card span{color:var(--mute);font-size:13px}
        .note{background:var(--panel);border-left:4px solid currentColor;border-radius:4px;padding:10px 14px;margin:20px 0 0}
        .note p{margin:0;color:var(--text);overflow-wrap:anywhere}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:14px}
        th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
        th{color:var(--mute);font-weight:600;white-space:nowrap}
        td{overflow-wrap:break-word;max-width:340px}
        td.text{min-width:260px;max-width:none;overflow-wrap:anywhere}
        .num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .nowrap{white-space:nowrap}
        code,pre{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
        .meter{display:block;width:84px;height:8px;border-radius:4px;background:var(--line);overflow:hidden;margin-top:7px}
        .meter i{display:block;height:100%;background:var(--blue)}
        svg{display:block;width:100%;height:auto}
        .chart{min-width:560px}
        .bar{height:30px;border-radius:6px;overflow:hidden;background:var(--panel)}
        .chart .grid{stroke:var(--line);stroke-width:1}
        .chart .tick{fill:var(--mute);font-size:11px;font-family:inherit}
        .chart .line{fill:none;stroke-width:1.8;stroke-linejoin:round}
        .chart .area{stroke:none;opacity:.13}
        .line.rows{stroke:var(--blue)}.area.rows{fill:var(--blue)}.line.changes{stroke:var(--green)}.area.changes{fill:var(--green)}.line.lag{stroke:var(--amber)}.area.lag{fill:var(--amber)}
        .s-prepare{fill:var(--grey);--c:var(--grey)}.s-schema{fill:var(--violet);--c:var(--violet)}.s-copy{fill:var(--blue);--c:var(--blue)}.s-catch{fill:var(--amber);--c:var(--amber)}
        .s-live{fill:var(--green);--c:var(--green)}.s-verify{fill:var(--teal);--c:var(--teal)}.s-retry{fill:var(--amber);--c:var(--amber);opacity:.75}.s-bad{fill:var(--red);--c:var(--red)}.s-rest{fill:var(--line);--c:var(--line)}
        .k-rows{--c:var(--blue)}.k-changes{--c:var(--green)}
        .legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--mute);margin:8px 0 0}
        .legend i{display:inline-block;width:10px;height:10px;border-radius:2px;background:var(--c);margin-right:6px}
        details{margin-top:10px}summary{cursor:pointer;color:var(--mute);font-size:14px}
        footer{margin-top:48px;color:var(--mute);font-size:13px}
        @media (max-width:560px){main{padding:20px 14px 40px}.cards{grid-template-columns:repeat(2,1fr)}.card b{font-size:18px}th,td{padding:6px 8px}.meter{width:44px}
        .stack th{display:none}.stack tr{display:flex;flex-wrap:wrap;border-bottom:1px solid var(--line)}.stack td{border:0;padding:4px 8px}.stack td.text{flex:1 0 100%;min-width:0}}
        @media print{:root{--bg:#fff;--panel:#f6f8fa;--text:#000;--mute:#444;--line:#ccc}main{padding:0;max-width:none}h2{break-after:avoid}tr,svg,.card{break-inside:avoid}}
        """;
}
