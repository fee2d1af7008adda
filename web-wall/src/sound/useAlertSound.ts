import type { AlertKind } from '@mingjing/contracts';
import { createSharedComposable, useEventListener } from '@vueuse/core';
import { onScopeDispose, ref } from 'vue';
import type { Ref } from 'vue';
import { usePreferences } from '../stores/preferences.ts';

/** Pitches in Hz, one after another. The graver the alert, the more and the lower the tones. */
const TONES: Partial<Record<AlertKind, readonly number[]>> = {
  red: [659, 523, 440],
  risk: [587, 440],
  yellow: [659, 587],
  silent: [392],
  'rule-failed': [392],
};
const TONE_SECONDS = 0.18;
const LOUDNESS = 0.16;

function playTones(context: AudioContext, pitches: readonly number[]): void {
  pitches.forEach((pitch, at) => {
    const start = context.currentTime + at * TONE_SECONDS;
    const oscillator = new OscillatorNode(context, { frequency: pitch, type: 'triangle' });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, start + TONE_SECONDS);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + TONE_SECONDS);
  });
}

interface AlertSound {
  /** The browser holds sound back until somebody has clicked or typed on the page. */
  blocked: Ref<boolean>;
  /** Sounds an alert, unless muted or held back. Notices and ratings are silent. */
  play: (kind: AlertKind) => void;
  /** Must be called from a click: browsers ask for it. */
  unblock: () => void;
}

/** Alert tones, made by the browser itself: no sound files. */
export const useAlertSound: () => AlertSound = createSharedComposable(() => {
  const preferences = usePreferences();
  const context = new AudioContext();
  const blocked = ref(context.state !== 'running');
  context.addEventListener('statechange', () => (blocked.value = context.state !== 'running'));

  onScopeDispose(() => void context.close());

  function unblock(): void {
    if (context.state !== 'running') void context.resume();
  }
  useEventListener(window, ['pointerdown', 'keydown'], unblock);

  function play(kind: AlertKind): void {
    const pitches = TONES[kind];
    if (pitches && !preferences.muted && !blocked.value) playTones(context, pitches);
  }
  return { blocked, play, unblock };
});
