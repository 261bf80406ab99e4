// Findings by cause, with counts, what to do, and the way to the cell.

/** Findings of a cause that are drawn at once. */
const SHEAF = 50;

function drawFindings(place) {
  const shown = shownFindings();
  const parts = [el("h2", {}, word("findings")), tally()];
  const [given, all] = data.limits.findings;
  if (given < all) parts.push(el("p", { class: "limit" }, word("findings_limit", { shown: grouped(given), all: grouped(all) })));
  const byCause = new Map();
  shown.forEach((position) => listed(byCause, data.findings[position].cause).push(position));
  data.causes.forEach((cause, nth) => {
    if (byCause.has(nth)) parts.push(causeGroup(cause, byCause.get(nth), byCause.size === 1));
  });
  if (!shown.length) parts.push(el("p", { class: "empty" }, word(data.findings.length ? "nothing" : "no_findings")));
  refill(place, parts);
}

/** How many findings and checks came to what. */
function tally() {
  const { counts } = data;
  const severities = SEVERITIES.map((severity) => el("li", {}, mark(severity), ` ${word(`${severity}s`)}: `, el("b", {}, grouped(counts[severity]))));
  const outcomes = [["holds", "holds"], ["failed", "fails"], ["uncheckable", "cannot_be_checked"]];
  const checks = outcomes.map(([label, key]) => el("li", {}, `${word(label)}: `, el("b", {}, grouped(counts[key]))));
  return el("div", { class: "tally" }, el("ul", {}, severities), el("ul", {}, checks));
}

function causeGroup(cause, positions, open) {
  const list = el("div", { class: "sheaf" });
  let drawnTo = 0;
  const more = el("button", { type: "button", hidden: true, onclick: () => draw() });
  const draw = () => {
    positions.slice(drawnTo, drawnTo + SHEAF).forEach((position) => more.before(findingCard(position, true)));
    drawnTo = Math.min(positions.length, drawnTo + SHEAF);
    more.hidden = drawnTo === positions.length;
    refill(more, word("more", { count: grouped(positions.length - drawnTo) }));
  };
  list.append(more);
  const count = positions.length === cause.count ? grouped(cause.count) : `${grouped(positions.length)} / ${grouped(cause.count)}`;
  const group = el("details", { class: `cause ${cause.severity}`, open, ontoggle: () => group.open && !drawnTo && draw() },
    el("summary", {}, mark(cause.severity), el("span", { class: "code" }, cause.code), el("span", { class: "title" }, say(cause.title)),
      el("span", { class: "count" }, heard(`${word("count")}: `), count)),
    el("p", { class: "basis" }, word("basis"), ": ", say(cause.basis)), list);
  if (open) draw();
  return group;
}

/** One finding; `full`: with the way to its cell. */
function findingCard(position, full) {
  const finding = data.findings[position];
  const go = full && finding.at && el("button", { type: "button", class: "go", onclick: () => goToCell(...finding.at) }, word("show_cell"));
  return el("article", { class: `finding ${finding.severity}` },
    el("p", { class: "message" }, mark(finding.severity), " ", say(finding.message)),
    full && el("p", { class: "place" }, placeOf(finding)),
    finding.confirmed && el("p", { class: "confirmed" }, `✓ ${word("confirmed")}: ${finding.confirmed[0]} (${finding.confirmed[1]}, ${finding.confirmed[2]})`),
    el("p", { class: "hint" }, el("b", {}, word("hint"), ": "), say(finding.hint)),
    !full && el("p", { class: "basis" }, word("basis"), ": ", say(data.causes[finding.cause].basis)), go);
}

/** Where a finding stands: in a source, or in the form. */
function placeOf({ place, at }) {
  const parts = [];
  const add = (label, value) => value !== undefined && value !== "" && parts.push(`${label}: ${value}`);
  if (!at) {
    add(word("source"), place.source);
    add(word("sheet"), place.sheet);
    add(word("line"), place.line);
    add(word("field"), place.field);
    add(word("value"), place.value === undefined ? undefined : cut(place.value, 80));
  }
  if (at) {
    const line = data.lines[at[0]];
    add(word("row"), cut(lineName(line), 90));
    add(word("column"), columnName(columnsOf(line)[at[1]]));
  } else if (place.row !== undefined) {
    add(word("row"), place.row);
    add(word("column"), place.column);
  }
  add(word("provider"), place.provider_name || place.provider_bin);
  if (!at || !data.lines[at[0]].service) add(word("service"), place.service_name || place.service_code);
  add(word("cell"), place.cell);
  return parts.join(" · ");
}
