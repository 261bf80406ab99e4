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
  const cards = alike(positions);
  let drawnTo = 0;
  const more = el("button", { type: "button", hidden: true, onclick: () => draw() });
  const draw = () => {
    cards.slice(drawnTo, drawnTo + SHEAF).forEach((same) => more.before(same.length > 1 ? sameCard(same) : findingCard(same[0], true)));
    drawnTo = Math.min(cards.length, drawnTo + SHEAF);
    more.hidden = drawnTo === cards.length;
    refill(more, word("more", { count: grouped(cards.slice(drawnTo).flat().length) }));
  };
  list.append(more);
  const count = positions.length === cause.count ? grouped(cause.count) : `${grouped(positions.length)} / ${grouped(cause.count)}`;
  const group = el("details", { class: `cause ${cause.severity}`, open, ontoggle: () => group.open && !drawnTo && draw() },
    el("summary", {}, mark(cause.severity), el("span", { class: "title" }, say(cause.title)), el("span", { class: "code" }, cause.code),
      el("span", { class: "count" }, heard(`${word("count")}: `), count)),
    el("p", { class: "basis" }, word("basis"), ": ", say(cause.basis)), list);
  if (open) draw();
  return group;
}

/** Findings that say the same, together, in the order of the first. */
function alike(positions) {
  const same = new Map();
  for (const position of positions) {
    const { message, hint, confirmed } = data.findings[position];
    listed(same, JSON.stringify([say(message), say(hint), confirmed])).push(position);
  }
  return [...same.values()];
}

/** Findings that say the same: told once, with all their places. */
function sameCard(positions) {
  const first = data.findings[positions[0]];
  const places = el("ul", { class: "place" });
  let drawnTo = 0;
  const more = el("button", { type: "button", class: "go", onclick: () => draw() });
  const draw = () => {
    places.append(...positions.slice(drawnTo, drawnTo + SHEAF).map((position) => {
      const { at } = data.findings[position];
      const go = at && el("button", { type: "button", class: "go", onclick: () => goToCell(...at) }, word("show_cell"));
      return el("li", {}, placeOf(data.findings[position]), " ", go);
    }));
    drawnTo = Math.min(positions.length, drawnTo + SHEAF);
    more.hidden = drawnTo === positions.length;
    refill(more, word("more", { count: grouped(positions.length - drawnTo) }));
  };
  draw();
  return el("article", { class: `finding ${first.severity}` },
    el("p", { class: "message" }, mark(first.severity), " ", say(first.message)),
    places, more,
    first.confirmed && confirmation(first.confirmed),
    el("p", { class: "hint" }, el("b", {}, word("hint"), ": "), say(first.hint)));
}

const confirmation = ([reason, person, day]) => el("p", { class: "confirmed" }, `✓ ${word("confirmed")}: ${reason} (${person}, ${day})`);

/** One finding; `full`: with the way to its cell. */
function findingCard(position, full) {
  const finding = data.findings[position];
  const go = full && finding.at && el("button", { type: "button", class: "go", onclick: () => goToCell(...finding.at) }, word("show_cell"));
  return el("article", { class: `finding ${finding.severity}` },
    el("p", { class: "message" }, mark(finding.severity), " ", say(finding.message)),
    full && el("p", { class: "place" }, placeOf(finding)),
    finding.confirmed && confirmation(finding.confirmed),
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
    add(word("field"), place.field in data.fields ? say(data.fields[place.field]) : place.field);
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
