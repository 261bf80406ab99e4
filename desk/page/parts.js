// Parts of screens: buttons that work once at a time, fields, words for what happened.

/** Says what happened, for eyes and ears; `bad`: it was refused; `kept`: what she typed and was not saved. */
function tell(text, bad = false, kept = []) {
  const place = document.getElementById("told");
  refill(place, text && el("p", { class: bad ? "refused" : "done" }, el("span", {}, text, kept.length > 0 && [" ", word("you_typed"), el("span", { class: "kept" }, kept.map((typed) => el("q", {}, typed)))]),
    el("button", { type: "button", class: "close", onclick: () => tell("") }, el("span", { "aria-hidden": "true" }, "✕"), heard(word("close")))));
}

/** A refusal in words. */
const saidOf = (refused) => (refused.text ? `${word(refused.key)} ${sayOf(refused.text)}` : word(refused.key));

/** What was refused, in words. */
function tellRefused(refused, kept) {
  if (!(refused instanceof Refused)) throw refused;
  tell(saidOf(refused), true, kept);
  if (refused.key === "refused_token" || refused.key === "gone") drawEnded();
}

/** Does something and draws the screen anew; a stale save is told, and the newer state shown. */
async function act(doing, done) {
  document.body.setAttribute("aria-busy", "true");
  try {
    tell("");
    await doing();
    desk.typed = false;
    await refresh();
    await draw();
    if (done) tell(word(done));
  } catch (refused) {
    // the newer state is drawn over what she typed: that is shown beside it
    const kept = refused.key === "refused_stale" ? [...document.querySelectorAll("#screen [data-typed]")].map(({ value }) => value.trim()).filter(Boolean) : [];
    if (["refused_stale", "refused_frozen", "refused_absent"].includes(refused.key)) {
      await refresh();
      await draw();
    }
    tellRefused(refused, kept);
  } finally {
    document.body.removeAttribute("aria-busy");
  }
}

/** A button; while it works it cannot be pressed again. */
function button(text, press, { kind = "", ...attributes } = {}) {
  const made = el("button", { type: "button", class: kind || undefined, ...attributes, onclick: async () => {
    made.disabled = true;
    try {
      await press(made);
    } catch (refused) {
      tellRefused(refused);
    } finally {
      made.disabled = false;
    }
  } }, text);
  return made;
}

const primary = (text, press, attributes) => button(text, press, { kind: "primary", ...attributes });

/** A field with its label above it. */
function field(label, input, help) {
  return el("label", { class: "choice field" }, el("span", {}, label), input, help && el("small", {}, help));
}

/** Something is typed that is not saved. */
function typedIn(event) {
  desk.typed = true;
  event.target.dataset.typed = "";
}

function input(value, attributes = {}) {
  const made = el("input", { type: "text", autocomplete: "off", ...attributes, oninput: typedIn });
  made.value = value ?? "";
  return made;
}

function area(value, attributes = {}) {
  const made = el("textarea", { rows: "4", ...attributes, oninput: typedIn });
  made.value = value ?? "";
  return made;
}

/** A day as people write it, whatever the browser's own language; `choose` is given `2026-10-05`. */
function dayInput(value, choose, attributes = {}) {
  const made = input(value ? day(value) : "", { size: "10", inputmode: "numeric", placeholder: word("day_shape"), ...attributes, onchange: () => {
    const chosen = dayOf(made.value);
    if (!chosen && made.value.trim()) return tell(word("no_such_day", { day: made.value }), true);
    return choose(chosen);
  } });
  return made;
}

/** A select of codes and texts. */
function select(options, value, choose, attributes = {}) {
  const made = el("select", { ...attributes, onchange: () => { desk.typed = true; choose?.(made.value); } },
    options.map(([code, text]) => el("option", { value: code }, text)));
  made.value = value ?? "";
  return made;
}

/** Asks with a choice of answers: the code of the one that was pressed, or nothing. */
function askAbout(text, answers) {
  return new Promise((done) => {
    const shut = (code) => { place.close(); place.remove(); done(code); };
    const place = el("dialog", { "aria-label": text, oncancel: () => shut("") }, el("p", {}, text),
      row(answers.map(([code, label], nth) => el("button", { type: "button", class: nth ? undefined : "primary", onclick: () => shut(code) }, label))));
    document.getElementById("work").append(place);
    place.showModal();
  });
}

/** A sheet of the screen, with a heading. */
const card = (title, ...children) => el("section", { class: "card" }, title && el("h3", {}, title), ...children);

/** Buttons in a row. */
const row = (...children) => el("div", { class: "row" }, ...children);

/** The head of a screen: what it is for, in one sentence. */
function headed(main, title, about, ...children) {
  refill(main, el("h2", { tabindex: "-1", id: "title" }, title), el("p", { class: "about" }, about), ...children.flat());
}

/** `book.xlsx [Sheet]`. */
const sourceName = ({ source, sheet }) => (sheet ? `${source} [${sheet}]` : source);

/** 12 345 bytes as people say it. */
function size(bytes) {
  if (bytes < 1 << 20) return word("kilobytes", { count: grouped(Math.max(1, Math.round(bytes / 1024))) });
  return word("megabytes", { count: (bytes / (1 << 20)).toFixed(1).replace(".", ",") });
}

/** What must be done elsewhere first, with the way there. */
function firstThere(text, screen) {
  return el("div", { class: "limit row" }, el("span", {}, text), button(word(`screen_${screen}`), () => go(screen)));
}

/** The name of the person who acts, remembered on this machine's page. */
const person = () => sessionStorage.getItem("esep-person") ?? desk.state.organisation?.performer ?? "";
const remember = (name) => sessionStorage.setItem("esep-person", name);
