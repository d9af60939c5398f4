"use strict";
// Elements, numbers and words on the page. Data become text nodes and attributes; nothing here parses HTML.

const STANCES = ["favor", "against", "neutral"];
const SYMBOLS = { favor: "▲", against: "▼", neutral: "●" };
const byId = (id) => document.getElementById(id);

/** Make an element; children are elements or strings, null ones are left out; "on..." properties are listeners. */
function make(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Make an element around a name or a quote, which may run from right to left whatever stands around it. */
const auto = (tag, text, props = {}) => make(tag, { dir: "auto", ...props }, text);
const number = (value) => value.toLocaleString("en");
const counted = (count, one) => `${number(count)} ${one}${count === 1 ? "" : "s"}`;
const signed = (stance) =>
  make("span", { class: `stance ${stance}` }, make("span", { "aria-hidden": "true" }, `${SYMBOLS[stance]} `), stance);

/** Make a size or a share available to the style sheet; the page's rules allow no style attributes in its HTML. */
function styled(node, values) {
  for (const [name, value] of Object.entries(values)) node.style.setProperty(name, value);
  return node;
}

/** Return a long text cut for a label; the whole is in the data. */
const brief = (text, most = 80) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
