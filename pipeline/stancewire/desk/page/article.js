"use strict";
// The article panel: what one record says, the words that show it, and the other records of the same article.

const STANDS = { favor: "in favor of", against: "against", neutral: "neutral on" };
let opened = null;

/** Show an article with one of its records marked: the one named, else its first. */
async function openArticle({ article: id, record }, { focus = true } = {}) {
  const panel = byId("panel");
  const article = await source.article(id);
  if (view.open?.article !== id || view.open?.record !== record) return;
  if (!article) return closeArticle();
  const row = article.rows.find((each) => each.id === record) ?? article.rows[0] ?? null;
  opened = { article, row, record };
  const story = storyOf(article, row);
  panel.replaceChildren(panelHead(article, row, story), story);
  if (source.review) source.review.mount(panel, article, row, () => refresh({ reload: true }));
  panel.hidden = false;
  document.body.classList.add("open");
  markRow(row?.id ?? null);
  if (focus) panel.focus({ preventScroll: true });
  scrollPanel(story.querySelector('mark[data-rank="0"]') ?? story);
}

function closeArticle() {
  const { row } = opened ?? {};
  opened = null;
  byId("panel").hidden = true;
  byId("panel").replaceChildren();
  document.body.classList.remove("open");
  markRow(null);
  (rowLink(row?.id) ?? byId("records-title")).focus();
}

/** Return the head of the panel: the record in a sentence, why, how sure, and ways to its neighbours. */
function panelHead(article, row, story) {
  const close = make(
    "button",
    { type: "button", class: "close", "aria-label": "Close the article", onclick: () => go({ open: null }) },
    "×",
  );
  if (!row) return make("div", { class: "panel-head" }, close);
  return make(
    "div",
    { class: "panel-head" },
    close,
    make("div", { class: "steps" }, ...stepsOf(row)),
    claimOf(row),
    ...reasonsOf(row),
    chancesOf(row),
    machineOf(row),
    quotesOf(story),
    legendOf(story),
  );
}

function claimOf(row) {
  const holder = make(
    "a",
    {
      href: linkTo({
        query: { ...view.query, holder: row.holder, kinds: [row.kind] },
        cell: null,
        offset: 0,
        open: null,
      }),
      title: "Show all records of this holder",
    },
    auto("bdi", brief(row.holder, 300)),
  );
  return make(
    "h3",
    { class: "claim" },
    holder,
    make("span", { class: "quiet" }, ` (${row.kind})`),
    " is ",
    make("b", { class: `stance ${row.stance}` }, `${SYMBOLS[row.stance]} ${STANDS[row.stance]}`),
    " ",
    auto("bdi", topicName(row.topic)),
  );
}

/** Return a line on who says so, and one for each flag, with the words that show it. */
function reasonsOf(row) {
  const words = (kind) =>
    row.cues.filter(([each]) => each === kind).flatMap(([, , , quote]) => [" ", auto("q", quote)]);
  const isSaid = row.speaker !== null || words("speech").length > 0;
  const said = make(
    "p",
    { class: "reason" },
    `${row.voice}`,
    ...(isSaid
      ? [", said by ", row.speaker === null ? "somebody not named" : auto("bdi", row.speaker), ...words("speech")]
      : []),
  );
  return [
    said,
    ...row.flags.map((flag) =>
      make("p", { class: "reason" }, make("span", { class: `tag ${flag}` }, flag), ...words(flag)),
    ),
  ];
}

function chancesOf(row) {
  return make(
    "p",
    { class: "chances" },
    `confidence ${row.confidence.toFixed(2)}`,
    ...STANCES.map((stance, index) =>
      make("span", { class: `stance ${stance}` }, `${SYMBOLS[stance]} ${stance} ${row.p[index].toFixed(2)}`),
    ),
  );
}

/** Return who reviewed the record, and what the machine said where a person says otherwise; null where nobody did. */
function machineOf(row) {
  if (row.status === "unreviewed") return null;
  const said = (who, at) => [who, at?.slice(0, 10)].filter(Boolean).join(", ");
  const by = said(row.by, row.at);
  const accepted = row.acceptedBy ? `; accepted by ${said(row.acceptedBy, row.acceptedAt)}` : "";
  const was =
    row.machine && row.status === "corrected"
      ? [
          "; the machine said: ",
          auto("bdi", row.machine.holder),
          ` ${STANDS[row.machine.stance]} `,
          topicName(row.machine.topic),
        ]
      : [];
  return make("p", { class: "reason" }, make("span", { class: "tag" }, row.status), by ? ` by ${by}` : "", accepted, ...was);
}

