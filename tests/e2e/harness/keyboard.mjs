// The keyboard as somebody uses it who has nothing else: from stop to stop, looking at each.

import assert from "node:assert/strict";

/** No page has so many places to stop at. */
const MOST_STOPS = 120;

/** Runs in the page: what has the focus, and what is wrong with it for somebody who looks for it. */
function look() {
  const stop = document.activeElement;
  if (stop === null || stop === document.body) return { words: "nothing", faults: ["nothing has the focus"] };
  const text = (node) => (node?.getAttribute("aria-label") || node?.textContent || "").trim();
  const ids = stop.getAttribute("aria-labelledby")?.split(" ") ?? [];
  const labels = [...ids.map((id) => document.getElementById(id)), ...(stop.labels ?? [])];
  const name = text(stop) || labels.map(text).join(" ") || stop.title;
  const faults = [];
  if (!name) faults.push("it has no name");
  const [box] = stop.getClientRects();
  if (!box || box.width === 0 || box.height === 0) {
    faults.push("it takes no space");
  } else {
    // The part of it that is in the window.
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (right - left < 1 || bottom - top < 1) {
      faults.push(`it is out of sight at ${[box.left, box.top].map(Math.round)}`);
    } else {
      const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (!over || !(stop.contains(over) || over.contains(stop))) faults.push(`${over?.outerHTML.slice(0, 80)} covers it`);
    }
  }
  const { outlineStyle, outlineWidth } = getComputedStyle(stop);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 1) faults.push("nothing shows that it has the focus");
  return { words: `${stop.localName} ${name.slice(0, 40)}`, faults };
}

export class Keyboard {
  constructor(page) {
    this.page = page;
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Fails unless what has the focus can be seen to have it; its words. */
  async stop() {
    const { words, faults } = await this.page.evaluate(look);
    assert.deepEqual(faults, [], `the focus is on ${words}`);
    return words;
  }

  async isAt(target) {
    return (await target.count()) === 1 && (await target.evaluate((part) => part === document.activeElement));
  }

  /** Goes from stop to stop until `target` has the focus. */
  async to(target, key = "Tab") {
    const stops = [];
    while (stops.length < MOST_STOPS) {
      await this.press(key);
      stops.push(await this.stop());
      if (await this.isAt(target)) return;
    }
    assert.fail(`${key} does not lead to ${target}: ${stops.join("; ")}`);
  }

  /** Goes to `target` and presses it. */
  async pressOn(target, key = "Enter") {
    await this.to(target);
    await this.press(key);
  }

  /** Goes once round the page to `first`, its first stop; the stops, in order. */
  async round(first) {
    const stops = [];
    for (;;) {
      await this.press("Tab");
      // Between the last stop and the first the browser's own controls have the focus.
      const isOut = await this.page.evaluate(() => document.activeElement === document.body);
      if (isOut) continue;
      stops.push(await this.stop());
      if (await this.isAt(first)) return stops;
      assert.ok(stops.length < MOST_STOPS, `Tab does not come round: ${stops.join("; ")}`);
    }
  }
}
