// The list of a project's jobs as a person finds its parts.

import { until } from "./browser.mjs";
import { pattern } from "./pages.mjs";
import { words } from "./words.mjs";

export class JobList {
  constructor(page, server, language = "en") {
    this.page = page;
    this.server = server;
    this.say = words(language);
    this.main = page.getByRole("main");
    this.table = page.getByRole("table", { name: this.say("jobs-heading") });
  }

  async open(search = "", project = "default") {
    await this.page.goto(`${this.server.url}/projects/${project}/jobs${search}`);
    await this.page.getByRole("heading", { level: 1, name: this.say("jobs-heading") }).waitFor();
  }

  /** The names of the rows in the page, from above. */
  names() {
    return this.table.getByRole("rowheader").getByRole("link").allInnerTexts();
  }

  /** Waits until these are the rows. */
  shows(...names) {
    return until(() => this.names(), (shown) => shown.join() === names.join(), `the list shows ${names}`);
  }

  row(name) {
    return this.table.getByRole("row").filter({ has: this.page.getByRole("link", { name, exact: true }) });
  }

  get search() {
    return this.page.getByRole("searchbox", { name: this.say("filter-text") });
  }

  head(column) {
    return this.table.getByRole("columnheader", { name: this.say(`column-${column}`) });
  }

  async sortBy(column) {
    await this.head(column).getByRole("button").click();
  }

  async openStates() {
    await this.main.locator("summary").filter({ hasText: this.say("column-state") }).click();
  }

  state(name) {
    return this.main.getByRole("group", { name: this.say("column-state") })
      .getByRole("checkbox", { name: new RegExp(`^${this.say(`status-${name}`)}`) });
  }

  box(name) {
    return this.table.getByRole("checkbox", { name: this.say("select-job", { name }), exact: true });
  }

  get bar() {
    return this.page.getByRole("region", { name: this.say("bulk-label") });
  }

  async bulk(action) {
    await this.bar.getByRole("button", { name: this.say(`bulk-${action}`), exact: true }).click();
    return this.dialog;
  }

  get dialog() {
    return this.page.getByRole("dialog");
  }

  async confirm(id) {
    await this.dialog.getByRole("button", { name: this.say(id), exact: true }).click();
  }

  says(id, values) {
    const text = values instanceof Array ? pattern(this.say, id, values) : this.say(id, values);
    return this.main.getByText(text).first().waitFor();
  }
}
