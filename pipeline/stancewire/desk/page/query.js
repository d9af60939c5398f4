"use strict";
// What is asked and what is open: one object, which the address of the page spells out, so that a link shows the same view.

const LISTS = ["kinds", "topics", "stances", "outlets", "voices", "flags", "statuses"];
const WORDS = ["text", "holder", "from", "to", "minConfidence", "unit", "version"];
const PAGE = 100;

const blank = () => ({ query: {}, cell: null, sort: null, descending: false, offset: 0, open: null, period: null });
let view = blank();

/** Return the query without what restricts nothing. */
function tidy(query) {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) =>
      Array.isArray(value) ? value.length : value !== null && value !== undefined && value !== "",
    ),
  );
}

/** Return what the table and the timeline show: the filters, and the cell of the matrix that is chosen. */
function narrowed({ query, cell }) {
  return tidy(cell ? { ...query, holder: cell.holder, kinds: [cell.kind], topics: [cell.topic] } : query);
}

/** Return the view as the part of the address behind "#". */
function asHash({ query, cell, sort, descending, offset, open, period }) {
  const said = new URLSearchParams();
  const asked = tidy(query);
  for (const name of WORDS) if (name in asked) said.set(name, asked[name]);
  for (const name of LISTS) for (const value of asked[name] ?? []) said.append(name, value);
  if (cell) for (const part of ["holder", "kind", "topic"]) said.append("cell", cell[part]);
  if (sort) said.set("sort", descending ? `-${sort}` : sort);
  if (offset) said.set("offset", offset);
  if (period) said.set("period", period);
  if (open) said.set("article", open.article);
  if (open?.record) said.set("record", open.record);
  return said.toString();
}

/** Return the view that such a part of an address spells; what it doesn't say is as on a fresh page. */
function fromHash(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const found = blank();
  for (const name of WORDS) if (said.get(name)) found.query[name] = said.get(name);
  for (const name of LISTS) if (said.has(name)) found.query[name] = said.getAll(name);
  found.query.minConfidence = Number.parseFloat(found.query.minConfidence) || null;
  const cell = said.getAll("cell");
  if (cell.length === 3) found.cell = { holder: cell[0], kind: cell[1], topic: cell[2] };
  const sort = said.get("sort") ?? "";
  found.descending = sort.startsWith("-");
  found.sort = sort.replace(/^-/, "") || null;
  found.offset = Math.max(Number.parseInt(said.get("offset") ?? "0", 10) || 0, 0);
  found.period = said.get("period");
  if (said.get("article")) found.open = { article: said.get("article"), record: said.get("record") };
  found.query = tidy(found.query);
  return found;
}

/** Return the address of the current view with some of it changed. */
const linkTo = (changes) => `#${asHash({ ...view, ...changes })}`;
