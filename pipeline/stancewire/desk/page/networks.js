"use strict";
// Who stands together: the discourse networks of a period, drawn where Python put their nodes.

const CAMPS = [
  ["circle", "#4269d0"],
  ["square", "#c9480c"],
  ["triangle", "#3a7d44"],
  ["diamond", "#8a4f9e"],
  ["star", "#8c6d1f"],
  ["wye", "#2f7f86"],
];
const ALONE = ["circle", "var(--sheet)"];
const MARGIN = 28;
const LETTER = 5.8; // the mean width of a letter at this size, in pixels
let networks = [];
let networksTurn = 0;

/** Ask for the networks where they are at hand or somebody looks at them, and draw them; a newer call overtakes. */
async function showNetworks({ total = null } = {}) {
  networksTurn += 1;
  const mine = networksTurn;
  if (total !== null) byId("networks").hidden = !total;
  if (source.countsNetworks && !byId("networks").open) return;
  const waiting = setTimeout(() => sayOfNetworks("Counting who agrees with whom …", { isBusy: true }), 150);
  const given = await source.networks(tidy({ ...view.query, unit: null })).catch((error) => error);
  clearTimeout(waiting);
  if (mine !== networksTurn) return;
  if (given instanceof Error) return sayOfNetworks(`No networks: ${given.message}`);
  networks = given?.filter(({ nodes }) => nodes.length > 1) ?? [];
  byId("networks").hidden = !networks.length && !source.countsNetworks;
  if (networks.length) drawPeriod();
  else sayOfNetworks("No networks: these records have fewer than two actors.");
}

/** Say something in place of the pictures, or while they are counted above those of before. */
function sayOfNetworks(words, { isBusy = false } = {}) {
  byId("network-finding").textContent = words;
  byId("nets").setAttribute("aria-busy", String(isBusy));
  if (isBusy) return;
  byId("nets").replaceChildren();
  byId("network-rows").replaceChildren();
}

/** Draw the networks of the period that the view names, else of the whole time. */
function drawPeriod() {
  byId("nets").setAttribute("aria-busy", "false");
  const chosen = networks.find(({ period }) => period === view.period) ?? networks[0];
  byId("network-period").replaceChildren(
    ...networks.map(({ period }) => make("option", { value: period }, sayPeriod(period))),
  );
  byId("network-period").value = chosen.period;
  byId("network-printed").textContent = sayPeriod(chosen.period);
  if (byId("networks").open) drawNetworks(chosen);
}

const sayPeriod = (period) => (period === "whole" ? "the whole time" : period);

function listenToNetworks() {
  if (source.countsNetworks)
    byId("network-scope").textContent = "The records that the filters choose, counted once a story.";
  byId("network-period").addEventListener("change", (event) => go({ period: event.target.value }));
  byId("networks").addEventListener("toggle", () => {
    if (byId("networks").open) showNetworks();
  });
}

function drawNetworks(net) {
  const nodes = net.nodes.map((node, index) => ({
    ...node,
    index,
    camp: (node.coalition === null ? null : CAMPS[node.coalition]) ?? ALONE,
  }));
  const polarised =
    net.polarisation === null ? "no two actors share a topic" : `polarisation ${net.polarisation.toFixed(2)}`;
  byId("network-finding").textContent =
    `${counted(nodes.length, "actor")}, ${counted(net.coalitions, "coalition")}, ${polarised}.` +
    (net.leftOut ? ` ${counted(net.leftOut, "actor")} with fewer statements left out.` : "");
  byId("nets").replaceChildren(
    netOf("Congruence: who takes the same stance", net.congruence, nodes, { stroke: "var(--favor)" }),
    netOf("Conflict: who takes opposite stances", net.conflict, nodes, {
      stroke: "var(--against)",
      strokeDasharray: "5 3",
    }),
  );
  showNetworkTable(net, nodes);
}

