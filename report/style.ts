/** One style sheet for all pages: light and dark by the reader's setting, nothing loaded from outside. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfbf9;--ink:#1d2126;--faint:#5d6670;--line:#d8dade;--card:#fff;
--good:#1b7f4b;--good-soft:#d3efe0;--note:#2563a8;--note-soft:#d8e6f7;--warn:#8a5a00;--warn-soft:#fbe8c2;
--bad:#b3261e;--bad-soft:#fbd9d6;--focus:#2563a8}
@media (prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e6e8ea;--faint:#9aa4ae;--line:#333a42;--card:#1d2227;
--good:#6fd3a0;--good-soft:#173d2a;--note:#8fbcf0;--note-soft:#1a324d;--warn:#f0c46a;--warn-soft:#463510;
--bad:#ff9d94;--bad-soft:#561f1b;--focus:#8fbcf0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:82rem;padding:1.25rem clamp(.75rem,3vw,2rem) 4rem;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.5rem;margin:.2rem 0 .6rem;line-height:1.25}h2{font-size:1.15rem;margin:2rem 0 .6rem}h3{font-size:1rem;margin:1.2rem 0 .4rem}
code,pre,.mono{font:13px/1.45 ui-monospace,"Cascadia Mono","DejaVu Sans Mono",Menlo,monospace}
pre{overflow:auto;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;margin:.4rem 0}
p{max-width:70ch}.faint{color:var(--faint)}
.verdict{display:inline-block;padding:.1rem .7rem;border-radius:1rem;font-weight:650}
.good{color:var(--good);background:var(--good-soft)}.note{color:var(--note);background:var(--note-soft)}
.warn{color:var(--warn);background:var(--warn-soft)}.bad{color:var(--bad);background:var(--bad-soft)}
.tiles{display:flex;flex-wrap:wrap;gap:.6rem;list-style:none;padding:0;margin:1rem 0}
.tile{border:1px solid var(--line);border-radius:8px;padding:.5rem .9rem;min-width:7.5rem}.tile.plain{background:var(--card)}
.tile b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}.tile span{font-size:.85rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;margin:.4rem 0}caption{text-align:left;color:var(--faint);padding-bottom:.3rem}
th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;color:var(--faint)}.number{text-align:right;font-variant-numeric:tabular-nums}
details{margin:.3rem 0}summary{cursor:pointer;padding:.15rem 0}
button{font:inherit;color:inherit;cursor:pointer}
:focus-visible{outline:3px solid var(--focus);outline-offset:1px}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:.8rem;color:var(--faint);font-size:.9rem}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
