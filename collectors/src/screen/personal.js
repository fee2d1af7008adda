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
  /** What stands beside a person's name, or where somebody lives, on forms and in lists. */
  const NAME =
    '(?:(?:申请|委托|受托|受委托|被委托|代理|代办|联系|办理|当事|权利|义务|领取|领证|收件|寄件|持证|投诉|举报|被执行|负责|监护)人|法定代表人|法人代表|法人|户主|配偶|子女|父亲|母亲|业主|患者|考生)(?:姓名|名称)?|姓名|真实姓名|曾用名|Name|Full name|Applicant|Contact';
  const ADDRESS =
    '(?:家庭|户籍|户口|联系|通讯|通信|居住|现居住|注册|经营|收件|邮寄|房屋)?(?:住址|地址)|住所|籍贯|坐落|Address';
  /** What stands after a label when its own field is not text: the name of the next field, which is nobody's. */
  const FIELD =
    '(?:证件|身份证|联系|电话|手机|住址|地址|性别|年龄|国籍|民族|单位|职业|类型|号码|编号|签字|签名|信息|材料|事项|办理|申请|受理|经办|备注|日期|时间|状态)';
  const LABEL = new RegExp(`^[\\u4e00-\\u9fff]{0,4}(?:${NAME}|${ADDRESS})$`, 'i');
  /** Before a label no other word may go on: 被申请人 is none of 申请人's business, 主申请人 is. */
  const BEGIN = '(?<![A-Za-z])';
  const BESIDE_LABEL = [
    // With a colon: whatever follows, up to the next piece.
    new RegExp(
      `${BEGIN}(?:${NAME})\\s*[:：]\\s*([^，,。；;、|/\\n\\t(（]{1,40}?)(?= {2}|[，,。；;、|/\\n\\t(（]|$)`,
      'dgi',
    ),
    new RegExp(`${BEGIN}(?:${ADDRESS})\\s*[:：]\\s*([^。；;|\\n\\t]{1,80}?)(?= {2}|[。；;|\\n\\t]|$)`, 'dgi'),
    // Without one: what looks like a name by itself.
    new RegExp(
      `${BEGIN}(?:${NAME})\\s+(?!${FIELD})([\\u4e00-\\u9fff]{2,4}(?:·[\\u4e00-\\u9fff]{1,10})*)(?![\\u4e00-\\u9fff])`,
      'dgi',
    ),
  ];
  const isField = (text) => new RegExp(`^\\s*${FIELD}`).test(text);
  const isLabel = (text) =>
    LABEL.test(
      text
        .trim()
        .replace(/\s*[:：*＊]\s*$/, '')
        .replaceAll(/\s/g, ''),
    );
  /** In which column of its table a cell begins. */
  function columnOf(cell) {
    let column = 0;
    for (let before = cell.previousElementSibling; before; before = before.previousElementSibling)
      column += before.colSpan || 1;
    return column;
  }
  function headOf(cell) {
    const head = cell.closest('table')?.rows[0];
    if (!head || head === cell.parentNode) return undefined;
    const column = columnOf(cell);
    return [...head.cells].find(
      (one) => columnOf(one) <= column && column < columnOf(one) + (one.colSpan || 1),
    );
  }
  /** A place whose whole text belongs to a label: the one before it, or the head of its column. */
  function isLabelled(place) {
    if (!place || place.nodeType !== 1 || ['TH', 'DT', 'LABEL'].includes(place.tagName)) return false;
    const before = place.previousElementSibling;
    if (before && isLabel(before.textContent)) return true;
    const cell = place.closest('td');
    if (!cell) return false;
    const [beside, head] = [cell.previousElementSibling, headOf(cell)];
    return (beside && isLabel(beside.textContent)) || (head && isLabel(head.textContent)) || false;
  }
  /** Full-width digits are digits too; the length stays. */
  const plain = (text) =>
    text
      .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
      .replace(/[\u00a0\u2010-\u2015\u3000]/g, (mark) =>
        mark === '\u00a0' || mark === '\u3000' ? ' ' : '-',
      );
  /** A text after one that is a label and nothing else is what the label tells of, unless it names another field. */
  function hideAfterLabels(nodes, hide) {
    let from = 0;
    let labelled = false;
    for (const { data: text } of nodes) {
      if (labelled && text.trim() !== '') {
        if (!isField(text)) hide(from, from + text.length);
        labelled = false;
      } else if (isLabel(text)) labelled = true;
      from += text.length;
    }
  }
  /**
   * Which characters of texts that flow together look personal, by their place in the whole: numbers by their form,
   * names and addresses by their labels.
   */
  function personalIn(nodes) {
    const hidden = new Set();
    const hide = (start, end) => {
      for (let at = start; at < end; at += 1) hidden.add(at);
    };
    const whole = plain(nodes.map(({ data }) => data).join(''));
    if (isLabelled(flowOf(nodes[0]))) hide(0, whole.length);
    hideAfterLabels(nodes, hide);
    for (const pattern of BESIDE_LABEL)
      for (const { indices } of whole.matchAll(pattern)) hide(...indices[1]);
    if (!/\d{3}/.test(whole)) return hidden;
    for (const pattern of NUMBERS)
      for (const { 0: found, index } of whole.matchAll(pattern)) hide(index, index + found.length);
    return hidden;
  }
  return { EDITABLE, COVERED, DRAWN, UNSEEN, flowOf, personalIn };
})();
