// Documents that belong to an answer: the file, and what the document is.

/** Documents of a section: kind, number, day and sheets, as the Rules ask for them. */
function documentsOf(section, documents) {
  const place = el("details", { class: "documents", open: documents.length > 0 });
  const set = (one, key) => (event) => { one[key] = event.target.value.trim(); };
  const line = (one) => el("li", { class: "row document" }, el("b", { class: "path" }, one.file),
    field(word("document_kind"), input(one.kind, { size: "16", onchange: set(one, "kind"), disabled: isFrozen() })),
    field(word("document_number"), input(one.number, { size: "8", onchange: set(one, "number"), disabled: isFrozen() })),
    field(word("document_date"), dayInput(one.date, (chosen) => { one.date = chosen || null; }, { disabled: isFrozen() })),
    field(word("document_sheets"), input(one.sheets ?? "", { inputmode: "numeric", size: "4", onchange: (event) => { one.sheets = Number.parseInt(event.target.value, 10) || null; }, disabled: isFrozen() })),
    !isFrozen() && button(word("take_away"), () => { documents.splice(documents.indexOf(one), 1); desk.typed = true; redraw(); }, { kind: "small", "aria-label": `${word("take_away")}: ${one.file}` }));
  const known = () => desk.state.quarter.attachments.map(({ name }) => name).filter((name) => !documents.some((one) => one.file === name));
  const add = (file) => { documents.push({ file, kind: "", number: "", date: null, sheets: null }); desk.typed = true; redraw(); };
  const id = `attach-${section.section}`;
  const picked = el("input", { type: "file", multiple: true, id, class: "heard", onchange: async () => {
    try {
      for (const file of picked.files) {
        await ask("PUT", `files/${encodeURIComponent(file.name)}`, { query: { in: "attachments" }, body: file });
        desk.state.quarter.attachments.push({ name: file.name, bytes: file.size });
        add(file.name);
      }
    } catch (refused) {
      tellRefused(refused);
    }
  } });
  const redraw = () => {
    const there = known();
    refill(place, el("summary", {}, `${word("documents")}: ${documents.length}`), documents.length ? el("ul", { class: "plain" }, documents.map(line)) : el("p", { class: "soft" }, word("documents_about")),
      !isFrozen() && row(el("label", { class: "press", for: id }, word("add_document")), picked,
        there.length ? select([["", word("document_there")], ...there.map((name) => [name, name])], "", (name) => name && add(name), { "aria-label": word("document_there") }) : null));
  };
  redraw();
  return place;
}
