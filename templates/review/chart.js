// Drawings: bars beside their numbers, and columns over months with a table.

/** Bars as a table of names, drawings and numbers: the text alternative is the drawing's own. */
function bars(title, entries, note) {
  const top = Math.max(1, ...entries.map((entry) => entry.value));
  const rows = entries.map(({ name, value, kind }) => el("tr", {},
    el("th", { scope: "row" }, name),
    el("td", { class: "drawing", "aria-hidden": "true" }, svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none" },
      svg("rect", { x: 0, y: 1, height: 8, width: value > 0 ? Math.max(0.6, (value / top) * 100).toFixed(2) : 0, class: kind || "one" }))),
    el("td", { class: "number" }, grouped(value))));
  return el("figure", { class: "bars" },
    el("figcaption", {}, title, note && el("span", { class: "note" }, ` ${note}`)),
    el("table", {}, el("caption", { class: "heard" }, title),
      el("thead", { class: "heard" }, el("tr", {}, el("th", { scope: "col" }, word("what")), el("td", { "aria-hidden": "true" }), el("th", { scope: "col" }, word("value")))),
      el("tbody", {}, rows)));
}

/** Names of the fills of series, told apart by lightness and pattern, not by hue alone. */
const SERIES = ["one", "two", "three", "four"];

/** Columns over the months; `series`: names with a value for each month. */
function monthChart(title, months, series) {
  const [width, height, left, bottom, upper] = [520, 230, 8, 34, 26];
  const values = series.flatMap((one) => one.values.map((value) => (typeof value === "number" ? value : 0)));
  const top = Math.max(1, ...values);
  const group = (width - left * 2) / months.length;
  const bar = Math.min(64, (group * 0.7) / series.length);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}. ${spoken(months, series)}` });
  drawing.append(patterns());
  drawing.append(svg("line", { x1: left, x2: width - left, y1: height - bottom, y2: height - bottom, class: "axis" }));
  months.forEach((month, nth) => {
    const middle = left + group * (nth + 0.5);
    series.forEach((one, place) => {
      const value = one.values[nth];
      const tall = typeof value === "number" ? ((height - bottom - upper) * value) / top : 0;
      const x = middle + (place - series.length / 2) * bar;
      const y = height - bottom - tall;
      drawing.append(svg("rect", { x: x + 2, y, width: bar - 4, height: tall, class: SERIES[place % SERIES.length] }));
      drawing.append(svg("text", { x: x + bar / 2, y: y - 4, "text-anchor": "middle", class: "worth" }, String(grouped(value))));
    });
    drawing.append(svg("text", { x: middle, y: height - 10, "text-anchor": "middle" }, month));
  });
  const legend = series.length > 1 && el("ul", { class: "legend" }, series.map((one, place) =>
    el("li", {}, svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true", class: "key" }, svg("rect", { width: 12, height: 12, class: SERIES[place % SERIES.length] })), one.name)));
  const rows = months.map((month, nth) => [month, ...series.map((one) => String(grouped(one.values[nth])))]);
  return el("figure", { class: "months" }, el("figcaption", {}, title), legend, drawing,
    el("details", {}, el("summary", {}, word("as_table")), table(title, [word("month"), ...series.map((one) => one.name)], rows, { numbers: series.map((_, nth) => nth + 1), hidden: true })));
}

/** The drawing in words. */
function spoken(months, series) {
  return months.map((month, nth) => `${month}: ${series.map((one) => `${series.length > 1 ? `${one.name} ` : ""}${grouped(one.values[nth])}`).join(", ")}`).join("; ");
}

function patterns() {
  const stripes = (id, kind, turn) => svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` },
    svg("rect", { width: 6, height: 6, class: `${kind} ground` }), svg("rect", { width: 2, height: 6, class: "stripe" }));
  return svg("defs", {}, stripes("striped", "two", 45), stripes("crossed", "four", 135));
}
