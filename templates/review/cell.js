// What one cell counts, in a panel beside the form.

/** Cells of one side of a check that are named; more are counted. */
const NAMED = 8;

function openCell(position, column, enter) {
  const panel = document.getElementById("panel");
  panel.hidden = false;
  document.body.classList.add("asks");
  const line = data.lines[position];
  const head = columnsOf(line)[column];
  const title = el("h2", { tabindex: "-1", id: "panel-title" }, lineName(line));
  const close = el("button", { type: "button", class: "close", onclick: () => closeCell(true) },
    el("span", { "aria-hidden": "true" }, "✕"), heard(word("close")));
  refill(panel,
    el("div", { class: "panel-head" }, title, close),
    el("p", { class: "where" }, state.unit === "" ? columnName(head) : `${columnName(head)} · ${say(data.board[state.unit].name)}`),
    el("p", { class: "figure" }, worthOf(position, column)),
    state.unit === "" && againstBefore(position, column),
    state.unit === "" && cellFindings(position, column),
    counted(line, head),
    state.unit === "" && cellRecords(line, column, head),
    state.unit === "" && cellRules(position, column),
    unitShares(line, column));
  panel.scrollTop = 0;
  document.querySelectorAll("td.value.open").forEach((cell) => cell.classList.remove("open"));
  cellElement(position, column)?.classList.add("open");
  cellElement(position, column)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (enter) title.focus({ preventScroll: true });
}

function worthOf(position, column) {
  const value = valueOf(position, column);
  if (value === DASH) return `${DASH} (${word("no_information")})`;
  return value === "" ? word("blank") : String(grouped(value));
}

/** The same cell in the previous quarter's report, and the change. */
function againstBefore(position, column) {
  const before = data.lines[position].before?.[column];
  if (before === undefined || before === null) return null;
  const now = data.lines[position].values[column];
  const change = typeof now === "number" && typeof before === "number" ? ` (${signed(now - before)})` : "";
  return el("p", { class: "before" }, `${say(data.before)}: ${grouped(before)}${change}`);
}

/** Closes the panel; `back`: the focus returns to the cell. */
function closeCell(back) {
  const panel = document.getElementById("panel");
  if (panel.hidden) return false;
  panel.hidden = true;
  document.body.classList.remove("asks");
  document.querySelectorAll("td.value.open").forEach((cell) => cell.classList.remove("open"));
  if (back && state.cell) focusCell(state.cell.line, state.cell.column);
  return true;
}

function cellFindings(position, column) {
  const own = findingsAt.get(`${position}:${column}`) || [];
  if (!own.length) return null;
  return el("section", {}, el("h3", {}, word("findings")), own.map((finding) => findingCard(finding, false)));
}

/** What is counted: place in the form, kind of facts, conditions, basis. */
function counted(line, head) {
  const row = rowOf(line);
  const above = [];
  for (let next = row.parent; next !== undefined; next = data.rows[next].parent) above.unshift(data.rows[next]);
  const name = rowName;
  const parts = row.sum ? el("ul", {}, row.sum.map((part) => el("li", {}, name(data.rows[part])))) : undefined;
  const part = above.length ? el("ul", {}, above.map((of) => el("li", {}, name(of)))) : undefined;
  const conditions = [...(row.sum ? [] : row.filter), ...head.filter];
  const where = conditions.length && el("ul", {}, conditions.map(({ name, codes }) =>
    el("li", {}, `${say(name)}: `, codes.map((code) => say(code)).join("; "))));
  const kinds = [row.facts && word(`measure_${row.measure}`), data.monthly && word(row.stock ? "stock" : "flow")].filter(Boolean);
  const basis = [say(row.basis), head.basis !== undefined && say(head.basis)].filter(Boolean);
  return el("section", {}, el("h3", {}, word("counts")), facts([
    [word("row"), isRow(line) ? undefined : name(row)],
    [word("provider"), line.provider && named(line.provider)],
    [word("service"), line.service && named(line.service)],
    [word("head_of_column"), head.path.map((id) => say(id)).join(" → ")],
    [word("part_of"), part],
    [word("sum_of"), parts],
    [word("counted"), row.facts && word(`facts_${row.facts}`)],
    [word("conditions"), where || undefined],
    [word("how"), kinds.join("; ")],
    [word("basis"), basis.join("; ")],
  ]));
}

/** The first records of a cell, and the command that names them all. */
function cellRecords(line, column, head) {
  if (!data.ledger.length) return null;
  const [count, first] = line.records?.[column] ?? [0, []];
  const items = first.map(([source, place, id]) => {
    const { source: file, sheet } = data.ledger[source];
    return el("li", {}, `${sheet ? `${file} [${sheet}]` : file}:${place}`, id && el("span", { class: "id" }, ` · ${id}`));
  });
  const named = (of) => of && (of[0] || of[1]);
  const asked = [rowOf(line).no || rowOf(line).id, head.id, named(line.provider), named(line.service)].filter(Boolean);
  const all = framed && el("p", {}, el("button", { type: "button", onclick: () => window.parent.postMessage({ place: asked }, "*") }, word("every_record")));
  const quote = (text) => (/^[\w.]+$/.test(text) ? text : `"${text.replaceAll('"', "")}"`);
  const command = all || el("p", { class: "command" }, word("all_records"), " ", el("code", {}, `esep explain report.json ${asked.map(quote).join(" ")} --sources …`));
  if (!items.length) return el("section", {}, el("h3", {}, word("records")), data.traced ? el("p", {}, word("no_record_counts")) : command);
  const shown = word("records_of", { shown: grouped(items.length), count: grouped(count) });
  return el("section", {}, el("h3", {}, word("first_records")), el("p", {}, shown), el("ul", { class: "records" }, items), command);
}

