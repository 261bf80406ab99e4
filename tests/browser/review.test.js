// What a reader does with the page: asks cells, filters, searches, changes the language, goes by keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dataOf, focused, open, start, stop, PAGES, PHONE } from "./open.js";

before(start);
after(stop);

const cells = "td.value";
/** Rows of the form that are not as wide as their table. */
const uneven = (page) => page.evaluate(() => [...document.querySelectorAll("table.form")].flatMap((table) => {
  const wide = (row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
  const rows = [...table.querySelectorAll("tbody tr[aria-rowindex]")];
  const head = wide(table.tHead.rows[0]);
  return rows.filter((row) => wide(row) !== head).map((row) => `${head}: ${row.innerText}`);
}));
const count = (page, selector) => page.locator(selector).count();

test("a cell with a finding tells its rule, both sides and the difference", () =>
  open("corporation", async (page) => {
    await page.click('[lang="ru"]');
    const data = await dataOf(page);
    const finding = data.findings.find((one) => one.at && one.difference);
    const [line, column] = finding.at;
    const cell = page.locator(`${cells}[data-line="${line}"][data-column="${column}"]`);
    assert.match(await cell.getAttribute("class"), new RegExp(finding.severity));
    await cell.click();
    const panel = page.locator("#panel");
    const text = (await panel.innerText()).replaceAll("\u00a0", "");
    const message = data.texts[finding.message];
    assert.ok(text.includes(typeof message === "string" ? message : message[1]), text);
    assert.ok(text.includes(String(finding.left)) && text.includes(String(finding.right)), text);
    assert.ok(await count(page, "#panel .rule.fails"));
    assert.ok(await count(page, "#panel .rule.holds"));
    // the way to another cell of the rule
    await page.locator("#panel .rule.fails .go").last().click();
    assert.notDeepEqual(await focused(page), [line, column]);
  }));

test("a cell names its first records and the command for the others", () =>
  open("corporation", async (page) => {
    await page.click('[lang="ru"]');
    const data = await dataOf(page);
    const line = data.lines.findIndex((one) => one.records && Object.values(one.records).some(([all]) => all > 3));
    const [column, [all, first]] = Object.entries(data.lines[line].records).find(([, [count]]) => count > 3);
    await page.locator(`${cells}[data-line="${line}"][data-column="${column}"]`).click();
    const text = (await page.locator("#panel").innerText()).replaceAll("\u00a0", "");
    assert.ok(text.includes(`Показано ${first.length} из ${all}`), text);
    for (const [source, place, id] of first) {
      assert.ok(text.includes(`${data.ledger[source].source}`) && text.includes(`:${place}`) && text.includes(id), text);
    }
    assert.ok(text.includes("esep explain report.json"), text);
  }));

test("every cell answers what it counts, in every language", () =>
  open("central", async (page) => {
    const faults = await page.evaluate(() => {
      const bad = [];
      for (const lang of ["kk", "ru", "en"]) {
        document.querySelector(`[lang="${lang}"]`).click();
        document.querySelectorAll("td.value").forEach((cell, nth) => {
          if (nth % 7) return;
          cell.click();
          const text = document.getElementById("panel").innerText;
          if (text.length < 60 || /undefined|null|\[object|\{\w+\}/.test(text)) bad.push(text);
        });
      }
      return bad.slice(0, 3);
    });
    assert.deepEqual(faults, []);
  }));

test("what the panel adds up is what the check saw", () =>
  open("corporation", async (page) => {
    const data = await dataOf(page);
    const failing = data.findings.filter((one) => one.at && one.outcome === "fails" && one.left !== undefined && data.causes[one.cause].rule !== undefined);
    assert.ok(failing.length);
    for (const { at, left, right } of failing) {
      await page.evaluate(([line, column]) => {
        const query = document.getElementById("query");
        query.scrollIntoView();
        const cell = document.querySelector(`td.value[data-line="${line}"][data-column="${column}"]`);
        cell?.click();
      }, at);
      if (!(await page.locator(`td.value.open[data-line="${at[0]}"][data-column="${at[1]}"]`).count())) continue;
      const sides = await page.locator("#panel .rule.fails b").allInnerTexts();
      const numbers = sides.map((side) => Number(side.replaceAll("\u00a0", "")));
      assert.ok(numbers.some((number, nth) => number === left && numbers[nth + 1] === right), `${numbers} ${left} ${right}`);
    }
  }));

test("filters narrow the form, the findings and the columns, and are cleared", () =>
  open("units", async (page) => {
    const all = await count(page, "tbody tr[aria-rowindex]");
    const data = await dataOf(page);
    const choose = (label, value) => page.locator("#filters label", { has: page.getByText(label, { exact: true }) }).locator("select").selectOption(value);
    await page.click('[lang="ru"]');
    await choose("Раздел", { index: 1 });
    const section = await count(page, "tbody tr[aria-rowindex]");
    assert.ok(section > 0 && section < all, `${section} of ${all}`);
    await choose("Месяц", "2");
    const heads = await page.locator("table.form thead").first().innerText();
    assert.ok(heads.includes("август") && !heads.includes("июль"), heads);
    assert.deepEqual(await uneven(page), []);
    await page.click("#clear");
    assert.deepEqual(await uneven(page), []);
    await page.click("#tab-findings");
    const errors = data.causes.filter((cause) => cause.severity === "error").length;
    await choose("Замечания", "error");
    assert.equal(await count(page, "details.cause"), errors);
    await page.click("#clear");
    assert.equal(await count(page, "details.cause"), data.causes.length);
  }));

test("a provider's lines and findings are shown alone", () =>
  open("corporation", async (page) => {
    await page.click('[lang="en"]');
    const select = page.locator("#filters label", { has: page.getByText("Provider", { exact: true }) }).locator("select");
    const name = await select.locator("option").nth(2).innerText();
    await select.selectOption({ index: 2 });
    const providers = await page.locator("tr.provider th").allInnerTexts();
    assert.ok(providers.length && providers.every((one) => name.startsWith(one)), providers.join());
    assert.equal(await count(page, "tr.stub_total"), 0);
  }));

test("the search knows ё/е, case, quotes and Kazakh letters", () =>
  open("central", async (page) => {
    await page.click('[lang="kk"]');
    const lines = async (query) => {
      await page.fill("#query", query);
      await page.waitForTimeout(250);
      return count(page, "tbody tr[aria-rowindex]");
    };
    const all = await lines("");
    const exact = await lines("қызмет");
    assert.ok(exact > 0 && exact < all);
    assert.equal(await lines("ҚЫЗМЕТ"), exact);
    assert.ok((await lines("кызмет")) >= exact);
    assert.equal(await lines("no such thing"), 0);
    assert.match(await page.locator("#live").innerText(), /0/);
    await page.click('[lang="ru"]');
    const russian = await lines("учет");
    assert.equal(await lines("учёт"), russian);
  }));

test("the language changes everything that is read", () =>
  open("units", async (page) => {
    await page.click("#tab-findings");
    for (const [lang, word, form] of [["kk", "Ескертпелер", "2-МК"], ["ru", "Замечания", "2-МК"], ["en", "Findings", "2-mk"]]) {
      await page.click(`.languages [lang="${lang}"]`);
      assert.equal(await page.getAttribute("html", "lang"), lang);
      assert.match(await page.locator("#tab-findings").innerText(), new RegExp(word));
      assert.match(await page.locator("h1").innerText(), new RegExp(form));
      assert.equal(await page.getAttribute(`.languages [lang="${lang}"]`, "aria-pressed"), "true");
      assert.equal(await page.evaluate(() => document.activeElement.lang), lang);
    }
  }));

test("the keyboard alone reaches a cell, its explanation, the findings and back", () =>
  open("corporation", async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    let steps = 0;
    while (!(await focused(page)) && steps++ < 8) await page.keyboard.press("Tab");
    assert.deepEqual(await focused(page), [0, 0]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    assert.deepEqual(await focused(page), [1, 1]);
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "panel-title");
    await page.keyboard.press("Escape");
    assert.deepEqual(await focused(page), [1, 1]);
    assert.ok(await page.locator("#panel").isHidden());
    await page.keyboard.press("End");
    assert.equal((await focused(page))[1], 12);
    await page.keyboard.press("Control+End");
    const data = await dataOf(page);
    assert.equal((await focused(page))[0], data.lines.length - 1);
    await page.keyboard.press("Control+Home");
    assert.deepEqual(await focused(page), [0, 0]);
    // one stop of each table, and it is seen
    assert.equal(await count(page, `${cells}[tabindex="0"]`), await count(page, "table.form"));
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "query");
    await page.focus("#tab-form");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.id), "tab-findings");
    await page.focus("details.cause summary");
    await page.keyboard.press("Enter");
    await page.locator("details.cause .go").first().focus();
    await page.keyboard.press("Enter");
    const finding = data.findings.find((one) => one.at);
    assert.deepEqual(await focused(page), finding.at);
    assert.ok(await page.locator("#panel").isVisible());
  }));

