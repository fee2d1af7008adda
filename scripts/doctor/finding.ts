/** What the doctor saw of one thing. */
export interface Finding {
  name: string;
  /** missing: not there, and start would bring it or do without. wrong: it stands in the way. */
  state: 'found' | 'missing' | 'wrong';
  detail: string;
  /** How to mend it; null when there is nothing to mend. */
  mend: string | null;
}

export function found(name: string, detail: string): Finding {
  return { name, state: 'found', detail, mend: null };
}

export function missing(name: string, detail: string, mend: string): Finding {
  return { name, state: 'missing', detail, mend };
}

export function wrong(name: string, detail: string, mend: string): Finding {
  return { name, state: 'wrong', detail, mend };
}
