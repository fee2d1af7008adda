import { caseStatusSchema } from '@mingjing/contracts';
import type { CaseStatus } from '@mingjing/contracts';
import { ALWAYS, periodOf } from '../../app/period.ts';
import type { Period } from '../../app/period.ts';

type Flag = '' | 'true' | 'false';

export interface CaseFilters extends Period {
  status: CaseStatus[];
  open: Flag;
  overdue: Flag;
  department: string;
  matter: string;
  text: string;
  /** What must have happened in the period; '' where there is none. */
  moment: '' | 'accepted' | 'ended';
}

function flagOf(word: string): Flag {
  return word === 'true' || word === 'false' ? word : '';
}

/** The case list's filters as an address holds them; what it cannot mean is passed over. */
export function filtersOf(list: (key: string) => string[]): CaseFilters {
  const text = (key: string): string => list(key)[0] ?? '';
  const words = list('status');
  const period = periodOf(text);
  const bounded = period.since !== '' || period.until !== '';
  const moment = text('moment') === 'ended' ? 'ended' : 'accepted';
  return {
    status: caseStatusSchema.options.filter((status) => words.includes(status)),
    open: flagOf(text('open')),
    overdue: flagOf(text('overdue')),
    department: text('department'),
    matter: text('matter'),
    text: text('text'),
    ...period,
    moment: bounded ? moment : '',
  };
}

export const NO_FILTERS: CaseFilters = {
  status: [],
  open: '',
  overdue: '',
  department: '',
  matter: '',
  text: '',
  ...ALWAYS,
  moment: '',
};
