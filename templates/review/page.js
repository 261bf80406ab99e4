// The page: who reports, languages, tabs, filters, and what answers the keys.

/** Tabs with what draws them; the board only where there are units. */
const TABS = [
  ["form", drawForm],
  ["findings", drawFindings],
  ["charts", drawCharts],
  ["ledger", drawLedger],
  ...(data.board.length ? [["units", drawBoard]] : []),
];
/** Tabs whose content the filters narrow. */
const FILTERED = ["form", "findings"];

function drawPage() {
  document.documentElement.lang = LANGS[state.lang];
  document.documentElement.classList.toggle("framed", Boolean(framed));
  document.title = `${say(data.index)} · ${say(data.period)} · ${say(data.organisation)}`;
  const skip = el("a", { href: "#desk", class: "skip" }, word("skip"));
  const unit = data.unit ? ` — ${data.unit}` : "";
  const header = el("header", {},
    el("div", { class: "who" },
      el("h1", {}, el("span", { class: "index" }, say(data.index)), " ", say(data.period)),
      el("p", {}, say(data.organisation) + unit)),
    el("div", { class: "languages", role: "group", "aria-label": word("language") }, LANGS.map((lang, nth) => languageButton(lang, nth))));
  const tabs = el("div", { role: "tablist", id: "tabs", "aria-label": word("parts_of_page"), onkeydown: walkTabs });
  const filters = el("div", { id: "filters", role: "search", "aria-label": word("filters") });
  const main = el("main", { id: "desk", tabindex: "-1" }, el("section", { id: "verdict", "aria-labelledby": "verdict-said" }), el("div", { id: "part", role: "tabpanel" }));
  const panel = el("aside", { id: "panel", "aria-labelledby": "panel-title", hidden: true });
  const live = el("p", { id: "live", class: "heard", role: "status" });
  const old = document.getElementById("page");
  const page = el("div", { id: "page" }, skip, header, el("nav", { "aria-label": word("parts_of_page") }, tabs), filters, el("div", { id: "middle" }, main, panel), live);
  if (old) old.replaceWith(page);
  else document.body.append(page);
  drawTabs();
  drawFilters();
  refresh();
}

const LANGUAGE_NAMES = { kk: "Қазақша", ru: "Русский", en: "English" };

function languageButton(lang, nth) {
  return el("button", { type: "button", lang, "aria-pressed": String(nth === state.lang), onclick: () => {
    const open = !document.getElementById("panel").hidden && state.cell;
    state.lang = nth;
    drawPage();
    document.querySelector(`.languages [lang="${lang}"]`).focus();
    if (open) openCell(open.line, open.column, false);
  } }, LANGUAGE_NAMES[lang]);
}

function drawTabs() {
  const count = { findings: data.limits.findings[1], units: data.board.length };
  refill(document.getElementById("tabs"), TABS.map(([name]) => {
    const chosen = state.tab === name;
    return el("button", {
      type: "button",
      role: "tab",
      id: `tab-${name}`,
      "aria-selected": String(chosen),
      "aria-controls": "part",
      tabindex: chosen ? "0" : "-1",
      onclick: () => chooseTab(name),
    }, word(name === "ledger" ? "records" : name), name in count && el("span", { class: "count" }, ` ${grouped(count[name])}`));
  }));
}

function chooseTab(name) {
  state.tab = name;
  closeCell(false);
  drawTabs();
  refresh();
  document.getElementById("desk").scrollTop = 0;
  document.getElementById(`tab-${name}`).focus();
}

function walkTabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const names = TABS.map(([name]) => name);
  chooseTab(names[(names.indexOf(state.tab) + step + names.length) % names.length]);
}

function drawFilters() {
  refill(document.getElementById("filters"), filterBar());
}

/** Draws the chosen part anew and says what is shown. */
function refresh() {
  const main = document.getElementById("part");
  document.getElementById("filters").hidden = !FILTERED.includes(state.tab);
  document.getElementById("clear").hidden = !isFiltered();
  main.setAttribute("aria-labelledby", `tab-${state.tab}`);
  main.className = state.tab;
  TABS.find(([name]) => name === state.tab)[1](main);
  drawVerdict();
  const told = { form: () => word("lines_shown", { count: grouped(drawn.lines.length) }), findings: () => word("findings_shown", { count: grouped(shownFindings().length) }) }[state.tab];
  document.getElementById("live").textContent = told ? told() : "";
}

/** Ready to print or not, what is open, and the next step; on the first part alone. */
function drawVerdict() {
  const { errors, warnings, questions } = data.verdict;
  const kind = errors ? "error" : warnings || questions ? "warning" : "ready";
  const open = { error: "errors", warning: warnings ? "warnings" : "questions", ready: "ready" }[kind];
  const next = data.ledger.length || !["errors", "warnings"].includes(open) ? open : `${open}_form`;
  const counts = { errors: grouped(errors), warnings: grouped(warnings), questions: grouped(questions) };
  const show = kind !== "ready" && el("button", { type: "button", onclick: () => {
    state.severity = kind;
    drawFilters();
    chooseTab("findings");
  } }, word(`show_${open}`));
  const place = document.getElementById("verdict");
  place.hidden = state.tab !== "form" || Boolean(framed);
  place.className = kind;
  refill(place,
    el("p", { id: "verdict-said", class: "said" }, word(`verdict_${open}`, counts)),
    el("p", {}, el("b", {}, `${word("next_step")}: `), word(`next_${next}`, counts)),
    show);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && closeCell(true)) event.preventDefault();
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key === "/" && !typing && FILTERED.includes(state.tab)) {
    event.preventDefault();
    document.getElementById("query").focus();
  }
});

// paper shows all lines and the header block
window.addEventListener("beforeprint", () => {
  if (state.tab !== "form") return;
  drawn.bodies.forEach(fillBody);
  document.querySelector("details.paper").open = true;
});

drawPage();
