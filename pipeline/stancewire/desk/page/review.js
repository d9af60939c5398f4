"use strict";
// Review in the article panel: decide on a record, see who decided what, and take it back; the machine's values stay.

const NAME = "stancewire-name", QUIET = "stancewire-no-keys";
const DONE = { accept: "accepted", correct: "corrected", reject: "rejected", add: "added", merge: "merged", split: "split", undo: "undid" };
const KEYS = [["j", "next"], ["k", "previous"], ["a", "accept"], ["e", "correct"], ["r", "reject"], ["u", "undo"], ["n", "add"]];
const PAUSE = 15000; // milliseconds between looks for what others decided

let mounted = null; // {article, row, bar, sheet, reload, index}
const drafts = new Map(); // forms with words in them that nobody sent, by what they are about
let refocus = null;
let lastSeen = 0;

const desk = { mount: mountReview };

/** Put the review into the panel of an article: what can be done above the text, and room for forms below it. */
function mountReview(panel, article, row, reload) {
  const before = mounted?.index ?? 0;
  const left = mounted?.sheet.querySelector("form[data-draft]"); // the form that was open, if somebody wrote in it
  if (left) drafts.set(left.dataset.draft, left);
  const index = shown.rows.findIndex((each) => each.id === row?.id);
  const bar = make("div", { class: "review", role: "group", "aria-label": "Review" });
  const sheet = make("div", { class: "sheet", onkeydown: (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation(); // closes the form, not the article
    closeSheet();
  } });
  mounted = { article, row, bar, sheet, reload, index: index < 0 ? before : index, isGone: index < 0 };
  (panel.querySelector(".panel-head") ?? panel).append(bar);
  panel.append(sheet);
  if (meta.review.readOnly) return void bar.append(make("p", { class: "quiet" }, meta.review.readOnly));
  bar.append(...[row && compared(row), make("div", { class: "doing" }, ...actions(row)), keysLine()].filter(Boolean));
  if (refocus) (bar.querySelector(`[data-do="${refocus}"]:enabled`) ?? bar.querySelector("button")).focus({ preventScroll: true });
  refocus = null;
  const draft = drafts.get(draftOn("correct", row?.id)) ?? drafts.get(draftOn("add", article.id));
  if (draft) sheet.replaceChildren(draft);
  if (left && left !== draft) announce("What you wrote there is kept: open that record again to go on.");
}

const draftOn = (name, id) => `${name} ${id}`;

/** Keep a form when another record is opened, once somebody has written in it. */
function keepDraft(form, name, id) {
  form.addEventListener("input", () => { form.dataset.draft = draftOn(name, id); });
  return form;
}

function actions(row) {
  const isDone = (name) => row?.status === DONE[name] || (name === "accept" && Boolean(row?.acceptedBy));
  const act = (name, label, onclick, key) => button(label, onclick, { "data-do": name, "aria-keyshortcuts": key, class: isDone(name) ? "chosen" : null,
    ...(isDone(name) ? { "aria-pressed": "true" } : {}) });
  const onRecord = row ? [act("accept", "Accept", acceptIt, "a"), act("correct", "Correct", correctIt, "e"), act("reject", "Reject", rejectIt, "r"),
    act("undo", "Undo", undoIt, "u"), act("actor", "Actor …", openActor), act("history", "History", openHistory)] : [];
  return [...onRecord, act("add", "Add a record", addIt, "n")];
}

