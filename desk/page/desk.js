// The desk: header, steps at the side, the chosen screen; the run, the heartbeat, the end.

const SCREENS = {
  overview: drawOverview, files: drawFiles, columns: drawColumns, errors: drawErrors, form: drawForm,
  questions: drawQuestions, warnings: drawWarnings, print: drawPrint, region: drawRegion,
};

/** Header, side and the place of the screen, once for a language. */
function frame() {
  document.documentElement.lang = LANGS[desk.lang];
  const page = el("div", { id: "work" },
    el("a", { href: "#main", class: "skip" }, word("skip")),
    el("header", {}, el("div", { class: "who" }, el("h1", {}, el("span", { class: "index" }, "esep"), " ", el("span", { id: "body" }))),
      el("div", { class: "languages", role: "group", "aria-label": word("language") }, LANGS.map((lang, nth) => el("button", { type: "button", lang, "aria-pressed": String(nth === desk.lang), onclick: () => speak(nth) }, LANGUAGE_NAMES[lang])))),
    el("nav", { id: "side", "aria-label": word("steps") }),
    el("main", { id: "main", tabindex: "-1" }, el("div", { id: "told", role: "status" }), el("div", { id: "screen" })));
  const old = document.getElementById("work");
  if (old) old.replaceWith(page);
  else document.body.append(page);
}

async function speak(lang) {
  desk.lang = lang;
  localStorage.setItem("esep-lang", LANGS[lang]);
  frame();
  await draw();
  document.querySelector(`.languages [lang="${LANGS[lang]}"]`).focus();
}

/** Draws the side and the chosen screen. */
async function draw() {
  const own = desk.state.organisation;
  const name = own ? (LANGS[desk.lang] === "kk" ? own.name_kk || own.name_ru : own.name_ru || own.name_kk) : "";
  document.getElementById("body").textContent = name;
  document.title = [word(`screen_${desk.screen}`), name, "esep"].filter(Boolean).join(" · ");
  drawSide();
  document.getElementById("work").classList.toggle("alone", !desk.state.quarter);
  const screen = document.getElementById("screen");
  if (!desk.state.quarter) desk.screen = "overview";
  const shown = desk.screen;
  const fresh = el("div");
  await SCREENS[shown](fresh);
  // an answer that came late does not push away what was chosen meanwhile
  if (shown === desk.screen) {
    screen.className = shown;
    refill(screen, ...fresh.childNodes);
  }
}

function drawSide() {
  const quarter = desk.state.quarter;
  const item = (screen) => {
    const [mark, count] = screen === "overview" ? ["", ""] : standing(screen);
    return el("li", {}, el("button", { type: "button", "aria-current": desk.screen === screen ? "page" : undefined, onclick: () => go(screen) },
      mark ? sign(mark) : el("span", { class: "sign", "aria-hidden": "true" }, "⌂"), el("span", { class: "name" }, word(`screen_${screen}`)),
      count ? el("span", { class: "count" }, count) : null, mark && heard(word(count ? "open_count" : `step_${mark}`, { count }))));
  };
  refill(document.getElementById("side"), quarter && formChoice(), quarter && el("ul", {}, ["overview", ...screens()].map(item)), quarter && runBox());
  // on a phone the steps are one line that is wider than the screen
  const list = document.querySelector("#side ul");
  const own = list?.querySelector("[aria-current]");
  if (own) list.scrollLeft = own.offsetLeft - (list.clientWidth - own.clientWidth) / 2;
}

/** Which of the quarter's forms is looked at. */
function formChoice() {
  const forms = settings().forms;
  if (forms.length < 2) return null;
  return el("div", { class: "forms", role: "group", "aria-label": word("form") }, forms.map((form) => button(say(formOf(form)?.index), () => chooseForm(form), { "aria-pressed": String(form === desk.state.quarter.form) })));
}

/** The run: what the results are of, and the button that counts. */
function runBox() {
  const { quarter, run, organisation } = desk.state;
  if (run.running) return el("div", { class: "run", role: "status" }, el("span", { class: "turning", "aria-hidden": "true" }), el("span", { id: "seconds" }, word("counting", { count: run.seconds })));
  const ready = organisation && files().length && !isFrozen();
  if (!files().length && isRegion()) return null;
  return el("div", { class: "run" }, el("p", { class: "soft" }, isFrozen() ? word("is_sent") : quarter.results ? word(quarter.fresh ? "is_fresh" : "is_stale") : word("not_counted_yet")),
    ready ? button(word(quarter.results ? "count_again" : "count_now"), () => runNow(), { kind: quarter.fresh ? "" : "primary" }) : null);
}

