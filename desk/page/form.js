// The form: the review page of the last run, as a stranger in a frame.

async function drawForm(main) {
  if (!desk.state.quarter.results) return headed(main, word("screen_form"), word("form_about"), notCounted());
  const { ticket } = await ask("POST", "ticket", { body: { file: "review.html" } });
  headed(main, word("screen_form"), word("form_about"), countAgain(),
    row(button(word("what_is_left_out"), () => showIdle())),
    el("div", { id: "records" }),
    el("iframe", { class: "review", title: word("screen_form"), src: `/api/out/${ticket}#framed-${LANGS[desk.lang]}`, sandbox: "allow-scripts" }));
}

// the frame asks for the records of a number; nobody else is heard
window.addEventListener("message", (event) => {
  const frame = document.querySelector("iframe.review");
  if (!frame || event.source !== frame.contentWindow || !Array.isArray(event.data?.place)) return;
  showRecords(event.data.place.map(String)).catch(tellRefused);
});

/** Records with their places; each can be looked at as it was written. */
function recordsTable(records, caption, counted = false) {
  const rows = records.map((record) => {
    const shown = el("div", { class: "mend" });
    shown.append(button(word("show_row"), async () => {
      const found = await rowsOf([{ source: record.source, sheet: record.sheet, line: record.line }]);
      const own = found(record, record.line);
      refill(shown, own ? rowTable(own) : word("blank"));
    }, { kind: "small", "aria-label": `${word("show_row")}: ${record.id}` }));
    const because = record.because?.length ? el("p", { class: "soft" }, datedText(record.because.join("; "))) : "";
    const place = `${sourceName(record)}, ${word("line_no", { lines: record.line })}`;
    return counted ? [record.id, place, String(record.quantity ?? 1), shown] : [record.id, el("div", {}, place, because), shown];
  });
  const heads = counted ? [word("record"), word("place"), word("counts_as"), word("row_as_written")] : [word("record"), word("place"), word("row_as_written")];
  return table(caption, heads, rows, { numbers: counted ? [2] : [], hidden: true });
}

/** All records of a number, in pages; each row can be looked at as it was written. */
async function showRecords(place, from = 0) {
  const there = document.getElementById("records");
  if (!from) refill(there, card("", el("p", {}, word("looking"))));
  const told = await ask("GET", "cell", { query: { place: place.join("\u001f"), from: String(from) } });
  const list = recordsTable(told.records, word("records_of"), true);
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
