import { caseRule } from '../rule.ts';
import { caseTitle } from '../words/caseWords.ts';

/** 体外办理: decided although its barcode was never scanned in the hall. */
export const decidedOutsideHall = caseRule({
  id: 'decided-outside-hall',
  version: 1,
  name: { zh: '体外办理', en: 'Decided outside the hall' },
  basis: {
    zh: '《行政许可法》第二十六条（统一受理、统一送达，可以集中办理）。扫码为大厅管理惯例，非法定；没有扫码本身不违法，仅提示核查。',
    en: 'Administrative Licensing Law, art. 26 (one place receives and delivers; authorities may handle cases in one hall). Scanning a barcode is custom of the halls, not law; a missing scan is no offence in itself: this asks for a look.',
  },
  looksAt: {
    zh: '窗口办件在决定之前是否在大厅扫过码。只在通常扫码的大厅判断：该大厅已决定的窗口办件足够多，且绝大多数扫过码。',
    en: 'Whether a counter case was scanned in the hall before it was decided. Judged only where halls scan: enough counter cases were decided there and nearly all of them were scanned.',
  },
  cannotTell: {
    zh: '尚未决定；不是窗口办件或不知道渠道；没有扫码，而不知道该大厅平时是否扫码，或平时就不扫。',
    en: 'There is no decision; it is no counter case or its channel is not known; it was not scanned, and it is not known that its hall scans, or known that it does not.',
  },
  parameters: {
    share: {
      meaning: {
        zh: '大厅至少多大比例的办件扫码才判断',
        en: 'Share of a hall’s cases that are scanned, at least, for it to be judged',
      },
      unit: 'share',
      default: 0.8,
      minimum: 0.5,
      maximum: 1,
    },
    cases: {
      meaning: {
        zh: '大厅至少有多少已决定的窗口办件才判断',
        en: 'Decided counter cases that a hall must have to be judged',
      },
      unit: 'cases',
      default: 20,
      minimum: 1,
      maximum: 100_000,
    },
  },
  evaluate: ({ input, state }, { share, cases }) => {
    const { channel, hall, scannedAt, endedAt, endedBy } = state;
    const values = { channel, hall, scannedAt };
    if (endedBy !== 'decided' || endedAt === null)
      return { outcome: 'not-evaluated', values, missing: 'decision', groundless: true };
    if (channel !== 'counter')
      return { outcome: 'not-evaluated', values, missing: 'a case of the counter', groundless: true };
    if (scannedAt !== null && scannedAt <= endedAt) return { outcome: 'pass', values };
    const known = input.hallScans ?? (hall === null ? null : input.profiles?.halls[hall]);
    if (!known || known.decided < cases)
      return { outcome: 'not-evaluated', values, missing: 'whether the hall scans' };
    const seen = { ...values, decidedInHall: known.decided, scannedInHall: known.scanned };
    if (known.scanned < share * known.decided)
      return { outcome: 'not-evaluated', values: seen, missing: 'a hall that scans' };
    const later = scannedAt !== null;
    return {
      outcome: 'fail',
      values: seen,
      findings: [
        {
          kind: 'risk',
          key: '',
          at: endedAt,
          describe: () => ({
            title: caseTitle(input, { zh: '体外办理', en: 'decided outside the hall' }),
            reason: {
              zh: `窗口办件 ${state.caseNo} 已决定，${later ? '决定之后才' : '却从未'}在大厅扫码；该大厅 ${known.decided} 件窗口办件中有 ${known.scanned} 件扫过码。`,
              en: `Counter case ${state.caseNo} was decided and ${later ? 'scanned in the hall only afterwards' : 'never scanned in the hall'}; ${known.scanned} of ${known.decided} counter cases there were.`,
            },
          }),
        },
      ],
    };
  },
});
