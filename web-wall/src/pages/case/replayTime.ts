import type { CaseDetail, CaseReplay, ReplayPlace } from '@mingjing/contracts';
import { courseOf } from './course.ts';
import type { Entry } from './course.ts';

/** A number this large is an instant in ms, a smaller one the number of an event. */
const SMALLEST_INSTANT = 100_000_000_000;

/** The instant that an address names: ms since the epoch, a time with an offset, or a step by its number or id. */
export function instantOfStep(text: string, { events }: Pick<CaseDetail, 'events'>): number | null {
  if (text === '') return null;
  const step = events.find(({ seq, id }) => String(seq) === text || id === text);
  if (step) return step.observedAt;
  if (/^\d+$/.test(text)) return Number(text) >= SMALLEST_INSTANT ? Number(text) : null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** Where the case was at an instant. */
export function placeAt({ places }: CaseReplay, at: number): ReplayPlace | undefined {
  return places.findLast(({ from }) => from <= at) ?? places[0];
}

/** The step of the course that an instant belongs to: the last one before it; a little before counts as it. */
export function entryAt(item: Pick<CaseDetail, 'events' | 'cards'>, at: number): Entry | undefined {
  const NEAR_MS = 500;
  return courseOf(item).findLast((entry) => entry.at <= at + NEAR_MS);
}

/** What of a step is exported when nothing is marked: what led to it, and what came of it. In ms. */
const BEFORE_STEP_MS = 30_000;
const AFTER_STEP_MS = 60_000;

/** A stretch to be exported: the ends that were marked; else around a step, as far as it is over. All in ms since the epoch. */
export function cutAround(
  marked: { from: number | null; to: number | null },
  step: number,
  now: number,
): { from: number; to: number } {
  const from = marked.from ?? Math.min(step, marked.to ?? step) - BEFORE_STEP_MS;
  return { from, to: marked.to ?? Math.min(now, Math.max(step, from) + AFTER_STEP_MS) };
}

/** The stages of a case as spans with names; one that is not over goes on to the case's end, or to `now`. */
export function stageSpans(
  { stages, endedAt }: Pick<CaseDetail, 'stages' | 'endedAt'>,
  now: number,
): { from: number; to: number; label: string }[] {
  return stages.flatMap(({ stage, startedAt, completedAt }) => {
    const from = startedAt ?? completedAt;
    if (from === null) return [];
    return [{ from, to: Math.max(from, completedAt ?? endedAt ?? now), label: stage }];
  });
}

/** From the first step to the last, with some room around. */
export function wholeCase(item: Pick<CaseDetail, 'events' | 'cards'>): { from: number; to: number } | null {
  const entries = courseOf(item);
  const first = entries[0]?.at;
  const last = entries.at(-1)?.at;
  if (first === undefined || last === undefined) return null;
  const room = Math.max(5 * 60_000, (last - first) * 0.05);
  return { from: first - room, to: last + room };
}
