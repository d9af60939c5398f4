"use strict";
// Who stands where: a table of holders and topics; a cell's shapes show how often each stance, and choose its records.

const UNITS = {
  record: "Every record counts, those of copies of a story, too.",
  story: "Copies of a story with the same holder, topic and stance count once.",
  outlet: "The same holder, topic and stance count once an outlet; articles that name no outlet count as one.",
};
const MORE_HOLDERS = 25;
let holdersShown = 15; // what leaves room for the records below it

function showMatrix({ topics, rows, more }) {
  const most = Math.max(1, ...rows.flatMap((row) => Object.values(row.cells).flat()));
  const heads = topics.map((id) =>
    auto("th", topicName(id), { scope: "col", title: meta.topics.find((topic) => topic.id === id)?.claim }),
  );
  byId("matrix").replaceChildren(
    make("caption", { class: "hidden" }, "Records of each holder on each topic by stance"),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Holder"), ...heads)),
    make(
      "tbody",
      {},
      ...rows.map((row) =>
        make(
          "tr",
          {},
          make(
            "th",
            { scope: "row" },
            auto("span", brief(row.holder, 120), { class: "name" }),
            make("span", { class: "quiet" }, ` ${row.kind}`),
          ),
          ...topics.map((topic) => make("td", {}, cellOf(row, topic, most))),
        ),
      ),
    ),
  );
  byId("overview").hidden = !rows.length;
  byId("pictures").classList.toggle("stacked", topics.length > 5);
  byId("matrix-more").hidden = !more;
  byId("matrix-more").textContent = `Show more holders (${number(more)} more)`;
  byId("unit-note").textContent = UNITS[view.query.unit ?? "record"];
}

/** Return the button of a cell: the larger a shape, the more counts (area by number); null where nothing counts. */
function cellOf(row, topic, most) {
  const counts = row.cells[topic];
  if (!counts?.some(Boolean)) return null;
  const stances = STANCES.map((stance, index) => [stance, counts[index]]).filter(([, count]) => count);
  const isChosen = view.cell?.holder === row.holder && view.cell.kind === row.kind && view.cell.topic === topic;
  const label = `${brief(row.holder)}, ${topicName(topic)}: ${stances.map(([stance, count]) => `${number(count)} ${stance}`).join(", ")}`;
  return make(
    "button",
    {
      type: "button",
      "aria-label": label,
      "aria-pressed": String(isChosen),
      onclick: () => chooseCell(isChosen ? null : { holder: row.holder, kind: row.kind, topic }),
    },
    ...stances.map(([stance, count]) =>
      make(
        "span",
        { class: `count ${stance}` },
        styled(make("i", { class: "shape" }), { "--size": `${Math.round(6 + 18 * Math.sqrt(count / most))}px` }),
        number(count),
      ),
    ),
  );
}

async function chooseCell(cell) {
  await go({ cell, offset: 0 });
  byId("matrix").querySelector('[aria-pressed="true"]')?.focus({ preventScroll: true });
}
