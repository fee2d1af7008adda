import {
  defer,
  EMPTY,
  exhaustMap,
  expand,
  filter,
  interval,
  merge,
  Observable,
  Subject,
  tap,
  type Subscription,
} from 'rxjs';
import type { Logger } from 'pino';
import pg from 'pg';
import { isEmpty, type Effects } from './effects.ts';
import { putCaseOff, putRejudgedOff, setObservationAside } from './setAside.ts';
import { stepDue, stepObservations, stepSources, type StepDeps } from './step.ts';
import { stepCameras } from './stepCameras.ts';
import { stepRejudging } from './stepRejudging.ts';
import { Stride } from './stride.ts';

export interface Pipeline {
  /** What each committed step changed. */
  readonly effects: Observable<Effects>;
  stop(): Promise<void>;
}

/** How often to look when nobody woke us: notifications may be lost when a connection breaks. */
const LOOK_EVERY_MS = 1000;
const DUE_EVERY_MS = 1000;
const ANEW_EVERY_MS = 1000;
const CAMERAS_EVERY_MS = 1000;
const SOURCES_EVERY_MS = 5000;
const LISTEN_AGAIN_MS = 2000;

/** Emits whenever the inbox has grown. Listens on a connection of its own, opened again when it breaks. */
function inboxGrown(databaseUrl: string, log: Logger): Observable<void> {
  return new Observable<void>((subscriber) => {
    let client: pg.Client | undefined;
    let again: NodeJS.Timeout | undefined;
    let stopped = false;
    const reopen = (error: unknown) => {
      if (stopped || again) return;
      log.warn({ err: error }, 'lost the connection that listens to the inbox');
      again = setTimeout(open, LISTEN_AGAIN_MS);
    };
    function open() {
      again = undefined;
      const fresh = new pg.Client({ connectionString: databaseUrl, application_name: 'mingjing-listen' });
      client = fresh;
      fresh.on('notification', () => subscriber.next());
      fresh.on('error', reopen);
      fresh
        .connect()
        .then(() => fresh.query('LISTEN inbox'))
        .catch(reopen);
    }
    open();
    return () => {
      stopped = true;
      clearTimeout(again);
      client?.end().catch((error: unknown) => log.warn({ err: error }, 'closing the listening connection'));
    };
  });
}

/**
 * Runs the pipeline: observations as they come, clocks and cameras as they fall due, sources as they fall silent.
 * A step that fails is logged and tried again; the cursor has not moved. What always fails is set aside.
 */
export function startPipeline(deps: StepDeps, databaseUrl: string, log: Logger): Pipeline {
  const effects = new Subject<Effects>();
  let working: Promise<unknown> = Promise.resolve();
  /** How often the inbox has grown: a wake-up during a look means to look again. */
  let wakeUps = 0;

  /** Steps share one cursor row: running them one after the other saves waiting on its lock. */
  function oneAtATime(name: string, step: () => Promise<Effects | null>): Promise<Effects | null> {
    const run = working.then(step).catch((error: unknown) => {
      log.error({ err: error, step: name }, 'a pipeline step failed and will be tried again');
      return null;
    });
    working = run;
    return run;
  }

  /** Takes a step with as much at once as goes well. */
  function inStrides(work: typeof stepDue, setAside: typeof putCaseOff): () => Promise<Effects | null> {
    const stride = new Stride();
    return () =>
      stride.take<Effects | null>(
        { step: (most) => work(deps, most), setAside: (error) => setAside(deps, error) },
        log,
      );
  }
  const takeObservations = inStrides(stepObservations, setObservationAside);
  const takeDue = inStrides(stepDue, putCaseOff);
  const takeAnew = inStrides(stepRejudging, putRejudgedOff);

  /** Repeats a step until it finds nothing to do, telling what each round changed. */
  const drain = (look: () => Promise<Effects | null>) =>
    defer(look).pipe(
      expand((effect) => (effect ? defer(look) : EMPTY)),
      filter((effect) => effect !== null && !isEmpty(effect)),
    );

  const lookAtInbox = async (): Promise<Effects | null> => {
    for (;;) {
      const before = wakeUps;
      const effect = await oneAtATime('observations', takeObservations);
      if (effect !== null || wakeUps === before) return effect;
    }
  };

  const subscription: Subscription = merge(
    merge(inboxGrown(databaseUrl, log).pipe(tap(() => (wakeUps += 1))), interval(LOOK_EVERY_MS)).pipe(
      exhaustMap(() => drain(lookAtInbox)),
    ),
    interval(DUE_EVERY_MS).pipe(exhaustMap(() => drain(() => oneAtATime('due', takeDue)))),
    interval(ANEW_EVERY_MS).pipe(exhaustMap(() => drain(() => oneAtATime('rejudging', takeAnew)))),
    interval(CAMERAS_EVERY_MS).pipe(
      exhaustMap(() => drain(() => oneAtATime('cameras', () => stepCameras(deps)))),
    ),
    interval(SOURCES_EVERY_MS).pipe(exhaustMap(() => oneAtATime('sources', () => stepSources(deps)))),
  ).subscribe((effect) => {
    if (effect) effects.next(effect);
  });

  return {
    effects,
    async stop() {
      subscription.unsubscribe();
      await working;
      effects.complete();
    },
  };
}