/** Return buttons that show each piece of evidence; null where there is only one. */
function quotesOf(story) {
  const marks = [...story.querySelectorAll("mark")];
  if (marks.length < 2) return null;
  return make(
    "div",
    { class: "quotes" },
    ...marks.map((mark, index) =>
      make("button", { type: "button", onclick: () => scrollPanel(mark) }, `Evidence ${index + 1}`),
    ),
  );
}

/** Return what the marks in this text mean, each drawn as it is in the text. */
function legendOf(story) {
  const found = Object.keys(KINDS).filter((kind) => story.querySelector(`.text .${kind}`));
  const evidence = story.querySelector("mark");
  const items = [
    evidence ? make("li", {}, make("mark", { class: evidence.className }, "evidence")) : null,
    ...found.map((kind) => make("li", {}, make("span", { class: kind }, KINDS[kind].split(":")[0]))),
  ];
  return make("ul", { class: "legend", "aria-label": "What the marks mean" }, ...items);
}

function storyOf(article, row) {
  const text = article.text === null || !row ? null : marked(article.text, row);
  const quotes = (row?.evidence ?? []).map(([, , quote], rank) =>
    make("p", { dir: "auto" }, make("mark", { class: row.stance, "data-rank": rank }, quote)),
  );
  return make(
    "article",
    { class: "story", lang: article.language },
    auto("h4", article.title ?? article.id),
    make("p", { class: "quiet" }, ...bylineOf(article)),
    article.text === null
      ? make("p", { class: "quiet" }, "The article's text isn't in this page; this is the evidence.")
      : null,
    make("div", { class: "text", dir: "auto" }, ...(text ?? (article.text === null ? quotes : [article.text]))),
    othersOf(article, row),
  );
}

/** Return outlet, author, date and link; each by itself, so that a right-to-left outlet doesn't turn the date around. */
function bylineOf(article) {
  const parts = ["outlet", "author", "published"]
    .filter((name) => article[name])
    .map((name) =>
      auto("bdi", article[name], { title: article.origins?.[name] ? `from: ${article.origins[name]}` : null }),
    );
  if (/^https?:\/\//i.test(article.url ?? "")) {
    parts.push(make("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, "Original"));
  }
  return parts.flatMap((part, index) => (index ? [" · ", part] : [part]));
}

/** Return links to the other records of the article; null where there are none. */
function othersOf(article, row) {
  const others = article.rows.filter((each) => each.id !== row?.id);
  if (!others.length) return null;
  return make(
    "section",
    { class: "others" },
    make("h5", {}, `Also in this article: ${counted(others.length, "record")}`),
    make(
      "ul",
      {},
      ...others.map((each) =>
        make(
          "li",
          {},
          make(
            "a",
            { href: linkTo({ open: { article: article.id, record: each.id } }) },
            auto("bdi", each.holder),
            make("span", { class: `stance ${each.stance}` }, ` ${SYMBOLS[each.stance]} ${STANDS[each.stance]} `),
            topicName(each.topic),
          ),
        ),
      ),
    ),
  );
}

const stepsOf = (row) => [stepTo(row, -1), stepTo(row, 1)];

/** Lead to the neighbours that the table has now. */
function updateSteps() {
  if (opened.row)
    byId("panel")
      .querySelector(".steps")
      .replaceChildren(...stepsOf(opened.row));
}

/** Return a button to the record before or after in the table. */
function stepTo(row, by) {
  const target = neighbour(row.id, by);
  return make(
    "button",
    {
      type: "button",
      class: by < 0 ? "before" : "after",
      disabled: !target,
      onclick: async () => {
        await go({ open: { article: target.article, record: target.id } });
        byId("panel")
          .querySelector(by < 0 ? ".before:enabled" : ".after:enabled")
          ?.focus();
      },
    },
    by < 0 ? "← Previous" : "Next →",
  );
}

/** Scroll the panel, not the page. */
function scrollPanel(node) {
  const panel = byId("panel");
  const room = panel.querySelector(".sheet > *") ? 24 : panel.firstElementChild.offsetHeight + 40; // a form frees the top
  panel.scrollTop +=
    node.getBoundingClientRect().top - panel.getBoundingClientRect().top - Math.min(room, panel.clientHeight / 2);
}
