// Records that no number of the form counts, by the reason.

async function showIdle() {
  const there = document.getElementById("records");
  refill(there, card("", el("p", {}, word("looking"))));
  let told;
  try {
    told = await ask("GET", "idle");
  } catch (refused) {
    refill(there);
    throw refused;
  }
  const reasons = told.reasons.map((reason) => {
    const body = el("div", { class: "sheaf" });
    const shut = el("details", { class: "cause" }, el("summary", {}, el("span", { class: "title" }, datedText(reason.why))), body);
    shut.addEventListener("toggle", () => { if (shut.open && !body.childElementCount) idleRecords(body, reason, 0).catch(tellRefused); });
    return shut;
  });
  const all = told.reasons.reduce((sum, reason) => sum + reason.count, 0);
  refill(there, card(word("idle_count", { count: grouped(all) }), reasons.length ? reasons : el("p", {}, word("idle_none")), row(button(word("close"), () => refill(there)))));
  there.scrollIntoView({ block: "start" });
}

/** A page of the records of a reason; each row can be looked at as it was written. */
async function idleRecords(body, reason, from) {
  const page = from ? await ask("GET", "idle", { query: { reason: reason.reason, from: String(from) } }) : reason;
  body.append(recordsTable(page.records, word("records_of")));
  const next = from + page.records.length;
  if (page.records.length && next < page.count) {
    const more = button(word("more", { count: grouped(page.count - next) }), async () => { await idleRecords(body, reason, next); more.remove(); });
    body.append(more);
  }
}
