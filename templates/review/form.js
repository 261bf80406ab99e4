// The form as on paper: tables whose cells can be walked with the arrow keys. Long ones are drawn as they come into view.

/** Lines of a body of the table that is drawn at once. */
const BODY = 60;
/** So many lines are drawn at once; more only when they come into view. */
const AT_ONCE = 240;
/** A line that is not yet drawn is taken to be this high, in pixels. */
const HEIGHT = 36;

const drawn = { lines: [], bodies: [], ofLine: new Map(), watch: null };

function drawForm(place) {
  drawn.watch?.disconnect();
  drawn.lines = shownLines();
  drawn.bodies = [];
  drawn.ofLine = new Map();
  drawn.watch = new IntersectionObserver(arrive, { rootMargin: "900px 0px" });
  if (!drawn.lines.some((line) => state.cell?.line === line)) {
    state.cell = drawn.lines.length ? { line: drawn.lines[0], column: shownColumns(data.lines[drawn.lines[0]])[0] } : null;
  }
  const parts = [paperHead()];
  for (const [position] of data.tables.entries()) {
    const lines = drawn.lines.filter((line) => data.lines[line].table === position);
    if (lines.length) parts.push(formTable(position, lines));
  }
  if (!drawn.lines.length) parts.push(el("p", { class: "empty" }, word("nothing")));
  const [shown, all] = data.limits.lines;
  if (shown < all) parts.unshift(el("p", { class: "limit" }, word("lines_limit", { shown: grouped(shown), all: grouped(all) })));
  if (state.unit !== "") parts.unshift(unitNote());
  parts.push(paperFoot());
  refill(place, parts);
  keepClear(place);
  drawn.bodies.forEach((body, nth) => {
    const reached = body.lines.includes(body.stop.line);
    if (nth * BODY < AT_ONCE || reached) fillBody(body);
    else drawn.watch.observe(body.element);
  });
}

/** The header block, shut because it is tall; printed in full. */
function paperHead() {
  const strips = data.head.flat().map((part) => el("p", { class: part.role }, say(part.text)));
  return el("details", { class: "paper" }, el("summary", {}, word("head")), strips);
}

function paperFoot() {
  return el("div", { class: "paper foot" }, data.signature.map((strip) =>
    el("div", { class: "halves" }, strip.map((part) => el("p", { class: part.role }, say(part.text))))));
}

/** Cells that are scrolled to do not hide below the heads that stay in view. */
function keepClear(place) {
  const heights = [...place.querySelectorAll("thead")].map((head) =>
    [...head.querySelectorAll(".kept")].reduce((sum, row) => sum + row.offsetHeight, 0));
  document.getElementById("desk").style.scrollPaddingTop = `${Math.max(0, ...heights) + 4}px`;
}

function unitNote() {
  const unit = data.board[state.unit];
  const link = unit.page && el("a", { href: unit.page }, word("unit_page"));
  return el("p", { class: "limit" }, word("unit_note", { unit: say(unit.name) }), " ", link);
}

function formTable(position, lines) {
  const { heads, kept, caption } = data.tables[position];
  const shown = shownOf(headColumns(position));
  const stop = lines.includes(state.cell.line) ? { ...state.cell } : { line: lines[0], column: shownColumns(data.lines[lines[0]])[0] };
  const width = shown.length + 2;
  const first = heads.length - kept;
  const thead = el("thead", {}, heads.map((head, nth) => el("tr", { class: nth < first ? undefined : "kept" }, headCells(head, shown))));
  const title = caption === undefined ? say(data.title) : sectionName(caption);
  const grid = el("table", { class: "form", role: "grid", "aria-readonly": "true", "aria-rowcount": String(lines.length + heads.length) },
    el("caption", { class: caption === undefined ? "heard" : undefined }, title), thead);
  grid.addEventListener("click", (event) => openFrom(event.target));
  grid.addEventListener("keydown", walk);
  let section = caption;
  for (let start = 0; start < lines.length; start += BODY) {
    const part = lines.slice(start, start + BODY);
    const body = { element: el("tbody"), lines: part, first: start + heads.length + 1, before: section, width, stop, full: false };
    section = rowOf(data.lines[part[part.length - 1]]).section;
    body.element.append(el("tr", {}, el("td", { colspan: width, class: "waiting" })));
    body.element.firstChild.firstChild.style.height = `${part.length * HEIGHT}px`;
    body.element.body = body;
    part.forEach((line) => drawn.ofLine.set(line, body));
    drawn.bodies.push(body);
    grid.append(body.element);
  }
  return el("div", { class: "wide sheet" }, grid);
}

/** The heads above the columns that are shown. */
function headCells(head, shown) {
  return head.flatMap((cell) => {
    const covered = shown.filter((column) => column >= cell.column && column < cell.column + cell.columns);
    const columns = cell.column === undefined ? cell.columns : covered.length;
    if (!columns) return [];
    const scope = cell.column !== undefined && cell.columns > 1 ? "colgroup" : "col";
    const text = cell.upright ? el("span", { class: "upright" }, say(cell.text)) : say(cell.text);
    return el(say(cell.text) ? "th" : "td", {
      scope: say(cell.text) ? scope : undefined,
      colspan: columns > 1 ? columns : undefined,
      rowspan: cell.rows > 1 ? cell.rows : undefined,
    }, text);
  });
}

