import type { PatrolStep } from '@mingjing/contracts';

/** A step that is being edited, with a name of its own so that its fields go along when it is moved. */
export interface DraftStep {
  key: number;
  dwellSeconds: number;
  /** A layout's id; empty: the cameras. */
  layout: string;
  cameras: string[];
}

/** Moves a step so that it stands at another place; what lies between moves up. */
export function moveStep<T>(steps: readonly T[], from: number, to: number): T[] {
  const step = steps[from];
  if (step === undefined || to < 0 || to >= steps.length) return [...steps];
  return steps.toSpliced(from, 1).toSpliced(to, 0, step);
}

export function draftOf(steps: readonly PatrolStep[]): DraftStep[] {
  return steps.map(({ dwellSeconds, show }, key) => ({
    key,
    dwellSeconds,
    layout: show.kind === 'layout' ? show.layout : '',
    cameras: show.kind === 'cameras' ? [...show.cameras] : [],
  }));
}

export function stepsOf(drafts: readonly DraftStep[]): PatrolStep[] {
  return drafts.map(({ dwellSeconds, layout, cameras }) => ({
    dwellSeconds,
    show: layout === '' ? { kind: 'cameras', cameras } : { kind: 'layout', layout },
  }));
}
