// The page's data, the chosen language and what the user asks to see.

const data = JSON.parse(document.getElementById("data").textContent);
const LANGS = ["kk", "ru", "en"];
const SEVERITIES = ["error", "warning", "notice"];
const DASH = "-";
/** Language of a page that shows this one in a frame: it says who reports, and has the choice of languages. */
const framed = /^#framed-(kk|ru|en)$/.exec(location.hash)?.[1];

const state = {
  lang: LANGS.indexOf(framed ?? data.lang),
  tab: "form",
  month: "",
  section: "",
  provider: "",
  unit: "",
  severity: "",
  query: "",
  /** Line and column of the cell that has the focus of the table. */
  cell: null,
  /** Row that the charts show, by position. */
  charted: null,
  /** Row that colours the tiles, by position; absent: the standing. */
  tiled: null,
};

/** A text of the table of texts in the chosen language. */
function say(id) {
  const text = data.texts[id];
  return typeof text === "string" ? text : text[state.lang];
}

/** A word of the page; `slots` fill its blanks. */
function word(key, slots = {}) {
  return say(data.words[key]).replace(/\{(\w+)\}/g, (blank, name) => (name in slots ? String(slots[name]) : blank));
}

/** Folds a text for comparison: case, ё/е, runs of spaces and underscores, quotes. */
function fold(text) {
  return text
    .replace(/["'«»“”„‘’`]/g, "")
    .replace(/[\s_\u00a0]+/g, " ")
    .trim()
    .toLowerCase()
    .replaceAll("ё", "е");
}

const PLAIN = { ә: "а", ғ: "г", қ: "к", ң: "н", ө: "о", ұ: "у", ү: "у", һ: "х", і: "и" };

/** Kazakh letters as people without a Kazakh keyboard type them. */
function plain(folded) {
  return folded.replace(/[әғқңөұүһі]/g, (letter) => PLAIN[letter]);
}

/** Whether a text holds the query; typed without Kazakh letters it finds them, too. */
function holds(text, query) {
  const folded = fold(text);
  return folded.includes(query) || (plain(query) === query && plain(folded).includes(query));
}

/** Digits in groups of three with no-break spaces; "-" and what else stands in a cell stay as they are. */
function grouped(value) {
  return typeof value === "number" ? String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u00a0") : value;
}

const rowOf = (line) => data.rows[line.row];
const columnsOf = (line) => data.grids[data.sections[rowOf(line).section].grid].columns;
/** The columns that the heads of a table stand for. */
const headColumns = (table) => data.grids[data.tables[table].grid].columns;
const isRow = (line) => !line.provider && !line.service;

/** Code and name of a provider or service as one text. */
function named(party) {
  const [code, name] = party;
  return name && code ? `${name} (${code})` : name || code;
}

/** What the form shows in a cell: its value, or that of the chosen unit. */
function valueOf(position, column) {
  const line = data.lines[position];
  if (state.unit === "") return line.values[column] ?? "";
  const values = isRow(line) ? data.board[state.unit].values[line.row] : undefined;
  return values?.[column] ?? "";
}

/** Positions of the findings of each cell, "line:column", and of each line. */
const findingsAt = new Map();
const findingsOn = new Map();
const listed = (map, key) => map.get(key) || map.set(key, []).get(key);
data.findings.forEach((finding, position) => {
  if (!finding.at) return;
  listed(findingsAt, finding.at.join(":")).push(position);
  listed(findingsOn, finding.at[0]).push(position);
});

/** The heaviest severity among findings; absent: none. */
function worst(positions) {
  return SEVERITIES.find((severity) => positions.some((position) => data.findings[position].severity === severity));
}

/** The column in words: month and applicant, or its heads. */
function columnName(column) {
  const own = say(column.path[column.path.length - 1] ?? column.when);
  if (column.when === undefined) return column.mark ? `${column.mark}. ${own}` : own;
  // the head of a month column names the months of all quarters
  const split = column.path.length > 2;
  return split ? `${say(column.when)}: ${own}` : say(column.when);
}

/** The row in words: its number, where it is printed as one, and its name. */
function rowName(row) {
  return /^\d/.test(row.no) ? `${row.no}. ${say(row.label)}` : say(row.label);
}

/** The line in words. */
function lineName(line) {
  return isRow(line) ? rowName(rowOf(line)) : say(line.label);
}
