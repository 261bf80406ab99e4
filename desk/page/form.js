// The form: the review page of the last run, as a stranger in a frame.

async function drawForm(main) {
  if (!desk.state.quarter.results) return headed(main, word("screen_form"), word("form_about"), notCounted());
  const { ticket } = await ask("POST", "ticket", { body: { file: "review.html" } });
  headed(main, word("screen_form"), word("form_about"), countAgain(),
    el("div", { id: "records" }),
    el("iframe", { class: "review", title: word("screen_form"), src: `/api/out/${ticket}#framed-${LANGS[desk.lang]}`, sandbox: "allow-scripts" }));
}

// the frame asks for the records of a number; nobody else is heard
window.addEventListener("message", (event) => {
  const frame = document.querySelector("iframe.review");
  if (!frame || event.source !== frame.contentWindow || !Array.isArray(event.data?.place)) return;
  showRecords(event.data.place.map(String)).catch(tellRefused);
});

/** All records of a number, in pages; each row can be looked at as it was written. */
async function showRecords(place, from = 0) {
  const there = document.getElementById("records");
  if (!from) refill(there, card("", el("p", {}, word("looking"))));
  const told = await ask("GET", "cell", { query: { place: place.join("\u001f"), from: String(from) } });
  const rows = told.records.map((record) => {
    const row = el("div", { class: "mend" });
    const look = button(word("show_row"), async () => {
      const found = await rowsOf([{ source: record.source, sheet: record.sheet, line: record.line }]);
      const own = found(record, record.line);
      refill(row, own ? rowTable(own) : word("blank"));
    }, { kind: "small", "aria-label": `${word("show_row")}: ${record.id}` });
    row.append(look);
    return [record.id, `${sourceName(record)}, ${word("line_no", { lines: record.line })}`, String(record.quantity ?? 1), row];
  });
  const list = table(word("records_of"), [word("record"), word("place"), word("counts_as"), word("row_as_written")], rows, { numbers: [2], hidden: true });
  if (from) return there.querySelector(".pages").before(list);
  const more = el("div", { class: "pages row" }, button(word("close"), () => refill(there)));
  let next = told.records.length;
  if (told.count > next) more.prepend(button(word("more", { count: told.count - next }), async (pressed) => {
    await showRecords(place, next);
    next = Math.min(told.count, next + 50);
    pressed.textContent = word("more", { count: told.count - next });
    pressed.hidden = next >= told.count;
  }));
  refill(there, card(`${told.row} ${told.label}`, el("p", { class: "soft" }, word("records_count", { count: grouped(told.count), value: told.value })), told.agrees === false && el("p", { class: "limit" }, word("records_disagree")), list, more));
  there.scrollIntoView({ block: "start" });
  there.querySelector("button")?.focus({ preventScroll: true });
}
