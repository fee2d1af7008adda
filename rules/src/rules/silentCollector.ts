import { sourceRule } from '../rule.ts';
import { lengthWords } from '../words/moments.ts';

/** 静默: a source from which nothing has come for longer than agreed. */
export const silentCollector = sourceRule({
  id: 'silent-collector',
  version: 1,
  name: { zh: '采集静默', en: 'Silent collector' },
  basis: {
    zh: '监察数据应连续、完整：没有数据不等于一切正常。',
    en: 'Supervision data must be continuous and complete: no data is not “all well”.',
  },
  looksAt: {
    zh: '最近一次数据距今多久；超过约定间隔的倍数即为静默。恢复后自动关闭。',
    en: 'How long ago the last data came; more than the agreed interval, times the factor, is silence. Closed when data comes again.',
  },
  cannotTell: {
    zh: '总能判断：没有约定间隔的采集源不判断静默。',
    en: 'It always can; a source from which nothing is expected is never silent.',
  },
  parameters: {
    factor: {
      meaning: { zh: '超过约定间隔的多少倍算静默', en: 'How many agreed intervals make a silence' },
      unit: 'times',
      default: 1,
      minimum: 1,
      maximum: 100,
    },
  },
  evaluate: ({ source, at }, { factor }) => {
    const { lastSeenAt, since, expectEverySeconds, disabled } = source;
    const values = { lastSeenAt, since, expectEverySeconds, disabled };
    if (disabled || expectEverySeconds <= 0) return { outcome: 'pass', values };
    const allowed = expectEverySeconds * factor * 1000;
    const silentFrom = (lastSeenAt ?? since) + allowed;
    if (at <= silentFrom) return { outcome: 'pass', values };
    const length = lengthWords(allowed);
    return {
      outcome: 'fail',
      values,
      findings: [
        {
          kind: 'silent',
          key: '',
          at: silentFrom,
          describe: () => ({
            title: { zh: `${source.name} 采集静默`, en: `${source.name} is silent` },
            reason: {
              zh: `采集源“${source.name}”超过 ${length.zh}没有数据；在恢复之前，没有告警不等于一切正常。`,
              en: `Nothing has come from “${source.name}” for more than ${length.en}; until it is back, no alerts does not mean all is well.`,
            },
          }),
        },
      ],
    };
  },
});
