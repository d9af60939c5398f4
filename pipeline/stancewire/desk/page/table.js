"use strict";
// The records, a page of them at a time, in a table that sorts and that arrow keys walk through.

const COLUMNS = [
  ["stance", "Stance"],
  ["holder", "Holder"],
  ["topic", "Topic"],
  ["confidence", "Confidence"],
  ["voice", "How"],
  ["evidence", "Evidence"],
  ["outlet", "Article"],
  ["published", "Published"],
];
const SORTABLE = new Set(["stance", "holder", "topic", "confidence", "voice", "outlet", "published"]);
const PRINTED = 1000;
let shown = { total: 0, rows: [] };

function showColumns() {
  byId("columns").append(
    ...COLUMNS.map(([name, label]) =>
      make(
        "th",
        { scope: "col", class: `c-${name}`, "data-name": name },
        ...(SORTABLE.has(name)
          ? [
              make("button", { type: "button", onclick: () => sortBy(name) }, label),
              make("span", { class: "printed" }, label),
            ]
          : [label]),
      ),
    ),
  ); // a page of paper repeats words, not buttons
}

/** Sort by a column; again: the other way round; a third time: as in the run's files. */
function sortBy(name) {
  const first = name === "confidence" || name === "published";
  if (view.sort !== name) return go({ sort: name, descending: first, offset: 0 });
  return view.descending === first
    ? go({ descending: !first, offset: 0 })
    : go({ sort: null, descending: false, offset: 0 });
}

/** Draw a page of rows, what it is a page of, and the way to the next one. */
function showRows({ total, rows }) {
  shown = { total, rows };
  for (const head of byId("columns").children) {
    if (head.dataset.name === view.sort) head.setAttribute("aria-sort", view.descending ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
  byId("rows").replaceChildren(...rows.map(rowOf));
  const last = view.offset + rows.length;
  const part = total > rows.length ? `, ${rows.length ? number(view.offset + 1) : 0} to ${number(last)} shown` : "";
  byId("count").textContent = total ? `${counted(total, "record")}${part}` : "No record matches";
  byId("pages").hidden = total <= PAGE;
  byId("page-before").disabled = view.offset === 0;
  byId("page-after").disabled = last >= total;
  byId("page-where").textContent =
    `page ${number(Math.floor(view.offset / PAGE) + 1)} of ${number(Math.max(Math.ceil(total / PAGE), 1))}`;
  markRow(opened?.row?.id ?? null);
}

const CELLS = {
  stance: (row) => [
    signed(row.stance),
    row.status === "unreviewed" ? null : make("span", { class: "tag" }, row.status),
  ],
  holder: (row) => [auto("b", brief(row.holder, 200)), make("span", { class: "quiet" }, row.kind)],
  topic: (row) => [auto("span", topicName(row.topic))],
  confidence: (row) => [
    row.confidence.toFixed(2),
    styled(make("span", { class: `bar ${row.stance}` }), { "--share": `${row.confidence * 100}%` }),
  ],
  voice: (row) => [
    `${row.voice} `,
    ...row.flags.map((flag) => make("span", { class: `tag ${flag}` }, flag)),
    row.speaker && row.speaker !== row.holder
      ? auto("span", `by ${brief(row.speaker)}`, { class: "quiet block" })
      : null,
  ],
  evidence: (row) => [
    make(
      "a",
      {
        class: "quote",
        dir: "auto",
        "data-record": row.id,
        href: linkTo({ open: { article: row.article, record: row.id } }),
      },
      brief(row.evidence[0]?.[2] ?? "no quote", 400),
    ),
    row.evidence.length > 1 ? make("span", { class: "quiet" }, `and ${row.evidence.length - 1} more`) : null,
  ],
  outlet: (row) => [
    auto("span", brief(row.title ?? row.article, 160), { class: "block" }),
    auto("span", row.outlet ?? "", { class: "quiet block" }),
  ],
  published: (row) => [row.published ?? ""],
};

function rowOf(row) {
  const node = make(
    "tr",
    { "data-record": row.id },
    ...COLUMNS.map(([name]) => make("td", { class: `c-${name}` }, ...CELLS[name](row))),
  );
  node.addEventListener("click", (event) => {
    if (!event.target.closest("a") && getSelection().isCollapsed)
      go({ open: { article: row.article, record: row.id } });
  });
  return node;
}

const rowNode = (id) => [...byId("rows").children].find((node) => node.dataset.record === id);
const rowLink = (id) => rowNode(id)?.querySelector("a.quote");

/** Return the row of this page that stands before or after another; null at the ends. */
function neighbour(id, by) {
  const index = shown.rows.findIndex((row) => row.id === id);
  return (index >= 0 ? shown.rows[index + by] : null) ?? null;
}

function markRow(id) {
  for (const node of byId("rows").children) {
    if (node.dataset.record === id) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }
}

/** Let the arrow keys walk through the quotes of the table. */
function walkRows(event) {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  const next = step && event.target.closest("tr")?.[step]?.querySelector("a.quote");
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Turn the page of the table and start at its top. */
async function turnTo(offset) {
  await go({ offset: Math.max(offset, 0) });
  byId("records-title").scrollIntoView();
  byId("table").focus({ preventScroll: true });
}

/** Put what is filtered into the table for the printer, up to PRINTED rows, and say what isn't printed. */
async function showForPrint() {
  const found = await source.rows(narrowed(view), {
    sort: view.sort,
    descending: view.descending,
    offset: 0,
    limit: PRINTED,
  });
  byId("rows").replaceChildren(...found.rows.map(rowOf));
  byId("count").textContent =
    found.total > found.rows.length
      ? `The first ${number(found.rows.length)} of ${counted(found.total, "record")} are printed`
      : counted(found.total, "record");
}
