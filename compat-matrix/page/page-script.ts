/**
 * The script of the page: reads the columns once and draws what is asked for. Text goes into the
 * document as text nodes only, so no value or reason can become markup.
 */
export const PAGE_SCRIPT: string = String.raw`"use strict";
const D = JSON.parse(document.getElementById("matrix").textContent);
const C = D.cells, COUNT = C.kind.length;
const TONES = { exact: "good", "declared-loss": "note", "clean-refusal": "warn", broken: "bad" };
const SIGNS = { exact: "=", "declared-loss": "~", "clean-refusal": "/", broken: "!" };
const state = { kind: -1, verdict: -1, pair: null, cell: -1 };

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}
const fill = (id, ...children) => document.getElementById(id).replaceChildren(...children.filter((child) => child !== undefined));
const verdictOf = (cell) => D.verdicts[C.verdict[cell]];
const text = (list, place) => (place < 0 ? "" : list[place]);

function isShown(cell) {
  return (state.kind < 0 || C.kind[cell] === state.kind) && (state.verdict < 0 || C.verdict[cell] === state.verdict);
}

function choice(label, isChosen, choose) {
  return make("button", { type: "button", "aria-pressed": String(isChosen), onclick: choose }, label);
}

function drawControls() {
  const countOf = (column, place) => C[column].reduce((sum, value) => sum + (value === place ? 1 : 0), 0);
  fill("kinds",
    choice("all kinds (" + COUNT + ")", state.kind < 0, () => { state.kind = -1; draw(); }),
    ...D.kinds.map((kind, place) => choice(kind + " (" + countOf("kind", place) + ")", state.kind === place, () => { state.kind = place; draw(); })));
  fill("verdicts",
    choice("all verdicts", state.verdict < 0, () => { state.verdict = -1; draw(); }),
    ...D.verdicts.map((verdict, place) => choice(SIGNS[verdict] + " " + verdict + " (" + countOf("verdict", place) + ")", state.verdict === place, () => { state.verdict = place; draw(); })));
}

function groupPairs() {
  const pairs = new Map();
  for (let cell = 0; cell < COUNT; cell++) {
    if (!isShown(cell)) continue;
    const key = C.writer[cell] + "," + C.reader[cell];
    const counts = pairs.get(key) || D.verdicts.map(() => 0);
    counts[C.verdict[cell]]++;
    pairs.set(key, counts);
  }
  return pairs;
}

function drawMap() {
  const pairs = groupPairs();
  const used = (at) => D.sides.map((_, place) => place).filter((place) => [...pairs.keys()].some((key) => Number(key.split(",")[at]) === place));
  const [writers, readers] = [used(0), used(1)];
  const head = make("tr", {}, make("th", { scope: "col" }, "writer \\ reader"), ...readers.map((reader) => make("th", { scope: "col" }, D.sides[reader])));
  const rows = writers.map((writer) => make("tr", {}, make("th", { scope: "row" }, D.sides[writer]),
    ...readers.map((reader) => make("td", {}, pairButton(writer, reader, pairs.get(writer + "," + reader))))));
  fill("map", pairs.size === 0 ? make("p", {}, "No cell has this kind and verdict.") : make("table", { class: "map" }, make("thead", {}, head), make("tbody", {}, ...rows)));
}

function pairButton(writer, reader, counts) {
  if (!counts) return make("span", { class: "none", title: "no cells" });
  const worst = counts.reduce((found, count, place) => (count > 0 ? place : found), 0);
  const verdict = D.verdicts[worst];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const isCurrent = state.pair && state.pair[0] === writer && state.pair[1] === reader;
  const parts = counts.map((count, place) => (count > 0 ? count + " " + D.verdicts[place] : "")).filter(Boolean).join(", ");
  return make("button", { type: "button", class: TONES[verdict], "aria-current": isCurrent ? "true" : undefined, "aria-label": D.sides[writer] + " read by " + D.sides[reader] + ": " + parts, title: parts,
    onclick: () => { state.pair = [writer, reader]; state.cell = -1; draw(); document.getElementById("pair").scrollIntoView({ block: "nearest" }); } },
    SIGNS[verdict] + " " + total, make("small", {}, counts[3] > 0 ? counts[3] + " broken" : verdict));
}

function drawPair() {
  if (!state.pair) return fill("pair");
  const [writer, reader] = state.pair;
  const kinds = new Map();
  for (let cell = 0; cell < COUNT; cell++) {
    if (!isShown(cell) || C.writer[cell] !== writer || C.reader[cell] !== reader) continue;
    const messages = kinds.get(C.kind[cell]) || new Map();
    messages.set(C.message[cell], [...(messages.get(C.message[cell]) || []), cell]);
    kinds.set(C.kind[cell], messages);
  }
  const row = ([message, cells]) => make("div", { class: "row" }, make("span", {}, D.messages[message]), make("div", { class: "squares" }, ...cells.map(square)));
  const groups = [...kinds].flatMap(([kind, messages]) => [make("h3", {}, D.kinds[kind]), ...[...messages].map(row)]);
  fill("pair", make("h2", {}, D.sides[writer] + " → " + D.sides[reader]), ...groups);
}

function square(cell) {
  const verdict = verdictOf(cell);
  const label = D.cases[C.case[cell]] + (C.through[cell] < 0 ? "" : " through " + D.texts[C.through[cell]]) + ": " + verdict;
  return make("button", { type: "button", class: TONES[verdict], title: label, "aria-label": label, "aria-current": state.cell === cell ? "true" : undefined, "data-cell": cell,
    onclick: () => { state.cell = cell; history.replaceState(null, "", "#cell-" + cell); drawPair(); drawCell(); document.querySelector('[data-cell="' + cell + '"]').focus(); document.getElementById("cell").scrollIntoView({ block: "nearest" }); } }, SIGNS[verdict]);
}

function drawCell() {
  const cell = state.cell;
  if (cell < 0) return fill("cell");
  const verdict = verdictOf(cell);
  const given = text(D.bytes, C.given[cell]), written = text(D.bytes, C.written[cell]);
  const through = text(D.texts, C.through[cell]);
  fill("cell",
    make("h2", {}, D.messages[C.message[cell]] + ", " + D.cases[C.case[cell]] + " ", make("span", { class: "verdict " + TONES[verdict] }, verdict)),
    make("p", {}, D.sides[C.writer[cell]] + (through ? " → " + through : "") + " → " + D.sides[C.reader[cell]] + (C.victim[cell] < 0 ? "" : " · victim: " + D.victims[C.victim[cell]])),
    C.reason[cell] < 0 ? undefined : make("p", {}, make("b", {}, D.texts[C.reason[cell]])),
    make("div", { class: "two" }, bytesBlock("given to the reader", given, written), written ? bytesBlock("written by the reader", written, given) : make("div", {}, make("h3", {}, "written by the reader"), make("p", { class: "faint" }, "nothing"))),
    make("div", { class: "two" }, valueBlock("value meant", C.expected[cell]), valueBlock("value seen", C.actual[cell])));
}

function bytesBlock(title, held, other) {
  const heading = make("h3", {}, title + (held.length === undefined ? "" : ", " + held.length + " bytes"));
  if (!held || held.length === 0) return make("div", {}, heading, make("p", { class: "faint" }, "no bytes"));
  const rows = held.rows.length > 0 ? held.rows : [[0, held.hex.length / 2, 0, -1, "not explained"]];
  const line = ([at, length, depth, label, note]) => {
    const hex = held.hex.slice(at * 2, (at + length) * 2);
    const differs = other && verdictOf(state.cell) === "broken" && other.hex.slice(at * 2, (at + length) * 2) !== hex;
    return make("tr", { class: differs ? "differs" : undefined },
      make("td", { class: "number faint mono" }, String(at)),
      make("td", { class: "hex mono" }, pairsOf(hex) + (hex.length < length * 2 ? " … " + length + " bytes" : "")),
      make("td", { style: "padding-left:" + (depth + 0.5) + "rem" }, label < 0 ? "" : D.texts[label]),
      make("td", {}, note));
  };
  const caption = ["byte", "hex", "field", "value"].map((name) => make("th", { scope: "col" }, name));
  return make("div", { class: "scroll" }, heading, make("table", { class: "bytes" }, make("thead", {}, make("tr", {}, ...caption)), make("tbody", {}, ...rows.map(line))));
}

function pairsOf(hex) {
  const short = hex.length > 128 ? hex.slice(0, 128) : hex;
  return (short.match(/../g) || []).join(" ") + (short === hex ? "" : " …");
}

function valueBlock(title, place) {
  const held = text(D.values, place);
  let shown = held;
  try { shown = JSON.stringify(JSON.parse(held), null, 1); } catch { /* A shortened value is shown as it is. */ }
  return make("div", {}, make("h3", {}, title), held === "" ? make("p", { class: "faint" }, "nothing") : make("pre", { class: "value" }, shown));
}

function draw() { drawControls(); drawMap(); drawPair(); drawCell(); }

/** Opens a cell by its link, or the first broken one. */
function openFirst() {
  const linked = Number((/^#cell-(\d+)$/.exec(location.hash) || [])[1]);
  const cell = Number.isInteger(linked) && linked < COUNT ? linked : C.verdict.indexOf(D.verdicts.indexOf("broken"));
  if (cell >= 0) { state.cell = cell; state.pair = [C.writer[cell], C.reader[cell]]; }
}
openFirst();
draw();
addEventListener("hashchange", () => { openFirst(); draw(); });
`;
