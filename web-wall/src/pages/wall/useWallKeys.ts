import { onKeyStroke } from '@vueuse/core';

interface Keys {
  acknowledge: () => void;
  step: (by: number) => void;
  turn: (by: number) => void;
  mute: () => void;
  fullscreen: () => void;
  back: () => void;
}

/** Keys belong to a field, a menu or a button that has the focus before they belong to the wall. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.target.closest('input, select, textarea, [role="menu"], dialog')) return true;
  return event.key === ' ' && event.target.closest('button, a') !== null;
}

/** 空格 acknowledges; ↑ ↓ choose an alert; PageUp, PageDown turn the tiles; M mutes; F fills the screen; Esc goes back. */
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
    Escape: keys.back,
  };
  onKeyStroke(Object.keys(actions), (event) => {
    if (isTaken(event)) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