/** Return what the machine said and what a person says, side by side, where the two differ; else null. */
function compared(row) {
  const { machine } = row;
  if (!machine) return null;
  const parts = { Holder: (each) => `${each.holder} (${each.kind})`, Topic: (each) => topicName(each.topic), Stance: (each) => `${SYMBOLS[each.stance]} ${each.stance}`,
    Attribution: (each) => each.voice, Flags: (each) => each.flags.join(", ") || "none", Evidence: (each) => each.evidence.map(([, , quote]) => `“${brief(quote, 120)}”`).join(" ") };
  const rows = Object.entries(parts).filter(([, say]) => say(machine) !== say(row)).map(([name, say]) =>
    make("tr", {}, make("th", { scope: "row" }, name), auto("td", say(machine)), auto("td", say(row))));
  return rows.length ? make("table", { class: "compared" }, make("caption", { class: "hidden" }, "The machine's values and a person's"),
    make("thead", {}, make("tr", {}, make("td"), make("th", { scope: "col" }, "Machine"), make("th", { scope: "col" }, row.by ?? "Person"))),
    make("tbody", {}, ...rows)) : null;
}

function keysLine() {
  const box = make("input", { type: "checkbox", onchange: () => { localStorage.setItem(QUIET, box.checked ? "" : "1"); } });
  box.checked = !localStorage.getItem(QUIET);
  return make("p", { class: "keys-line quiet" }, make("label", {}, box, "Keys:"),
    ...KEYS.flatMap(([key, what]) => [" ", make("kbd", {}, key), ` ${what}`]));
}

// --- deciding

/** Send a decision; says false where the person has no name yet, somebody was faster, or the server refuses. */
async function send(proposal, { told = announce, again = null } = {}) {
  const by = await nameOf();
  if (!by) return false;
  try {
    const taken = await asked("decisions", { body: { ...proposal, by } });
    refocus = { accept: "accept", reject: "reject", undo: "undo" }[proposal.do] ?? "correct";
    lastSeen = taken.number;
    if (proposal.values || !mounted.sheet.querySelector("form[data-draft]")) closeSheet(); // else somebody still writes there
    await mounted.reload();
    announce(`${by} ${DONE[proposal.do]}; ${said(taken)}`);
    showProgress(taken);
    return true;
  } catch (error) {
    if (!error.conflict) told(error.message);
    else showConflict(proposal, error, again);
    return false;
  }
}

const onThis = (name) => ({ do: name, record: mounted.row.id, base: mounted.row.base });
const acceptIt = () => send(onThis("accept"));
const rejectIt = () => send(onThis("reject"));

function correctIt() {
  const { article, row } = mounted;
  const kept = drafts.get(draftOn("correct", row.id));
  openSheet(kept ?? keepDraft(recordForm(article, row, { onclose: closeSheet,
    onsend: (values, told) => send({ do: "correct", record: row.id, base: row.base, values }, { told }) }), "correct", row.id));
  showEvidence();
}

function addIt() {
  const { article } = mounted;
  const kept = drafts.get(draftOn("add", article.id));
  openSheet(kept ?? keepDraft(recordForm(article, null, { onclose: closeSheet,
    onsend: (values, told) => send({ do: "add", article: article.id, values }, { told }) }), "add", article.id));
}

async function openActor() {
  const { row } = mounted;
  const known = await asked("actor", { values: { name: row.holder, kind: row.kind } });
  openSheet(actorForm(row, known, { onclose: closeSheet, onsend: (proposal, told) => send({ ...proposal, base: known.base }, { told }) }));
}

async function undoIt() {
  const decisions = await asked("history", { values: { record: mounted.row.id } });
  const last = decisions.find((each) => each.canUndo && each.do !== "undo");
  if (!last) return announce("Nothing to undo on this record.");
  await send({ do: "undo", number: last.number, base: mounted.row.base });
}

/** Show that somebody was faster: what they decided and what this was, and let the person choose. */
function showConflict(proposal, { message, conflict }) {
  const again = { ...proposal, base: conflict.base };
  closeSheet(); // what the form said stands below
  openSheet(make("section", { class: "review-form conflict", role: "alertdialog", "aria-label": "Somebody was faster" },
    make("h4", {}, message), make("h5", {}, "Decided meanwhile"), make("ul", {}, ...conflict.since.map((each) => make("li", {}, ...sentence(each)))),
    make("h5", {}, "Yours, not saved yet"), make("p", {}, ...sentence({ ...proposal, by: localStorage.getItem(NAME), at: null,
      record: proposal.values ? { ...proposal.values, holder_kind: proposal.values.holderKind, attribution: proposal.values.voice } : null })),
    make("div", { class: "doing" }, button("Keep theirs", async () => { closeSheet(); await mounted.reload(); }, { class: "main" }),
      button("Save mine on top", () => send(again)))));
}

