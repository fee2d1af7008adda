/** What counts as personal data on a counter's page, for mask.js and rectangles.js, which act on it. */
(() => {
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
  const INLINE = new Set(
    'A ABBR B BDI BDO CITE CODE DATA DFN EM FONT I KBD LABEL MARK Q S SAMP SMALL SPAN STRONG SUB SUP TIME U VAR WBR'.split(
      ' ',
    ),
  );
  const UNSEEN = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE']);
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
  /** Which characters of texts that flow together look personal, by their place in the whole. */
  function personalIn(texts) {
    const hidden = new Set();
    const whole = plain(texts.join(''));
    if (!/\d{3}/.test(whole)) return hidden;
    for (const pattern of NUMBERS) {
      for (const { 0: found, index } of whole.matchAll(pattern)) {
        for (let at = index; at < index + found.length; at += 1) hidden.add(at);
      }
    }
    return hidden;
  }
  return { EDITABLE, COVERED, DRAWN, UNSEEN, flowOf, personalIn };
})();
