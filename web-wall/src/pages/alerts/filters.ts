import { alertKindSchema, alertStateSchema } from '@mingjing/contracts';
import type { Alert, AlertKind, AlertState } from '@mingjing/contracts';

export interface AlertFilters {
  kind: AlertKind[];
  state: AlertState[];
  /** A department's id; '' for all. */
  department: string;
  text: string;
}

/** Those of the words in an address that are kinds. */
export function kindsOf(words: readonly string[]): AlertKind[] {
  return alertKindSchema.options.filter((kind) => words.includes(kind));
}

/** Those of the words in an address that are states. */
export function statesOf(words: readonly string[]): AlertState[] {
  return alertStateSchema.options.filter((state) => words.includes(state));
}

/**
 * Whether a list with these filters shows an alert that the live feed tells of: the same question that the
 * centre answers for the list itself.
 * @param departmentName the chosen department's name, by which alerts call it; null where none is chosen
 */
export function admits(filters: AlertFilters, departmentName: string | null, alert: Alert): boolean {
  const { kind, state, department, text } = filters;
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
