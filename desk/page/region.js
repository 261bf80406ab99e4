// The region: what came from whom, which version holds, remarks and answers, the consolidated form.

/** Standings whose figures are not in the whole. */
const HOLES = ["missing", "twice", "wrong_period", "wrong_form", "other_name", "nameless"];

async function drawRegion(main) {
  const about = word("region_about");
  if (!desk.state.organisation) return headed(main, word("screen_region"), about, firstThere(word("next_organisation"), "overview"));
  const units = desk.state.organisation.units;
  if (!units.length) return headed(main, word("screen_region"), about, el("p", { class: "limit" }, word("no_units")), unitsCard(true));
  const told = await ask("GET", "board");
  const { board } = told;
  headed(main, word("screen_region"), about,
    wholeCard(told),
    strangers(told),
    tilesOf(board),
    el("div", { id: "unit" }),
    !isFrozen() && dropZone({ id: "sent", into: "received", text: word("drop_forms"), about: word("drop_forms_about"), folder: true }),
    board.files.length ? receivedTable(told) : el("p", { class: "empty" }, word("no_forms_yet")),
    told.results ? consolidated(told) : null,
    unitsCard(false));
}

/** How many are in, what is due, and the button that consolidates. */
function wholeCard({ board, results, fresh }) {
  const whole = board.expected === board.counted && !board.provisional;
  const due = board.due && el("p", { class: "soft" }, `${word("deadline")}: `, el("b", {}, day(board.due.date)), board.due.off && ` ${word("day_off", { name: say(board.due.off), next: board.due.next ? day(board.due.next) : "?" })}`);
  const said = !results ? word("not_consolidated") : fresh ? word("is_consolidated") : word("is_stale_region");
  return el("section", { class: "card next" }, el("h3", {}, word("units_in", { count: grouped(board.counted), all: grouped(board.expected) })), due, el("p", { class: "soft" }, said),
    board.counted && !isFrozen() ? row(button(word(whole ? "consolidate_final" : "consolidate_provisional"), () => runNow("region"), { kind: fresh ? "" : "primary", id: "consolidate" })) : null);
}

/** Reports whose sender no unit is: a click says whose, for good. */
function strangers({ board }) {
  const unknown = board.files.flatMap((file) => file.forms.filter((form) => form.unit === null).slice(0, 1).map((form) => ({ file: file.name, ...form })));
  if (!unknown.length) return null;
  const assign = (file, unit) => act(() => ask("PUT", `received/${encodeURIComponent(file)}`, { body: { known: "", unit, organisation_known: desk.state.organisation_known } }), "assigned");
  return card(word("whose_is_it"), el("p", { class: "soft" }, word("whose_about")), el("ul", { class: "plain strangers" }, unknown.map(({ file, sender, near }) => {
    const others = select([["", word("choose_unit")], ...board.units.map((unit, nth) => [String(nth), say(unit.name)])], "", (value) => value !== "" && assign(file, Number(value)), { "aria-label": `${word("choose_unit")}: ${file}` });
    return el("li", {}, el("p", {}, el("b", {}, sender === file ? word("sender_unsaid") : `«${sender}»`), el("span", { class: "soft path" }, ` ${file}`)),
      !isFrozen() && row(near !== null && primary(say(board.units[near].name), () => assign(file, near)), others));
  })));
}

function tilesOf(board) {
  const tile = (unit, nth) => el("li", { class: `tile standing-${unit.standing}` },
    el("button", { type: "button", onclick: () => showUnit(board, nth).catch(tellRefused) }, el("span", { class: "name" }, say(unit.name)),
      el("span", { class: "worth" }, say(unit.standing_name)),
      unit.counts[0] ? el("span", {}, mark("error"), ` ${grouped(unit.counts[0])}`) : unit.counts[1] ? el("span", {}, mark("warning"), ` ${grouped(unit.counts[1])}`) : null));
  return card(word("board"), el("ul", { class: "tiles", "aria-label": word("board") }, board.units.map(tile)));
}

