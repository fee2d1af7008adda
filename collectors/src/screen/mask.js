/* global document, Document, Element, MutationObserver, CSSStyleSheet, NodeFilter */
/**
 * Masks personal data in a page, before its pixels leave the browser. Put into every document before
 * any script of its own, and asked once more right before each picture:
 *  - what people type (inputs, text areas, editable text) and whatever carries data-personal is covered;
 *  - a canvas, whose text nobody can read before it is drawn, is hidden, unless it carries data-public;
 *  - text that looks like an identity card, telephone or bank card number is replaced, digit by digit,
 *    also where it is split over several inline elements.
 * Changes are masked by an observer, which runs before the page is painted again.
 */
(() => {
  if (globalThis.__mingjingMask) return;

  const NUMBERS = [
    // 居民身份证: 18 digits (GB 11643-1999), the birthday possibly set apart, or 15 digits of the older form.
    /(?<!\d)\d{6}[ -]?\d{4}[ -]?\d{2}[ -]?\d{2}[ -]?\d{3}[\dXx](?![\dA-Za-z])/g,
    /(?<!\d)\d{15}(?!\d)/g,
    // Mobile and fixed telephones, with or without the country code.
    /(?<!\d)(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/g,
    /(?<!\d)\(?0\d{2,3}\)?[ -]?\d{7,8}(?!\d)/g,
    // Bank cards.
    /(?<!\d)(?:\d{4}[ -]?){4}\d{0,3}(?!\d)/g,
  ];
  const NOT_TYPED = ['button', 'submit', 'reset', 'image', 'checkbox', 'radio', 'range', 'color'];
  const TYPED = `input${NOT_TYPED.map((type) => `:not([type=${type} i])`).join('')}, textarea`;
  const EDITABLE = '[contenteditable]:not([contenteditable=false i])';
  const COVERED = `${TYPED}, ${EDITABLE}, [data-personal]`;
  const DRAWN = 'canvas:not([data-public]), canvas[data-personal]';
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

  const INLINE = new Set(
    'A ABBR B BDI BDO CITE CODE DATA DFN EM FONT I KBD LABEL MARK Q S SAMP SMALL SPAN STRONG SUB SUP TIME U VAR WBR'.split(
      ' ',
    ),
  );
  const UNSEEN = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE']);
  const roots = new Set();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);

  /** The element in which a text flows: the nearest one that is not inline. */
  function flowOf(node) {
    let at = node.nodeType === 1 ? node : node.parentNode;
    while (at && at.nodeType === 1 && INLINE.has(at.tagName) && at.parentNode) at = at.parentNode;
    return at;
  }

  /** Full-width digits are digits too; the length stays. */
  const plain = (text) =>
    text
      .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
      .replace(/[\u00a0\u2010-\u2015\u3000]/g, (mark) =>
        mark === '\u00a0' || mark === '\u3000' ? ' ' : '-',
      );

  /** Replaces what looks personal in texts that flow together. */
  function maskTexts(nodes) {
    const whole = plain(nodes.map((node) => node.data).join(''));
    if (!/\d{3}/.test(whole)) return;
    const hidden = new Set();
    for (const pattern of NUMBERS) {
      for (const { 0: found, index } of whole.matchAll(pattern)) {
        for (let at = index; at < index + found.length; at += 1) hidden.add(at);
      }
    }
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
