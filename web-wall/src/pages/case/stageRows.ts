import type { CaseDetail, StageSpan } from '@mingjing/contracts';

export interface StageRow {
  stage: string;
  /** Its place on the lawful path, from 1; null for a stage that is not on it. */
  place: number | null;
  state: 'done' | 'doing' | 'ahead' | 'skipped';
  /** Begun before the stage that goes before it by law. */
  early: boolean;
  spans: StageSpan[];
}

function startOf(spans: readonly StageSpan[]): number | null {
  return spans[0]?.startedAt ?? spans[0]?.completedAt ?? null;
}

/** What the law asks for and what happened, stage by stage; stages that are on no path come behind. */
export function stageRows(item: Pick<CaseDetail, 'path' | 'stages' | 'status'>): StageRow[] {
  const { path, stages, status } = item;
  const names = [...new Set([...path, ...stages.map(({ stage }) => stage)])];
  const spansOf = (name: string): StageSpan[] => stages.filter(({ stage }) => stage === name);
  const settled = status === 'decided' || status === 'delivered';
  return names.map((stage) => {
    const spans = spansOf(stage);
    const at = path.indexOf(stage);
    const begun = startOf(spans);
    const laterBegun = at !== -1 && path.slice(at + 1).some((later) => spansOf(later).length > 0);
    const before = at > 0 ? path.slice(0, at).map((name) => startOf(spansOf(name))) : [];
    return {
      stage,
      place: at === -1 ? null : at + 1,
      state: stateOf(spans, laterBegun || settled),
      early: begun !== null && before.some((start) => start !== null && start > begun),
      spans,
    };
  });
}

function stateOf(spans: readonly StageSpan[], passed: boolean): StageRow['state'] {
  if (spans.length === 0) return passed ? 'skipped' : 'ahead';
  return spans.every(({ completedAt }) => completedAt !== null) ? 'done' : 'doing';
}

/** A stretch of time on the chart, both ends as shares of its width. */
export interface Bar {
  from: number;
  to: number;
}

/** The time that the chart of stages spans. */
export interface TimeFrame {
  from: number;
  to: number;
}

/** From the first thing known to the case's end, or to `asOf`; null while nothing is known. */
export function frameOf(item: CaseDetail, asOf: number): TimeFrame | null {
  const starts = [item.submittedAt, item.acceptedAt, ...item.stages.map(({ startedAt }) => startedAt)];
  const known = starts.filter((at): at is number => at !== null);
  if (known.length === 0) return null;
  const from = Math.min(...known);
  const ends = item.stages.map(({ completedAt }) => completedAt ?? 0);
  const to = Math.max(item.endedAt ?? asOf, ...ends);
  return to > from ? { from, to } : null;
}

/** A stretch as shares of the frame; an open one runs to the frame's end. Null where it has no beginning. */
export function barOf(frame: TimeFrame, from: number | null, to: number | null): Bar | null {
  const begin = from ?? to;
  if (begin === null) return null;
  const share = (at: number): number => Math.min(1, Math.max(0, (at - frame.from) / (frame.to - frame.from)));
  return { from: share(begin), to: share(to ?? frame.to) };
}
