import { alertKindSchema, alertStateSchema } from '@mingjing/contracts';
import type { Alert, AlertKind, AlertState } from '@mingjing/contracts';
import { ALWAYS, isWithin, periodOf } from '../../app/period.ts';
import type { Period } from '../../app/period.ts';

/** The period is that in which an alert was raised. */
export interface AlertFilters extends Period {
  kind: AlertKind[];
  state: AlertState[];
  /** A department's id; '' for all. */
  department: string;
  text: string;
}

export const NO_FILTERS: AlertFilters = { kind: [], state: [], department: '', text: '', ...ALWAYS };

/** The alert list's filters as an address holds them; what it cannot mean is passed over. */
export function filtersOf(list: (key: string) => string[]): AlertFilters {
  const text = (key: string): string => list(key)[0] ?? '';
  return {
    kind: alertKindSchema.options.filter((kind) => list('kind').includes(kind)),
    state: alertStateSchema.options.filter((state) => list('state').includes(state)),
    department: text('department'),
    text: text('text'),
    ...periodOf(text),
  };
}

/**
 * Whether a list with these filters shows an alert that the live feed tells of: the same question that the
 * centre answers for the list itself.
 * @param departmentName the chosen department's name, by which alerts call it; null where none is chosen
 */
export function admits(filters: AlertFilters, departmentName: string | null, alert: Alert): boolean {
  const { kind, state, department, text } = filters;
  if (!isWithin(filters, alert.raisedAt)) return false;
  if (kind.length > 0 && !kind.includes(alert.kind)) return false;
  if (state.length > 0 && !state.includes(alert.state)) return false;
  if (department !== '' && alert.department !== department && alert.department !== departmentName)
    return false;
  if (text === '') return true;
  const words = [alert.caseNo, alert.title.zh, alert.reason.zh, alert.title.en, alert.reason.en];
  return words.some((word) => word?.toLowerCase().includes(text.toLowerCase()) === true);
}

/** The list with an alert put in its place: newest first, as the centre numbers them. */
export function withAlert(alerts: readonly Alert[], alert: Alert): Alert[] {
  const at = alerts.findIndex(({ id }) => id === alert.id);
  if (at !== -1) return alerts.with(at, alert);
  return [...alerts, alert].sort((one, other) => other.id - one.id);
}
