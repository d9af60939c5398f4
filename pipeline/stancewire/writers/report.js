"use strict";
// Data reaches the page as text nodes and attributes only; nothing here parses HTML.
const data = JSON.parse(document.getElementById("data").textContent);
const PAGE = 200;
const CUES = { speech: "who says so", hedged: "hedged", conditional: "depends on a condition", changed: "the position changed" };
const UNITS = { record: "Every record counts, those of copies of a story, too.",
  story: "Copies of a story with the same holder, topic and stance count once.",
  outlet: "The same holder, topic and stance count once an outlet; articles that name no outlet count as one." };
const SYMBOLS = { favor: "▲", against: "▼", neutral: "●" };
const topicNames = new Map(data.topics.map((topic) => [topic.id, topic.name]));
const byId = (id) => document.getElementById(id);
const state = { sort: null, down: false, shown: PAGE, open: null, holder: null };

/** Make an element; children are elements or strings, null ones are left out. */
function make(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const number = (value) => value.toLocaleString("en");
const counted = (count, one) => `${number(count)} ${one}${count === 1 ? "" : "s"}`;
const signed = (stance) => `${SYMBOLS[stance]} ${stance}`;
const auto = (tag, text, props = {}) => make(tag, { dir: "auto", ...props }, text);

function showHead() {
  const { facts } = data;
  byId("lead").append(make("b", {}, counted(facts.records, "record")),
    ` from ${counted(facts.articles, "article")}: ${counted(facts.holders, "holder")} on ${counted(facts.topics, "topic")}`);
  const lines = [["Model", facts.models.join(", ")], ["Codebook", facts.codebooks.join(", ")], ["Finished", facts.finished]];
  byId("facts").append(...lines.filter(([, value]) => value)
    .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
  byId("notes").append(...data.notes.map((note) => make("p", {}, note)));
  const claims = data.topics.filter((topic) => topic.claim);
  byId("claims").hidden = !claims.length;
  byId("claims").lastElementChild.append(...claims.flatMap((topic) => [make("dt", {}, topic.name),
    make("dd", {}, make("span", { class: "favor" }, "▲ "), auto("span", topic.claim),
      ...(topic.opposite ? [make("br"), make("span", { class: "against" }, "▼ "), auto("span", topic.opposite)] : []))]));
  byId("details").hidden = !data.details.length;
  byId("details").lastElementChild.append(...data.details
    .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

function showMatrix() {
  const { rows, shown, more } = data.matrix;
  const unit = byId("unit").value;
  const total = (row) => Object.values(row.cells[unit]).flat().reduce((sum, count) => sum + count, 0);
  const most = [...rows].sort((a, b) => total(b) - total(a)).slice(0, shown);
  byId("overview").hidden = !rows.length;
  const topics = data.topics.map((topic) => make("th", { scope: "col", title: topic.claim }, topic.name));
  byId("matrix").replaceChildren(make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Holder"), ...topics)),
    make("tbody", {}, ...most.map((row) => make("tr", {}, auto("th", row.holder, { scope: "row" }),
      ...data.topics.map((topic) => make("td", {}, matrixCell(row, topic, unit)))))));
  byId("matrix-more").textContent = more ? `and ${counted(more, "holder")} more` : "";
  byId("unit-note").textContent = UNITS[unit];
}

function matrixCell(row, topic, unit) {
  const counts = row.cells[unit][topic.id];
  if (!counts.some(Boolean)) return "";
  const stances = Object.keys(SYMBOLS).map((stance, index) => [stance, counts[index]]).filter(([, count]) => count);
  const label = `${row.holder}, ${topic.name}: ${stances.map(([stance, count]) => `${count} ${stance}`).join(", ")}; show these records`;
  const choose = () => {
    clear({ holder: row, topic: topic.id });
    byId("records-title").scrollIntoView();
    byId("rows").firstElementChild?.focus({ preventScroll: true });
  };
  return make("button", { type: "button", "aria-label": label, onclick: choose },
    ...stances.map(([stance, count]) => make("span", { class: stance }, `${SYMBOLS[stance]} ${count}`)));
}

const article = (record) => data.articles[record.article];
const cuesOf = (record, kind) => record.cues.filter(([each]) => each === kind).map(([, , , quote]) => quote);
const reporter = (record) => record.speaker && record.speaker !== record.holder ? `by ${record.speaker}` : null;
const words = (record) => [record.holder, record.mention, record.speaker ?? "", article(record).title, article(record).outlet,
  ...record.evidence.map(([, , quote]) => quote), ...record.flags].join("\n").normalize("NFKC").toLowerCase();
const COLUMNS = [
  ["stance", "Stance", (record) => record.stance],
  ["holder", "Holder", (record) => record.holder],
  ["topic", "Topic", (record) => topicNames.get(record.topic)],
  ["confidence", "Confidence", (record) => record.confidence],
  ["voice", "How", (record) => record.voice],
  ["evidence", "Evidence", (record) => record.evidence[0]?.[2] ?? null],
  ["title", "Article", (record) => article(record).title],
  ["published", "Published", (record) => article(record).published],
];
const CELLS = {
  stance: (record) => [make("span", { class: record.stance }, signed(record.stance))],
  holder: (record) => [auto("b", record.holder), make("span", { class: "quiet" }, record.kind)],
  topic: (record) => [topicNames.get(record.topic)],
  confidence: (record) => {
    const fill = make("i");
    fill.style.setProperty("--share", `${record.confidence * 100}%`);
    return [record.confidence.toFixed(2), make("span", { class: `bar ${record.stance}` }, fill)];
  },
  voice: (record) => [record.voice, " ", ...record.flags.map((flag) => make("span", { class: "tag", title: cuesOf(record, flag).join(", ") }, flag)),
    reporter(record) ? auto("span", reporter(record), { class: "quiet" }) : null].filter((part) => part !== null),
  evidence: (record) => record.evidence.length ? [auto("q", record.evidence[0][2]),
    ...(record.evidence.length > 1 ? [make("span", { class: "quiet" }, `and ${record.evidence.length - 1} more`)] : [])] : [],
  title: (record) => [auto("span", article(record).title ?? record.article, { class: "clamp" }), auto("span", article(record).outlet ?? "")],
  published: (record) => [article(record).published ?? ""],
};

function showColumns() {
  byId("columns").append(...COLUMNS.map(([name, label]) => make("th", { scope: "col", class: `c-${name}` },
    make("button", { type: "button", onclick: () => sortBy(name) }, label))));
}

function sortBy(name) {
  state.down = state.sort === name ? !state.down : name === "confidence";
  state.sort = name;
  COLUMNS.forEach(([each], index) => {
    const head = byId("columns").children[index];
    if (each === name) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  refresh();
}

/** Return the records that the filters let through, sorted; what a record lacks goes last. */
function chosen() {
  const asked = byId("search").value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  const same = ["topic", "stance", "kind", "voice"].filter((name) => byId(name).value);
  const found = data.records.filter((record) => same.every((name) => record[name] === byId(name).value)
    && (!state.holder || (record.holder === state.holder.holder && record.kind === state.holder.kind))
    && asked.every((word) => (record.words ??= words(record)).includes(word)));
  if (!state.sort) return found;
  const value = COLUMNS.find(([name]) => name === state.sort)[2];
  const compare = (a, b) => (typeof a === "number" ? a - b : new Intl.Collator().compare(a, b)) * (state.down ? -1 : 1);
  return found.map((record) => [value(record), record])
    .sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : compare(a, b))).map(([, record]) => record);
}

function refresh() {
  const found = chosen();
  byId("rows").replaceChildren(...found.slice(0, state.shown).map(row));
  const holder = state.holder ? ` held by ${state.holder.holder}` : "";
  byId("count").textContent = (found.length === data.records.length ? counted(found.length, "record")
    : `${number(found.length)} of ${counted(data.records.length, "record")}${holder}`) + (found.length > state.shown ? `, the first ${number(state.shown)} shown` : "") + ". Enter or a click opens the article.";
  byId("more").hidden = found.length <= state.shown;
  byId("more").textContent = `Show ${number(Math.min(PAGE, found.length - state.shown))} more`;
}

function row(record) {
  const node = make("tr", { tabindex: "0", "aria-current": String(record === state.open), onclick: () => open(record) },
    ...COLUMNS.map(([name]) => make("td", { class: `c-${name}` }, ...CELLS[name](record))));
  node.addEventListener("keydown", (event) => {
    const next = { ArrowDown: node.nextElementSibling, ArrowUp: node.previousElementSibling }[event.key];
    if (event.key === "Enter" || event.key === " ") open(record);
    else next?.focus();
    if (event.key === "Enter" || event.key === " " || next) event.preventDefault();
  });
  node.record = record;
  return node;
}

/** Turn offsets in code points, as records have them, into offsets in UTF-16 units, as strings here have. */
function toUtf16(text, offsets) {
  const wanted = [...new Set(offsets)].sort((a, b) => a - b);
  const found = new Map();
  let unit = 0, point = 0;
  for (const offset of wanted) {
    while (point < offset && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    found.set(offset, unit);
  }
  return offsets.map((offset) => found.get(offset));
}

/** Return where the holder is named, nearest to the evidence: inside it, else before it, else after. */
function mentionAt(text, mention, [start, end]) {
  const places = [];
  for (let at = text.indexOf(mention); mention && at >= 0; at = text.indexOf(mention, at + 1)) {
    const around = [text.slice(Math.max(at - 2, 0), at), text.slice(at + mention.length, at + mention.length + 2)];
    if (!/[\p{L}\p{N}]$/u.test(around[0]) && !/^[\p{L}\p{N}]/u.test(around[1])) places.push([at, at + mention.length]);
  }
  return places.find(([from, to]) => start <= from && to <= end)
    ?? places.findLast(([, to]) => to <= start) ?? places[0] ?? null;
}

/** Return the text cut at every edge: evidence in <mark>, the holder's mention and the cues in <span>. */
function marked(text, record) {
  const offsets = toUtf16(text, [...record.evidence, ...record.cues.map((cue) => cue.slice(1))].flatMap(([start, end]) => [start, end]));
  const places = Array.from({ length: offsets.length / 2 }, (_, index) => [offsets[2 * index], offsets[2 * index + 1]]);
  const quotes = places.slice(0, record.evidence.length);
  const mention = quotes.length ? mentionAt(text, record.mention, quotes[0]) : null;
  const notes = [...(mention ? [[...mention, "holder", "the holder"]] : []),
    ...record.cues.map(([kind], index) => [...places[quotes.length + index], `cue ${kind}`, CUES[kind]])]
    .sort((a, b) => a[0] - b[0]).reduce((kept, note) => (note[0] < (kept.at(-1)?.[1] ?? 0) ? kept : [...kept, note]), []);
  const best = quotes.length ? quotes[0][0] : null;
  const outer = [...quotes].sort((a, b) => a[0] - b[0]).reduce((merged, [start, end]) => {
    const last = merged.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
    return merged;
  }, []);
  const nodes = [];
  let at = 0;
  for (const [start, end] of outer) {
    nodes.push(...noted(text, at, start, notes));
    const isBest = start <= best && best < end;
    nodes.push(make("mark", { class: `s-${record.stance}`, id: isBest ? "best" : null }, ...noted(text, start, end, notes)));
    at = end;
  }
  return [...nodes, ...noted(text, at, text.length, notes)];
}

/** Return a stretch of the text with the notes in it, which come in order, in <span>; one that reaches over its edge is cut. */
function noted(text, start, end, notes) {
  const nodes = [];
  let at = start;
  for (const [from, to, name, title] of notes) {
    const [left, right] = [Math.max(from, at), Math.min(to, end)];
    if (left >= right) continue;
    nodes.push(text.slice(at, left), make("span", { class: name, title }, text.slice(left, right)));
    at = right;
  }
  return [...nodes, text.slice(at, end)].filter((part) => part);
}

function open(record) {
  state.open = record;
  const about = article(record);
  const reader = byId("reader");
  const link = /^https?:\/\//i.test(about.url ?? "") ? make("a", { href: about.url, target: "_blank", rel: "noopener noreferrer" }, "Original") : null;
  // Each part by itself, so that a right-to-left outlet doesn't turn the date around.
  const byline = ["outlet", "author", "published"].filter((name) => about[name])
    .map((name) => auto("bdi", about[name], { title: about.origins[name] ? `from: ${about.origins[name]}` : null }));
  const parts = [...byline, ...(link ? [link] : [])].flatMap((part, index) => (index ? [" · ", part] : [part]));
  const text = about.text === null
    ? record.evidence.map(([, , quote]) => make("p", { dir: "auto" }, make("mark", { class: `s-${record.stance}` }, quote)))
    : marked(about.text, record);
  const story = make("article", { class: "story", lang: about.language }, auto("h3", about.title ?? record.article),
    make("p", { class: "quiet" }, ...parts),
    about.text === null ? make("p", { class: "quiet" }, "The article's text isn't in this page; this is the evidence.") : null,
    make("div", { class: "text", dir: "auto" }, ...text));
  reader.replaceChildren(readerHead(record, story), story);
  reader.hidden = false;
  document.body.classList.add("open");
  for (const each of byId("rows").children) each.setAttribute("aria-current", String(each.record === record));
  history.replaceState(null, "", `#${encodeURIComponent(record.id)}`);
  reader.focus({ preventScroll: true });
  if (getComputedStyle(reader).position !== "fixed") selectedRow()?.scrollIntoView({ block: "nearest" });
  show(story.querySelector("#best") ?? story);
}

function readerHead(record, story) {
  const chances = Object.keys(SYMBOLS).map((stance, index) => make("span", { class: stance }, `${signed(stance)} ${record.p[index].toFixed(2)}`));
  const marks = [...story.querySelectorAll("mark")];
  const steps = marks.length > 1 ? marks.map((mark, index) =>
    make("button", { type: "button", onclick: () => show(mark) }, `Evidence ${index + 1}`)) : [];
  return make("div", { class: "reader-head" },
    make("button", { type: "button", class: "close", "aria-label": "Close the article", onclick: close }, "×"),
    make("p", { class: "claim" }, auto("b", record.holder), " is ", make("b", { class: record.stance },
      `${SYMBOLS[record.stance]} ${{ favor: "in favor of", against: "against", neutral: "neutral on" }[record.stance]}`),
    ` ${topicNames.get(record.topic)} `, make("span", { class: "tag" }, record.voice)),
    ...reasons(record),
    make("p", { class: "chances" }, ...chances), steps.length ? make("div", { class: "steps" }, ...steps) : null);
}

/** Return a line on who says so, and one for each flag, with the words that show it. */
function reasons(record) {
  const line = (kind, ...label) => make("p", { class: "reason" }, ...label, ...cuesOf(record, kind).flatMap((quote) => [" ", auto("q", quote)]));
  const isSaid = record.speaker !== null || cuesOf(record, "speech").length > 0;
  return [isSaid ? line("speech", "said by ", record.speaker === null ? "somebody not named" : auto("bdi", record.speaker)) : null,
    ...record.flags.map((flag) => line(flag, flag))];
}

/** Scroll the reader, not the page. */
function show(node) {
  const reader = byId("reader");
  const room = reader.firstElementChild.offsetHeight + 60;
  reader.scrollTop += node.getBoundingClientRect().top - reader.getBoundingClientRect().top - room;
}

const selectedRow = () => [...byId("rows").children].find((each) => each.record === state.open);

function close() {
  const selected = selectedRow();
  byId("reader").hidden = true;
  document.body.classList.remove("open");
  selected?.setAttribute("aria-current", "false");
  state.open = null;
  history.replaceState(null, "", "#");
  (selected ?? byId("table")).focus();
}

function clear({ holder = null, topic = "" } = {}) {
  for (const name of ["search", "stance", "kind", "voice"]) byId(name).value = "";
  byId("topic").value = topic;
  Object.assign(state, { holder, shown: PAGE });
  refresh();
}

function fillSelect(name, label, entries) {
  byId(name).append(make("option", { value: "" }, label), ...entries.map(([value, shown]) => make("option", { value }, shown)));
}

function start() {
  const found = (name) => [...new Set(data.records.map((record) => record[name]))].sort().map((value) => [value, value]);
  fillSelect("topic", "All topics", data.topics.map((topic) => [topic.id, topic.name]));
  fillSelect("stance", "All stances", Object.keys(SYMBOLS).map((stance) => [stance, signed(stance)]));
  fillSelect("kind", "All kinds", found("kind"));
  fillSelect("voice", "All ways", found("voice"));
  const filters = byId("filters");
  const changed = () => { state.shown = PAGE; refresh(); };
  filters.addEventListener("input", changed);
  filters.addEventListener("submit", (event) => event.preventDefault());
  byId("unit").addEventListener("change", showMatrix);
  byId("clear").addEventListener("click", () => clear());
  byId("more").addEventListener("click", () => { state.shown += PAGE; refresh(); });
  window.addEventListener("beforeprint", () => { byId("claims").open = true; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.open) close(); });
  showHead(); showMatrix(); showColumns(); refresh();
  const linked = data.records.find((record) => `#${encodeURIComponent(record.id)}` === location.hash);
  if (linked) open(linked);
}

start();
