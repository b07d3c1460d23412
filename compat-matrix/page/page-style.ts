/** What the heat-map needs beside the common style sheet. */
export const PAGE_STYLE = `
.controls{display:flex;flex-wrap:wrap;gap:.4rem;margin:.6rem 0}
.controls button{border:1px solid var(--line);background:var(--card);border-radius:1rem;padding:.15rem .8rem}
.controls button[aria-pressed=true]{border-color:var(--focus);box-shadow:inset 0 0 0 1px var(--focus);font-weight:600}
.map{border-collapse:separate;border-spacing:3px}.map td,.map th{border:0;padding:0}.map th{padding:.2rem .5rem;white-space:nowrap}
.map button{display:block;width:100%;min-width:4.6rem;border:1px solid transparent;border-radius:6px;padding:.35rem .4rem;text-align:left;line-height:1.2}
.map button small{display:block;opacity:.8;white-space:nowrap}
.none{display:block;min-height:2.6rem;border-radius:6px;background:repeating-linear-gradient(45deg,transparent 0 6px,var(--line) 6px 7px);opacity:.5}
[aria-current=true]{outline:3px solid var(--focus)}
.work{display:grid;grid-template-columns:minmax(20rem,27rem) minmax(0,1fr);gap:1.5rem;border-top:2px solid var(--line);margin-top:1.2rem}
@media (max-width:62rem){.work{grid-template-columns:minmax(0,1fr)}}
.row{display:grid;grid-template-columns:10.5rem 1fr;gap:.5rem;align-items:start;border-bottom:1px solid var(--line);padding:.2rem 0;font-size:.9rem}
.squares{display:flex;flex-wrap:wrap;gap:3px}
.squares button{width:1.45rem;height:1.45rem;border:1px solid currentColor;border-radius:4px;padding:0;font:600 .75rem/1 ui-monospace,monospace}
#cell{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem}
.bytes td{padding:.1rem .5rem;vertical-align:baseline}.bytes .hex{white-space:pre-wrap;overflow-wrap:anywhere;max-width:22rem}
.bytes tr.differs td{background:var(--bad-soft)}
pre.value{white-space:pre-wrap;overflow-wrap:anywhere;max-height:26rem}
.legend{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center}
`;
