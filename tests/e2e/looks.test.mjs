// Each page as it looks and reads: axe finds nothing, nothing hangs over the edge, a picture of it is kept.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { assertNoComplaints, launch, open, until } from "./harness/browser.mjs";
import { Scene } from "./looks/scene.mjs";
import { PAGES } from "./looks/pages.mjs";
import { LANGUAGES, words } from "./harness/words.mjs";

const SHOTS = process.env.JOBSPHERE_SHOTS ?? resolve(import.meta.dirname, "../../target/screenshots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

let browser;
let scene;

before(async () => {
  await mkdir(SHOTS, { recursive: true });
  browser = await launch();
  scene = await Scene.set(browser);
});

after(async () => {
  await scene?.strike();
  await browser?.close();
});

/** Each violation with the elements it is about. */
async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
  });
}

/** Whether the page is drawn on a light or a dark ground. */
async function shade(page) {
  const pixel = await page.screenshot({ clip: { x: 2, y: 790, width: 1, height: 1 } });
  const red = await page.evaluate(async (png) => {
    const image = await createImageBitmap(new Blob([new Uint8Array(png)]));
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(0, 0, 1, 1).data[0];
  }, [...pixel]);
  return red < 128 ? "dark" : "light";
}

/** Elements that make the page wider than its window. */
function overhang(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > clientWidth + 1);
    return wide.map((e) => e.outerHTML.slice(0, 120)).concat(`${scrollWidth} > ${clientWidth}`);
  });
}

for (const [name, reach] of Object.entries(PAGES)) {
  for (const language of LANGUAGES) {
    test(`${name}, ${language}`, async () => {
      const page = await open(browser, { language, ...SIZES.wide });
      await reach({ page, scene, say: words(language), language });
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        assert.deepEqual(await overhang(page), [], `${size}: nothing hangs over the edge`);
        for (const theme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme: theme });
          assert.equal(await shade(page), theme, "the colours follow the person's choice");
          await page.screenshot({ path: join(SHOTS, `${name}.${language}.${size}.${theme}.png`), fullPage: true });
          // Colours do not change with the size: the dark phone has been seen by then.
          if (size === "wide" || theme === "light") assert.deepEqual(await violations(page), [], `${size}, ${theme}: axe`);
        }
      }
      assertNoComplaints(page);
      await page.context().close();
    });
  }
}

test("language and theme are chosen in the head and kept", async () => {
  const page = await open(browser);
  const [en, ru] = LANGUAGES.map(words);
  await page.goto(scene.server.url);
  await page.getByRole("combobox", { name: en("language-label"), exact: true }).selectOption("ru");
  await page.getByRole("heading", { level: 1, name: ru("jobs-heading") }).waitFor();
  await page.getByRole("combobox", { name: ru("theme-label"), exact: true }).selectOption("dark");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: ru("jobs-heading") }).waitFor();
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  await until(theme, (chosen) => chosen === "dark", "the theme is kept");
  assertNoComplaints(page);
  await page.context().close();
});
