/**
 * Joins modules into one text: a worker that is made of a text cannot import its neighbours.
 *
 * It reads what is written in this folder's neighbours and no more: imports at the top, one a line, of names or of all names;
 * exports where something is declared; no circles.
 */

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const IMPORT = /^import (\{[^}]*\}|\* as \w+) from "(\.[^"]+)";\n/gm;
const EXPORT = /^export ((?:async )?(?:function|class|const) (\w+))/gm;

/** The text of `entry` and all that it imports. */
export async function bundle(entry) {
  const parts = new Map();
  await add(entry, parts, []);
  return [...parts.values()].map(({ text }) => text).join("\n");
}

/** Adds a module behind those that it needs, each a function's own names. */
async function add(path, parts, above) {
  if (above.includes(path)) throw new Error(`modules import one another in a circle: ${[...above, path].join(", ")}`);
  if (parts.has(path)) return;
  const source = await readFile(path, "utf8");
  const imported = [];
  for (const [, names, from] of source.matchAll(IMPORT)) {
    const needed = join(dirname(path), from);
    await add(needed, parts, [...above, path]);
    const { name } = parts.get(needed);
    imported.push(names.startsWith("{") ? `const ${names} = ${name};` : `const ${names.slice("* as ".length)} = ${name};`);
  }
  const exported = Array.from(source.matchAll(EXPORT), ([, , name]) => name);
  const body = source.replace(IMPORT, "").replace(EXPORT, "$1");
  const stray = /^(?:import .* from "\.|export ).*/m.exec(body);
  if (stray) throw new Error(`${path}: cannot be joined: ${stray[0]}`);
  const name = `module${parts.size}`;
  parts.set(path, { name, text: `const ${name} = (() => {\n${imported.join("\n")}\n${body}\nreturn { ${exported.join(", ")} };\n})();` });
}
