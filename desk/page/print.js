// Print and hand in: what is open, the papers, what was sent.

const PAPERS = ["report.pdf", "report.xlsx", "analytical.pdf", "analytical.docx"];

async function drawPrint(main) {
  const quarter = desk.state.quarter;
  if (!quarter.results) return headed(main, word("screen_print"), word("print_about"), notCounted());
  const open = [["columns", openColumns()], ["errors", counts().errors], ["questions", counts().questions], ["warnings", counts().warnings]].filter(([, count]) => count);
  headed(main, word("screen_print"), word("print_about"), countAgain(),
    open.length ? card(word("still_open"), el("ul", { class: "plain" }, open.map(([screen, count]) => el("li", { class: "row" }, sign("open"), `${word(`screen_${screen}`)}: ${grouped(count)}`, button(word("show"), () => go(screen), { kind: "small", "aria-label": `${word("show")}: ${word(`screen_${screen}`)}` })))))
      : el("div", { class: "complete" }, el("p", {}, word("nothing_open"))),
    card(word("papers"), papers(""), row(button(word("show_results"), () => ask("POST", "show", { body: { what: "results" } })))),
    isFrozen() ? reopen() : quarter.fresh ? freeze() : null,
    sentCard());
}

/** `2026-10-04_1` → 04.10.2026 · № 1. */
const sentName = (name) => { const [date, number] = name.split("_"); return `${day(date)} · № ${number}`; };

/** What was handed in. */
function sentCard() {
  const { sent } = desk.state.quarter;
  return sent.length ? card(word("sent"), sent.map(sentOne), row(button(word("show_sent"), () => ask("POST", "show", { body: { what: "sent" } })))) : null;
}

const papers = (sent, of = "") => el("ul", { class: "plain papers" }, PAPERS.map((file) => el("li", { class: "row" }, el("span", { class: "name" }, word(`paper_${file.replace(".", "_")}`)), button(word(file.endsWith(".pdf") ? "open_print" : "save_file"), () => openPaper(file, sent, of), { "aria-label": `${word(file.endsWith(".pdf") ? "open_print" : "save_file")}: ${word(`paper_${file.replace(".", "_")}`)}` }))));

/** A PDF opens in a tab of its own, everything else is saved. */
async function openPaper(file, sent, of) {
  const tab = file.endsWith(".pdf") ? window.open("about:blank", "_blank") : null;
  try {
    const { ticket } = await ask("POST", "ticket", { query: { of }, body: { file, sent } });
    if (tab) tab.location.replace(`/api/out/${ticket}`);
    else {
      const link = el("a", { href: `/api/out/${ticket}`, download: file });
      document.body.append(link);
      link.click();
      link.remove();
    }
  } catch (refused) {
    tab?.close();
    throw refused;
  }
}

function freeze(of = "") {
  const who = input(desk.state.organisation?.head || person(), { size: "30" });
  return card(word("freeze"), el("p", {}, word("freeze_about")), el("div", { class: "row" }, field(word("signed_by"), who), primary(word("freeze_now"), () => act(() => ask("POST", "freeze", { query: { of }, body: { person: who.value } }), "frozen"))));
}

function reopen() {
  const reason = input("", { size: "40" });
  return card(word("is_frozen", { name: sentName(settings().frozen) }), el("p", {}, word("reopen_about")), el("div", { class: "row" }, field(word("reason"), reason), button(word("reopen"), () => act(() => ask("POST", "reopen", { body: { reason: reason.value } }), "reopened"))));
}

function sentOne(sent) {
  const digest = (file) => sent.files[`results/${file}`] ?? sent.files[`results/${desk.state.quarter.form}/${file}`] ?? "";
  return el("details", {}, el("summary", {}, `№ ${sent.name.split("_")[1]} · ${day(sent.at)} · ${sent.person}`), papers(sent.name, sent.of === "region" ? "region" : ""),
    el("p", { class: "soft" }, "report.pdf SHA-256: ", el("code", {}, digest("report.pdf"))), el("p", { class: "soft" }, word("which_to_region")));
}
