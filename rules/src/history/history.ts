import type { Millis, StoredObservation } from '@mingjing/contracts';
import { Observable, type OperatorFunction } from 'rxjs';
import type { EngineChange } from '../model.ts';
import { HistoryEngine, type HistoryOptions } from './historyEngine.ts';

/**
 * The engine over a history as an RxJS operator: observations in, the changes that each allows out.
 * @param until when the history ends, ms since the epoch: as the input completes, all up to then is decided
 * @returns an operator that emits no empty lists, and errors only when the ruleset is wrong (RangeError)
 */
export function history(
  options: HistoryOptions,
  until: Millis,
): OperatorFunction<StoredObservation, EngineChange[]> {
  return (observations$) =>
    new Observable((subscriber) => {
      const engine = new HistoryEngine(options);
      const tell = (decide: () => EngineChange[]): boolean => {
        try {
          const changes = decide();
          if (changes.length > 0) subscriber.next(changes);
          return true;
        } catch (error) {
          subscriber.error(error);
          return false;
        }
      };
      return observations$.subscribe({
        next: (observation) => tell(() => engine.take(observation)),
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          if (tell(() => engine.finish(until))) subscriber.complete();
        },
      });
    });
}
