// The desk from files to what is handed in: by mouse, by keyboard, in two tabs, on a phone; what axe says of each screen.
// Its program is given as DESK; without it these tests are not for this run.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BODY, SCREENS, atDesk, begin, closeBrowser, count, dropFiles, faultsOf, go, openBrowser, quiet, sample, told } from "./atdesk.js";
import { DESK as WIDE, PHONE } from "./open.js";

const skip = process.env.DESK ? false : "DESK is not set";
before(() => (skip ? undefined : openBrowser()));
after(closeBrowser);

for (const lang of ["kk", "ru"]) {
  test(`by mouse, ${lang}: files, columns, a mend, a question, a warning, handed in`, { skip }, () =>
    atDesk(async ({ page, home }) => {
      await begin(page);
      await dropFiles(page, sample());
      await go(page, "columns");
      await page.locator("#screen .card button.primary").first().click();
      await told(page);
      await count(page);
      await go(page, "errors");
      const causes = page.locator("#screen details.cause");
      const errors = await causes.count();
      assert.ok(errors >= 7, String(errors));
      // the day that does not exist
      const wrong = page.locator("#screen details.cause", { hasText: "31.09.2026" });
      await wrong.locator("summary").first().click();
      await wrong.locator("td.asked", { hasText: "31.09.2026" }).waitFor();
      await wrong.locator(".mend input").first().fill("30.09.2026");
      await wrong.locator(".mend button.primary").click();
      await told(page);
      assert.match(readFileSync(join(home, "2026Q3/mends.csv"), "utf8"), /services-2026-09\.csv,,818,[^,]+,change,31\.09\.2026,30\.09\.2026/);
      await go(page, "questions");
      await page.locator("#screen textarea").first().fill("Кезек біріктірілді (мысал).");
      await page.locator("#screen .card button.primary").first().click();
      await told(page);
      await go(page, "warnings");
      await page.locator("#screen details.cause summary").first().click();
      await page.locator(".finding.warning").first().waitFor();
      const warning = page.locator(".finding.warning").first();
      await warning.locator("> .row input").first().fill("Бұйрықпен ұзартылған (мысал)");
      await warning.locator("> .row button").click();
      await told(page);
      await count(page);
      await go(page, "form");
      const frame = page.frameLocator("iframe.review");
      await frame.locator("td.value").first().click();
      assert.ok((await frame.locator("#panel").innerText()).length > 60);
      // all records of the number, and a row as it was written
      await frame.locator("#panel button:not(.close)", { hasText: lang === "kk" ? "Барлық жазбалар" : "все записи" }).click();
      await page.locator("#records table").first().waitFor({ timeout: 60000 });
      await page.locator("#records td button").first().click();
      await page.locator("#records table.record").waitFor();
      await go(page, "print");
      await page.locator("#screen .card button.primary").last().click();
      await told(page);
      const [folder] = readdirSync(join(home, "2026Q3/sent"));
      const sent = JSON.parse(readFileSync(join(home, "2026Q3/sent", folder, "sent.json"), "utf8"));
      assert.ok(sent.files["results/report.pdf"] && sent.person === BODY.head);
      const [saved] = await Promise.all([page.waitForEvent("download"), page.locator(".papers button").nth(1).click()]);
      assert.equal(saved.suggestedFilename(), "report.xlsx");
    }, { lang }));
}

