// The page that shares a job.

import { words } from "./words.mjs";

const say = words("en");

/** The page that shares a job, in English. */
export class Sharing {
  constructor(page) {
    this.page = page;
  }

  async open(address) {
    await this.page.goto(`${address}/share`);
    await this.page.getByRole("heading", { level: 1, name: say("share-title") }).waitFor();
    await this.tickable("share-log").waitFor();
  }

  tickable(id) {
    return this.page.getByRole("checkbox", { name: say(id), exact: true });
  }

  file(path) {
    return this.page.getByRole("checkbox", { name: path, exact: true });
  }

  press(id) {
    return this.page.getByRole("button", { name: say(id), exact: true }).click();
  }

  /** Looks for secrets, makes the link; its address. */
  async make() {
    await this.press("share-review");
    await this.page.getByRole("heading", { name: say("findings-heading") }).waitFor();
    await this.press("share-create");
    return this.page.getByRole("textbox", { name: say("share-link"), exact: true }).inputValue();
  }

  /** Ends every link to the job. */
  async revokeAll() {
    await this.press("share-revoke-all");
    await this.page.getByText(say("share-revoked"), { exact: true }).first().waitFor();
  }
}
