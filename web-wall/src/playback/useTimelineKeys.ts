import { useEventListener } from '@vueuse/core';
import { isKeyTaken } from '../app/isKeyTaken.ts';
import { RATES } from './clock.ts';
import type { Playback } from './usePlayback.ts';

export interface TimelineActions {
  mark: (direction: 1 | -1) => void;
  recording: (direction: 1 | -1) => void;
  zoom: (factor: number) => void;
  /** I and O: where a clip begins and ends; pages without clips leave it out. */
  cut?: (end: 'from' | 'to') => void;
}

const STEP_MS = 5000;
const FAR_STEP_MS = 60_000;
const LEAP_MS = 10_000;

/** The keys of everything that is played: space, arrows, comma and full stop, plus and minus, J K L, I O. */
export function useTimelineKeys({ clock, step }: Playback, actions: TimelineActions): void {
  const move = (by: number): void => clock.seek(clock.at + by);
  /** L plays, and faster each time; K stands; J goes back. */
  function faster(): void {
    if (clock.playing) clock.changeRate(1);
    else clock.play();
  }
  const keys: Record<string, (event: KeyboardEvent) => void> = {
    ' ': () => clock.toggle(),
    k: () => clock.pause(),
    l: faster,
    j: () => {
      clock.setRate(RATES[1]);
      move(-LEAP_MS);
    },
    ArrowLeft: ({ shiftKey }) => move(shiftKey ? -FAR_STEP_MS : -STEP_MS),
    ArrowRight: ({ shiftKey }) => move(shiftKey ? FAR_STEP_MS : STEP_MS),
    ArrowUp: () => actions.mark(-1),
    ArrowDown: () => actions.mark(1),
    '[': () => actions.recording(-1),
    ']': () => actions.recording(1),
    ',': () => step(-1),
    '.': () => step(1),
    '+': () => actions.zoom(0.5),
    '=': () => actions.zoom(0.5),
    '-': () => actions.zoom(2),
    i: () => actions.cut?.('from'),
    o: () => actions.cut?.('to'),
  };
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (isKeyTaken(event)) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}
