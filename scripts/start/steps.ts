import { Listr, PRESET_TIMER, type ListrTask } from 'listr2';
import type { House } from './house.ts';
import { buildWebWall } from './web-wall.ts';

/** A promise that others wait for, and that one step keeps. */
function promised(): { kept: Promise<void>; keep: () => void; fail: (error: unknown) => void } {
  let keep: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const kept = new Promise<void>((resolve, reject) => {
    keep = resolve;
    fail = reject;
  });
  kept.catch(() => undefined); // each who waits is told
  return { kept, keep, fail };
}

/** What came of the start, for the last words. */
export interface Outcome {
  /** Parts that do without something, and why. */
  missing: string[];
}

/** What is missing is told, and the rest goes on. */
function optional(outcome: Outcome, part: string, work: ListrTask['task']): ListrTask['task'] {
  return async (context, task) => {
    try {
      await work(context, task);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const line = why.startsWith(part) ? why : `${part}: ${why}`;
      outcome.missing.push(line);
      task.skip(line);
    }
  };
}

function centreTasks(house: House, outcome: Outcome): ListrTask[] {
  return [
    {
      title: 'TimescaleDB',
      skip: () => house.usesOwnServer && 'TimescaleDB: the server of yours has it, or does without',
      task: async (_, task) => {
        const why = await house.prepareTimescale((line) => (task.output = line));
        if (why === undefined) return;
        outcome.missing.push(`TimescaleDB: plain tables instead, because ${why}`);
        task.skip(`TimescaleDB: plain tables instead, because ${why}`);
      },
    },
    {
      title: 'Database',
      task: async (_, task) => {
        task.title = await house.openDatabase();
      },
    },
    {
      title: 'Schema',
      task: async (_, task) => {
        const ran = await house.migrate();
        task.title = ran === 0 ? 'Schema: up to date' : `Schema: ran ${ran} migrations`;
      },
    },
    {
      title: 'Demo city',
      enabled: () => house.options.demo,
      task: async (_, task) => {
        task.title = (await house.seed()) ? 'Demo city: 保定市 brought in' : 'Demo city: there already';
      },
    },
    {
      title: 'Pages',
      task: async (_, task) => {
        task.title = (await buildWebWall((line) => (task.output = line)))
          ? 'Pages: built'
          : 'Pages: up to date';
      },
    },
    {
      title: 'Centre',
      task: async (_, task) => {
        const url = await house.startCentre();
        task.title = `Centre: listens on port ${new URL(url).port}`;
      },
    },
  ];
}

/**
 * The steps of a start. The video's and the screens' preparations run beside the centre's own way up, so that a
 * first start, which builds the mediasoup worker, has the rest running meanwhile.
 */
export function startSteps(house: House, outcome: Outcome): Listr {
  const centre = promised();
  const screen = process.stdout.isTTY;
  return new Listr(
    [
      {
        title: 'The centre',
        task: async (_, task) => {
          try {
            await task.newListr(centreTasks(house, outcome), { concurrent: false, exitOnError: true }).run();
            centre.keep();
          } catch (error) {
            centre.fail(new Error('the centre did not start'));
            throw error;
          }
        },
      },
      {
        title: 'Video',
        enabled: () => house.options.video,
        task: optional(outcome, 'video', async (_, task) => {
          const say = (line: string) => (task.output = line);
          const tools = await house.prepareMedia(say);
          // while the worker is being built the media host is up already, and tiles have their stills
          const host = centre.kept.then(() => house.startMedia(tools));
          await Promise.all([host, house.prepareWorker(say)]);
          task.title = 'Video: the media host runs';
        }),
      },
      {
        title: 'Screens and collectors',
        task: optional(outcome, 'screens', async (_, task) => {
          const chromium = await house.prepareScreens((line) => (task.output = line));
          await centre.kept;
          await house.startCollectors(chromium);
          task.title = 'Screens and collectors: run';
        }),
      },
      {
        title: 'Simulator',
        enabled: () => house.options.demo,
        task: optional(outcome, 'simulator', async (_, task) => {
          await centre.kept;
          await house.startSimulator();
          task.title = 'Simulator: plays the demo city';
        }),
      },
    ],
    {
      concurrent: true,
      exitOnError: true,
      collectErrors: 'minimal',
      registerSignalListeners: false,
      renderer: house.options.json ? 'silent' : screen ? 'default' : 'simple',
      rendererOptions: { timer: PRESET_TIMER, collapseSubtasks: false },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    } as ConstructorParameters<typeof Listr>[1],
  ) as Listr;
}