test("units have tiles, a board, shares in the panel and figures in the form", () =>
  open("units", async (page) => {
    const data = await dataOf(page);
    await page.click("#tab-units");
    assert.equal(await count(page, ".tile"), data.board.length);
    await page.locator("#part select").selectOption({ index: 1 });
    assert.ok(await count(page, ".tile[class*=shade-]"));
    await page.locator(".tile button").first().click();
    const first = [...data.board].map((_, nth) => nth).sort((one, other) => (data.board[one].code < data.board[other].code ? -1 : 1))[0];
    const shown = await page.locator(`${cells}[data-line="0"][data-column="0"]`).innerText();
    assert.equal(shown.trim(), String(data.board[first].values[data.lines[0].row][0]));
    await page.click("#clear");
    await page.locator(cells).first().click();
    assert.equal(await count(page, "#panel section:last-child tbody tr"), data.board.length);
    const link = await page.locator("#panel section:last-child a").first().getAttribute("href");
    await page.goto(new URL(link, page.url()).href);
    assert.equal(await count(page, "#tab-units"), 0);
  }));

test("charts have their numbers beside them", async () => {
  for (const name of PAGES.slice(0, 4)) {
    await open(name, async (page) => {
      await page.click("#tab-charts");
      assert.ok((await count(page, "figure")) >= 2, name);
      assert.equal(await count(page, "figure svg[role=img]:not([aria-label])"), 0);
      assert.equal(await count(page, "figure:not(:has(table))"), 0);
      const options = await page.locator("#part select option").count();
      for (let nth = 0; nth < options; nth += 9) await page.locator("#part select").selectOption({ index: nth });
    });
  }
});