function arrive(entries) {
  for (const entry of entries) if (entry.isIntersecting) fillBody(entry.target.body);
}

function fillBody(body) {
  if (body.full) return;
  body.full = true;
  drawn.watch.unobserve(body.element);
  let section = body.before;
  const rows = body.lines.flatMap((position, nth) => {
    const line = data.lines[position];
    const own = rowOf(line).section;
    const opens = own !== section && data.sections[own].label !== undefined;
    section = own;
    const title = opens && el("tr", { class: "section" }, el("th", { colspan: body.width, scope: "rowgroup" }, el("span", {}, sectionName(own))));
    return [title, lineRow(position, line, body, nth)].filter(Boolean);
  });
  body.element.replaceChildren(...rows);
}

function lineRow(position, line, body, nth) {
  const label = el("th", { scope: "row", class: `stub deep${Math.min(line.indent, 4)}` }, say(line.label));
  const columns = columnsOf(line);
  // lines of few columns stand below heads of many
  const span = headColumns(line.table).length / columns.length;
  const cells = shownOf(columns).map((column) => valueCell(position, column, span, body.stop));
  return el("tr", { class: line.role, "aria-rowindex": String(body.first + nth) }, el("td", { class: "no" }, say(line.number)), label, cells);
}

function valueCell(position, column, span, stop) {
  const value = valueOf(position, column);
  const own = state.unit === "" ? findingsAt.get(`${position}:${column}`) || [] : [];
  const severity = worst(own);
  const current = stop.line === position && stop.column === column;
  return el("td", {
    class: ["value", severity, typeof value === "number" ? "" : "word"].filter(Boolean).join(" "),
    colspan: span > 1 ? span : undefined,
    tabindex: current ? "0" : "-1",
    "data-line": String(position),
    "data-column": String(column),
  }, severity && mark(severity), severity && " ", value === "" ? heard(word("blank")) : String(grouped(value)));
}

function cellElement(line, column) {
  return document.querySelector(`td.value[data-line="${line}"][data-column="${column}"]`);
}

/** Gives a cell the focus, drawing what it stands in. */
function focusCell(line, column, block = "nearest") {
  const body = drawn.ofLine.get(line);
  if (!body) return false;
  fillBody(body);
  const shown = shownColumns(data.lines[line]);
  const own = shown.includes(column) ? column : shown[Math.min(column, shown.length - 1)];
  // each table is one stop of the Tab key
  body.element.parentElement.querySelectorAll('td.value[tabindex="0"]').forEach((stop) => (stop.tabIndex = -1));
  Object.assign(body.stop, { line, column: own });
  state.cell = { line, column: own };
  const cell = cellElement(line, own);
  cell.tabIndex = 0;
  cell.scrollIntoView({ block, inline: "nearest" });
  cell.focus({ preventScroll: true });
  return true;
}

/** Shows a cell from elsewhere; filters that hide it are dropped. */
function goToCell(line, column) {
  state.tab = "form";
  drawTabs();
  if (!shownLines().includes(line) || !shownColumns(data.lines[line]).includes(column)) {
    for (const name of FILTERS) state[name] = "";
    drawFilters();
  }
  state.cell = { line, column };
  refresh();
  focusCell(line, column, "center");
  openCell(line, column, false);
}

function openFrom(target) {
  const cell = target.closest("td.value");
  if (!cell) return;
  focusCell(Number(cell.dataset.line), Number(cell.dataset.column));
  openCell(state.cell.line, state.cell.column, false);
}

/** The keys of a grid: arrows, Home and End, pages, Enter. */
function walk(event) {
  const cell = event.target.closest("td.value");
  if (!cell || event.altKey || event.metaKey) return;
  const [line, column] = [Number(cell.dataset.line), Number(cell.dataset.column)];
  const columns = shownColumns(data.lines[line]);
  const [row, place] = [drawn.lines.indexOf(line), columns.indexOf(column)];
  const last = drawn.lines.length - 1;
  const moves = {
    ArrowUp: [row - 1, place],
    ArrowDown: [row + 1, place],
    ArrowLeft: [row, place - 1],
    ArrowRight: [row, place + 1],
    PageUp: [row - 12, place],
    PageDown: [row + 12, place],
    Home: [event.ctrlKey ? 0 : row, 0],
    End: [event.ctrlKey ? last : row, columns.length - 1],
  };
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    openCell(line, column, true);
  } else if (moves[event.key]) {
    event.preventDefault();
    const [to, at] = moves[event.key];
    const next = drawn.lines[Math.max(0, Math.min(last, to))];
    const there = shownColumns(data.lines[next]);
    focusCell(next, there[Math.max(0, Math.min(there.length - 1, at))]);
  }
}
