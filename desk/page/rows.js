// Rows as she wrote them, with what is mended beside them.

/** Rows of findings, asked for source by source. */
async function rowsOf(findings) {
  const wanted = new Map();
  for (const finding of findings) {
    if (!finding.source) continue;
    const key = `${finding.source}\u0000${finding.sheet ?? ""}`;
    if (!wanted.has(key)) wanted.set(key, { source: finding.source, sheet: finding.sheet ?? "", lines: new Set() });
    linesOf(finding).slice(0, 50).forEach((line) => wanted.get(key).lines.add(line));
  }
  const found = new Map();
  for (const [key, { source, sheet, lines }] of wanted) {
    if (!lines.size) continue;
    const told = await ask("GET", "rows", { query: { source, sheet, lines: [...lines].slice(0, 200).join(",") } });
    found.set(key, { ...told, byLine: new Map(told.rows.map((one) => [one.line, one.cells])) });
  }
  return (finding, line) => {
    const sheet = found.get(`${finding.source}\u0000${finding.sheet ?? ""}`);
    const cells = sheet?.byLine.get(line);
    return cells && { headers: sheet.headers, fields: sheet.fields, cells };
  };
}

/** Lines of a finding: one, or ranges such as `2–40, 45`. */
function linesOf(finding) {
  if (finding.line && !finding.lines) return [finding.line];
  return (finding.lines ?? "").split(",").flatMap((part) => {
    const [first, last = first] = part.trim().split("–").map(Number);
    if (!first) return [];
    return Array.from({ length: Math.min(last - first + 1, 200) }, (_, nth) => first + nth);
  });
}

/** Whether a finding is about a line. */
const hasLine = (finding, line) => (finding.lines ?? String(finding.line ?? "")).split(",").some((part) => {
  const [first, last = first] = part.trim().split("–").map(Number);
  return first <= line && line <= last;
});

/** A row with her own headers; the cell in question stands out. */
function rowTable(found, column) {
  return el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": word("row_as_written") },
    el("table", { class: "plain record" },
      el("thead", {}, el("tr", {}, found.headers.map((header, place) => el("th", { scope: "col", class: place === column ? "asked" : undefined }, header)))),
      el("tbody", {}, el("tr", {}, found.headers.map((_, place) => el("td", { class: place === column ? "asked" : undefined, title: found.cells[place] }, found.cells[place] ?? ""))))));
}

/** Brings the cells in question into view: a row may be wider than the screen. */
function showAsked(place) {
  for (const wide of place.querySelectorAll(".wide:has(.record)")) {
    const asked = wide.querySelector("th.asked");
    if (asked) wide.scrollLeft = Math.max(0, asked.offsetLeft - wide.clientWidth / 2 + asked.clientWidth / 2);
  }
}

/** The column of a field, and its code list. */
function columnOf(found, name) {
  return found?.fields.find?.((one) => one.field === name);
}
