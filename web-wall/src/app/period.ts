import { instantSchema } from '@mingjing/contracts';

/** A span of time that narrows a list, as an address holds it: RFC 3339; '' where it is open. */
export interface Period {
  since: string;
  until: string;
}

export const ALWAYS: Period = { since: '', until: '' };

/** The period in an address; what is not a time is passed over. */
export function periodOf(text: (key: string) => string): Period {
  const instant = (key: string): string => instantSchema.safeParse(text(key)).data ?? '';
  return { since: instant('since'), until: instant('until') };
}

/** Whether an instant lies in a period: from `since` on and before `until`. @param at ms since the epoch */
export function isWithin({ since, until }: Period, at: number): boolean {
  return (since === '' || at >= Date.parse(since)) && (until === '' || at < Date.parse(until));
}