// --- history

async function openHistory() {
  const { row } = mounted;
  const [own, actor, all] = await Promise.all([asked("history", { values: { record: row.id } }),
    actorHistory(row), asked("history", { values: { limit: 20 } })]);
  const block = (title, found) => (found.length ? [make("h5", {}, title), make("ol", { class: "history", reversed: true }, ...found.map(entry))] : []);
  openSheet(make("section", { class: "review-form", "aria-label": "History" }, make("h4", {}, "History"),
    ...(own.length ? block("This record", own) : [make("p", { class: "quiet" }, "Nobody has decided on this record.")]),
    ...block("This actor", actor), ...block("Latest decisions", all), make("div", { class: "doing" }, button("Close", closeSheet))));
}

/** Return the merges and splits of the holder, and of the machine's, whom a merge may have renamed; the latest first. */
async function actorHistory({ holder, kind, machine }) {
  const renamed = machine && (machine.holder !== holder || machine.kind !== kind) ? [machine] : [];
  const found = await Promise.all([{ holder, kind }, ...renamed].map((each) => asked("history", { values: { actor: each.holder, kind: each.kind } })));
  return [...new Map(found.flat().map((each) => [each.number, each])).values()].sort((a, b) => b.number - a.number);
}

function entry(decision) {
  const { record } = decision;
  const open = record && record.record_id !== mounted.row?.id
    ? [" ", make("a", { href: linkTo({ open: { article: record.article_id, record: record.record_id } }) }, "open")] : [];
  const undo = decision.canUndo
    ? [" ", button(decision.do === "undo" ? "Redo" : "Undo", () => send({ do: "undo", number: decision.number, base: decision.base }))] : [];
  return make("li", { value: decision.number }, ...sentence(decision), ...open, ...undo);
}

/** Return a decision in words, names set apart from what stands around them. */
function sentence({ do: what, by, at, record, name, kind, actor, into, mentions, of, number: own }) {
  const who = [auto("b", by ?? "You"), at ? ` ${moment(at)}: ` : ": "];
  const flags = record ? ["hedged", "conditional", "changed"].filter((flag) => record[flag]) : [];
  const values = record ? [auto("bdi", brief(record.holder)), ` (${record.holder_kind}) `, make("span", { class: `stance ${record.stance}` },
    `${SYMBOLS[record.stance] ?? ""} ${record.stance}`), " on ", auto("bdi", topicName(record.topic)), `, ${record.attribution}`, flags.length ? `, ${flags.join(", ")}` : ""] : [];
  const renamed = into ? [auto("bdi", brief(actor?.name ?? name)), ` (${actor?.kind ?? kind})`, mentions ? [", where called ", mentions.map((each) => `“${each}”`).join(", "), ","].join("") : "",
    " is ", auto("bdi", brief(into.name)), ` (${into.kind})`] : [];
  return [...who, what === "undo" ? `took back decision ${of ?? own}` : `${DONE[what]} `, ...values, ...renamed];
}

const moment = (at) => new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

// --- what surrounds it

function openSheet(content) {
  const left = mounted.sheet.querySelector("form[data-draft]");
  if (left && left !== content) drafts.set(left.dataset.draft, left);
  mounted.sheet.replaceChildren(content);
  byId("panel").scrollIntoView({ block: "nearest" }); // or the form's buttons may lie below the window
  (content.querySelector("input:not([type=checkbox]), button") ?? content).focus({ preventScroll: true });
}

