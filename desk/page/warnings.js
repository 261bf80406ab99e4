// Warnings: mended, or right as they are, with a reason.

async function drawWarnings(main) {
  if (!desk.state.quarter.results) return headed(main, word("screen_warnings"), word("warnings_about"), notCounted());
  const { causes } = await ask("GET", "findings", { query: { severity: "warning" } });
  const notices = await ask("GET", "findings", { query: { severity: "notice" } });
  const mends = await ask("GET", "mends");
  headed(main, word("screen_warnings"), word("warnings_about"), countAgain(),
    causes.length ? causes.map((cause) => causeCard(cause, mends, warningItem)) : el("div", { class: "complete" }, el("p", {}, word("no_warnings"))),
    notices.causes.length ? el("details", { class: "card" }, el("summary", {}, word("notices", { count: notices.causes.length })), notices.causes.map((cause) => causeCard(cause, mends, noticeItem))) : null);
}

const whereOf = (finding) => (finding.source ? `${sourceName(finding)}${finding.line ? `, ${word("line_no", { lines: finding.lines ?? finding.line })}` : ""}` : [finding.row, finding.column].filter(Boolean).join(" · "));

function noticeItem(cause, finding) {
  return el("article", { class: "finding notice" }, el("p", { class: "place" }, whereOf(finding)), !cause.same && el("p", {}, sayOf(finding.message)));
}

function warningItem(cause, finding, rows, mends) {
  const found = finding.line && rows(finding, finding.line);
  const said = finding.confirmed;
  const reason = input("", { size: "36" });
  const who = input(person(), { size: "20" });
  const right = () => act(async () => {
    remember(who.value);
    await ask("PUT", "confirmations", { body: { known: desk.state.quarter.confirm_known, finding, reason: reason.value, person: who.value } });
  }, "confirmed_done");
  return el("article", { class: "finding warning" }, el("p", { class: "place" }, whereOf(finding)), !cause.same && el("p", {}, sayOf(finding.message)),
    said && el("p", { class: "confirmed" }, word("confirmed_by", { reason: said.reason, person: said.person, date: day(said.date) })),
    found && mendable(cause, finding, finding.line, found, mends),
    !said && !isFrozen() && el("div", { class: "row" }, field(word("right_because"), reason), field(word("who"), who), button(word("right_as_it_is"), right)));
}
