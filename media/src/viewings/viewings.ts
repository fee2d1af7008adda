import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Quality, Viewing } from '@mingjing/contracts';
import type { SchedulerLike, Subscription } from 'rxjs';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import { Journal } from './journal.ts';

/** That somebody sees a camera now. */
export interface Watching {
  camera: string;
  user: string;
  /** Of the sign-in: the same user at two desks watches twice. */
  session: string;
  quality: Quality;
  carriedBy: Viewing['carriedBy'];
}

interface ViewingsOptions {
  dataDir: string;
  /** Hands viewings to the centre. @throws Error when it did not take them */
  tell: (viewings: Viewing[]) => Promise<void>;
  scheduler: SchedulerLike;
  log: Log;
}

interface Open {
  viewing: Viewing;
  /** How many pictures of it there are. */
  pictures: number;
  /** Ends it, unless the camera is watched again before. */
  ending: Subscription | undefined;
}

/** Who watches again within this has not stopped: a patrol, another size, a page turned. In ms. */
export const SAME_WITHIN_MS = 10_000;
const TELL_EVERY_MS = 2_000;
const ALIVE_EVERY_MS = 60_000;
const AT_ONCE = 500;
/** While the centre is away for days: the oldest are let go, and the log says so. */
const MOST_KEPT = 200_000;

/** 观看记录: keeps who watches which camera, and tells the centre, which keeps it for good. */
export class Viewings {
  readonly name = 'viewings';
  readonly #options: ViewingsOptions;
  readonly #journal: Journal;
  /** Those that go on, by who watches what. */
  readonly #open = new Map<string, Open>();
  /** What the centre has not been told yet, by id. */
  readonly #news = new Map<string, Viewing>();
  #timer: Subscription | undefined;
  #telling: Promise<void> | undefined;
  #aliveAt = -Infinity;
  #stopped = false;
  #lastProblem: string | undefined;

  constructor(options: ViewingsOptions) {
    this.#options = options;
    this.#journal = new Journal(path.join(options.dataDir, 'viewings.jsonl'));
  }

  /** Takes up what the last run left behind. */
  async start(): Promise<void> {
    const { log, scheduler } = this.#options;
    const { viewings, unreadable } = await this.#journal.load();
    if (unreadable > 0) log.warn({ lines: unreadable }, 'lines of the journal of viewings were cut off');
    for (const viewing of viewings) this.#news.set(viewing.id, viewing);
    await this.#journal.replace(scheduler.now(), viewings);
    this.#tellLater();
  }

  /** Ends what goes on, and tells the centre once more; what it does not take stays in the journal. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.unsubscribe();
    await this.#telling;
    const now = Math.trunc(this.#options.scheduler.now());
    for (const [key, open] of [...this.#open]) this.#end(key, open, now);
    await this.#tell();
    await this.#journal.flush();
  }

  /** Somebody sees a camera from now on. @returns how that ends; idempotent */
  begin(watching: Watching): () => void {
    const key = JSON.stringify([watching.session, watching.user, watching.camera]);
    const open = this.#open.get(key) ?? this.#begin(key, watching);
    open.ending?.unsubscribe();
    open.pictures += 1;
    const { quality, carriedBy } = watching;
    const best: Quality = open.viewing.quality === 'main' ? 'main' : quality;
    if (best !== open.viewing.quality || carriedBy !== open.viewing.carriedBy)
      this.#change(open, { quality: best, carriedBy });
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#leave(key, open);
    };
  }

  #begin(key: string, { camera, user, quality, carriedBy }: Watching): Open {
    const startedAt = Math.trunc(this.#options.scheduler.now());
    const viewing = { id: randomUUID(), camera, user, quality, carriedBy, startedAt, endedAt: null };
    const open: Open = { viewing, pictures: 0, ending: undefined };
    this.#open.set(key, open);
    this.#note(viewing);
    return open;
  }

  #leave(key: string, open: Open): void {
    const { scheduler } = this.#options;
    open.pictures -= 1;
    if (open.pictures > 0 || this.#open.get(key) !== open) return;
    const now = Math.trunc(scheduler.now());
    open.ending = scheduler.schedule(() => this.#end(key, open, now), SAME_WITHIN_MS);
  }

  #end(key: string, open: Open, at: number): void {
    open.ending?.unsubscribe();
    this.#open.delete(key);
    // The clock may have been set back meanwhile.
    this.#change(open, { endedAt: Math.max(open.viewing.startedAt, at) });
  }

  #change(open: Open, change: Partial<Viewing>): void {
    open.viewing = { ...open.viewing, ...change };
    this.#note(open.viewing);
  }

  #note(viewing: Viewing): void {
    const { log, scheduler } = this.#options;
    this.#news.set(viewing.id, viewing);
    this.#journal
      .append(scheduler.now(), [viewing])
      .catch((problem: unknown) => this.#report(problem, 'the journal of viewings cannot be written'));
    if (this.#news.size <= MOST_KEPT) return;
    const [oldest] = this.#news.keys();
    if (oldest !== undefined) this.#news.delete(oldest);
    log.error({ viewing: oldest }, 'the centre is away for too long: the oldest viewing was let go');
  }

  #tellLater(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.scheduler.schedule(() => {
      this.#telling = this.#tell().then(() => this.#tellLater());
    }, TELL_EVERY_MS);
  }

  /** Tells all that is new, and that this host is alive; never rejects. */
  async #tell(): Promise<void> {
    const { tell, scheduler } = this.#options;
    try {
      let told = false;
      while (this.#news.size > 0) {
        const batch = [...this.#news.values()].slice(0, AT_ONCE);
        await tell(batch);
        // What has changed meanwhile is told again.
        for (const one of batch) if (this.#news.get(one.id) === one) this.#news.delete(one.id);
        told = true;
      }
      const now = scheduler.now();
      const running = [...this.#open.values()].map(({ viewing }) => viewing);
      if (told) await this.#journal.replace(now, [...running, ...this.#news.values()]);
      else if (running.length > 0 && Math.abs(now - this.#aliveAt) >= ALIVE_EVERY_MS) {
        await this.#journal.append(now, []);
        this.#aliveAt = now;
      }
      this.#lastProblem = undefined;
    } catch (problem) {
      this.#report(problem, 'viewings were not told; they are told later');
    }
  }

  #report(problem: unknown, what: string): void {
    const message = messageOf(problem);
    if (message !== this.#lastProblem) this.#options.log.warn({ problem: message }, what);
    this.#lastProblem = message;
  }
}
