// Elements made of attributes and texts; data never become markup.

/** An element with attributes, listeners (`onclick`) and children; texts become text nodes. */
function el(name, attributes = {}, ...children) {
  return dress(document.createElement(name), attributes, children);
}

/** The same for drawings. */
function svg(name, attributes = {}, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.setAttribute("class", value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** Words for those who hear the page. */
const heard = (text) => el("span", { class: "heard" }, text);

/** The mark of a severity: a shape and a letter, not a colour alone. */
function mark(severity) {
  const sign = { error: "!", warning: "?", notice: "i" }[severity];
  return el("span", { class: `mark ${severity}` }, el("span", { "aria-hidden": "true" }, sign), heard(word(severity)));
}

/** A list of terms and their descriptions. */
function facts(pairs) {
  const rows = pairs.filter(([, value]) => value !== undefined && value !== "" && value !== null);
  return el("dl", {}, rows.flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, value)]));
}

/** A table with a caption; the first cell of each row is its head. */
function table(caption, heads, rows, { numbers = [], hidden = false } = {}) {
  const kind = (place) => (numbers.includes(place) ? "number" : undefined);
  return el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption },
    el("table", { class: "plain" },
      el("caption", { class: hidden ? "heard" : undefined }, caption),
      el("thead", {}, el("tr", {}, heads.map((head, place) => el("th", { scope: "col", class: kind(place) }, head)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, place) =>
        place ? el("td", { class: kind(place), "data-head": typeof heads[place] === "string" && heads[place] }, cell) : el("th", { scope: "row" }, cell)))))));
}

/** A select with a label above it. */
function choice(label, options, value, choose) {
  const select = el("select", { onchange: () => choose(select.value) },
    options.map(([code, text]) => el("option", { value: code, selected: String(code) === String(value) }, text)));
  return el("label", { class: "choice" }, el("span", {}, label), select);
}

/** Puts children in place of all that an element holds. */
function refill(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
  return element;
}

/** Shows a text cut to so many letters. */
function cut(text, letters) {
  return text.length > letters ? `${text.slice(0, letters - 1).trimEnd()}…` : text;
}
