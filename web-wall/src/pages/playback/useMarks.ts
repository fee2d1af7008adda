import type { TimelineMark } from '@mingjing/contracts';
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useNames } from '../../app/useNames.ts';
import type { TimeMark } from '../../playback/timeRows.ts';

/** What happened, as a mark of the time line that leads to it. */
export type LinkedMark = TimeMark & { of: TimelineMark };

/** The marks of the centre as the time line draws them: alerts by their kind, events of cases alike. */
export function useMarks(marks: () => readonly TimelineMark[]): ComputedRef<LinkedMark[]> {
  const i18n = useI18n();
  const { t } = i18n;
  const names = useNames();
  return computed(() =>
    marks().map((of, index) => {
      const text = names.either(of.text, of.textEn);
      const key = `${of.kind} ${of.alertId ?? of.caseId ?? ''} ${of.at} ${index}`;
      if (of.kind === 'alert') {
        const kind = of.what as TimeMark['kind'];
        return { of, key, at: of.at, kind, word: t(`state.${kind}`), text };
      }
      const event = `playback.event.${of.what.replace(/^case\./, '').replaceAll('.', '-')}`;
      const word = i18n.te(event) ? t(event) : of.what;
      return { of, key, at: of.at, kind: 'event', word, text: [of.caseNo, text].filter(Boolean).join(' ') };
    }),
  );
}
