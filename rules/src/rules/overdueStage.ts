import { overdueOf } from './overdueOf.ts';

/** A stage that takes longer than the matter grants it. */
export const overdueStage = overdueOf('stage', {
  id: 'overdue-stage',
  version: 1,
  name: { zh: '环节时限', en: 'Stage time limit' },
  basis: {
    zh: '事项办理流程公示的各环节时限；《行政许可法》第三十条（公示程序、期限）、第四十二条。',
    en: 'The time of each stage as published for the matter; Administrative Licensing Law, art. 30 (procedure and time limits are published), art. 42.',
  },
});
