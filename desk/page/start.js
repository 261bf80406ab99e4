// The overview: what is due when, what is next, who reports, what was done.

const STEPS = ["files", "columns", "errors", "form", "questions", "warnings", "print"];

/** The region's board is for those who have units. */
const isRegion = () => Boolean(desk.state.organisation?.units.length || desk.state.quarter?.received.length);
const screens = () => (isRegion() || desk.screen === "region" ? [...STEPS, "region"] : STEPS);

/** How a step stands: a mark, a count of what is open. */
function standing(step) {
  const quarter = desk.state.quarter;
  const counted = quarter.results;
  const of = (open) => (!counted ? ["later", ""] : open ? ["open", grouped(open)] : ["done", ""]);
  switch (step) {
    case "files": return files().length ? ["done", ""] : ["open", ""];
    case "columns": return !files().length ? ["later", ""] : openColumns() ? ["open", grouped(openColumns())] : ["done", ""];
    case "errors": return of(counts().errors);
    case "form": return counted ? [quarter.fresh ? "done" : "open", ""] : ["later", ""];
    case "questions": return of(counts().questions);
    case "warnings": return of(counts().warnings);
    case "region": return quarter.consolidated ? ["done", ""] : [quarter.received.length ? "open" : "later", ""];
    default: return isFrozen() ? ["done", ""] : counted ? ["open", ""] : ["later", ""];
  }
}

/** What is to be done next: words, and what the button does. */
function nextStep() {
  const quarter = desk.state.quarter;
  const there = (key, screen, slots) => [word(key, slots), word(`screen_${screen}`), () => go(screen)];
  if (isFrozen()) return there("next_sent", "print");
  if (!desk.state.organisation) return [word("next_organisation"), word("who_reports"), () => document.querySelector("#who input").focus()];
  if (!files().length && isRegion()) return there(quarter.consolidated ? "next_region_done" : "next_region", "region");
  if (!files().length) return there("next_files", "files");
  if (openColumns()) return there("next_columns", "columns", { count: openColumns() });
  if (!quarter.fresh) return [word("next_run"), word("count_now"), () => runNow()];
  if (counts().errors) return there("next_errors", "errors", { count: counts().errors });
  if (counts().questions) return there("next_questions", "questions", { count: counts().questions });
  if (counts().warnings) return there("next_warnings", "warnings", { count: counts().warnings });
  const other = otherForm();
  if (other) return [word("next_other_form", { form: say(formOf(other)?.index) }), say(formOf(other)?.index), () => chooseForm(other)];
  return there("next_print", "print");
}

/** Another form of the quarter with something open. */
function otherForm() {
  const { open_of: all, form } = desk.state.quarter;
  return Object.keys(all).find((name) => name !== form && all[name] && (all[name].errors || all[name].questions || all[name].warnings));
}

const chooseForm = (name) => act(async () => { desk.form = name; });

/** Which forms the quarter has; one is looked at. */
function formsOfQuarter() {
  const own = settings().forms;
  const put = (forms) => act(() => ask("PUT", "quarter", { body: { known: desk.state.quarter.known, forms } }), "saved");
  const tick = ({ form, index, title }) => {
    const is = own.includes(form);
    const box = el("input", { type: "checkbox", checked: is, disabled: isFrozen() || (is && own.length === 1), onchange: () => put(is ? own.filter((one) => one !== form) : [...own, form]) });
    return el("label", { class: "tick" }, box, el("span", {}, el("b", {}, say(index)), ` – ${cut(say(title), 110)}`));
  };
  return el("details", { class: "card" }, el("summary", {}, `${word("forms_of_quarter")}: ${own.map((form) => say(formOf(form)?.index)).join(", ")}`), el("p", { class: "soft" }, word("forms_about")), desk.state.forms.map(tick));
}

function drawOverview(main) {
  const quarter = desk.state.quarter;
  if (!quarter) return headed(main, word("welcome"), word("welcome_about"), newQuarter(true));
  const [next, label, press] = nextStep();
  headed(main, `${say(formOf(quarter.form)?.index) || quarter.form} · ${quarterName(quarter.name)}`, say(formOf(quarter.form)?.title),
    el("section", { class: "card next" }, el("h3", {}, word("next_heading")), el("p", {}, next), row(primary(label, press))),
    deadlines(quarter),
    steps(),
    whoReports(),
    formsOfQuarter(),
    changes(quarter),
    !isRegion() && el("details", { class: "card" }, el("summary", {}, word("for_region")), el("p", {}, word("for_region_about")), row(button(word("screen_region"), () => go("region")))),
    el("details", { class: "card" }, el("summary", {}, word("other_quarters")),
      row(desk.state.quarters.map((name) => button(quarterName(name), () => openQuarter(name), { "aria-pressed": String(name === quarter.name) }))),
      newQuarter(false)),
    card(word("where_it_lies"), el("p", { class: "path" }, desk.state.root), el("p", { class: "soft" }, word("where_about")),
      row(button(word("show_folder"), () => ask("POST", "show", { body: { what: "root" } })),
        button(word("quit"), async () => {
          if (desk.typed && !confirm(word("leave_unsaved"))) return;
          desk.typed = false;
          await ask("POST", "quit");
          drawEnded();
        }))));
}

