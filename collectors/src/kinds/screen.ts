import { screenSchema, type Screen } from '@mingjing/contracts';
import { z } from 'zod';
import { appendWhenRoom, isAborted, messageOf, pause } from '../outbox/index.ts';
import { SharedBrowser } from '../screen/browser.ts';
import { ASK_MS, type Permission } from '../screen/permission.ts';
import { Permissions } from '../screen/permissions.ts';
import { ScreenWatcher } from '../screen/watcher.ts';
import { defineKind, type KindContext } from './kind.ts';

const options = z.object({
  /** ms between two looks at a screen. */
  everyMs: z.int().min(200).max(60_000).default(1000),
  /** An unchanged screen is told again after so many seconds. */
  unchangedEverySeconds: z.number().min(1).max(3600).default(30),
  /** A page that has not changed for so many minutes is loaded anew. */
  reloadMinutes: z.number().min(0.1).max(1440).default(10),
  /** How often the centre is asked which screens there are. */
  listEverySeconds: z.number().min(1).max(3600).default(60),
});
type ScreenOptions = z.output<typeof options>;

interface Watched {
  screen: string;
  watcher: ScreenWatcher;
}

/** Starts and ends watchers so that there is one for each screen of the list, as it is described now. */
async function follow(
  list: readonly Screen[],
  watched: Map<string, Watched>,
  watch: (screen: Screen) => ScreenWatcher,
) {
  const wanted = new Map(list.map((screen) => [screen.id, screen]));
  for (const [id, { screen, watcher }] of watched) {
    const now = wanted.get(id);
    if (now && JSON.stringify(now) === screen && !watcher.ended) continue;
    await watcher.stop();
    watched.delete(id);
  }
  for (const [id, screen] of wanted) {
    if (!watched.has(id)) watched.set(id, { screen: JSON.stringify(screen), watcher: watch(screen) });
  }
}

/** Does something again and again until the signal; what fails is logged, and tried again soon. */
async function repeat(
  what: string,
  everyMs: number,
  { log, signal }: KindContext,
  work: () => Promise<void>,
): Promise<void> {
  while (!isAborted(signal)) {
    let waitMs = everyMs;
    try {
      await work();
    } catch (error) {
      if (!isAborted(signal)) log.warn(`${what}: ${messageOf(error)}`);
      waitMs = Math.min(waitMs, 5000);
    }
    await pause(waitMs, signal);
  }
}

async function watchAll(values: ScreenOptions, context: KindContext): Promise<void> {
  const { centre, config, log, outbox, signal, source } = context;
  const browser = new SharedBrowser(config.chromium, log);
  let list: readonly Screen[] = [];
  const [masked, unmasked] = [new Map<string, Watched>(), new Map<string, Watched>()];
  const permissions = new Permissions(log);
  const watch = (screen: Screen, permission?: Permission): ScreenWatcher =>
    new ScreenWatcher(screen, {
      ...{ source, browser, log, everyMs: values.everyMs },
      unchangedEveryMs: values.unchangedEverySeconds * 1000,
      reloadEveryMs: values.reloadMinutes * 60_000,
      rule: { key: 'collectors.screenHosts', hosts: config.screenHosts, production: config.production },
      deliver: (items) => appendWhenRoom(outbox, items, log, signal),
      ...(permission ? { permission } : {}),
    });
  await Promise.all([
    repeat('the list of screens', values.listEverySeconds * 1000, context, async () => {
      list = z.array(screenSchema).parse(await centre.get('/api/service/screens', signal));
      await follow(list, masked, (screen) => watch(screen));
    }),
    // A page of its own, as long as it is allowed: the masked one goes on as it is, for everybody else.
    repeat('what may be seen unmasked', ASK_MS, context, async () => {
      await permissions.ask(centre, signal);
      const allowed = list.filter(({ id }) => permissions.of(id).holds);
      await follow(allowed, unmasked, (screen) => watch(screen, permissions.of(screen.id)));
    }),
  ]);
  for (const watched of [masked, unmasked]) await follow([], watched, (screen) => watch(screen));
  await browser.close();
}

/** Counter screens: the pages that counter systems show, looked at in one Chromium, masked, kept when changed. */
export const screen = defineKind('screen', options, (values, context) => ({
  done: watchAll(values, context),
}));
