import { caseStatusSchema } from '@mingjing/contracts';
import type { CaseStatus } from '@mingjing/contracts';

type Flag = '' | 'true' | 'false';

export interface CaseFilters {
  status: CaseStatus[];
  open: Flag;
  overdue: Flag;
  department: string;
  matter: string;
  text: string;
}

function flagOf(word: string): Flag {
  return word === 'true' || word === 'false' ? word : '';
}

/** The case list's filters as an address holds them; what it cannot mean is passed over. */
export function filtersOf(list: (key: string) => string[]): CaseFilters {
  const text = (key: string): string => list(key)[0] ?? '';
  const words = list('status');
  return {
    status: caseStatusSchema.options.filter((status) => words.includes(status)),
    open: flagOf(text('open')),
    overdue: flagOf(text('overdue')),
    department: text('department'),
    matter: text('matter'),
    text: text('text'),
  };
}

export const NO_FILTERS: CaseFilters = {
  status: [],
  open: '',
  overdue: '',
  department: '',
  matter: '',
  text: '',
};
