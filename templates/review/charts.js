// Which drawings the form's data allow: months, parts, columns, lines, units, causes.

/** Lines of a block that are drawn; the rest is one bar. */
const TOP = 10;

const numberOf = (value) => (typeof value === "number" ? value : 0);

/** The quarter of a line: its quarter columns together, or where the form has no months its first column. */
function quarterOf(columns, values) {
  if (!data.monthly) return numberOf(values[0]);
  return columns.reduce((sum, column, nth) => (column.months ? sum + numberOf(values[nth]) : sum), 0);
}

const rowLines = new Map(data.lines.flatMap((line, position) => (isRow(line) ? [[line.row, position]] : [])));

/** The quarter of a row: of its printed line, or where only lines are printed of its top lines. */
function rowQuarter(row) {
  const lines = rowLines.has(row) ? [data.lines[rowLines.get(row)]] : topLines(row);
  return lines.reduce((sum, line) => sum + quarterOf(columnsOf(line), line.values), 0);
}

/** The lines of a row's block on its highest level. */
function topLines(row) {
  const own = data.lines.filter((line) => line.row === row && !isRow(line));
  const above = own.filter((line) => line.provider && !line.service);
  return above.length ? above : own;
}

const partsOf = (row) => data.rows[row].sum || data.rows.flatMap((part, position) => (part.parent === row ? [position] : []));

/** What the parts of a row differ in: the name of the one property whose codes differ, if there is one. */
function differsIn(parts) {
  const names = new Set(parts.flatMap((part) => data.rows[part].filter.map(({ name }) => name)));
  const codes = (name) => new Set(parts.map((part) => JSON.stringify(data.rows[part].filter.filter((own) => own.name === name).map((own) => own.codes))));
  const own = [...names].filter((name) => codes(name).size > 1);
  return own.length === 1 ? own[0] : undefined;
}

const rowTitle = (row) => cut(rowName(data.rows[row]), 140);

function partsChart(row, title = rowTitle(row)) {
  const parts = partsOf(row);
  const name = differsIn(parts);
  const entries = parts.map((part) => ({ name: rowTitle(part), value: rowQuarter(part) }));
  if (parts.length < 2 || !entries.some((entry) => entry.value)) return null;
  return bars(title, entries, `${name === undefined ? word("parts") : say(name)}, ${quarterWord()}`);
}

const quarterWord = () => say(data.period);

function monthsChart(row) {
  const line = data.lines[rowLines.get(row)];
  if (!data.monthly || !line) return null;
  const columns = columnsOf(line);
  const own = (month) => columns.flatMap((column, nth) => (column.month === month ? [nth] : []));
  const series = own(1).map((first, place) => {
    const { path } = columns[first];
    return { name: say(path[path.length - 1]), values: data.months.map((_, month) => line.values[own(month + 1)[place]]) };
  });
  return monthChart(rowTitle(row), data.months.map(say), series);
}

function linesChart(row) {
  const lines = topLines(row).map((line) => ({ name: cut(say(line.label), 120), value: quarterOf(columnsOf(line), line.values) }));
  const live = lines.filter((line) => line.value > 0).sort((one, other) => other.value - one.value);
  if (live.length < 2) return null;
  const rest = live.slice(TOP).reduce((sum, line) => sum + line.value, 0);
  const entries = live.slice(0, TOP);
  if (rest) entries.push({ name: word("others", { count: grouped(live.length - TOP) }), value: rest, kind: "rest" });
  return bars(rowTitle(row), entries, word("largest"));
}

function unitsChart(row) {
  const line = data.lines[rowLines.get(row)];
  const columns = line && columnsOf(line);
  const entries = line ? data.board.filter((unit) => unit.values[row]).map((unit) => ({ name: say(unit.name), value: quarterOf(columns, unit.values[row]) })) : [];
  return entries.some((entry) => entry.value) ? bars(rowTitle(row), entries, word("by_units")) : null;
}

/** Columns under one head: what its whole is made of. */
function columnCharts(row) {
  const line = data.lines[rowLines.get(row)] || topLines(row)[0];
  if (data.monthly || !line) return [];
  const columns = columnsOf(line);
  const values = rowLines.has(row) ? line.values : columns.map((_, nth) => topLines(row).reduce((sum, own) => sum + numberOf(own.values[nth]), 0));
  const heads = [...new Set(columns.map((column) => column.path[0]))];
  return heads.map((head) => {
    const own = columns.flatMap((column, nth) => (column.path[0] === head ? [nth] : []));
    const deep = Math.max(...own.map((nth) => columns[nth].path.length));
    const parts = own.filter((nth) => columns[nth].path.length === deep);
    const entries = parts.map((nth) => ({ name: columnName(columns[nth]), value: numberOf(values[nth]) }));
    return parts.length > 1 && entries.some((entry) => entry.value) ? bars(say(head), entries, rowTitle(row)) : null;
  });
}

function causesChart() {
  const entries = data.causes.map((cause) => ({ name: `${cause.code} ${cut(say(cause.title), 110)}`, value: cause.count, kind: cause.severity }));
  return entries.length ? bars(word("by_cause"), entries, word("findings")) : null;
}

/** Rows that have something to draw, by position. */
function drawable() {
  return data.rows.map((_, row) => row).filter((row) => (rowLines.has(row) || topLines(row).length) && rowQuarter(row) > 0);
}

function drawCharts(place) {
  const rows = drawable();
  const chosen = rows.includes(state.charted) ? state.charted : rows.find((row) => partsOf(row).length > 1) ?? rows[0];
  const parts = [el("h2", {}, word("charts"))];
  if (chosen !== undefined) {
    const options = rows.map((row) => [row, cut(rowTitle(row), 90)]);
    parts.push(choice(word("row"), options, chosen, (value) => {
      state.charted = Number(value);
      drawCharts(place);
      place.querySelector("select").focus();
    }));
    const own = [monthsChart(chosen), partsChart(chosen), ...columnCharts(chosen), linesChart(chosen), unitsChart(chosen)];
    parts.push(el("div", { class: "figures" }, own.filter(Boolean)));
  }
  const breakdowns = rows.filter((row) => row !== chosen && partsOf(row).length > 1 && differsIn(partsOf(row)) !== undefined);
  const more = [causesChart(), ...breakdowns.map((row) => partsChart(row))].filter(Boolean);
  if (more.length) parts.push(el("h3", {}, word("breakdowns")), el("div", { class: "figures" }, more));
  refill(place, parts);
}
