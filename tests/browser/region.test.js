// The region's board in the browser: units pasted from a spreadsheet, forms dropped, a sender assigned, the whole made.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { atDesk, begin, closeBrowser, faultsOf, openBrowser, quiet, told } from "./atdesk.js";
import { PHONE } from "./open.js";

const skip = process.env.DESK ? false : "DESK is not set";
before(() => (skip ? undefined : openBrowser()));
after(closeBrowser);

export const FOLDER = fileURLToPath(new URL("../../sample-data/districts-2026Q3/", import.meta.url));
export const REGION = { name_kk: "Сарыжайлау облысының әкімдігі (мысал)", name_ru: "Акимат Сарыжайлауской области (пример)", bin: "600440000267", head: "Б. Б. Басшы", performer: "А. А. Орындаушы" };
/** The fourth is written as nobody writes it: its report comes from a stranger. */
const UNITS = [["439100000", "Ақжалын ауданы (мысал)", "Акжалынский район (пример)"], ["439200000", "Тасбұлақ ауданы (мысал)", "Тасбулакский район (пример)"], ["439300000", "Көкарналы ауданы (мысал)", "Кокарналинский район (пример)"], ["439400001", "Ұзынбел ауданы (мысал)", "Узынбельский р-н (пример)"], ["439500000", "Сарыжайлау қаласы (мысал)", "Город Сарыжайлау (пример)"]];

/** From a quarter that is begun to a board with all that came in. */
async function region(page) {
  const way = page.locator("details.card", { hasText: /Для тех, кто сводит|жинайтындарға/ });
  await way.locator("summary").click();
  await way.locator("button").click();
  await page.locator("#screen.region").waitFor();
  await page.locator("table.units input").first().evaluate((input, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, UNITS.map((unit) => unit.join("\t")).join("\r\n"));
  assert.equal(await page.locator("table.units tbody tr").count(), UNITS.length);
  await page.locator("#screen .card button.primary").click();
  await told(page);
  await page.locator("#sent").setInputFiles(readdirSync(FOLDER).filter((name) => /xlsx|json/.test(name)).map((name) => join(FOLDER, name)));
  await told(page);
}

const tiles = (page) => page.locator(".tiles .tile").evaluateAll((all) => all.map((tile) => tile.className.match(/standing-(\w+)/)[1]));

for (const lang of ["kk", "ru"]) {
  test(`by mouse, ${lang}: units, forms, a stranger assigned, a day, a version, the whole, handed in`, { skip }, () =>
    atDesk(async ({ page, home }) => {
      await begin(page, REGION);
      await region(page);
      assert.deepEqual(await tiles(page), ["late", "late", "late", "other_name", "missing"]);
      // the stranger is offered a unit; one click remembers it
      await page.locator(".strangers button.primary").click();
      await told(page);
      assert.equal(await page.locator(".strangers").count(), 0);
      assert.match(readFileSync(join(home, "organisation.toml"), "utf8"), /names = \["Узынбелский район \(пример\)"\]/);
      // a day as people write it; one that there is none of is refused and changes nothing
      const days = page.locator(".when input:not([type=radio])");
      await days.nth(0).fill("31.09.2026");
      await days.nth(0).press("Tab");
      await page.locator("#told .refused").waitFor();
      for (let nth = 0; nth < 4; nth++) {
        await days.nth(nth).fill("2.10.2026");
        await days.nth(nth).press("Tab");
        await told(page);
        await page.waitForFunction((at) => document.querySelectorAll(".when input:not([type=radio])")[at]?.value === "02.10.2026", nth);
      }
      assert.deepEqual(await tiles(page), ["on_time", "on_time", "on_time", "faulty", "missing"]);
      // a second version of a district's report: the one that holds is clicked
      const stored = JSON.parse(readFileSync(join(FOLDER, "tasbulak.json"), "utf8"));
      const line = stored.lines.find((one) => one.row_id === "training");
      line.values.m1 += 5;
      line.values.q += 5;
      const mended = join(home, "..", "tasbulak-2.json");
      writeFileSync(mended, JSON.stringify(stored));
      await page.locator("#sent").setInputFiles([mended]);
      await told(page);
      assert.equal(await page.locator(".when input[type=radio]").count(), 2);
      await page.locator("tr", { hasText: "tasbulak-2.json" }).locator("input[type=radio]").check();
      await told(page);
      assert.equal(await page.locator("tr", { hasText: "tasbulak-2.json" }).locator("input[type=radio]").isChecked(), true);
      // what is to be said to a district
      await page.locator(".tiles button").nth(3).click();
      await page.locator("#unit .card").waitFor();
      assert.ok((await page.locator("#unit tbody tr").count()) >= 2);
      await page.locator("#unit button").last().click();
      await page.locator("#consolidate").click();
      await told(page);
      const line2 = readFileSync(join(home, "2026Q3/consolidate.txt"), "utf8");
      assert.match(line2, /^esep consolidate received --form 2-mk --period 2026Q3 /);
      await page.locator("#screen button", { hasText: lang === "kk" ? "Жинақ нысанын қарау" : "Посмотреть сводную форму" }).click();
      await page.frameLocator("iframe.review").locator("td.value").first().waitFor({ timeout: 60000 });
      await page.locator("#screen .card button.primary").last().scrollIntoViewIfNeeded();
      await page.locator("#screen .card:has(input[size='30']) button.primary").click();
      await told(page);
      const [sent] = readdirSync(join(home, "2026Q3/sent"));
      const files = JSON.parse(readFileSync(join(home, "2026Q3/sent", sent, "sent.json"), "utf8")).files;
      assert.ok(files["results/report.pdf"] && files["results/contributors.xlsx"] && files["received.toml"]);
    }, { lang }));
}

for (const look of [{ lang: "ru" }, { lang: "kk", colorScheme: "dark", viewport: PHONE }]) {
  test(`axe finds nothing on the board: ${look.lang}, ${look.colorScheme ?? "light"}, ${look.viewport?.width ?? 1366} px; it is not wider than the screen`, { skip }, () =>
    atDesk(async ({ page }) => {
      await begin(page, REGION);
      await region(page);
      await page.locator(".tiles button").first().click();
      await page.locator("#unit .card").waitFor();
      await page.locator("#screen > details summary").last().click();
      await quiet(page);
      assert.deepEqual(await faultsOf(page), []);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${over} px too wide`);
    }, look));
}
