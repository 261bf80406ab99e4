// What goes wrong on a desk: the wrong file, two of one name, a page left too soon, a program that ends, mends that lapse.
// Nothing is lost, and what is to be done is said. BOOKS: four books as people keep them; ANSWERS: a questions.xlsx of them.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { atDesk, begin, closeBrowser, count, dropFiles, faultsOf, go, openBrowser, quiet, sample, told } from "./atdesk.js";

const skip = process.env.DESK && process.env.ANSWERS ? false : "DESK and ANSWERS are not set";
before(() => (skip ? undefined : openBrowser()));
after(closeBrowser);

const records = (home) => readdirSync(join(home, "2026Q3/records")).sort();
const training = (rows) => `record_id,completed_on,course\n${rows.join("\n")}\n`;
const said = (page) => page.locator("#told p").innerText();
/** The page looks into the folder when she comes back to it. */
const comeBack = async (page) => {
  const state = page.waitForResponse((answer) => answer.url().includes("/api/survey"));
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await state;
  await page.waitForTimeout(200);
};
const answerTo = (page, act) => page.once("dialog", (dialog) => dialog[act]());

test("typed text outlives the back button, a reload and the end of the program", { skip }, () =>
  atDesk(async ({ page, context, again, home, expected }) => {
    expected.push("ERR_CONNECTION");
    await begin(page);
    await go(page, "questions");
    await page.locator("#screen summary").first().click();
    const box = page.locator("#screen textarea").first();
    await box.fill("Набрано (пример)");
    answerTo(page, "dismiss");
    await page.goBack();
    await page.waitForTimeout(200);
    assert.deepEqual([new URL(page.url()).hash, await box.inputValue()], ["#questions", "Набрано (пример)"]);
    const asked = page.waitForEvent("dialog").then((dialog) => { dialog.dismiss(); return dialog.type(); });
    page.evaluate(() => { window.location.reload(); }).catch(() => {});
    assert.equal(await asked, "beforeunload");
    assert.equal(await box.inputValue(), "Набрано (пример)");
    // the program ends while she saves: the text stands there to be taken over, the saved is there after a restart
    const fresh = await again(async () => {
      await page.locator("#screen button.primary").first().click();
      await page.locator("#told .refused").waitFor();
      assert.match(await said(page), /перенесите набранное/);
      assert.equal(await box.inputValue(), "Набрано (пример)");
    });
    const next = await context.newPage();
    await next.goto(fresh);
    await next.locator("#title").waitFor();
    assert.match(await next.locator("h1").innerText(), /Сарыжайлау/);
    await go(next, "questions");
    await next.goBack();
    await next.locator("#screen.overview").waitFor();
    assert.ok(readFileSync(join(home, "organisation.toml"), "utf8").includes("600440000267"));
  }));

test("a page that is loaded anew while a run goes on tells how it ended", { skip }, () =>
  atDesk(async ({ page }) => {
    await begin(page);
    await dropFiles(page, sample());
    await page.locator(".run button").click();
    await page.locator(".run .turning").waitFor();
    await page.reload();
    await page.locator("#told .done").waitFor();
    assert.match(await said(page), /Посчитано/);
    assert.equal(await page.locator(".run .turning").count(), 0);
  }));

test("wrong files, files of one name, files that are gone", { skip }, () =>
  atDesk(async ({ page, home, expected }) => {
    expected.push("409", "ERR_", "400");
    await begin(page);
    const own = join(home, "..", "Менің құжаттарым");
    for (const month of ["шілде", "тамыз"]) {
      mkdirSync(join(own, month), { recursive: true });
      writeFileSync(join(own, month, "оқыту.csv"), training([`${month},2026-08-01,А`]));
    }
    writeFileSync(join(own, "фото.jpg"), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
    await go(page, "files");
    // two of one name from two folders are two files
    await page.locator("#picked-folder").setInputFiles(own);
    await told(page);
    assert.deepEqual(records(home), ["тамыз – оқыту.csv", "фото.jpg", "шілде – оқыту.csv"]);
    const wrong = page.locator("#screen tr", { hasText: "фото.jpg" });
    assert.match(await wrong.innerText(), /по ошибке, уберите/);
    await wrong.locator("button").click();
    await told(page);
    // another file of a name that is there: asked, and each answer does what it says
    const same = join(own, "тамыз – оқыту.csv");
    const choose = async (text, nth) => {
      writeFileSync(same, training([text]));
      await page.locator("#picked").setInputFiles([same]);
      await page.locator("dialog[open]").waitFor();
      assert.deepEqual(await faultsOf(page), []);
      await page.locator("dialog[open] button").nth(nth).click();
      await page.locator("#told p").waitFor();
      await quiet(page);
      await page.waitForTimeout(100);
    };
    await choose("9,2026-08-09,Ә", 2);
    assert.match(await said(page), /не добавлен/);
    await choose("9,2026-08-09,Ә", 0);
    assert.deepEqual(records(home), ["тамыз – оқыту (2).csv", "тамыз – оқыту.csv", "шілде – оқыту.csv"]);
    await choose("8,2026-08-08,Б", 1);
    assert.ok(readFileSync(join(home, "2026Q3/records/тамыз – оқыту.csv"), "utf8").includes("8,2026-08-08"));
    // the same bytes once more ask nothing
    await page.locator("#picked").setInputFiles([same]);
    await told(page);
    // a file that goes away after it was chosen: the others are taken, and it is named
    const gone = join(own, "исчез.csv");
    writeFileSync(gone, training(["1,2026-08-01,А"]));
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator("label[for=picked]").click()]);
    await page.route("**/api/files/**", async (route) => { rmSync(gone, { force: true }); await route.continue(); });
    await chooser.setFiles([gone]);
    await page.locator("#told .refused").waitFor();
    assert.match(await said(page), /исчез\.csv: .*выберите снова/);
    await page.unroute("**/api/files/**");
    // taken away by hand meanwhile: said, and the newer state shown
    rmSync(join(home, "2026Q3/records/шілде – оқыту.csv"));
    expected.push("404");
    await page.locator("#screen tr", { hasText: "шілде" }).locator("button").click();
    await page.locator("#told .refused").waitFor();
    await quiet(page);
    assert.equal(await page.locator("#screen tr", { hasText: "шілде" }).count(), 0);
  }));

