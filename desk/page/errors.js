// Errors by cause: the row as she wrote it, the cell to mend, or the row left out with a reason.

async function drawErrors(main) {
  if (!desk.state.quarter.results) return headed(main, word("screen_errors"), word("errors_about"), notCounted());
  const { causes } = await ask("GET", "findings", { query: { severity: "error" } });
  const mends = await ask("GET", "mends");
  headed(main, word("screen_errors"), word("errors_about"),
    countAgain(),
    causes.length ? causes.map((cause) => causeCard(cause, mends)) : el("div", { class: "complete" }, el("p", {}, word("no_errors"))),
    mendsCard(mends));
}

/** Where nothing has been counted yet. */
const notCounted = () => el("div", { class: "limit row" }, el("span", {}, word("not_counted_yet")), button(word("screen_overview"), () => go("overview")));

/** Where something was changed since the last run. */
function countAgain() {
  if (desk.state.quarter.fresh || isFrozen()) return null;
  return el("div", { class: "limit row" }, el("span", {}, word("changed_since")), primary(word("count_again"), () => runNow()));
}

/** What to do; not where it is said to whoever types a command: here the row is mended below. */
const hintOf = (cause) => (cause.of_rows && / --[a-z]/.test(sayOf(cause.hint)) ? null : el("p", { class: "basis" }, sayOf(cause.hint)));

/** A cause, shut; its findings are asked for when it is opened. */
function causeCard(cause, mends, draw = errorItem) {
  const body = el("div", { class: "sheaf" });
  const title = cause.same ? sayOf(cause.message) : [say(cause.field), cut(sayOf(cause.message), 160)].filter(Boolean).join(": ");
  const shut = el("details", { class: "cause" }, el("summary", {}, mark(cause.severity), el("span", { class: "title" }, title), el("span", { class: "count" }, grouped(cause.count))), hintOf(cause), body);
  const load = async (from) => {
    const page = await ask("GET", "findings", { query: { cause: cause.cause, from: String(from) } });
    const rows = await rowsOf(page.findings);
    body.append(...page.findings.map((finding) => draw(cause, finding, rows, mends)));
    showAsked(body);
    const left = page.all - from - page.findings.length;
    if (left > 0) {
      const more = button(word("more", { count: left }), async () => { more.remove(); await load(from + page.findings.length); });
      body.append(more);
    }
  };
  shut.addEventListener("toggle", () => { if (shut.open && !body.childElementCount) load(0).catch(tellRefused); });
  return shut;
}

/** One finding: where, what, the row, what can be done. */
function errorItem(cause, finding, rows, mends) {
  const lines = linesOf(finding);
  const parts = lines.slice(0, 20).map((line) => {
    const found = rows(finding, line);
    return found ? mendable(cause, finding, line, found, mends) : null;
  });
  const where = finding.source ? `${sourceName(finding)}${lines.length ? `, ${word("line_no", { lines: finding.lines ?? finding.line })}` : ""}` : [finding.row, finding.column].filter(Boolean).join(" ");
  return el("article", { class: "finding error" }, el("p", { class: "place" }, where), !cause.same && el("p", {}, sayOf(finding.message)), parts,
    lines.length > 20 && el("p", { class: "soft" }, word("more_lines", { count: lines.length - 20 })));
}

