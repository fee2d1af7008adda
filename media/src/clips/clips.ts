import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { clipOrdersSchema, type ClipOrders, type ClipReport } from '@mingjing/contracts';
import type { SchedulerLike, Subscription } from 'rxjs';
import type { Log } from '../log.ts';
import { codeOf, messageOf } from '../modules.ts';
import type { Recordings } from '../recording/recordings.ts';
import { cutClip, NoClip } from './cut.ts';

interface ClipsOptions {
  dataDir: string;
  centreUrl: string;
  token: string;
  ffmpeg: string;
  recordings: Recordings;
  scheduler: SchedulerLike;
  log: Log;
}

type Order = ClipOrders['due'][number];

const EVERY_MS = 2000;
const ANSWER_WITHIN_MS = 10_000;
/** Half a clip's last segment may still be being written. */
const SETTLED_AFTER_MS = 15_000;
const FAILED = '导出失败，请重试 (the export failed, try again)';

const ownSchema = z.strictObject({ region: z.string() });

/** Cuts the clips that the centre asks for, one after the other, and keeps their films until they are ended. */
export class Clips {
  readonly name = 'clips';
  readonly #options: ClipsOptions;
  readonly #folder: string;
  #timer: Subscription | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;
  #lastProblem: string | undefined;

  constructor(options: ClipsOptions) {
    this.#options = options;
    this.#folder = path.resolve(options.dataDir, 'clips');
  }

  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const round = () => {
      this.#round = this.look().finally(() => {
        if (!this.#stopped) this.#timer = this.#options.scheduler.schedule(round, EVERY_MS);
      });
    };
    round();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.unsubscribe();
    await this.#round;
  }

  /** The film of a clip and the region it was cut in; undefined when there is none here. */
  async film(id: string): Promise<{ file: string; region: string } | undefined> {
    if (!z.uuid().safeParse(id).success) return undefined;
    try {
      const own = ownSchema.parse(JSON.parse(await readFile(this.#file(id, 'json'), 'utf8')));
      return { file: this.#file(id, 'mp4'), region: own.region };
    } catch (problem) {
      if (codeOf(problem) === 'ENOENT') return undefined;
      throw problem;
    }
  }

  /** Asks the centre what is due, and does it. Never rejects. */
  async look(): Promise<void> {
    const { log } = this.#options;
    try {
      const { due, ended } = clipOrdersSchema.parse(await this.#call('GET', ''));
      for (const id of ended) await this.#remove(id);
      for (const order of due) if (!this.#stopped) await this.#make(order);
      this.#lastProblem = undefined;
    } catch (problem) {
      const message = messageOf(problem);
      if (message !== this.#lastProblem)
        log.warn({ problem: message }, 'clips wait: the centre was not reached');
      this.#lastProblem = message;
    }
  }

  async #make(order: Order): Promise<void> {
    const { scheduler, log } = this.#options;
    if (scheduler.now() < order.to + SETTLED_AFTER_MS && order.to > scheduler.now() - SETTLED_AFTER_MS)
      return;
    let report: ClipReport;
    try {
      report = await this.#cut(order);
    } catch (problem) {
      if (!(problem instanceof NoClip))
        log.error({ clip: order.id, problem: messageOf(problem) }, 'no clip could be cut');
      report = { state: 'failed', problem: problem instanceof NoClip ? problem.message : FAILED };
    }
    await this.#call('POST', `/${order.id}`, report);
  }

  async #cut({ id, camera, region, from, to }: Order): Promise<ClipReport> {
    const { recordings, ffmpeg } = this.#options;
    await this.#call('POST', `/${id}`, { state: 'working', progress: 0 });
    let told = 0;
    const onProgress = (progress: number) => {
      if (progress - told < 0.1) return;
      told = progress;
      this.#call('POST', `/${id}`, { state: 'working', progress }).catch((problem: unknown) =>
        this.#options.log.warn({ clip: id, problem: messageOf(problem) }, 'progress could not be told'),
      );
    };
    const segments = recordings.between(camera, from, to);
    const file = this.#file(id, 'mp4');
    const done = await cutClip({ segments, from, to, files: recordings.files, ffmpeg, file, onProgress });
    await writeFile(this.#file(id, 'json'), JSON.stringify({ region }));
    return done;
  }

  async #remove(id: string): Promise<void> {
    await rm(this.#file(id, 'json'), { force: true });
    await rm(this.#file(id, 'mp4'), { force: true });
  }

  #file(id: string, kind: 'mp4' | 'json'): string {
    return path.join(this.#folder, `${id}.${kind}`);
  }

  async #call(method: 'GET' | 'POST', what: string, body?: ClipReport): Promise<unknown> {
    const { centreUrl, token } = this.#options;
    const answer = await fetch(new URL(`/api/service/clips${what}`, centreUrl), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!answer.ok) throw new Error(`${method} /api/service/clips${what} answered HTTP ${answer.status}`);
    return answer.json();
  }
}