test("her own sheet: the table is chosen, the columns confirmed, personal numbers hidden, remembered in the next quarter", { skip }, () =>
  atDesk(async ({ page, home }) => {
    await begin(page);
    const sheet = join(home, "..", "журнал.csv");
    const rows = (month) => ["№ п/п;ФИО заявителя;ИИН;Дата обращения;Наименование услуги;Каким способом;Дата выдачи;Итог",
      ...Array.from({ length: 6 }, (_, nth) => `${nth + 1};Ахметов Серик;85010130012${nth};0${nth + 1}.${month}.26;Выдача справки;ЦОН;0${nth + 2}.${month}.26;выдано`)].join("\n");
    writeFileSync(sheet, rows("07"));
    await dropFiles(page, [sheet]);
    await go(page, "columns");
    const group = page.locator("#screen > .group").first();
    // nothing can be confirmed before she has said what it is
    assert.equal(await group.locator("button.primary").count(), 0);
    await group.locator("fieldset button").first().click();
    await group.locator("table").first().waitFor();
    const text = await group.innerText();
    assert.ok(!text.includes("850101300120") && !text.includes("Ахметов"), text);
    await group.locator("button.primary").click();
    await told(page);
    const mapping = readFileSync(join(home, "mapping.toml"), "utf8");
    assert.match(mapping, /confirmed = true/);
    assert.match(mapping, /table = "services"/);
    // the journal undoes it
    await go(page, "overview");
    await page.locator("details.card", { has: page.locator(".journal") }).locator("summary").click();
    await page.locator(".journal button").first().click();
    await told(page);
    assert.throws(() => readFileSync(join(home, "mapping.toml")));
  }));

test("by keyboard alone: a quarter, a body, a file by its button, a run", { skip }, () =>
  atDesk(async ({ page }) => {
    const focus = () => page.evaluate(() => document.activeElement?.tagName + "." + document.activeElement?.className);
    const tabTo = async (selector) => {
      for (let step = 0; step < 80; step++) {
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
        await page.keyboard.press("Tab");
        if (await page.evaluate(() => document.activeElement !== document.body && getComputedStyle(document.activeElement).outlineStyle === "none" && !document.activeElement.classList.contains("heard"))) assert.fail(`no outline: ${await focus()}`);
      }
      assert.fail(`${selector} is not reached: ${await focus()}`);
    };
    await tabTo("form.card select");
    await page.keyboard.press("Tab");
    await page.keyboard.type("2-");
    await tabTo("form.card button");
    await page.keyboard.press("Enter");
    await page.locator("#who").waitFor();
    for (const [name, value] of Object.entries({ name_ru: BODY.name_ru, bin: BODY.bin })) {
      await tabTo(`#who [name=${name}]`);
      await page.keyboard.type(value);
    }
    await page.keyboard.press("Enter");
    await told(page);
    await page.evaluate(() => document.activeElement.blur());
    await tabTo("#side li:nth-child(2) button");
    await page.keyboard.press("Enter");
    await page.locator("#screen.files").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "title");
    await tabTo("#picked");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
    await chooser.setFiles(sample());
    await told(page);
    await page.evaluate(() => document.activeElement.blur());
    await tabTo(".run button");
    await page.keyboard.press("Enter");
    await told(page);
  }));

test("two tabs: a stale save is refused and the newer state shown", { skip }, () =>
  atDesk(async ({ page, context, address, expected }) => {
    expected.push("409");
    await begin(page);
    const other = await context.newPage();
    await other.goto(address);
    await other.locator("#title").waitFor();
    for (const tab of [page, other]) {
      await go(tab, "questions");
      await tab.locator("#screen summary").first().click();
    }
    await page.locator("#screen textarea").first().fill("Первый (пример)");
    await page.locator("#screen button.primary").first().click();
    await told(page);
    await other.locator("#screen textarea").first().fill("Второй (пример)");
    await other.locator("#screen button.primary").first().click();
    await other.locator("#told .refused").waitFor();
    await quiet(other);
    assert.equal(await other.locator("#screen textarea").first().inputValue(), "Первый (пример)");
    // what she typed there is not lost: it stands beside the newer state
    assert.equal(await other.locator("#told .kept q").innerText(), "Второй (пример)");
  }));