/** Counts, and shows what came of it; `begun`: a run that goes on already, of before the page was loaded anew. */
async function runNow(of = "", begun = null) {
  if (desk.typed && !confirm(word("leave_unsaved"))) return;
  desk.typed = false;
  tell("");
  document.body.setAttribute("aria-busy", "true");
  let run = { running: true, seconds: 0, ...begun };
  try {
    if (!begun) await ask("POST", "run", { query: { of }, body: { lang: LANGS[desk.lang] } });
    desk.state.run = run;
    drawSide();
    while (run.running) {
      await new Promise((done) => { setTimeout(done, 300); });
      run = await ask("GET", "run");
      const seconds = document.getElementById("seconds");
      if (seconds) seconds.textContent = word("counting", { count: run.seconds });
    }
    await refresh();
    await draw();
  } finally {
    document.body.removeAttribute("aria-busy");
  }
  const went = run.status === 0 || run.status === 1;
  const said = went ? word(of ? "consolidated_in" : "counted_in", { count: run.seconds }) : `${word("run_failed")} ${run.said.trim()}`;
  // what nobody has said of her columns a run tells in words of its own, or by faults: the way on stands beside them
  const open = of ? 0 : openColumns();
  const next = open ? [went ? " " : "\n", word("next_columns", { count: open }), " ", button(word("screen_columns"), () => go("columns"), { kind: "small" })] : [];
  tell([said, ...next], !went);
}

async function go(screen) {
  if (desk.typed && !confirm(word("leave_unsaved"))) return;
  desk.typed = false;
  desk.screen = screen;
  history.pushState(null, "", `#${screen}`);
  tell("");
  await draw();
  document.getElementById("main").scrollTop = 0;
  window.scrollTo(0, 0);
  document.getElementById("title")?.focus({ preventScroll: true });
}

window.addEventListener("popstate", () => {
  const screen = location.hash.slice(1) || "overview";
  if (!SCREENS[screen] || !desk.state || screen === desk.screen) return;
  if (desk.typed && !confirm(word("leave_unsaved"))) return history.pushState(null, "", `#${desk.screen}`);
  desk.typed = false;
  desk.screen = screen;
  tell("");
  draw().catch(tellRefused);
});

// the browser itself asks before it throws away what is typed
window.addEventListener("beforeunload", (event) => { if (desk.typed) event.preventDefault(); });

/** The desk has ended, or this page is none of it. */
function drawEnded() {
  clearInterval(beating);
  window.removeEventListener("focus", beat);
  refill(document.getElementById("side"));
  // what she typed stays where it is, to be taken over
  if (desk.typed) return tell(word("ended_typed"), true);
  headed(document.getElementById("screen"), word("ended"), word("ended_about"));
}

/** Shows that somebody is there, and what was changed elsewhere. */
let beating = 0;
async function beat() {
  if (document.body.hasAttribute("aria-busy") || desk.state?.run.running) return;
  const before = JSON.stringify({ ...desk.state, run: null });
  try {
    await refresh();
  } catch (refused) {
    return tellRefused(refused);
  }
  // what she began meanwhile draws by itself
  if (document.body.hasAttribute("aria-busy") || before === JSON.stringify({ ...desk.state, run: null })) return;
  if (desk.typed) tell(word("changed_elsewhere"), true);
  else await draw();
}

async function begin() {
  const given = location.hash.slice(1);
  if (/^[0-9a-f]{64}$/.test(given)) {
    sessionStorage.setItem("esep-token", given);
    history.replaceState(null, "", "/");
  } else if (SCREENS[given]) desk.screen = given;
  desk.token = sessionStorage.getItem("esep-token") ?? "";
  frame();
  if (!desk.token) return drawEnded();
  try {
    await refresh().catch((refused) => {
      if (refused.key !== "refused_absent" || !desk.quarter) throw refused;
      desk.quarter = "";
      return refresh();
    });
    await draw();
    beating = setInterval(beat, 30000);
    // what she changed in a spreadsheet is there when she comes back from it
    window.addEventListener("focus", beat);
    if (desk.state.run.running) await runNow(desk.state.run.of === "region" ? "region" : "", desk.state.run);
  } catch (refused) {
    tellRefused(refused);
  }
}

begin();