function closeSheet() {
  const form = mounted.sheet.querySelector("form[data-draft]");
  if (form) drafts.delete(form.dataset.draft);
  mounted.sheet.replaceChildren();
  showEvidence();
  mounted.bar.querySelector("button")?.focus({ preventScroll: true });
}

/** Scroll the article to the record's words, which a form or the head of the panel would cover. */
function showEvidence() {
  const words = byId("panel").querySelector('mark[data-rank="0"]');
  if (words) scrollPanel(words);
}

/** Return the person's name, asked for once and kept in this browser; null where they won't say. */
async function nameOf() {
  const known = localStorage.getItem(NAME) || meta.person;
  if (known) return known;
  const field = textField("name", "", { required: true, maxlength: 100, autofocus: true });
  const form = make("form", {}, labelled("Your name, kept with each decision:", field), make("div", { class: "doing" },
    make("button", { type: "submit", class: "main" }, "Go on"), button("Cancel", () => dialog.close())));
  const dialog = make("dialog", { "aria-label": "Your name" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      localStorage.setItem(NAME, field.value.trim());
      dialog.close();
    });
    dialog.addEventListener("close", () => { dialog.remove(); resolve(localStorage.getItem(NAME)); });
  });
}

/** Begin: progress, keys, and a look now and then for what others decided. */
function startReview() {
  byId("notes").after(make("p", { id: "progress" }), make("p", { id: "said", class: "hidden", role: "status" }));
  document.body.append(make("datalist", { id: "actors" }), make("div", { id: "toast", "aria-hidden": "true", hidden: true }));
  document.addEventListener("keydown", onKey);
  addEventListener("beforeunload", (event) => {
    if (drafts.size || document.querySelector(".sheet form[data-draft]")) event.preventDefault(); // the browser asks
  });
  asked("progress").then((found) => { lastSeen = found.last; showProgress(found); });
  setInterval(lookForOthers, PAUSE);
}

async function lookForOthers() {
  if (document.hidden) return;
  const found = await asked("progress").catch(() => null);
  if (!found || found.last === lastSeen || (mounted?.sheet.isConnected && mounted.sheet.firstChild)) return;
  lastSeen = found.last;
  showProgress(found);
  await refresh();
  announce("Others have decided; this is how it stands now.");
}

const said = ({ reviewed, records }) => `${number(reviewed)} of ${counted(records, "record")} reviewed`;

function showProgress(found) {
  const bar = make("progress", { max: Math.max(found.records, 1), value: found.reviewed, "aria-label": "Reviewed" });
  byId("progress").replaceChildren(bar, ` ${said(found)}`, found.added ? `, ${number(found.added)} added` : "");
}

let fading = 0;

function announce(message) {
  byId("said").textContent = message;
  byId("toast").textContent = message;
  byId("toast").hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { byId("toast").hidden = true; }, 6000);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(QUIET)) return;
  if (event.target.closest?.("input, select, textarea, dialog, [contenteditable]")) return;
  const act = { j: () => step(1), k: () => step(-1), ...(mounted?.row && view.open && !meta.review.readOnly
    ? { a: acceptIt, e: correctIt, r: rejectIt, u: undoIt, n: addIt } : {}) }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** Open the record before or after the one that is open, on the next page too; after a rejection, the one that took its place. */
async function step(by) {
  const { index = -1, isGone = false } = view.open ? mounted ?? {} : {};
  const target = index + (isGone && by > 0 ? 0 : by);
  if (target >= shown.rows.length && view.offset + shown.rows.length < shown.total) await go({ offset: view.offset + PAGE });
  const row = shown.rows[target >= shown.rows.length ? target - shown.rows.length : Math.max(target, 0)];
  if (!row) return;
  await go({ open: { article: row.article, record: row.id } });
  rowNode(row.id)?.scrollIntoView({ block: "nearest" });
}
