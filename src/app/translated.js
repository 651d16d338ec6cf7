// A browser's translator takes the texts out of a page and puts its own in their place, in <font> elements. The app goes on
// with its own: it would change what nobody sees, and put things beside what is not there. So what stands in a text's place
// is remembered, says what the text says, and stands for it wherever the app names the text.
{
  /** What stands in the place of a text. */
  const standIns = new WeakMap();
  const taken = new WeakSet();
  const parentOf = Object.getOwnPropertyDescriptor(Node.prototype, "parentNode").get;

  const standInOf = (node) => {
    const standIn = node && standIns.get(node);
    return standIn && parentOf.call(standIn) ? standIn : undefined;
  };

  /** Takes away what stands in the place of a text that the app removes, or puts elsewhere. */
  const release = (node) => {
    standInOf(node)?.remove();
    standIns.delete(node);
  };

  /** The app's own calls, once there is a stand-in. */
  const mend = () => {
    const { insertBefore, removeChild } = Node.prototype;
    const { remove } = CharacterData.prototype;
    Node.prototype.insertBefore = function (node, anchor) {
      release(node);
      return insertBefore.call(this, node, standInOf(anchor) ?? anchor);
    };
    Node.prototype.removeChild = function (node) {
      if (!standInOf(node)) return removeChild.call(this, node);
      release(node);
      return node;
    };
    Text.prototype.remove = function () {
      release(this);
      remove.call(this);
    };
    Object.defineProperty(Text.prototype, "parentNode", {
      configurable: true,
      enumerable: true,
      get() {
        return parentOf.call(standInOf(this) ?? this);
      },
    });
  };
  let isMended = false;

  const changed = new MutationObserver((changes) => {
    for (const { target } of changes) {
      let said = standInOf(target);
      if (!said || said.contains(target)) continue;
      while (said.firstElementChild) said = said.firstElementChild;
      said.textContent = target.data;
    }
  });

  const replaced = new MutationObserver((changes) => {
    for (const { addedNodes, removedNodes, previousSibling, nextSibling } of changes) {
      for (const text of removedNodes) {
        if (text.nodeType !== Node.TEXT_NODE) continue;
        const beside = [...addedNodes, previousSibling, nextSibling];
        const standIn = beside.find((node) => node?.localName === "font" && !taken.has(node));
        const isAway = !parentOf.call(text) || standIn?.contains(text);
        if (!standIn || !isAway) continue;
        if (!isMended) mend();
        isMended = true;
        taken.add(standIn);
        standIns.set(text, standIn);
        changed.observe(text, { characterData: true });
      }
    }
  });
  replaced.observe(document.documentElement, { childList: true, subtree: true });
}
