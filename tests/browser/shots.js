// Pictures of every screen of the desk, for people to look at: node shots.js FOLDER, with DESK the program.
// kk and ru, light and dark, 1366 × 768 and 390 px; a page that is longer than the screen is pictured whole.

import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SCREENS, atDesk, begin, closeBrowser, count, dropFiles, go, openBrowser, quiet, sample, told } from "./atdesk.js";
import { DESK as WIDE, PHONE } from "./open.js";

const [folder = "shots", only = ""] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const districts = fileURLToPath(new URL("../../sample-data/districts-2026Q3/", import.meta.url));

/** The whole of what scrolls inside the page. */
async function picture(page, name, viewport) {
  const height = await page.evaluate(() => {
    const main = document.getElementById("main");
    return main && getComputedStyle(main).overflowY !== "visible" ? main.scrollHeight + main.getBoundingClientRect().top : document.documentElement.scrollHeight;
  });
  await page.setViewportSize({ width: viewport.width, height: Math.min(2600, Math.max(viewport.height, Math.ceil(height))) });
  await page.waitForTimeout(150);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize(viewport);
}

async function all(look) {
  const { lang, colorScheme, viewport } = look;
  const mark = `${lang}-${colorScheme}-${viewport.width}`;
  await atDesk(async ({ page }) => {
    const shot = (name) => picture(page, `${name}-${mark}`, viewport);
    await shot("0-welcome");
    await begin(page);
    await shot("1-begun");
    await dropFiles(page, sample());
    await count(page);
    for (const [nth, screen] of SCREENS.slice(0, -1).entries()) {
      await go(page, screen);
      await page.waitForTimeout(200);
      if (screen === "columns") await page.locator("#screen details summary").first().click();
      if (["errors", "warnings"].includes(screen)) {
        await page.locator("details.cause summary").first().click();
        await page.locator(".finding").first().waitFor();
      }
      if (screen === "form") {
        await page.locator("#screen > .row button").first().click();
        await page.locator("#records details.cause").first().waitFor({ timeout: 60000 });
      }
      await shot(`${nth + 2}-${screen}`);
    }
  }, look);
  await atDesk(async ({ page }) => {
    await begin(page, districtBody);
    await region(page, (name) => picture(page, `${name}-${mark}`, viewport));
  }, look);
}

const districtBody = { name_kk: "Сарыжайлау облысының әкімдігі (мысал)", name_ru: "Акимат Сарыжайлауской области (пример)", bin: "600440000267", head: "Б. Б. Басшы", performer: "А. А. Орындаушы" };
const UNITS = [["439100000", "Ақжалын ауданы (мысал)", "Акжалынский район (пример)"], ["439200000", "Тасбұлақ ауданы (мысал)", "Тасбулакский район (пример)"], ["439300000", "Көкарналы ауданы (мысал)", "Кокарналинский район (пример)"], ["439400001", "Ұзынбел ауданы (мысал)", "Узынбельский р-н (пример)"], ["439500000", "Сарыжайлау қаласы (мысал)", "Город Сарыжайлау (пример)"]];

async function region(page, shot) {
  await page.locator("details.card").last().waitFor();
  await page.evaluate(() => { window.location.hash = "region"; });
  await page.locator("#screen.region").waitFor();
  await shot("10-region-units");
  await page.locator("table.units input").first().evaluate((input, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, UNITS.map((unit) => unit.join("\t")).join("\n"));
  await page.locator("#screen .card button.primary").click();
  await told(page);
  await page.locator("#sent").setInputFiles(readdirSync(districts).filter((name) => /xlsx|json/.test(name)).map((name) => join(districts, name)));
  await told(page);
  await shot("11-region-board");
  await page.locator(".tiles button").nth(2).click();
  await page.locator("#unit .card").waitFor();
  await shot("12-region-unit");
  await page.locator("#consolidate").click();
  await told(page);
  await shot("13-region-consolidated");
}

await openBrowser();
for (const viewport of [WIDE, PHONE]) {
  for (const lang of ["kk", "ru"]) {
    for (const colorScheme of ["light", "dark"]) {
      const name = `${lang}-${colorScheme}-${viewport.width}`;
      if (name.includes(only)) await all({ lang, colorScheme, viewport });
    }
  }
}
await closeBrowser();
