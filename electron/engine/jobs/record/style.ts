/** The whole look of a record: the tokens of the product, light and dark, and paper. */
export const style = `
:root{color-scheme:light dark;--surface:#f6f7f8;--raised:#fff;--sunken:#eceff1;--text:#14191d;--muted:#52606b;--line:#d5dbe0;--line2:#b9c2c9;
--accent:#1f5fa8;--good:#18703f;--warn:#875a00;--warn-mark:#b87700;--bad:#b3261e;--quiet:#5c6872;--warn-tint:#fbf3e2;--bad-tint:#fbeae8;--plan-tint:#ebeff8}
@media (prefers-color-scheme:dark){:root{--surface:#12161a;--raised:#1a2026;--sunken:#0c0f12;--text:#e6ebef;--muted:#9aa8b4;--line:#2b343c;--line2:#3d4851;
--accent:#6fa8e8;--good:#4cc38a;--warn:#e3b341;--warn-mark:#e3b341;--bad:#f0716a;--quiet:#93a1ac;--warn-tint:#2c2510;--bad-tint:#341a1b;--plan-tint:#1e2740}}
*{box-sizing:border-box}
body{margin:0;background:var(--surface);color:var(--text);font:13px/20px Inter,"Segoe UI",system-ui,-apple-system,"Helvetica Neue",Arial,sans-serif}
code,pre{font-family:"JetBrains Mono",Consolas,ui-monospace,Menlo,monospace;font-size:11.5px;overflow-wrap:anywhere}
.page{max-width:1320px;margin:0 auto;padding:16px}
.practice{padding:6px 16px;font-weight:600;color:var(--text);border-bottom:1px solid var(--line2);
background:repeating-linear-gradient(135deg,var(--warn-tint) 0 10px,var(--sunken) 10px 20px)}
.kicker,.muted{color:var(--muted)}
.strong{font-weight:600}
h1{font-size:18px;line-height:28px;font-weight:650;margin:2px 0 0;display:flex;gap:12px;align-items:center;flex-wrap:wrap}
h2{font-size:15px;line-height:24px;font-weight:650;margin:24px 0 8px}
.verdict{font-size:13px;font-weight:600;display:inline-flex;gap:6px;align-items:center}
.verdict.good{color:var(--good)}.verdict.warn{color:var(--warn)}.verdict.bad{color:var(--bad)}.verdict.quiet{color:var(--quiet)}
.mark{width:12px;height:12px;flex:none;vertical-align:-1px;margin-right:6px}
.verdict .mark,.line .mark{margin-right:0}
.mark.good{fill:none;stroke:var(--good);stroke-width:1.7}.mark.warn{fill:var(--warn-mark)}.mark.bad{fill:var(--bad)}.mark.quiet{fill:none;stroke:var(--quiet);stroke-width:1.7}
dl.facts{display:flex;flex-wrap:wrap;margin:12px 0 8px}
dl.facts>div{padding:0 20px;border-left:1px solid var(--line);margin-bottom:8px;max-width:360px}
dl.facts>div:first-child{padding-left:0;border-left:0}
dt{color:var(--muted);font-size:11px;line-height:16px}dd{margin:0;overflow-wrap:anywhere}
p{margin:4px 0;max-width:90ch}
.warnings{padding:4px 8px;background:var(--warn-tint);margin:8px 0}
.warning{display:flex;align-items:baseline}
.failure{display:block;padding:6px 8px;background:var(--bad-tint);margin:8px 0}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600}
table.steps{table-layout:fixed;background:var(--surface);border:1px solid var(--line);margin-top:12px}
table.steps col.plan{width:30.3%}table.steps col.journal{width:42.2%}table.steps col.proof{width:27.5%}
table.steps thead th{background:var(--sunken);border-bottom:1px solid var(--line2);padding:6px 16px;font-weight:650}
table.steps thead th span{font-weight:400;color:var(--muted);font-size:11px;margin-left:8px}
table.steps td{border-bottom:1px solid var(--line);padding:8px 16px;vertical-align:top;font-size:12px;overflow-wrap:anywhere}
table.steps th+th,table.steps td+td{border-left:1px solid var(--line)}
td .cell{display:grid;grid-template-columns:26px minmax(0,1fr) auto}
td.journal .cell{grid-template-columns:80px minmax(0,1fr)}
td .number{color:var(--muted);font-variant-numeric:tabular-nums}
td.plan b{font-size:13px;font-weight:650}
td .where{text-align:right;max-width:150px;overflow-wrap:normal;font-size:11px;padding-left:8px}
a.exact{color:var(--accent);font-size:11px;line-height:16px;text-decoration:none}a.exact:hover,a.exact:focus{text-decoration:underline}
td .times{font-variant-numeric:tabular-nums}
.note{overflow-wrap:anywhere;white-space:pre-wrap}
.line{display:grid;grid-template-columns:20px minmax(0,1fr);align-items:baseline}
.foot{display:flex;flex-wrap:wrap;gap:8px 24px;justify-content:space-between;align-items:baseline;padding:12px 16px;border:1px solid var(--line);border-top:0}
.foot .verdict{font-weight:600}
table.changes td,table.changes th,table.digests td,table.digests th{padding:3px 12px 3px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere;font-size:12px}
table.changes thead th{color:var(--muted);font-size:11px}
tr.same td{color:var(--muted)}
table.digests th{width:220px}
.exact-text{margin:12px 0}
pre{margin:4px 0;padding:8px 12px;background:var(--sunken);border:1px solid var(--line);border-radius:4px;white-space:pre-wrap}
summary{cursor:pointer;color:var(--accent)}
.signature{margin-top:24px;color:var(--muted);font-size:11px}
@media (max-width:800px){table.steps,table.steps tbody,table.steps tr{display:block}table.steps thead{display:none}table.steps td+td{border-left:0}table.steps td{display:block}}
@media print{:root{color-scheme:light;--surface:#fff;--raised:#fff;--sunken:#f0f2f3;--text:#000;--muted:#444;--line:#c5cbd0;--line2:#999;--accent:#1f5fa8;--good:#18703f;--warn:#875a00;
--warn-mark:#b87700;--bad:#b3261e;--quiet:#5c6872;--warn-tint:#fbf3e2;--bad-tint:#fbeae8}
@page{size:A4 landscape;margin:12mm}.page{max-width:none;padding:0}table.steps tr,.exact-text>div{break-inside:avoid}thead{display:table-header-group}a.exact,details{display:none}
body{font-size:11px;line-height:16px;-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
