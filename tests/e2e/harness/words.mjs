// The words a person reads, from the app's own message files: tests name a message, not one wording of it.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { FluentBundle, FluentResource } from "@fluent/bundle";

const MESSAGES = resolve(import.meta.dirname, "../../../messages");

export const LANGUAGES = ["en", "ru"];

/** The function that says the messages of `language`; an unknown message is an error. */
export function words(language) {
  const bundle = new FluentBundle(language, { useIsolating: false });
  const source = readFileSync(`${MESSAGES}/${language}.ftl`, "utf8");
  const errors = bundle.addResource(new FluentResource(source));
  if (errors.length > 0) throw new Error(`${language}.ftl: ${errors.join("; ")}`);
  return (id, values = {}) => {
    const pattern = bundle.getMessage(id)?.value;
    if (!pattern) throw new Error(`${language}.ftl has no message ${id}`);
    const problems = [];
    const text = bundle.formatPattern(pattern, values, problems);
    if (problems.length > 0) throw new Error(`${language}.ftl, ${id}: ${problems.join("; ")}`);
    return text;
  };
}
