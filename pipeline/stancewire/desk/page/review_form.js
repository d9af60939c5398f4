"use strict";
// The forms of the review: the values of a record with its evidence, and what an actor is called.

const FLAG_WORDS = { hedged: "hedged: presented as uncertain", conditional: "conditional: depends on a stated condition", changed: "changed: a change of position" };
const VOICES = ["quoted", "reported", "author"];

const labelled = (label, field) => make("label", {}, `${label} `, field);
const button = (label, onclick, props = {}) => make("button", { type: "button", onclick, ...props }, label);

function choice(name, values, chosen, say = (value) => value) {
  const select = make("select", { name }, ...values.map((value) => make("option", { value }, say(value))));
  select.value = chosen;
  return select;
}

function textField(name, value, props = {}) {
  const field = make("input", { name, dir: "auto", autocomplete: "off", ...props });
  field.value = value ?? "";
  return field;
}

/** Return a form for a record's values; without a row it is for a record that the machine missed. */
function recordForm(article, row, { onsend, onclose }) {
  const evidence = (row?.evidence ?? []).map(([start, end, quote]) => [start, end, quote]);
  const list = make("ul", { class: "pieces" });
  const said = make("p", { class: "wrong", role: "alert" });
  const form = make("form", { class: "review-form", "aria-label": row ? "Correct this record" : "Add a record" },
    make("h4", {}, row ? "Correct this record" : "Add a record that was missed"),
    make("div", { class: "fields" },
      labelled("Holder", textField("holder", row?.holder, { required: true, list: "actors" })),
      labelled("Kind", choice("kind", meta.review.kinds, row?.kind ?? "person")),
      labelled("Id", textField("holderId", row?.holderId, { placeholder: "none" })),
      labelled("Words used", textField("mention", row?.mention, { placeholder: "as the holder" })),
      labelled("Topic", choice("topic", meta.topics.map(({ id }) => id), row?.topic ?? meta.topics[0]?.id, topicName)),
      labelled("Stance", choice("stance", STANCES, row?.stance ?? "favor", (stance) => `${SYMBOLS[stance]} ${stance}`)),
      labelled("Attribution", choice("voice", VOICES, row?.voice ?? "reported")),
      labelled("Said by", textField("speaker", row?.speaker, { placeholder: "nobody named", list: "actors" }))),
    make("fieldset", { class: "ticks" }, make("legend", {}, "How"), ...Object.entries(FLAG_WORDS).map(([name, words]) =>
      make("label", {}, make("input", { type: "checkbox", name, ...(row?.flags.includes(name) ? { checked: true } : {}) }), words))),
    make("fieldset", {}, make("legend", {}, "Evidence"), list, evidenceTools(article, take)), said,
    make("div", { class: "doing" }, make("button", { type: "submit", class: "main" }, row ? "Save the correction" : "Add the record"),
      button("Cancel", onclose)));

  function take([start, end, quote]) {
    said.textContent = "";
    if (!evidence.some(([from, to]) => from === start && to === end)) evidence.push([start, end, quote]);
    showPieces();
    form.dispatchEvent(new Event("input"));
  }

  function showPieces() {
    list.replaceChildren(...evidence.map((piece) => make("li", {}, auto("q", piece[2]), " ", button("Remove", () => {
      evidence.splice(evidence.indexOf(piece), 1);
      showPieces();
      form.dispatchEvent(new Event("input"));
    }, { "aria-label": `Remove the evidence ${brief(piece[2], 40)}` }))));
    if (!evidence.length) list.append(make("li", { class: "quiet" }, "None yet: select the words in the article above."));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!evidence.length) {
      said.textContent = "A record needs evidence: select the words in the article, then \"Take the selected words\".";
      return;
    }
    onsend(valuesOf(form, evidence), (message) => { said.textContent = message; });
  });
  form.addEventListener("input", (event) => { if (event.target.getAttribute?.("list") === "actors") suggest(event.target.value); });
  const selected = selectionIn(article);
  if (selected && !row) take(selected);
  showPieces();
  return form;
}

