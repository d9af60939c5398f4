"use strict";
// The page: asks the source what the view needs, draws it, and keeps the address in step.

let source = null;
let turn = 0;

/** Start the page over a source: see memory.js for the one that a report carries. */
async function startDesk(given) {
  source = given;
  meta = await source.meta();
  view = fromHash(location.hash);
  showHead();
  showFilters();
  showColumns();
  listen();
  await refresh({ focus: false });
  document.documentElement.dataset.ready = String(Math.round(performance.now())); // milliseconds since it was asked for
}

/** Change the view, its address and what is drawn; opening an article makes a step that "back" takes back. */
async function go(changes) {
  view = { ...view, ...changes };
  const isStep = changes.open !== undefined;
  history[isStep ? "pushState" : "replaceState"](null, "", `#${asHash(view)}`);
  await refresh({ focus: isStep });
}

/** Draw the whole view; a newer call overtakes one that still waits for its answers. */
async function refresh({ focus = false, reload = false } = {}) {
  turn += 1;
  const mine = turn;
  const asked = narrowed(view);
  const [whole, part, page] = await Promise.all([
    source.summary(tidy(view.query), { holders: holdersShown }),
    view.cell ? source.summary(asked, { holders: 0 }) : null,
    source.rows(asked, { sort: view.sort, descending: view.descending, offset: view.offset, limit: PAGE }),
  ]);
  if (mine !== turn) return;
  if (view.offset && view.offset >= page.total) return go({ offset: 0 });
  fillFilters();
  showMatrix(whole.matrix);
  showTimeline((part ?? whole).timeline);
  showLead((part ?? whole).facts);
  showNetworks({ total: whole.total });
  showRows(page);
  await showPanel(focus, reload);
}

/** Open, keep or close the article, as the view has it. */
async function showPanel(focus, reload) {
  const isOpen = opened && view.open?.article === opened.article.id && view.open.record === opened.record;
  if (isOpen && !reload) updateSteps();
  else if (view.open) await openArticle(view.open, { focus });
  else if (opened) closeArticle();
}

/** Say how much the filters leave, and of how much. */
function showLead(found) {
  const { unit, version, ...filters } = narrowed(view);
  const isFiltered = Object.keys(filters).length > 0;
  const facts = isFiltered || source.review ? found : meta.facts; // of a report, also what its page has no room for
  const whole = isFiltered && !version ? ` of ${number(meta.facts.records)}` : "";
  byId("lead").replaceChildren(
    make("b", {}, counted(facts.records, "record")),
    `${whole} from ${counted(facts.articles, "article")}: ` +
      `${counted(facts.holders, "holder")} on ${counted(facts.topics, "topic")}`,
  );
}

function showHead() {
  const { facts } = meta;
  const isReviewed =
    (meta.versions ?? []).length > 1 || (meta.choices.statuses ?? []).some((status) => status !== "unreviewed");
  document.title = `${meta.name}: stance records`;
  byId("name").textContent = meta.name;
  const lines = [
    ["Model", facts.models.join(", ")],
    ["Codebook", facts.codebooks.join(", ")],
    ["Finished", facts.finished],
    ["Values", isReviewed ? VERSIONS[meta.version] : null],
  ];
  byId("facts").append(
    ...lines
      .filter(([, value]) => value)
      .map(([name, value]) => make("div", { "data-name": name }, make("dt", {}, name), make("dd", {}, value))),
  );
  byId("notes").append(...meta.notes.map((note) => make("p", {}, note)));
  const claims = meta.topics.filter((topic) => topic.claim);
  byId("claims").hidden = !claims.length;
  byId("claims").lastElementChild.append(
    ...claims.flatMap((topic) => [
      auto("dt", topic.name),
      make(
        "dd",
        {},
        make("span", { class: "stance favor" }, "▲ favor: "),
        auto("bdi", topic.claim),
        ...(topic.opposite
          ? [make("br"), make("span", { class: "stance against" }, "▼ against: "), auto("bdi", topic.opposite)]
          : []),
      ),
    ]),
  );
  byId("details").hidden = !meta.details.length;
  byId("details").lastElementChild.append(
    ...meta.details.flatMap(([name, value]) => [make("dt", {}, name), auto("dd", value)]),
  );
}

function listen() {
  byId("rows").addEventListener("keydown", walkRows);
  listenToNetworks();
  byId("page-before").addEventListener("click", () => turnTo(view.offset - PAGE));
  byId("page-after").addEventListener("click", () => turnTo(view.offset + PAGE));
  byId("matrix-more").addEventListener("click", () => {
    holdersShown += MORE_HOLDERS;
    refresh();
  });
  byId("print").addEventListener("click", async () => {
    openForPrint(true);
    await Promise.all([showForPrint(), showNetworks()]);
    print();
  });
  addEventListener("beforeprint", () => {
    openForPrint(true);
    showForPrint();
  });
  addEventListener("afterprint", () => {
    openForPrint(false);
    refresh();
  });
  const follow = () => {
    view = fromHash(location.hash);
    refresh({ focus: true });
  };
  addEventListener("popstate", follow);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && view.open) go({ open: null });
  });
}

/** Unfold what a reader of the paper can't unfold. */
function openForPrint(isPrinting) {
  for (const id of ["claims", "networks"]) {
    const folded = byId(id);
    if (isPrinting) folded.dataset.was ??= String(folded.open);
    folded.open = isPrinting || folded.dataset.was === "true";
    if (!isPrinting) delete folded.dataset.was;
  }
  if (isPrinting && networks.length) drawPeriod(); // paper doesn't wait for the fold to say that it opened
}