/** Return one network as a picture: thicker ties weigh more, larger nodes say more, shapes are coalitions. */
function netOf(title, ties, nodes, style) {
  const width = Math.max(300, Math.min((byId("nets").clientWidth || 640) / (innerWidth >= 1000 ? 2 : 1) - 16, 680));
  const height = Math.round(width * 0.72);
  const heaviest = Math.max(1e-9, ...ties.map(([, , weight]) => weight));
  const lines = ties.map(([first, second, weight]) => ({ a: nodes[first], b: nodes[second], weight }));
  const svg = Plot.plot({
    width,
    height,
    marginTop: MARGIN,
    marginBottom: MARGIN,
    marginLeft: 2 * MARGIN,
    marginRight: 2 * MARGIN,
    axis: null,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    r: { range: [3, 13] },
    symbol: { type: "identity" },
    color: { type: "identity" },
    marks: [
      Plot.link(lines, {
        x1: (line) => line.a.x,
        y1: (line) => line.a.y,
        x2: (line) => line.b.x,
        y2: (line) => line.b.y,
        ...style,
        strokeWidth: (line) => 0.4 + 2 * (line.weight / heaviest),
        strokeOpacity: 0.4,
      }),
      Plot.dot(nodes, {
        x: "x",
        y: "y",
        r: "activity",
        symbol: (node) => node.camp[0],
        fill: (node) => node.camp[1],
        stroke: (node) => (node.camp === ALONE ? "var(--soft)" : "var(--sheet)"),
        strokeWidth: 1,
        title: (node) => `${node.name} (${node.kind}): ${counted(node.activity, "statement")}`,
      }),
      Plot.text(labelsOf(nodes, width, height), {
        x: "x",
        y: "y",
        dy: -14,
        text: "label",
        fill: "var(--ink)",
        stroke: "var(--sheet)",
        strokeWidth: 4,
        fontSize: 11,
      }),
    ],
  });
  svg.setAttribute("aria-hidden", "true"); // the table below says the same
  return make(
    "figure",
    {},
    make("figcaption", {}, title, make("span", { class: "quiet" }, ` ${counted(ties.length, "tie")}`)),
    svg,
  );
}

/** Return the names that find room in the picture, those of the most active actors first. */
function labelsOf(nodes, width, height) {
  const kept = [];
  for (const node of nodes) {
    const label = brief(node.name, 26);
    const [x, y] = [2 * MARGIN + node.x * (width - 4 * MARGIN), MARGIN + (1 - node.y) * (height - 2 * MARGIN)];
    const half = (label.length * LETTER) / 2;
    const isFree = kept.every(
      (other) => Math.abs(other.at[0] - x) > other.half + half + 4 || Math.abs(other.at[1] - y) > 15,
    );
    if (isFree && x - half > 0 && x + half < width) kept.push({ ...node, label, half, at: [x, y] });
  }
  return kept;
}

function showNetworkTable(net, nodes) {
  const strongest = (ties, index) =>
    ties
      .filter(([first, second]) => first === index || second === index)
      .sort((a, b) => b[2] - a[2])
      .slice(0, 3)
      .map(([first, second]) => nodes[first === index ? second : first]);
  const list = (others) =>
    make("td", {}, ...others.flatMap((node, index) => [index ? ", " : "", auto("bdi", brief(node.name, 60))]));
  const heads = ["Actor", "Coalition", "Statements", "Most in agreement with", "Most at odds with"];
  byId("network-rows").replaceChildren(
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make(
      "tbody",
      {},
      ...nodes.map((node) =>
        make(
          "tr",
          {},
          make(
            "th",
            { scope: "row" },
            auto("bdi", brief(node.name, 120)),
            make("span", { class: "quiet" }, ` ${node.kind}`),
          ),
          make(
            "td",
            {},
            node.coalition === null
              ? "none"
              : `${node.coalition + 1} (${node.camp === ALONE ? "small" : node.camp[0]})`,
          ),
          make("td", {}, number(node.activity)),
          list(strongest(net.congruence, node.index)),
          list(strongest(net.conflict, node.index)),
        ),
      ),
    ),
  );
}
