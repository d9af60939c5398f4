"use strict";
// Over time: a chart for each topic, favor above the line and against below it, and the same counts as a table.

const CHARTED = 12;
const LEAST_PERIODS = 12; // a lone bar is no wall
const DAY = 86400000; // milliseconds
const DAYS = { day: 1, month: 31, year: 366 };
let timeline = null;

const startOf = (period) => new Date(`${period.padEnd(4, "0")}${"-01-01".slice(period.length - 4)}T00:00:00Z`);
const dayOf = (date) => date.toISOString().slice(0, 10);

/** Return the first and the last day of a period: "2024", "2024-03" or "2024-03-05". */
function daysOf(period) {
  const start = startOf(period);
  const end = new Date(start);
  if (period.length === 4) end.setUTCFullYear(end.getUTCFullYear() + 1);
  else if (period.length === 7) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCDate(end.getUTCDate() + 1);
  end.setUTCDate(end.getUTCDate() - 1);
  return [dayOf(start), dayOf(end)];
}

function showTimeline(given) {
  timeline = given;
  const all = Object.values(given.topics).flat();
  byId("time").hidden = !all.length;
  if (!all.length) return;
  const order = meta.topics.map(({ id }) => id).filter((id) => given.topics[id]?.length);
  const most = order.sort((a, b) => sumOf(given.topics[b]) - sumOf(given.topics[a])).slice(0, CHARTED);
  const scale = scaleOf(all, given.unit);
  const width = Math.max(280, Math.min(byId("charts").clientWidth || 480, 720));
  byId("charts").replaceChildren(
    ...most.map((id, index) => chartOf(id, given, { ...scale, width, hasAxis: index === most.length - 1 })),
  );
  byId("time-note").textContent = [
    `Counts a ${given.unit}; above the line favor, then neutral; below it against.`,
    order.length > most.length ? `The ${most.length} topics with most records; the table has all.` : "",
    given.undated ? `${counted(given.undated, "record")} without a date left out.` : "",
  ].join(" ");
  if (byId("time-table").open) showTimeTable();
}

const sumOf = (periods) => periods.reduce((sum, [, ...counts]) => sum + counts[0] + counts[1] + counts[2], 0);

/** Return what all charts share, so that their bars can be compared. */
function scaleOf(all, unit) {
  const periods = all.map(([period]) => period).sort();
  const length = DAYS[unit] * DAY;
  const [first, last] = [startOf(periods[0]).getTime(), startOf(periods.at(-1)).getTime() + length];
  const pad = Math.max(0, Math.round((LEAST_PERIODS * length - (last - first)) / 2 / length)) * length;
  const [up, down] = [
    Math.max(1, ...all.map(([, favor, , neutral]) => favor + neutral)),
    Math.max(1, ...all.map(([, , against]) => against)),
  ];
  return {
    x: [new Date(first - pad), new Date(last + pad)],
    y: [-down, up],
    ticks: d3.ticks(-down, up, 3).filter(Number.isInteger),
  };
}

function chartOf(id, { unit, topics }, { x, y, ticks, width, hasAxis }) {
  const bars = topics[id].flatMap(([period, favor, against, neutral]) =>
    [
      ["favor", favor],
      ["neutral", neutral],
      ["against", -against],
    ]
      .filter(([, n]) => n)
      .map(([stance, n]) => ({ date: startOf(period), stance, n, period })),
  );
  const svg = Plot.plot({
    width,
    height: hasAxis ? 104 : 84,
    marginTop: 6,
    marginBottom: hasAxis ? 26 : 6,
    marginLeft: 40,
    marginRight: 8,
    x: { type: "utc", domain: x, label: null, axis: hasAxis ? "bottom" : null },
    y: { domain: y, label: null, ticks, tickFormat: (n) => number(Math.abs(n)), grid: true },
    color: { domain: STANCES, range: STANCES.map((stance) => `var(--${stance})`) },
    marks: [
      Plot.rectY(bars, {
        x: "date",
        interval: unit,
        y: "n",
        fill: "stance",
        insetLeft: 0.5,
        insetRight: 0.5,
        title: (bar) => `${bar.period}: ${number(Math.abs(bar.n))} ${bar.stance}`,
        href: (bar) => periodLink(id, bar.period),
      }),
      Plot.ruleY([0], { stroke: "currentColor" }),
    ],
  });
  svg.setAttribute("aria-hidden", "true"); // the table below says the same
  for (const link of svg.querySelectorAll("a")) link.setAttribute("tabindex", "-1");
  return make(
    "figure",
    {},
    make(
      "figcaption",
      {},
      auto("bdi", topicName(id)),
      make("span", { class: "quiet" }, ` ${number(sumOf(topics[id]))}`),
    ),
    svg,
  );
}

function periodLink(topic, period) {
  const [from, to] = daysOf(period);
  return linkTo({ query: { ...view.query, topics: [topic], from, to }, offset: 0, open: null });
}

function showTimeTable() {
  const ids = meta.topics.map(({ id }) => id).filter((id) => timeline.topics[id]?.length);
  const counts = new Map(
    ids.flatMap((id) => timeline.topics[id].map(([period, ...each]) => [`${id} ${period}`, each])),
  );
  const periods = [...new Set(ids.flatMap((id) => timeline.topics[id].map(([period]) => period)))].sort();
  const cell = (id, period) => {
    const each = counts.get(`${id} ${period}`);
    return make(
      "td",
      {},
      each
        ? make(
            "a",
            { href: periodLink(id, period) },
            each
              .map((n, index) => (n ? `${SYMBOLS[STANCES[index]]} ${number(n)}` : ""))
              .filter(Boolean)
              .join("  "),
            make("span", { class: "hidden" }, `: ${each.map((n, index) => `${n} ${STANCES[index]}`).join(", ")}`),
          )
        : null,
    );
  };
  byId("time-rows").replaceChildren(
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        make("th", { scope: "col" }, "Period"),
        ...ids.map((id) => auto("th", topicName(id), { scope: "col" })),
      ),
    ),
    make(
      "tbody",
      {},
      ...periods.map((period) =>
        make("tr", {}, make("th", { scope: "row" }, period), ...ids.map((id) => cell(id, period))),
      ),
    ),
  );
}