test("hostile names are shown as they are", () =>
  open("hostile", async (page) => {
    const text = await page.locator("table.form").innerText();
    assert.ok(text.includes("</script><b>x</b><!--") && text.includes("=1+1"), text);
    assert.equal(await count(page, "table.form b"), 0);
    await page.locator(cells).last().click();
    assert.equal(await count(page, "#panel script, #panel b b"), 0);
  }));

test("4,000 lines: drawn as they come into view, filtered and walked without delay", () =>
  open("long", async (page) => {
    const data = await dataOf(page);
    assert.ok(data.lines.length > 4000);
    const drawn = await count(page, "tbody tr[aria-rowindex]");
    assert.ok(drawn < 1500, `${drawn} at once`);
    const ready = await page.evaluate(() => performance.timing.domContentLoadedEventEnd - performance.timing.fetchStart);
    const time = async (act) => {
      const begin = Date.now();
      await act();
      return Date.now() - begin;
    };
    const end = await time(async () => {
      await page.locator(cells).first().focus();
      await page.keyboard.press("Control+End");
      assert.equal((await focused(page))[0], data.lines.length - 1);
    });
    const search = await time(async () => {
      await page.fill("#query", "қызмет 3999");
      await page.locator('#live:text("1")').waitFor();
      await page.waitForFunction(() => document.querySelectorAll("tbody tr[aria-rowindex]").length === 1);
    });
    const ask = await time(async () => {
      await page.locator(cells).first().click();
      assert.ok(await page.locator("#panel").isVisible());
    });
    console.log(`4,000 lines: ready ${ready} ms, to the end ${end} ms, search ${search} ms, cell ${ask} ms`);
    assert.ok(ready < 5000 && end < 4000 && search < 4000 && ask < 3000, `${ready} ${end} ${search} ${ask}`);
  }));