/** A row, a field for the right value, and the row left out. */
function mendable(cause, finding, line, found, mends) {
  const own = columnOf(found, finding.field);
  const column = own?.column;
  const old = column === undefined ? "" : found.cells[column] ?? "";
  const at = { source: finding.source, sheet: finding.sheet ?? "", line };
  const is = (mend) => mend.source === at.source && mend.sheet === at.sheet && mend.line === at.line && (mend.action === "leave_out" || mend.column === (column === undefined ? "" : found.headers[column]));
  const place = mends.mends.findLastIndex(is);
  const lapsed = place >= 0 && lapsedOf(mends, place);
  if (place >= 0 && !lapsed) return el("div", { class: "mended" }, rowTable(found, column), mendLine(mends.mends[place]), takeBack(mends, place));
  const list = own?.list && listOf(own.list);
  const right = list ? select([["", word("choose_meaning")], ...list.codes.map(({ name }) => [say(name), say(name)])], "") : input(old, { size: "24" });
  const put = (others) => act(async () => {
    const value = right.value.trim();
    if (!value || value === old) return tell(word("type_right_value"), true);
    const change = (one) => ({ ...one, column: found.headers[column], action: "change", old, new: value, person: person() });
    await ask("PUT", "mends", { body: { known: mends.known, drop: lapsed ? [place] : [], add: [at, ...others].map(change) } });
  }, "mended");
  const alike = async () => put(await sameValue(finding, old, column, at));
  const reason = input("", { size: "30" });
  const leave = () => act(async () => {
    remember(who.value);
    // a cell of the row is named with what stands in it: another row that comes to its place is not left out
    const named = column ?? Math.max(0, found.cells.findIndex((cell, place) => cell && found.headers[place]));
    const mend = { ...at, column: found.headers[named], old: found.cells[named] ?? "", action: "leave_out", reason: reason.value.trim(), person: who.value.trim() };
    await ask("PUT", "mends", { body: { known: mends.known, add: [mend] } });
  }, "left_out");
  const who = input(person(), { size: "20" });
  return el("div", { class: "mend" }, rowTable(found, column),
    lapsed && el("div", { class: "limit" }, mendLine(mends.mends[place]), lapsedNote(lapsed), row(takeBack(mends, place))),
    !isFrozen() && column !== undefined && el("div", { class: "row" }, field(word("right_value"), right), primary(word("mend"), () => put([])), old && cause.count > 1 && button(word("all_like_this"), alike)),
    !isFrozen() && el("details", { class: "leave" }, el("summary", {}, word("do_not_count")), el("div", { class: "row" }, field(word("reason"), reason), field(word("who"), who), button(word("do_not_count"), leave))));
}

/** Other rows of the cause with the same value in the same column. */
async function sameValue(finding, old, column, at) {
  const cause = `${finding.code} ${finding.field ?? ""}`;
  const others = [];
  for (let from = 0, all = 1; from < all; from += 50) {
    const page = await ask("GET", "findings", { query: { cause, from: String(from) } });
    all = page.all;
    const rows = await rowsOf(page.findings);
    for (const other of page.findings) {
      for (const line of linesOf(other)) {
        const found = rows(other, line);
        const same = found && found.headers[column] !== undefined && (found.cells[columnOf(found, other.field)?.column] ?? "") === old;
        const here = other.source === at.source && (other.sheet ?? "") === at.sheet && line === at.line;
        if (same && !here) others.push({ source: other.source, sheet: other.sheet ?? "", line });
      }
    }
  }
  return others;
}

const mendLine = (mend) => el("p", {}, mend.action === "leave_out" ? word("mend_left_out", { reason: mend.reason, person: mend.person })
  : [el("s", {}, mend.old || word("blank")), " → ", el("b", {}, mend.new)]);

const takeBack = (mends, place) => !isFrozen() && button(word("take_back"), () => act(() => ask("PUT", "mends", { body: { known: mends.known, drop: [place] } }), "taken_back"), { kind: "small", "aria-label": `${word("take_back")}: ${mends.mends[place].source} ${mends.mends[place].line}` });

/** What the last run says of a mend that does not hold: of several of one cell the first first. */
function lapsedOf(mends, place) {
  const mend = mends.mends[place];
  const isHere = (one) => one.source === mend.source && (one.sheet ?? "") === mend.sheet;
  const told = mends.lapsed.filter((one) => isHere(one) && hasLine(one, mend.line) && one.values.column === mend.column);
  const before = mends.mends.slice(0, place).filter((one) => isHere(one) && one.line === mend.line && one.column === mend.column);
  return told[before.length];
}

const lapsedNote = (finding) => [el("p", { class: "fault-text" }, sayOf(finding.message), "."), el("p", {}, sayOf(finding.hint), ".")];

/** All mends of the quarter; those that do not hold first, with what is to be done. */
function mendsCard(mends) {
  if (!mends.mends.length) return null;
  const line = (mend, place) => {
    const lapsed = lapsedOf(mends, place);
    return [`${sourceName(mend)}, ${word("line_no", { lines: mend.line })}`, mend.column, el("div", {}, mendLine(mend), lapsed && lapsedNote(lapsed)), day(mend.day), takeBack(mends, place) || ""];
  };
  const isLapsed = (place) => Boolean(lapsedOf(mends, place));
  const places = mends.mends.map((_, place) => place).sort((one, other) => isLapsed(other) - isLapsed(one));
  const count = places.filter(isLapsed).length;
  const title = [word("all_mends", { count: mends.mends.length }), count && word("mends_lapsed", { count })].filter(Boolean).join("; ");
  return el("details", { class: "card", open: count > 0 }, el("summary", {}, count > 0 && [sign("open"), " "], title), table(title, [word("place"), word("her_header"), word("mended_to"), word("day"), heard(word("take_back"))], places.map((place) => line(mends.mends[place], place)), { hidden: true }));
}
