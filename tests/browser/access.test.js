// What axe-core says of the page, in light and dark, on a desk and a phone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { open, start, stop, DESK, PHONE } from "./open.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

before(start);
after(stop);

async function faults(page) {
  const found = await page.evaluate(async (tags) => (await window.axe.run(document, { runOnly: tags })).violations, TAGS);
  const heavy = found.filter((fault) => ["serious", "critical", "moderate"].includes(fault.impact));
  return heavy.map((fault) => `${fault.impact} ${fault.id}: ${fault.nodes.slice(0, 2).map((node) => node.html.slice(0, 200)).join(" | ")}`);
}

for (const [name, looks] of [
  ["units", [{ viewport: DESK }, { viewport: DESK, colorScheme: "dark" }, { viewport: PHONE }]],
  ["corporation", [{ viewport: DESK }, { viewport: PHONE, colorScheme: "dark" }]],
]) {
  for (const look of looks) {
    test(`axe finds nothing: ${name}, ${look.viewport.width} px, ${look.colorScheme ?? "light"}`, () =>
      open(name, async (page) => {
        await page.evaluate(axe);
        for (const tab of await page.locator("[role=tab]").all()) {
          await tab.click();
          const id = await tab.getAttribute("id");
          if (id === "tab-form") await page.locator("td.value.error, td.value").first().click();
          if (id === "tab-findings") await page.locator("details.cause summary").first().click();
          assert.deepEqual(await faults(page), [], id);
        }
      }, look));
  }
}
