import type { DeadLetter, IngestResult } from '@mingjing/contracts';
import { ref, shallowRef } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import { call } from '../../api/client.ts';
import { useErrorText } from '../../app/useErrorText.ts';

/** What became of a dead letter that was sent through ingest again. */
export type Outcome = Pick<IngestResult, 'status' | 'reason'> | { status: 'failed'; reason: string };

interface Replay {
  /** By the letter's number. */
  outcomes: ShallowRef<Map<number, Outcome>>;
  /** How far a replay of several has come; null when none runs. */
  progress: Ref<{ done: number; count: number } | null>;
  run: (letters: readonly DeadLetter[]) => Promise<void>;
}

/** Plays dead letters again, one after the other, and keeps what became of each. */
export function useReplay(): Replay {
  const errorText = useErrorText();
  const outcomes = shallowRef(new Map<number, Outcome>());
  const progress = ref<{ done: number; count: number } | null>(null);

  async function replay(id: number): Promise<Outcome> {
    try {
      const answer = await call('POST /api/dead-letters/:id/replay', { params: { id } });
      const result = answer.results[0];
      return result ?? { status: 'stored' };
    } catch (error) {
      return { status: 'failed', reason: errorText(error) };
    }
  }
  async function run(letters: readonly DeadLetter[]): Promise<void> {
    progress.value = { done: 0, count: letters.length };
    for (const [index, { id }] of letters.entries()) {
      const outcome = await replay(id);
      outcomes.value = new Map(outcomes.value).set(id, outcome);
      progress.value = { done: index + 1, count: letters.length };
    }
    progress.value = null;
  }
  return { outcomes, progress, run };
}
