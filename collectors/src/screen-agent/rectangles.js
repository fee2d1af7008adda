/* global document, window, NodeFilter, COVERED, DRAWN, UNSEEN, flowOf, personalIn */
/**
 * Where a page shows what must not leave the terminal, in CSS pixels of its window. Run in a world of its own: the page
 * sees nothing of it, and nothing of the page is changed. personal.js says what is personal.
 *  - what people type, whatever carries data-personal, canvases without data-public, what plug-ins draw;
 *  - text that looks like an identity card, telephone or bank card number, and what stands beside a label of names or
 *    addresses, also across inline elements;
 *  - a frame of another site, which nobody can read from here, as a whole.
 */
(() => {
  const SEALED =
    'object:not([data-public]), embed:not([data-public]), video[data-personal], img[data-personal]';
  const UNSTEADY = '[data-unsteady]';
  const cover = [];
  const ignore = [];
  let texts = 0;
  function add(list, box, offset) {
    if (box.width <= 0 || box.height <= 0) return;
    list.push(
      [box.left + offset.x, box.top + offset.y, box.width, box.height].map(
        (value) => Math.round(value * 100) / 100,
      ),
    );
  }
  function addElement(list, element, offset) {
    for (const box of element.getClientRects()) add(list, box, offset);
    // What hangs out of it: a child that is placed elsewhere, a line that is too long.
    for (const child of element.children) addElement(list, child, offset);
  }
  function coverTexts(nodes, offset) {
    const hidden = personalIn(nodes);
    if (hidden.size === 0) return;
    let from = 0;
    for (const node of nodes) {
      for (let at = 0; at < node.data.length; at += 1) {
        if (!hidden.has(from + at)) continue;
        const start = at;
        while (at + 1 < node.data.length && hidden.has(from + at + 1)) at += 1;
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, at + 1);
        for (const box of range.getClientRects()) add(cover, box, offset);
      }
      from += node.data.length;
    }
  }
  /** A frame's own content moves with it; undefined where this world may not read it. */
  function inside(frame, offset) {
    let content = null;
    try {
      content = frame.contentDocument;
    } catch (error) {
      if (error.name !== 'SecurityError') throw error;
    }
    if (!content || !content.documentElement) {
      if (!frame.matches('[data-public]')) addElement(cover, frame, offset);
      return;
    }
    const box = frame.getBoundingClientRect();
    look(content, { x: offset.x + box.left + frame.clientLeft, y: offset.y + box.top + frame.clientTop });
  }
  function look(root, offset) {
    for (const element of root.querySelectorAll(`${COVERED}, ${DRAWN}, ${SEALED}`))
      addElement(cover, element, offset);
    for (const element of root.querySelectorAll(UNSTEADY)) addElement(ignore, element, offset);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    let flow;
    let together = [];
    const end = () => {
      if (together.length > 0) coverTexts(together, offset);
      together = [];
    };
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === 1) {
        if (node.tagName === 'BR') end();
        if (node.shadowRoot) look(node.shadowRoot, offset);
        if (node.tagName === 'IFRAME' || node.tagName === 'FRAME') inside(node, offset);
        continue;
      }
      if (UNSEEN.has(node.parentNode?.tagName)) continue;
      texts += node.data.length;
      const its = flowOf(node);
      if (its !== flow) end();
      flow = its;
      together.push(node);
    }
    end();
  }
  look(document, { x: 0, y: 0 });
  const { innerWidth: width, innerHeight: height, scrollX, scrollY } = window;
  // A page that a pinch has enlarged shows another part of itself than its rectangles say.
  const { scale = 1, offsetLeft = 0, offsetTop = 0 } = window.visualViewport ?? {};
  const layout = JSON.stringify([
    width,
    height,
    scrollX,
    scrollY,
    scale,
    offsetLeft,
    offsetTop,
    texts,
    document.documentElement?.scrollHeight,
  ]);
  return {
    url: document.URL,
    width,
    height,
    layout,
    whole: scale !== 1,
    cover,
    ignore,
    visible: document.visibilityState === 'visible',
    focused: document.hasFocus(),
  };
})();
