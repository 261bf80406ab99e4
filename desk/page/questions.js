// Questions of the analytical report: what only people know.

async function drawQuestions(main) {
  const { sections, known } = await ask("GET", "narrative");
  const open = sections.filter((section) => section.open && !section.answer);
  const rest = sections.filter((section) => !open.includes(section));
  headed(main, word("screen_questions"), word("questions_about"),
    desk.state.quarter.results ? countAgain() : notCounted(),
    sections.length ? null : el("p", { class: "empty" }, word("no_questions")),
    open.map((section) => questionCard(section, known)),
    rest.map((section) => el("details", { class: "card" }, el("summary", {}, section.answer && [sign("done"), " "], numbered(section)), questionCard(section, known, false))));
}

/** A section as it is printed. */
const numbered = (section) => `${section.number}. ${say(section.title)}`;

function questionCard(section, known, titled = true) {
  const langs = desk.state.organisation?.languages ?? ["kk", "ru"];
  const own = section.answer ?? {};
  const made = langs.map((lang) => [lang, area(own[lang] || own.text || "", { lang })]);
  const before = section.before && langs.map((lang) => [lang, section.before[lang] || section.before.text]).filter(([, text]) => text);
  const documents = (own.attachments ?? []).map((one) => ({ ...one }));
  const save = () => act(() => ask("PUT", `narrative/${encodeURIComponent(section.section)}`, { body: { known, answer: { attachments: documents, ...Object.fromEntries(made.map(([lang, box]) => [lang, box.value.trim()])) } } }), "saved");
  return el("div", { class: titled ? "card" : "inner" }, titled && el("h3", {}, numbered(section)), el("p", {}, say(section.ask)),
    before?.length ? el("div", { class: "before" }, el("p", { class: "soft" }, word("last_quarter")), before.map(([, text]) => el("blockquote", {}, text)),
      row(button(word("take_last"), () => { for (const [lang, box] of made) box.value = before.find(([of]) => of === lang)?.[1] ?? box.value; desk.typed = true; }))) : null,
    el("div", { class: "grid wide-fields" }, made.map(([lang, box]) => field(LANGUAGE_NAMES[lang], box))),
    documentsOf(section, documents),
    !isFrozen() && row(primary(word("save"), save, { "aria-label": `${word("save")}: ${say(section.title)}` })));
}
