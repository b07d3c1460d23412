/** Colours of the drawings. Releases are told apart by their names too, and ends by their signs. */
export const STYLE = `
.drawing{width:100%;min-width:46rem;height:auto;background:var(--card);border:1px solid var(--line);border-radius:8px;font:11px system-ui,sans-serif}
.drawing text{fill:var(--ink)}.drawing .tick{fill:var(--faint)}.drawing .name{font-size:12px;font-weight:600}
.drawing .label{fill:#14181c;font-weight:600}.drawing .end{fill:var(--bad);font-size:12px}
.drawing .axis,.drawing .grid{stroke:var(--line)}.drawing .hop{stroke:var(--faint);stroke-dasharray:3 3}
.drawing .activation{stroke:var(--note);stroke-width:1.5}.drawing .starting{fill:var(--line)}
.drawing .silence{fill:var(--bad-soft)}.drawing .gap{fill:var(--bad)}
.drawing .maximum,.drawing .median{fill:none;stroke-width:1.5;stroke-linejoin:round}.drawing .maximum{stroke:var(--warn)}.drawing .median{stroke:var(--note)}
.leader{fill:#e0a000;background:#e0a000}
.release-0{fill:#9fb8d9;background:#9fb8d9}.release-1{fill:#8fd0b4;background:#8fd0b4}.release-2{fill:#e5c07a;background:#e5c07a}
.release-3{fill:#d9a0c0;background:#d9a0c0}.release-4{fill:#b3a7e0;background:#b3a7e0}.release-5{fill:#9fd3dd;background:#9fd3dd}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;list-style:none;padding:0;font-size:.9rem}
.swatch{display:inline-block;width:1rem;height:.7rem;border-radius:2px;margin-right:.4rem}
`;