/** One unit: its files, what is to be said to it, what it answered. */
async function showUnit(board, nth) {
  const place = document.getElementById("unit");
  const unit = board.units[nth];
  const { remarks, answers } = await ask("GET", `returns/${nth}`);
  const answered = (remark) => answers.filter((answer) => answer.code === remark.code && answer.row === (remark.row ?? "") && answer.column === (remark.column ?? "")).map((answer) => answer.text);
  const rows = remarks.map((remark) => [el("span", {}, mark(remark.severity), " ", remark.code), [remark.source, remark.row && word("row_no", { row: remark.row }), remark.column].filter(Boolean).join(" · "), el("div", {}, el("p", {}, sayOf(remark.message)), el("p", { class: "soft" }, sayOf(remark.hint))), answered(remark).join("; ")]);
  const list = rows.length ? table(word("remarks_to", { name: say(unit.name) }), [word("remark"), word("place"), word("what_is_wrong"), word("answer")], rows, { hidden: true }) : el("p", {}, word("no_remarks"));
  const rest = answers.filter((answer) => !remarks.some((remark) => remark.code === answer.code && (remark.row ?? "") === answer.row));
  refill(place, card(say(unit.name),
    el("p", { class: "soft" }, [say(unit.standing_name), unit.received && word("came_on", { day: day(unit.received) }), unit.contact].filter(Boolean).join(" · ")),
    list, rest.length ? el("ul", { class: "plain" }, rest.map((answer) => el("li", {}, `${word("answer")}: ${answer.text}`, el("span", { class: "soft" }, ` ${answer.code} · ${answer.source}`)))) : null,
    el("p", { class: "soft" }, word("remarks_file_about")),
    row(button(word("show_returns"), () => ask("POST", "show", { query: { of: "region" }, body: { what: "returns" } })), button(word("close"), () => refill(place)))));
  place.scrollIntoView({ block: "start" });
  place.querySelector("h3").setAttribute("tabindex", "-1");
  place.querySelector("h3").focus({ preventScroll: true });
}

/** Every file that came in: whose, when, which of several holds. */
function receivedTable({ board, known }) {
  const several = (unit) => board.files.filter((file) => file.forms.some((form) => form.unit === unit)).length > 1;
  const put = (file, said) => act(() => ask("PUT", `received/${encodeURIComponent(file)}`, { body: { known, ...said } }), "saved");
  const rows = board.files.map((file) => {
    const forms = file.forms.map((form) => el("li", {}, `${say(form.index)}, ${quarterName(form.period)}`, form.counts[0] ? [" · ", mark("error"), ` ${grouped(form.counts[0])}`] : null, form.counted ? "" : el("span", { class: "soft" }, ` · ${word("not_in_whole")}`)));
    const units = [...new Set(file.forms.map((form) => form.unit).filter((unit) => unit !== null))];
    const whose = units.length ? units.map((unit) => say(board.units[unit].name)).join(", ") : file.forms.length ? word("sender_unknown") : "";
    const what = file.forms.length ? el("ul", { class: "plain" }, forms) : file.answers ? word("answers_in", { count: file.answers }) : file.faults.length ? el("ul", { class: "plain" }, file.faults.map((fault) => el("li", { class: "fault-text" }, say(fault)))) : word("no_form_in");
    const date = dayInput(file.day, (chosen) => chosen && put(file.name, { day: chosen }), { "aria-label": `${word("day_received")}: ${file.name}`, disabled: isFrozen() });
    const holds = units.some(several) && el("label", { class: "tick" }, el("input", { type: "radio", name: `holds-${units[0]}`, checked: file.holds, disabled: isFrozen(), onchange: () => put(file.name, { holds: true }) }), word("holds"));
    const away = button(word("take_away"), () => act(() => ask("DELETE", `files/${encodeURIComponent(file.name)}`, { query: { in: "received" } }), "file_taken_away"), { kind: "small", "aria-label": `${word("take_away")}: ${file.name}`, disabled: isFrozen() });
    return [file.name, whose, what, el("div", { class: "when" }, date, holds), away];
  });
  return table(word("received_files"), [word("file"), word("unit"), word("what_is_in"), word("day_received"), heard(word("take_away"))], rows);
}

