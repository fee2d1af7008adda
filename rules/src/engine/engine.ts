import type { Ruleset } from '@mingjing/contracts';
import { Observable, isObservable, map, type OperatorFunction } from 'rxjs';
import type { EngineChange, EngineInput } from '../model.ts';
import type { Rule } from '../rule.ts';
import { shippedRules } from '../rules/registry.ts';
import { evaluate } from './evaluate.ts';

/** Evaluates each input with the ruleset that holds when it comes; what comes before the first one waits. */
function underChanging(
  ruleset$: Observable<Ruleset>,
  rules: readonly Rule[],
): OperatorFunction<EngineInput, EngineChange[]> {
  return (input$) =>
    new Observable((subscriber) => {
      let ruleset: Ruleset | null = null;
      let ended = false;
      const waiting: EngineInput[] = [];
      const look = (input: EngineInput, under: Ruleset): void => {
        let changes: EngineChange[];
        try {
          changes = evaluate(input, under, rules);
        } catch (error) {
          subscriber.error(error);
          return;
        }
        subscriber.next(changes);
      };
      const rulesets = ruleset$.subscribe({
        next: (next) => {
          ruleset = next;
          for (const input of waiting.splice(0)) look(input, next);
          if (ended) subscriber.complete();
        },
        error: (error: unknown) => subscriber.error(error),
      });
      subscriber.add(rulesets);
      subscriber.add(
        input$.subscribe({
          next: (input) => {
            if (ruleset) look(input, ruleset);
            else waiting.push(input);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            ended = true;
            if (ruleset || rulesets.closed) subscriber.complete();
          },
        }),
      );
    });
}

/**
 * The rules engine as an RxJS operator: inputs in, the changes of each out, in the same order.
 * @param ruleset one for good, or a stream of them: each input is judged by the latest, and inputs that come
 *   before the first one wait for it
 * @returns an operator whose output errors only when a ruleset is wrong (RangeError that names what is)
 */
export function engine(
  ruleset: Ruleset | Observable<Ruleset>,
  rules: readonly Rule[] = shippedRules,
): OperatorFunction<EngineInput, EngineChange[]> {
  if (isObservable(ruleset)) return underChanging(ruleset, rules);
  return map((input: EngineInput) => evaluate(input, ruleset, rules));
}