test("a foreign page gets nothing: fetch, form, picture, frame", { skip }, () =>
  atDesk(async ({ page, context, address, home, expected }) => {
    await begin(page);
    const own = new URL(address).origin;
    const before = readdirSync(home).sort();
    const foreign = await context.newPage();
    expected.push("403", "Failed to load", "CORS", "frame", "ERR_", "ORB", "Refused", "blocked");
    await foreign.route("http://foreign.example/**", (route) => route.fulfill({ contentType: "text/html", body: "<h1>foreign</h1>" }));
    await foreign.goto("http://foreign.example/");
    const got = await foreign.evaluate(async (origin) => {
      const said = [];
      for (const [path, options] of [["/", {}], ["/api/state", {}], ["/api/quarter", { method: "POST", mode: "no-cors", body: '{"name":"2026Q1","form":"2-mk"}' }], ["/api/quarter", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }]]) {
        said.push(await fetch(origin + path, options).then((answer) => (answer.type === "opaque" ? "opaque" : answer.status), () => "refused"));
      }
      const image = new Image();
      said.push(await new Promise((done) => { image.onload = () => done("shown"); image.onerror = () => done("refused"); image.src = `${origin}/`; }));
      return said;
    }, own);
    assert.deepEqual(got.filter((one) => !["refused", "opaque"].includes(one)), []);
    await foreign.evaluate((origin) => {
      document.body.innerHTML = `<iframe src="${origin}/"></iframe><form method="post" enctype="text/plain" action="${origin}/api/quarter"><input name="a" value="b"></form>`;
    }, own);
    await foreign.waitForTimeout(500);
    const framed = foreign.frames().find((frame) => frame.url().startsWith(own));
    assert.ok(!framed || !(await framed.content()).includes("id=\"words\""));
    await foreign.evaluate(() => document.forms[0].submit());
    await foreign.waitForTimeout(500);
    assert.ok(!(await foreign.content()).includes("2026Q1"));
    assert.deepEqual(readdirSync(home).sort(), before);
    await foreign.close();
  }, { foreign: "http://foreign.example/" }));

test("hostile cells are shown as they are", { skip }, () =>
  atDesk(async ({ page, home }) => {
    await begin(page);
    const hostile = join(home, "..", "x.csv");
    const cell = '"<img src=x onerror=alert(1)></script><b>x</b>"';
    writeFileSync(hostile, `record_id,service_code,service_name,channel,applicant,received_at,completed_at,outcome\n1,00301001,${cell},${cell},individual,2026-07-01,2026-07-02,rendered\n`);
    await dropFiles(page, [hostile]);
    await go(page, "columns");
    await count(page);
    await go(page, "errors");
    for (const summary of await page.locator("details.cause summary").all()) await summary.click();
    await page.locator("table.record").first().waitFor();
    assert.equal(await page.locator("#screen img, #screen b b, #screen table.record b").count(), 0);
    assert.ok((await page.locator("#screen").innerText()).includes("onerror=alert(1)"));
  }));

for (const look of [{ lang: "kk", colorScheme: "light" }, { lang: "ru", colorScheme: "dark" }, { lang: "kk", colorScheme: "dark", viewport: PHONE }]) {
  test(`axe finds nothing: ${look.lang}, ${look.colorScheme}, ${(look.viewport ?? WIDE).width} px; nothing is wider than the screen`, { skip }, () =>
    atDesk(async ({ page }) => {
      const look = async (name) => {
        assert.deepEqual(await faultsOf(page), [], name);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${name}: ${over} px too wide`);
      };
      await look("welcome");
      await begin(page);
      await dropFiles(page, sample());
      await count(page);
      for (const screen of SCREENS.slice(0, -1)) {
        await go(page, screen);
        await page.waitForTimeout(200);
        if (["errors", "warnings"].includes(screen)) {
          await page.locator("details.cause summary").first().click();
          await page.locator(".finding").first().waitFor();
        }
        if (screen === "columns") await page.locator("#screen details summary").first().click();
        await look(screen);
      }
    }, look));
}