test("mends that lapsed are marked, with the reason and what to do, and made anew", { skip }, () =>
  atDesk(async ({ page, home }) => {
    await begin(page);
    const file = join(home, "..", "training.csv");
    writeFileSync(file, training(["1,2026-07-40,А", "2,2026-08-05,Б"]));
    await dropFiles(page, [file]);
    await count(page);
    await go(page, "errors");
    await page.locator("details.cause summary").first().click();
    await page.locator(".mend input").first().fill("2026-07-04");
    await page.locator(".mend button.primary").first().click();
    await told(page);
    await count(page);
    assert.equal(await page.locator("#screen details.card[open]").count(), 0);
    // by hand in the folder: another wrong day stands there now
    writeFileSync(join(home, "2026Q3/records/training.csv"), training(["1,2026-07-41,А", "2,2026-08-05,Б"]));
    await comeBack(page);
    assert.match(await page.locator("#screen .limit").first().innerText(), /показанное ниже устарело/);
    await count(page);
    const all = page.locator("#screen details.card[open]");
    assert.match(await all.innerText(), /не действует: 1[^]*не применена[^]*сделайте её заново/);
    await page.locator("details.cause", { hasText: "2026-07-41" }).locator("summary").first().click();
    const mend = page.locator(".mend", { hasText: "не применена" });
    await mend.locator("input").first().fill("2026-07-04");
    assert.deepEqual(await faultsOf(page), []);
    await mend.locator("button.primary").click();
    await told(page);
    assert.equal(readFileSync(join(home, "2026Q3/mends.csv"), "utf8").trim().split("\n").length, 2);
    await count(page);
    assert.equal(await page.locator("#screen details.card[open]").count(), 0);
    assert.equal(await page.locator("details.cause").count(), 0);
  }));

test("answers of a questions.xlsx are taken: found in the folder, chosen on the page", { skip }, () =>
  atDesk(async ({ page, home, expected }) => {
    expected.push("422");
    await begin(page);
    const books = readdirSync(process.env.BOOKS).filter((name) => /^(Қызметтер|Журнал|жалобы|обучение) .*xlsx$/.test(name)).map((name) => join(process.env.BOOKS, name));
    await dropFiles(page, books);
    writeFileSync(join(home, "questions.xlsx"), readFileSync(process.env.ANSWERS));
    await comeBack(page);
    await go(page, "columns");
    assert.ok((await page.locator("#screen > .group").count()) >= 3);
    assert.deepEqual(await faultsOf(page), []);
    await page.locator(".limit", { hasText: "questions.xlsx" }).locator("button").click();
    await told(page);
    assert.equal(await page.locator("#screen > .group").count(), 0);
    assert.equal(await page.locator(".limit", { hasText: "questions.xlsx" }).count(), 0);
    // undone, and chosen; a book of records is no such workbook
    rmSync(join(home, "mapping.toml"));
    rmSync(join(home, "questions.xlsx"));
    await comeBack(page);
    await page.locator("#answers").setInputFiles([books[0]]);
    await page.locator("#told .refused").waitFor();
    assert.match(await said(page), /не questions\.xlsx/);
    await page.locator("#answers").setInputFiles([process.env.ANSWERS]);
    await page.locator("#told .done", { hasText: "Ответы взяты" }).waitFor();
    await quiet(page);
    assert.equal(await page.locator("#screen > .group").count(), 0);
  }));

test("complaints do not become training by a click", { skip }, () =>
  atDesk(async ({ page, home }) => {
    await begin(page);
    await dropFiles(page, readdirSync(process.env.BOOKS).filter((name) => /^жалобы/.test(name)).map((name) => join(process.env.BOOKS, name)));
    await go(page, "columns");
    const group = page.locator("#screen > .group").first();
    assert.equal(await group.locator("button.primary").count(), 0);
    await group.locator("fieldset select").selectOption("training");
    await quiet(page);
    await page.waitForTimeout(300);
    // it says what a training has and this sheet lacks; nothing is kept until that is answered and confirmed
    assert.equal(await group.locator("button.primary").count(), 0);
    assert.match(await group.locator("p.limit").innerText(), /не считается ни одна строка/);
    assert.throws(() => readFileSync(join(home, "mapping.toml")));
    await page.reload();
    await page.locator("#screen > .group").first().waitFor();
    assert.equal(await page.locator("#screen > .group button.primary").count(), 0);
    // counted all the same, it counts nothing, and says why in the language of the page
    await page.locator(".run button").click();
    await page.locator("#told .refused").waitFor();
    assert.match(await said(page), /Таблица не распознана[^]*отчёта нет/);
    const results = join(home, "2026Q3/results");
    assert.deepEqual(existsSync(results) ? readdirSync(results).filter((name) => name.startsWith("2-mk")) : [], []);
    // and the way on stands beside it
    assert.match(await said(page), /Подтвердите, что означают графы и значения: открыто 1/);
    await go(page, "files");
    await page.locator(".run button").click();
    await page.locator("#told .refused .small").click();
    await page.locator("#screen.columns").waitFor();
  }));
