"use strict";
// The article's text with the words of one record marked. Records count code points, strings here UTF-16 units.

/** Turn offsets in code points into offsets in UTF-16 units. */
function toUnits(text, offsets) {
  const wanted = [...new Set(offsets)].sort((a, b) => a - b);
  const found = new Map();
  let unit = 0,
    point = 0;
  for (const offset of wanted) {
    while (point < offset && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    found.set(offset, unit);
  }
  return offsets.map((offset) => found.get(offset));
}

/** Turn one offset in UTF-16 units into code points: what a record says of a place. */
function toPoint(text, unit) {
  let point = 0;
  for (let at = 0; at < unit; at += text.codePointAt(at) > 0xffff ? 2 : 1) point += 1;
  return point;
}

/** Return [start, end] in code points of what is selected inside the element that holds the article's text, or null. */
function selectedOffsets(element, selection = getSelection()) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return [start, start + range.toString().length].map((unit) => toPoint(element.textContent, unit));
}

/** Return where a name stands nearest to the evidence: inside it, else before it, else after; null where nowhere. */
function mentionAt(text, name, [start, end]) {
  const places = [];
  for (let at = name ? text.indexOf(name) : -1; at >= 0; at = text.indexOf(name, at + 1)) {
    const around = [text.slice(Math.max(at - 2, 0), at), text.slice(at + name.length, at + name.length + 2)];
    if (!/[\p{L}\p{N}]$/u.test(around[0]) && !/^[\p{L}\p{N}]/u.test(around[1])) places.push([at, at + name.length]);
  }
  return (
    places.find(([from, to]) => start <= from && to <= end) ??
    places.findLast(([, to]) => to <= start) ??
    places[0] ??
    null
  );
}

/** Return the spans to mark, in UTF-16 units: {start, end, kind, rank}; kind is a class of the style sheet. */
function spansOf(text, row) {
  const given = [
    ...row.evidence.map(([start, end]) => [start, end]),
    ...row.cues.map(([, start, end]) => [start, end]),
  ];
  const units = toUnits(text, given.flat());
  const places = given.map((_, index) => [units[2 * index], units[2 * index + 1]]);
  const quotes = places.slice(0, row.evidence.length);
  const spans = quotes.map(([start, end], rank) => ({ start, end, kind: "evidence", rank }));
  row.cues.forEach(([kind], index) => {
    const [start, end] = places[quotes.length + index];
    spans.push({ start, end, kind });
  });
  if (!quotes.length) return spans;
  const named = [
    ["holder", row.mention],
    ["speaker", row.speaker === row.holder ? null : row.speaker],
  ];
  for (const [kind, name] of named) {
    const found = name && mentionAt(text, name, quotes[0]);
    if (found) spans.push({ start: found[0], end: found[1], kind });
  }
  return spans;
}

/** Return the text as nodes, cut at every edge of a span: evidence in <mark>, the rest in <span>, any of them together. */
function marked(text, row) {
  const spans = spansOf(text, row).filter(({ start, end }) => start < end);
  const edges = [...new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  const nodes = [];
  let [quote, before] = [null, []];
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const [from, to] = [edges[index], edges[index + 1]];
    const over = spans.filter(({ start, end }) => start <= from && to <= end);
    const evidence = over.filter(({ kind }) => kind === "evidence");
    const piece = pieceOf(
      text.slice(from, to),
      over.filter(({ kind }) => kind !== "evidence"),
      to,
    );
    if (!evidence.some((span) => before.includes(span))) quote = null; // quotes that touch are two, those that overlap one
    before = evidence;
    if (evidence.length && !quote)
      nodes.push((quote = make("mark", { class: row.stance, "data-rank": evidence[0].rank })));
    if (quote) quote.dataset.rank = Math.min(quote.dataset.rank, ...evidence.map(({ rank }) => rank));
    (quote ?? { append: (node) => nodes.push(node) }).append(piece);
  }
  return nodes;
}

/** Return a stretch of text with the kinds of words it is; the last stretch of a span also carries its label. */
function pieceOf(words, over, to) {
  if (!over.length) return words;
  const kinds = [...new Set(over.map(({ kind }) => kind))];
  const ends = [...new Set(over.filter(({ end }) => end === to).map(({ kind }) => kind))].filter(
    (kind) => LABELS[kind],
  );
  const title = kinds.map((kind) => KINDS[kind]).join(", ");
  return make(
    "span",
    { class: kinds.join(" "), title, "data-label": ends.map((kind) => LABELS[kind]).join(", ") || null },
    words,
  );
}

const KINDS = {
  holder: "the holder",
  speaker: "who says so",
  speech: "words of saying",
  hedged: "hedged: presented as uncertain",
  conditional: "conditional: depends on a stated condition",
  changed: "changed: the position is a new one",
};
const LABELS = { hedged: "hedged", conditional: "if", changed: "changed" };