const within = (runs, line, column) => runs.some(([first, last, of]) => of === column && line >= first && line <= last);

/** The checks that a cell takes part in, each with the cells of both sides and their values. */
function checksOf(position, column) {
  const line = data.lines[position];
  const found = [];
  for (const check of data.checks) {
    const own = (check.line === position && check.column === column) || within(check.left, position, column) || within(check.right, position, column);
    if (own) found.push(check);
  }
  for (const { rule, left, right, last, lines } of data.line_checks) {
    if (!left.includes(column) && !right.includes(column)) continue;
    if (!lines.some(([first, end]) => position >= first && position <= end)) continue;
      const runs = (columns) => columns.map((of) => [position, position, of]);
    const values = [sumOf(left.map((of) => line.values[of])), (last ? lastOf : sumOf)(right.map((of) => line.values[of]))];
    found.push({ rule, line: position, column: left[0], left: runs(left), right: runs(right), values });
  }
  return found;
}

/** A sum that skips "-"; of only "-" it is "-". */
function sumOf(values) {
  if (values.some((value) => typeof value !== "number" && value !== DASH)) return null;
  const numbers = values.filter((value) => typeof value === "number");
  return numbers.length ? numbers.reduce((sum, value) => sum + value, 0) : DASH;
}

function lastOf(values) {
  return sumOf(values) === null ? null : values.filter((value) => typeof value === "number").pop() ?? DASH;
}

/** What came of a check: its finding tells; without one it holds. */
function outcomeOf(check) {
  const causes = data.causes.map((cause) => cause.rule);
  const ofRule = (finding) => causes[finding.cause] === check.rule;
  const own = (findingsAt.get(`${check.line}:${check.column}`) || []).map((position) => data.findings[position]).find(ofRule);
  const whole = own || data.findings.find((finding) => !finding.at && ofRule(finding) && finding.outcome === "cannot_be_checked");
  return whole ? whole.outcome : "holds";
}

function cellRules(position, column) {
  const checks = checksOf(position, column);
  const order = ["fails", "cannot_be_checked", "holds"];
  const judged = checks.map((check) => ({ check, outcome: outcomeOf(check) }));
  judged.sort((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome));
  const cards = judged.map(({ check, outcome }) => ruleCard(check, outcome));
  return el("section", {}, el("h3", {}, word("rules")), cards.length ? cards : el("p", {}, word("no_rules")));
}

function ruleCard(check, outcome) {
  const rule = data.rules[check.rule];
  const [left, right] = check.values;
  const sides = facts([
    [word("left"), side(left, check.left)],
    [word("right"), side(right, check.right)],
    [word("difference"), typeof left === "number" && typeof right === "number" ? signed(left - right) : undefined],
  ]);
  const sign = { holds: "✓", fails: "✕", cannot_be_checked: "–" }[outcome];
  return el("details", { class: `rule ${outcome}`, open: outcome === "fails" },
    el("summary", {}, el("span", { class: "sign", "aria-hidden": "true" }, sign), heard(word(`outcome_${outcome}`)), " ", say(rule.text)),
    sides, el("p", { class: "basis" }, word("basis"), ": ", say(rule.basis)));
}

const signed = (number) => (number > 0 ? `+${grouped(number)}` : grouped(number));

/** A side's value and buttons to its cells. */
function side(value, runs) {
  const cells = runs.flatMap(([first, last, column]) =>
    last - first >= NAMED ? [[first, column, last - first + 1]] : Array.from({ length: last - first + 1 }, (_, nth) => [first + nth, column, 1]));
  const buttons = cells.slice(0, NAMED).map(([line, column, count]) => {
    const of = data.lines[line];
    const name = isRow(of) && /^\d/.test(rowOf(of).no) ? rowOf(of).no : cut(say(of.label), 24);
    const text = count > 1 ? word("lines_from", { count: grouped(count), name }) : `${name} · ${columnsOf(of)[column].mark ?? columnName(columnsOf(of)[column])}`;
    return el("button", { type: "button", class: "go", onclick: () => goToCell(line, column) }, text);
  });
  const more = cells.length > NAMED && el("span", {}, `… +${grouped(cells.length - NAMED)}`);
  const shown = value === null || value === undefined ? word("not_a_number") : String(grouped(value));
  return el("span", {}, el("b", {}, shown), " ", el("span", { class: "cells" }, buttons, more));
}

/** The same cell in the reports of the units. */
function unitShares(line, column) {
  const shares = isRow(line) ? data.board.map((unit) => [unit, unit.values[line.row]?.[column]]).filter(([, value]) => value !== undefined) : [];
  if (!shares.length) return null;
  const rows = shares.map(([unit, value]) => [unit.page ? el("a", { href: unit.page }, say(unit.name)) : say(unit.name), String(grouped(value))]);
  return el("section", {}, el("h3", {}, word("by_units")), table(word("by_units"), [word("unit"), word("value")], rows, { numbers: [1], hidden: true }));
}
