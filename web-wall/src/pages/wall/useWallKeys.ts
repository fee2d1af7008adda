import { onKeyStroke } from '@vueuse/core';
import { isKeyTaken } from '../../app/isKeyTaken.ts';

interface Keys {
  acknowledge: () => void;
  step: (by: number) => void;
  turn: (by: number) => void;
  mute: () => void;
  fullscreen: () => void;
  help: () => void;
  back: () => void;
}

/** 空格 acknowledges; ↑ ↓ choose an alert; PageUp, PageDown turn the tiles; M mutes; F fills the screen; ? shows the keys; Esc goes back. */
export function useWallKeys(keys: Keys): void {
  const actions: Record<string, () => void> = {
    ' ': keys.acknowledge,
    ArrowDown: () => {
      keys.step(1);
    },
    ArrowUp: () => {
      keys.step(-1);
    },
    PageDown: () => {
      keys.turn(1);
    },
    PageUp: () => {
      keys.turn(-1);
    },
    m: keys.mute,
    f: keys.fullscreen,
    '?': keys.help,
    Escape: keys.back,
  };
  onKeyStroke(Object.keys(actions), (event) => {
    if (isKeyTaken(event)) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