test("nothing is wider than a phone, and the panel can be shut there", async () => {
  for (const name of PAGES) {
    await open(name, async (page) => {
      for (const tab of await page.locator("[role=tab]").all()) {
        await tab.click();
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${name}: ${over} px too wide`);
      }
      await page.click("#tab-form");
      await page.locator(cells).first().click();
      await page.click("#panel .close");
      assert.ok(await page.locator("#panel").isHidden());
    }, { viewport: PHONE });
  }
});

test("the widest form fits the paper", () =>
  open("corporation", async (page) => {
    // A4 lying, less its margins
    await page.setViewportSize({ width: 1032, height: 700 });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const { table, room, ground } = await page.evaluate(() => ({
      table: document.querySelector("table.form").scrollWidth,
      room: document.getElementById("part").clientWidth,
      ground: getComputedStyle(document.querySelector("th.stub")).backgroundColor,
    }));
    assert.ok(table <= room, `${table} of ${room}`);
    assert.equal(ground, "rgb(255, 255, 255)");
  }));

test("print shows all lines and no controls", () =>
  open("long", async (page) => {
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    const data = await dataOf(page);
    assert.equal(await count(page, "tbody tr[aria-rowindex]"), data.lines.length);
    assert.ok(await page.locator("#filters").isHidden());
  }));

test("the page opens with a verdict and its next step, and one part alone scrolls", () =>
  open("units", async (page) => {
    for (const lang of ["kk", "ru", "en"]) {
      await page.click(`.languages [lang="${lang}"]`);
      await page.click("#tab-form");
      const { verdict } = await dataOf(page);
      assert.ok(verdict.errors && verdict.warnings, JSON.stringify(verdict));
      const said = await page.locator("#verdict").innerText();
      assert.ok(said.includes(`: ${verdict.errors};`) && said.includes(`: ${verdict.warnings};`), said);
      for (const tab of await page.locator("#tabs button").all()) {
        await tab.click();
        await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
        await page.waitForTimeout(50);
        const scrolling = await page.evaluate(() => [...document.querySelectorAll("*")].filter((one) => {
          const style = getComputedStyle(one);
          const scrolls = (flow, whole, shown) => /auto|scroll/.test(flow) && whole > shown + 1;
          return scrolls(style.overflowY, one.scrollHeight, one.clientHeight) || scrolls(style.overflowX, one.scrollWidth, one.clientWidth);
        }).map((one) => one.id || one.className));
        const beyond = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
        assert.ok(scrolling.every((id) => id === "desk") && beyond <= 0, `${lang} ${await tab.innerText()}: ${scrolling} ${beyond}`);
      }
    }
    await page.click("#tab-form");
    await page.click("#verdict button");
    assert.equal(await page.locator("#tab-findings").getAttribute("aria-selected"), "true");
    const data = await dataOf(page);
    assert.equal(await count(page, "details.cause"), data.causes.filter((cause) => cause.severity === "error").length);
  }));

test("findings that say the same are told once, with all their places", () =>
  open("units", async (page) => {
    await page.click('.languages [lang="ru"]');
    await page.click("#tab-findings");
    const data = await dataOf(page);
    const text = (id) => (typeof data.texts[id] === "string" ? data.texts[id] : data.texts[id][1]);
    const told = new Map();
    for (const one of data.findings) {
      const key = [one.cause, text(one.message), text(one.hint), one.confirmed].join();
      told.set(key, (told.get(key) ?? 0) + 1);
    }
    assert.ok([...told.values()].some((places) => places > 1));
    await page.evaluate(() => document.querySelectorAll("details.cause").forEach((one) => { one.open = true; }));
    await page.waitForTimeout(50);
    assert.equal(await count(page, ".sheaf .finding"), told.size);
    assert.equal(await count(page, ".sheaf ul.place"), [...told.values()].filter((places) => places > 1).length);
  }));
