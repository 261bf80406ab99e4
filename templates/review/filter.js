// Which lines, columns and findings the user asks to see.

const shownColumns = (line) => shownOf(columnsOf(line));

/** Providers of lines and findings: key → name, by name. */
const providers = (() => {
  const found = new Map();
  const add = (code, name) => code || name ? found.set(`${code || ""}|${name || ""}`, named([code || "", name || ""])) : 0;
  for (const line of data.lines) if (line.provider) add(...line.provider);
  for (const { place } of data.findings) add(place.provider_bin, place.provider_name);
  return [...found].sort((one, other) => (one[1] < other[1] ? -1 : 1));
})();

const providerKey = (party) => (party ? `${party[0] || ""}|${party[1] || ""}` : "");

/** All that a line can be found by. */
function lineText(line) {
  const parties = [line.provider, line.service].filter(Boolean).flat();
  return [say(line.number), rowOf(line).no, say(line.label), ...parties, line.system || ""].join(" ");
}

function findingText(finding) {
  const { place } = finding;
  const told = [data.causes[finding.cause].code, say(finding.message), say(finding.hint)];
  return [...told, ...Object.values(place).map(String)].join(" ");
}

/** The columns that are shown: all, or those of the chosen month with the quarter. */
function shownOf(columns) {
  const all = columns.map((column, position) => position);
  if (state.month === "" || !data.monthly) return all;
  return all.filter((position) => String(columns[position].month) === state.month || columns[position].months);
}

function shownLines() {
  const query = fold(state.query);
  const shown = [];
  data.lines.forEach((line, position) => {
    if (state.section !== "" && String(rowOf(line).section) !== state.section) return;
    if (state.provider !== "" && providerKey(line.provider) !== state.provider) return;
    if (state.unit !== "" && !isRow(line)) return;
    if (state.severity !== "" && !severityOn(position)) return;
    if (query && !holds(lineText(line), query)) return;
    shown.push(position);
  });
  return shown;
}

function severityOn(position) {
  const own = findingsOn.get(position) || [];
  return own.some((finding) => state.severity === "any" || data.findings[finding].severity === state.severity);
}

function shownFindings() {
  const query = fold(state.query);
  return data.findings.map((finding, position) => position).filter((position) => {
    const finding = data.findings[position];
    const { place } = finding;
    if (SEVERITIES.includes(state.severity) && finding.severity !== state.severity) return false;
    if (state.provider !== "" && providerKey([place.provider_bin, place.provider_name]) !== state.provider) return false;
    if (state.section !== "" && !inSection(finding)) return false;
    if (state.month !== "" && data.monthly && !inMonth(finding)) return false;
    return !query || holds(findingText(finding), query);
  });
}

function inSection(finding) {
  if (finding.at) return String(rowOf(data.lines[finding.at[0]]).section) === state.section;
  return data.sections[state.section].id === finding.place.section;
}

/** A finding of the quarter or of records belongs to no month and stays. */
function inMonth(finding) {
  if (!finding.at) return true;
  const column = columnsOf(data.lines[finding.at[0]])[finding.at[1]];
  return column.month === undefined || String(column.month) === state.month;
}

const FILTERS = ["section", "month", "provider", "unit", "severity", "query"];
const isFiltered = () => FILTERS.some((name) => state[name] !== "");

/** The filters that the form's data allow. */
function filterBar() {
  const all = [["", word("all")]];
  const choose = (name) => (value) => {
    state[name] = value;
    refresh();
  };
  const bar = [search()];
  const sections = data.sections.map((section, position) => [position, sectionName(position)]).filter(([, name]) => name);
  if (sections.length > 1) bar.push(choice(word("section"), [...all, ...sections], state.section, choose("section")));
  if (data.monthly) {
    const months = data.months.map((month, position) => [position + 1, say(month)]);
    bar.push(choice(word("month"), [...all, ...months], state.month, choose("month")));
  }
  if (providers.length > 1) {
    const known = providers.map(([key, name]) => [key, cut(name, 60)]);
    bar.push(choice(word("provider"), [...all, ...known], state.provider, choose("provider")));
  }
  const units = data.board.map((unit, position) => [position, say(unit.name)]);
  const filed = units.filter(([position]) => Object.keys(data.board[position].values).length);
  if (filed.length) bar.push(choice(word("unit"), [["", word("whole")], ...filed], state.unit, choose("unit")));
  const severities = SEVERITIES.map((severity) => [severity, word(`${severity}s`)]);
  const any = [["any", word("any_finding")]];
  bar.push(choice(word("findings"), [...all, ...any, ...severities], state.severity, choose("severity")));
  bar.push(el("button", { type: "button", id: "clear", onclick: clearFilters, hidden: !isFiltered() }, word("clear")));
  return bar;
}

function sectionName(position) {
  const { id, label } = data.sections[position];
  return label === undefined ? id : say(label);
}

function search() {
  let waiting = 0;
  const input = el("input", {
    type: "search",
    id: "query",
    value: state.query,
    autocomplete: "off",
    oninput: () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        state.query = input.value;
        refresh();
      }, 150);
    },
  });
  return el("label", { class: "choice search" }, el("span", {}, word("search")), input);
}

function clearFilters() {
  for (const name of FILTERS) state[name] = "";
  drawFilters();
  refresh();
  document.getElementById("query").focus();
}