/** The consolidated form: looked at, printed, handed in. */
function consolidated({ fresh }) {
  const place = el("div", {});
  const show = button(word("show_consolidated"), async () => {
    const { ticket } = await ask("POST", "ticket", { query: { of: "region" }, body: { file: "review.html" } });
    refill(place, el("iframe", { class: "review", title: word("show_consolidated"), src: `/api/out/${ticket}#framed-${LANGS[desk.lang]}`, sandbox: "allow-scripts" }));
    place.scrollIntoView({ block: "start" });
  });
  return [card(word("papers"), papers("", "region"), row(show, button(word("show_results"), () => ask("POST", "show", { query: { of: "region" }, body: { what: "results" } })))),
    place, isFrozen() ? reopen() : fresh ? freeze("region") : null, sentCard()];
}

const UNIT_FIELDS = ["kato", "name_kk", "name_ru", "bin", "contact"];

/** Who must report: a table to type in, or to paste from a spreadsheet. */
function unitsCard(open) {
  const own = desk.state.organisation;
  const lines = own.units.map((unit) => ({ ...unit }));
  const body = el("tbody", {});
  const line = (unit) => el("tr", {}, UNIT_FIELDS.map((name) => el("td", { "data-head": word(`unit_${name}`) }, input(unit[name], { "aria-label": word(`unit_${name}`), disabled: isFrozen(), onchange: (event) => { unit[name] = event.target.value.trim(); }, onpaste: (event) => pasted(event, unit, name) }))),
    el("td", {}, button("✕", () => { lines.splice(lines.indexOf(unit), 1); desk.typed = true; redraw(); }, { kind: "small", "aria-label": `${word("take_away")}: ${unit.name_ru || unit.name_kk || unit.kato}`, disabled: isFrozen() })));
  const redraw = () => refill(body, lines.map(line));
  const fresh = () => ({ kato: "", name_kk: "", name_ru: "", bin: "", contact: "", names: [], report: "" });
  // cells of a spreadsheet come as lines and tabs: the first goes where they are pasted
  const pasted = (event, unit, name) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const from = UNIT_FIELDS.indexOf(name);
    text.split(/\r?\n/).forEach((cells, nth) => {
      const place = lines.indexOf(unit) + nth;
      lines[place] ??= fresh();
      cells.split("\t").forEach((cell, column) => { if (UNIT_FIELDS[from + column]) lines[place][UNIT_FIELDS[from + column]] = cell.trim(); });
    });
    desk.typed = true;
    redraw();
  };
  if (!lines.length) lines.push(fresh());
  redraw();
  const save = () => act(() => ask("PUT", "organisation", { body: {
    known: desk.state.organisation_known,
    organisation: Object.fromEntries(FIELDS.map((name) => [name, own[name]])),
    languages: own.languages,
    units: lines.filter((unit) => UNIT_FIELDS.some((name) => unit[name])),
  } }), "saved");
  const content = [el("p", { class: "soft" }, word("units_about")),
    el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": word("units") }, el("table", { class: "plain units" }, el("thead", {}, el("tr", {}, UNIT_FIELDS.map((name) => el("th", { scope: "col" }, word(`unit_${name}`))), el("th", {}, heard(word("take_away"))))), body)),
    !isFrozen() && row(primary(word("save"), save, { "aria-label": `${word("save")}: ${word("units")}` }), button(word("add_unit"), () => { lines.push(fresh()); redraw(); body.lastElementChild.querySelector("input").focus(); }))];
  return open ? card(word("units"), content) : el("details", { class: "card" }, el("summary", {}, `${word("units")}: ${grouped(own.units.length)}`), content);
}