function deadlines(quarter) {
  if (!quarter.deadlines.length) return null;
  return card(word("deadline"), el("ul", { class: "plain" }, quarter.deadlines.map((due) => el("li", {},
    el("b", {}, day(due.date)), ` · ${say(due.who)} → ${say(due.to)} · `,
    word(due.left > 0 ? "days_left" : due.left === 0 ? "due_today" : "days_over", { count: Math.abs(due.left) }),
    due.off && el("span", { class: "soft" }, ` ${word("day_off", { name: say(due.off), next: due.next ? day(due.next) : "?" })}`)))));
}

function steps() {
  return card(word("steps"), el("ol", { class: "steps" }, screens().map((step) => {
    const [mark, count] = standing(step);
    return el("li", {}, el("button", { type: "button", class: "step", onclick: () => go(step) }, sign(mark), el("span", { class: "name" }, word(`screen_${step}`)),
      el("span", { class: "state" }, count ? word("open_count", { count }) : word(`step_${mark}`))));
  })));
}

/** The mark of a step: a shape, not a colour alone. */
function sign(mark) {
  return el("span", { class: `sign ${mark}`, "aria-hidden": "true" }, { done: "✓", open: "!", later: "·" }[mark]);
}

const FIELDS = ["name_kk", "name_ru", "bin", "head", "performer", "performer_phone", "address", "phone", "email"];

function whoReports() {
  const own = desk.state.organisation;
  const made = Object.fromEntries(FIELDS.map((name) => [name, input(own?.[name], { name, ...(name === "bin" && { inputmode: "numeric", maxlength: "12" }) })]));
  const langs = select([["kk,ru", word("languages_kk_ru")], ["ru,kk", word("languages_ru_kk")], ["kk", LANGUAGE_NAMES.kk], ["ru", LANGUAGE_NAMES.ru]], own?.languages.join(",") || "kk,ru");
  const save = () => act(() => ask("PUT", "organisation", { body: {
    known: desk.state.organisation_known,
    organisation: Object.fromEntries(FIELDS.map((name) => [name, made[name].value])),
    languages: langs.value.split(","),
  } }), "saved");
  const form = el("form", { class: "grid", id: "who", onsubmit: (event) => { event.preventDefault(); save(); } },
    FIELDS.map((name) => field(word(`field_${name}`), made[name])), field(word("field_languages"), langs),
    row(el("button", { class: own ? "" : "primary", disabled: isFrozen() }, word("save"))));
  if (!own) return card(word("who_reports"), el("p", { class: "soft" }, word("who_about")), form);
  return el("details", { class: "card" }, el("summary", {}, `${word("who_reports")}: ${LANGS[desk.lang] === "kk" ? own.name_kk || own.name_ru : own.name_ru || own.name_kk}`), form);
}

function changes(quarter) {
  if (!quarter.journal.length) return null;
  const line = (change) => el("li", {}, el("span", { class: "soft" }, day(change.at)), " ", word(`did_${change.what}`), " · ", el("span", { class: "path" }, change.file.split("/").slice(-1)[0]), " ",
    change.can && !isFrozen() && button(word("undo"), () => act(() => ask("POST", "undo", { body: { n: change.n } }), "undone"), { kind: "small", "aria-label": `${word("undo")}: ${word(`did_${change.what}`)} ${change.file}` }));
  return el("details", { class: "card" }, el("summary", {}, word("journal", { count: quarter.journal_all })), el("ol", { class: "plain journal" }, quarter.journal.map(line)));
}

/** Asks for a quarter and a form. */
function newQuarter(first) {
  const now = desk.state.today.split("-").map(Number);
  const last = (now[0] * 4 + Math.floor((now[1] - 1) / 3)) - 1;
  const name = (place) => `${Math.floor(place / 4)}Q${(place % 4) + 1}`;
  const quarters = [1, 0, -1, -2, -3, -4].map((step) => name(last + step));
  const usual = settings().forms?.[0] ?? desk.state.forms.find((form) => form.usual)?.form ?? desk.state.forms[0].form;
  // nothing is lost with a choice that was not begun
  const pick = (options, value) => el("select", {}, options.map(([code, text]) => el("option", { value: code, selected: code === value }, text)));
  const chosen = pick(quarters.map((quarter) => [quarter, quarterName(quarter)]), name(last));
  const form = pick(desk.state.forms.map((form) => [form.form, `${say(form.index)} – ${cut(say(form.title), 90)}`]), usual);
  const begin = () => act(async () => {
    const { name: made } = await ask("POST", "quarter", { body: { name: chosen.value, form: form.value } });
    desk.quarter = made;
  });
  return el("form", { class: first ? "card grid" : "grid", onsubmit: (event) => { event.preventDefault(); begin(); } },
    field(word("quarter"), chosen), field(word("form"), form), row(el("button", { class: first ? "primary" : "" }, word(first ? "begin" : "new_quarter"))));
}

const openQuarter = (name) => act(async () => { desk.quarter = name; });