function valuesOf(form, evidence) {
  const { holder, kind, holderId, mention, topic, stance, voice, speaker, hedged, conditional, changed } = form.elements;
  return { holder: holder.value.trim(), holderKind: kind.value, holderId: holderId.value.trim() || null, mention: mention.value.trim() || null,
    topic: topic.value, stance: stance.value, voice: voice.value, speaker: speaker.value.trim() || null,
    hedged: hedged.checked, conditional: conditional.checked, changed: changed.checked, evidence };
}

/** Return what puts evidence into a form: a button for the selected words, and a field to type or paste some. */
function evidenceTools(article, take) {
  const said = make("span", { class: "quiet", role: "status" });
  const words = textField("words", "", { placeholder: "or type words of the article", "aria-label": "Words of the article" });
  const search = () => {
    const at = words.value ? article.text?.indexOf(words.value) ?? -1 : -1;
    if (at < 0) return void (said.textContent = "The article doesn't have these words.");
    said.textContent = "";
    take([toPoint(article.text, at), toPoint(article.text, at + words.value.length), words.value]);
    words.value = "";
  };
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    search();
  });
  const selection = button("Take the selected words", () => {
    const found = selectionIn(article);
    said.textContent = found ? "" : "Select words in the article first.";
    if (found) take(found);
  });
  selection.addEventListener("mousedown", (event) => event.preventDefault()); // or the selection would go
  return article.text === null ? make("p", { class: "quiet" }, "The article's text isn't kept here: the evidence stays.")
    : make("div", { class: "doing" }, selection, words, button("Find", search), said);
}

/** Return [start, end, words] of what is selected in the article, in code points, without blanks around; or null. */
function selectionIn(article) {
  const element = byId("panel").querySelector(".story .text");
  const offsets = article.text === null || !element ? null : selectedOffsets(element);
  if (!offsets) return null;
  const points = Array.from(article.text);
  let [start, end] = offsets;
  while (start < end && !points[start].trim()) start += 1;
  while (end > start && !points[end - 1].trim()) end -= 1;
  return start < end ? [start, end, points.slice(start, end).join("")] : null;
}

/** Return a form that says of a whole actor that it is another one: everywhere, or where it is called certain words. */
function actorForm(row, { mentions }, { onsend, onclose }) {
  const boxes = mentions.map(({ mention, records }) => make("label", {}, make("input", { type: "checkbox", name: "mention", value: mention }),
    auto("span", brief(mention, 120)), make("span", { class: "quiet" }, ` ${counted(records, "record")}`)));
  const said = make("p", { class: "wrong", role: "alert" });
  const form = make("form", { class: "review-form", "aria-label": "Merge or split an actor" },
    make("h4", {}, "Who is ", auto("bdi", brief(row.holder)), `? (${row.kind})`),
    make("div", { class: "fields" }, labelled("The same as", textField("into", "", { required: true, list: "actors" })),
      labelled("Kind", choice("kind", meta.review.kinds, row.kind)), labelled("Id", textField("id", "", { placeholder: "none" }))),
    make("fieldset", { class: "ticks" }, make("legend", {}, "Only where articles call it (none ticked: everywhere)"), ...boxes), said,
    make("div", { class: "doing" }, make("button", { type: "submit", class: "main" }, "Apply to all its records"), button("Cancel", onclose)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const ticked = [...form.querySelectorAll('input[name="mention"]:checked')].map((box) => box.value);
    const { into, kind, id } = form.elements;
    const whole = { actor: { name: row.holder, kind: row.kind }, into: { name: into.value.trim(), kind: kind.value, id: id.value.trim() || null } };
    onsend(ticked.length ? { do: "split", ...whole, mentions: ticked } : { do: "merge", ...whole }, (message) => { said.textContent = message; });
  });
  form.addEventListener("input", (event) => { if (event.target.getAttribute?.("list") === "actors") suggest(event.target.value); });
  return form;
}

let suggesting = 0;

/** Offer the names of holders that hold what is typed. */
function suggest(text) {
  clearTimeout(suggesting);
  suggesting = setTimeout(async () => {
    const found = text.trim() ? await asked("actors", { values: { text: text.trim() } }) : [];
    byId("actors").replaceChildren(...found.map(({ name, kind, records }) => make("option", { value: name }, `${kind}, ${counted(records, "record")}`)));
  }, 150);
}
