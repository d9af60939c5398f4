"use strict";
// The filters: a form that says what is asked, and the chips that take parts of it back.

const TITLES = {
  text: "Search",
  holder: "Holder",
  kinds: "Kind",
  topics: "Topic",
  stances: "Stance",
  outlets: "Outlet",
  voices: "Attribution",
  flags: "Flag",
  statuses: "Review",
  from: "From",
  to: "To",
  minConfidence: "Confidence from",
};
const VERSIONS = {
  machine: "the machine's",
  human: "people's only",
  "human-over-machine": "people's over the machine's",
};
const PAUSE_IN_TYPING = 200; // milliseconds; a server need not look for every letter on the way to a word
let meta = null;
let typing = 0;

const topicName = (id) => meta.topics.find((topic) => topic.id === id)?.name ?? id;
const sayValue = (name, value) => (name === "topics" ? topicName(value) : value);

/** Return what there is to choose from, by the name of the list. */
function choicesOf(name) {
  if (name === "topics") return meta.topics.map((topic) => topic.id);
  if (name === "stances") return STANCES;
  return meta.choices[name] ?? [];
}

/** Build the form once; fillFilters puts the view's values into it. */
function showFilters() {
  byId("menus").replaceChildren(...LISTS.filter((name) => choicesOf(name).length > 1).map(menuOf));
  const form = byId("filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    clearTimeout(typing);
    if (event.target.type === "search" && source.review) typing = setTimeout(readFilters, PAUSE_IN_TYPING);
    else if (event.target.type !== "text") readFilters();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "text") readFilters();
  });
  byId("clear").addEventListener("click", () =>
    go({ ...blank(), query: kept(view.query), open: view.open, period: view.period }),
  );
  byId("version-label").hidden = (meta.versions ?? []).length < 2;
  byId("version").replaceChildren(
    ...(meta.versions ?? []).map((version) => make("option", { value: version }, VERSIONS[version] ?? version)),
  );
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });
}

const kept = ({ unit, version }) => tidy({ unit, version });

/** Return one list of boxes to tick, folded away under its name. */
function menuOf(name) {
  const boxes = choicesOf(name).map((value) =>
    make(
      "label",
      {},
      make("input", { type: "checkbox", name, value }),
      name === "stances" ? signed(value) : auto("span", sayValue(name, value)),
    ),
  );
  const menu = make(
    "details",
    { class: "menu", "data-name": name },
    make("summary", {}, TITLES[name]),
    make("fieldset", {}, make("legend", { class: "hidden" }, TITLES[name]), ...boxes),
  );
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  return menu;
}

function readFilters() {
  const form = byId("filters");
  const query = {
    text: byId("search").value,
    holder: byId("holder").value,
    from: byId("from").value,
    to: byId("to").value,
    minConfidence: Number.parseFloat(byId("confidence").value) || null,
    unit: byId("unit").value === "record" ? null : byId("unit").value,
    version: byId("version").value && byId("version").value !== meta.version ? byId("version").value : null,
  };
  for (const name of LISTS)
    query[name] = [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
  // What a link asks for and this page has no box for stays asked.
  for (const name of LISTS)
    query[name].push(...(view.query[name] ?? []).filter((value) => !choicesOf(name).includes(value)));
  go({ query: tidy(query), offset: 0, cell: view.query.holder === (query.holder || undefined) ? view.cell : null });
}

/** Put the view's values into the form, and a chip for each below it. */
function fillFilters() {
  const { query } = view;
  const values = {
    search: query.text,
    holder: query.holder,
    from: query.from,
    to: query.to,
    confidence: query.minConfidence,
    unit: query.unit ?? "record",
    version: query.version ?? meta.version,
  };
  for (const [id, value] of Object.entries(values))
    if (byId(id) !== document.activeElement || !value) byId(id).value = value ?? "";
  for (const box of byId("filters").querySelectorAll('input[type="checkbox"]'))
    box.checked = (query[box.name] ?? []).includes(box.value);
  for (const menu of document.querySelectorAll("details.menu")) {
    const count = (query[menu.dataset.name] ?? []).length;
    menu.firstElementChild.textContent = TITLES[menu.dataset.name] + (count ? ` (${count})` : "");
  }
  const said = byId("facts").querySelector('[data-name="Values"] dd');
  if (said) said.textContent = VERSIONS[values.version]; // paper shows it, and no boxes
  byId("chips").replaceChildren(...chipsOf());
  byId("clear").hidden = !byId("chips").children.length;
}

function chipsOf() {
  const { query, cell } = view;
  const chips = cell ? [chip("Cell", `${cell.holder} on ${topicName(cell.topic)}`, { cell: null })] : [];
  for (const [name, title] of Object.entries(TITLES)) {
    for (const value of [query[name] ?? []].flat()) {
      const left = Array.isArray(query[name]) ? query[name].filter((each) => each !== value) : null;
      chips.push(chip(title, String(sayValue(name, value)), { query: tidy({ ...query, [name]: left }) }));
    }
  }
  return chips;
}

function chip(title, value, changes) {
  return make(
    "li",
    {},
    make(
      "button",
      {
        type: "button",
        "aria-label": `${title}: ${value}; remove this filter`,
        onclick: () => {
          go({ ...changes, offset: 0 });
          (byId("chips").querySelector("button") ?? byId("search")).focus();
        },
      },
      `${title}: `,
      auto("bdi", brief(value, 60)),
      make("span", { "aria-hidden": "true" }, " ×"),
    ),
  );
}
