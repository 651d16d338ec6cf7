// Finds the folder in which the app lies, and begins it there. The same page stands for every address below that folder,
// where the host shows it for what it does not know (404.html); which part of an address is the folder, only the files
// can tell: the first folder that has them is it.
(() => {
  const KNOWN = ["projects", "s", "embed"];
  const path = location.pathname;
  const parts = path.split("/").slice(1, -1);
  const folder = (count) => ["", ...parts.slice(0, count), ""].join("/");
  const own = folder(parts.length);
  const isFolder = path.endsWith("/") || path.endsWith("/index.html");
  // The likeliest first: the page's own folder, what is before the name of a page, then every one above.
  const likely = parts.map((_, at) => at).filter((at) => KNOWN.includes(parts[at])).reverse();
  const above = parts.map((_, at) => folder(parts.length - at)).concat("/");
  const folders = new Set([...(isFolder ? [own] : []), ...likely.map(folder), ...above, `${path}/`]);
  const left = [...folders];

  const begin = () => {
    const next = left.shift();
    if (next === undefined) return;
    const base = document.createElement("base");
    base.href = next;
    document.head.append(base);
    const files = document.importNode(document.getElementById("app").content, true);
    const added = [base, ...files.children];
    const script = added.find((element) => element.matches("script"));
    script.addEventListener("error", () => {
      for (const element of added) element.remove();
      begin();
    });
    document.head.append(files);
  };
  begin();
})();
