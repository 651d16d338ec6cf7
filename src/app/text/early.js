// Begins to load the words of the language that the app will choose, while the app itself is still on its way. It stands
// at the head of the app's script. A choice other than that of `Language::preferred` would only cost time: the app asks
// for the words it needs.
{
  const named = [...document.querySelectorAll('meta[name^="words-"]')];
  const words = new Map(named.map(({ name, content }) => [name.slice("words-".length), content]));
  let stored = null;
  try {
    stored = localStorage.getItem("language");
  } catch {
    // Forbidden; then nothing is remembered.
  }
  const tags = [stored ?? "", ...navigator.languages, "en"];
  const href = tags.map((tag) => words.get(tag.split("-")[0])).find(Boolean);
  if (href) {
    const link = { rel: "preload", as: "fetch", crossOrigin: "anonymous", href };
    document.head.append(Object.assign(document.createElement("link"), link));
  }
}
