/* global document, Document, Element, MutationObserver, CSSStyleSheet, NodeFilter, EDITABLE, COVERED, DRAWN, UNSEEN, flowOf, personalIn */
/**
 * Masks personal data, as personal.js knows it, in a page, before its pixels leave the browser. Put into every document before
 * any script of its own, and asked once more right before each picture:
 *  - what people type (inputs, text areas, editable text) and whatever carries data-personal is covered;
 *  - a canvas, whose text nobody can read before it is drawn, is hidden, unless it carries data-public;
 *  - text that looks like an identity card, telephone or bank card number, and what stands beside a label of names or
 *    addresses, is replaced, letter by letter, also where it is split over several inline elements.
 * Changes are masked by an observer, which runs before the page is painted again.
 */
(() => {
  if (globalThis.__mingjingMask) return;

  const INSIDE = `${EDITABLE} *, [data-personal] *, ${DRAWN}, img[data-personal], video[data-personal], svg[data-personal], iframe[data-personal]`;
  const COVER = {
    color: 'transparent',
    '-webkit-text-fill-color': 'transparent',
    'text-shadow': 'none',
    'caret-color': 'transparent',
    background: 'repeating-linear-gradient(135deg, #8a8f98 0 6px, #9aa0a8 6px 12px)',
  };
  const important = Object.entries(COVER)
    .map(([name, value]) => `${name}: ${value} !important;`)
    .join(' ');
  const CSS = `
    :is(${COVERED}) { ${important} }
    :is(${COVERED})::placeholder { color: transparent !important; -webkit-text-fill-color: transparent !important; }
    :is(${COVERED})::before, :is(${COVERED})::after { content: none !important; }
    :is(${INSIDE}) { visibility: hidden !important; }`;

  const roots = new Set();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);

  /** Replaces what looks personal in texts that flow together. */
  function maskTexts(nodes) {
    const hidden = personalIn(nodes);
    if (hidden.size === 0) return;
    let from = 0;
    for (const node of nodes) {
      const { data } = node;
      let masked = '';
      for (let at = 0; at < data.length; at += 1)
        masked += hidden.has(from + at) && /\S/.test(data[at]) ? '●' : data[at];
      from += data.length;
      if (masked !== data) node.data = masked;
    }
  }

  function maskNumbers(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    let flow;
    let together = [];
    const end = () => {
      if (together.length > 0) maskTexts(together);
      together = [];
    };
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === 1) {
        if (node.tagName === 'BR') end();
        if (node.shadowRoot) watch(node.shadowRoot);
        continue;
      }
      if (UNSEEN.has(node.parentNode?.tagName)) continue;
      const its = flowOf(node);
      if (its !== flow) end();
      flow = its;
      together.push(node);
    }
    end();
  }

  /** A page's own style may be "important" too: what stands on the element itself wins over it. */
  function cover(root) {
    for (const element of root.querySelectorAll(COVERED)) {
      for (const [name, value] of Object.entries(COVER)) element.style.setProperty(name, value, 'important');
    }
    for (const element of root.querySelectorAll(INSIDE))
      element.style.setProperty('visibility', 'hidden', 'important');
  }

  function sweep(root) {
    if (root.nodeType === 1 && root.parentNode)
      root = root.parentNode.nodeType === 9 ? root : root.parentNode;
    if (!root.querySelectorAll) return;
    cover(root);
    maskNumbers(root);
  }

  const observer = new MutationObserver((changes) => {
    const places = new Set(changes.map(({ target }) => flowOf(target)));
    for (const place of places) if (place && place.isConnected) sweep(place);
  });

  /** Looks after a document or a shadow tree from now on. */
  function watch(root) {
    if (!root.adoptedStyleSheets.includes(sheet))
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    if (!roots.has(root)) {
      roots.add(root);
      // Not style and class: the sheet follows them by itself, and sweep() before each picture.
      const attributeFilter = ['contenteditable', 'data-personal', 'data-public', 'type'];
      observer.observe(root, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
        attributeFilter,
      });
      sweep(root);
    }
  }

  // Also closed shadow trees, which nothing but their maker could find later.
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (...args) {
    const root = attachShadow.apply(this, args);
    watch(root);
    return root;
  };
  if (!(document instanceof Document)) return;
  watch(document);

  /** Masks everything there is now. Returns true when it is done: without that no picture is taken. */
  globalThis.__mingjingMask = () => {
    for (const root of [...roots]) {
      if (root !== document && !root.host.isConnected) continue;
      watch(root);
      sweep(root);
    }
    return true;
  };
})();
