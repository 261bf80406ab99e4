// The ledger of the records, and the board of units with its tiles.

function drawLedger(place) {
  const parts = [el("h2", {}, word("ledger"))];
  const keys = ["read", "accepted", "duplicates", "quarantined", "feeds_nothing"];
  const name = (id) => (id in data.tables_of_records ? say(data.tables_of_records[id]) : id);
  const rows = data.ledger.map((line) => [line.sheet ? `${line.source} · ${line.sheet}` : line.source, name(line.table), ...keys.map((key) => grouped(line[key]))]);
  const sum = (key) => data.ledger.reduce((total, line) => total + line[key], 0);
  if (rows.length > 1) rows.push([word("total"), "", ...keys.map((key) => grouped(sum(key)))]);
  if (rows.length) {
    parts.push(el("p", {}, word("ledger_note")));
    parts.push(table(word("ledger"), [word("source"), word("table"), ...keys.map((key) => word(key))], rows, { numbers: [2, 3, 4, 5, 6], hidden: true }));
    const [all, ...kinds] = data.idle.map(say);
    if (all) parts.push(el("h3", {}, all), el("ul", {}, kinds.map((kind) => el("li", {}, kind))));
  } else {
    parts.push(el("p", { class: "empty" }, word("no_records")));
  }
  const inputs = [...data.provenance.inputs, ...[data.provenance.mapping ?? []].flat()];
  if (inputs.length) {
    const files = inputs.map((input) => [input.name, grouped(input.bytes), el("code", {}, input.sha256)]);
    parts.push(el("h3", {}, word("files")), table(word("files"), [word("source"), word("bytes"), "SHA-256"], files, { numbers: [1], hidden: true }));
  }
  parts.push(facts([
    [word("edition"), `${say(data.index)}, ${data.edition}`],
    [word("basis"), say(data.basis)],
    [word("deadline"), say(data.deadline_basis)],
    [word("as_of"), data.as_of],
    [word("program"), data.provenance.program],
    [word("paranoid"), data.provenance.recounted && word("recounted", { cells: grouped(data.provenance.recounted) })],
    [word("definitions"), data.provenance.definitions && el("code", {}, data.provenance.definitions)],
  ]));
  refill(place, parts);
}

/** Standings that leave a hole in the whole. */
const HOLES = ["missing", "twice", "wrong_period", "wrong_form", "other_name", "nameless"];

function drawBoard(place) {
  const here = data.board.filter((unit) => !HOLES.includes(unit.standing)).length;
  // a report that says not whose it is has a tile, but no unit more must report
  const all = data.board.filter((unit) => unit.code || unit.standing !== "nameless").length;
  const parts = [el("h2", {}, word("units")), el("p", { class: here < all ? "limit" : "complete" }, word("complete", { here: grouped(here), all: grouped(all) }))];
  const rows = [...rowLines.keys()].filter((row) => data.board.some((unit) => unitQuarter(unit, row) > 0));
  if (rows.length) {
    const options = [["", word("standing")], ...rows.map((row) => [row, cut(rowTitle(row), 90)])];
    parts.push(choice(word("tiles_by"), options, state.tiled ?? "", (value) => {
      state.tiled = value === "" ? null : Number(value);
      drawBoard(place);
      place.querySelector("select").focus();
    }));
  }
  parts.push(tileMap(), boardTable());
  refill(place, parts);
}

function unitQuarter(unit, row) {
  const values = unit.values[row];
  return values ? quarterOf(columnsOf(data.lines[rowLines.get(row)]), values) : undefined;
}

/** Units in the order of their codes, one tile each; shades say how much, the number says it exactly. */
function tileMap() {
  const top = state.tiled === null ? 1 : Math.max(1, ...data.board.map((unit) => unitQuarter(unit, state.tiled) ?? 0));
  const order = data.board.map((_, nth) => nth).sort((one, other) => (data.board[one].code < data.board[other].code ? -1 : data.board[one].code > data.board[other].code ? 1 : one - other));
  const shade = (unit) => {
    if (state.tiled === null) return `standing-${unit.standing}`;
    const value = unitQuarter(unit, state.tiled);
    return value === undefined ? "shade-none" : `shade-${value === 0 ? 0 : Math.min(4, 1 + Math.floor((value / top) * 3.999))}`;
  };
  const tiles = order.map((nth) => {
    const unit = data.board[nth];
    const value = state.tiled === null ? word(`standing_${unit.standing}`) : grouped(unitQuarter(unit, state.tiled) ?? word("no_information"));
    const filed = Object.keys(unit.values).length > 0;
    const inner = [el("span", { class: "name" }, say(unit.name)), el("span", { class: "worth" }, value)];
    const own = worstCount(unit);
    if (own) inner.push(el("span", {}, mark(own), ` ${grouped(unit.counts[SEVERITIES.indexOf(own)])}`));
    const body = filed ? el("button", { type: "button", onclick: () => showUnit(nth) }, inner) : el("div", {}, inner);
    return el("li", { class: `tile ${shade(unit)}` }, body);
  });
  return el("ul", { class: "tiles", "aria-label": word("tile_map") }, tiles);
}

const worstCount = (unit) => SEVERITIES.slice(0, 2).find((severity) => unit.counts[SEVERITIES.indexOf(severity)]);

/** Shows the figures of a unit in the form. */
function showUnit(nth) {
  state.unit = String(nth);
  state.tab = "form";
  drawTabs();
  drawFilters();
  refresh();
  document.getElementById("tab-form").focus();
}

function boardTable() {
  const rows = data.board.map((unit) => [
    unit.page ? el("a", { href: unit.page }, say(unit.name)) : say(unit.name),
    unit.code,
    word(`standing_${unit.standing}`),
    // of a report that is not there nobody knows the faults
    ...unit.counts.map((count) => (HOLES.includes(unit.standing) ? word("no_information") : grouped(count))),
  ]);
  const heads = [word("unit"), word("code"), word("standing"), ...SEVERITIES.map((severity) => word(`${severity}s`))];
  return table(word("completeness"), heads, rows, { numbers: [3, 4, 5] });
}
