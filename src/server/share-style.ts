/** The colours of the web interface (`web/src/styles.css`), in both themes, and a page to read. */
export const shareStyle = `:root{color-scheme:light dark;--surface:#ffffff;--raised:#f7f8fa;--text:#1a1f26;--muted:#545e6b;--line:#dce0e6;--accent:#3451c7;--danger:#b3261e;--ok:#1b6e37}
@media (prefers-color-scheme:dark){:root{--surface:#101318;--raised:#171b22;--text:#e6e9ee;--muted:#9ea8b6;--line:#2b323d;--accent:#93aaff;--danger:#ff9089;--ok:#76d392}}
*{box-sizing:border-box}
body{max-width:50rem;margin:0 auto;padding:1rem;background:var(--surface);color:var(--text);font:14px/1.55 "Inter Variable",system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
header{border-bottom:1px solid var(--line);margin-bottom:1rem;padding-bottom:.75rem}
h1{font-size:1.25rem;line-height:1.3;margin:0 0 .25rem}
h2{font-size:.75rem;font-weight:600;margin:0;color:var(--muted)}
header p{margin:0;color:var(--muted);font-size:.8125rem;display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center}
a{color:var(--accent);display:inline-block;padding:.25rem 0}
a:focus-visible,summary:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
#state{color:var(--ok);font-weight:600}
#state:empty{display:none}
#state.over{color:var(--danger)}
article{margin:0 0 1rem;padding:.25rem 0}
article.user{background:var(--raised);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem}
p{white-space:pre-wrap;margin:.5rem 0}
pre{white-space:pre-wrap;margin:.5rem 0;padding:.625rem .75rem;background:var(--raised);border:1px solid var(--line);border-radius:.5rem;font:.75rem/1.6 ui-monospace,"SF Mono",Menlo,Consolas,monospace;max-height:40rem;overflow:auto}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:0 .75rem}
summary{cursor:pointer;color:var(--muted);font-size:.8125rem;padding:.375rem 0}
@media (pointer:coarse){summary{padding:.7rem 0}a{padding:.7rem 0}}
img{max-width:100%;border-radius:.5rem}
.error{color:var(--danger)}
@media print{details{border:0}a{display:none}}`;
