import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Camera, RecordingOrder, RecordingPlan, Segment, StorageState } from '@mingjing/contracts';
import type { SchedulerLike, Subscription } from 'rxjs';
import type { Cameras } from '../cameras.ts';
import type { Log } from '../log.ts';
import { codeOf, messageOf } from '../modules.ts';
import type { Streams } from '../stream/streams.ts';
import { CameraRecorder } from './cameraRecorder.ts';
import { Catalogue } from './catalogue.ts';
import { CentreLink } from './centreLink.ts';
import { salvage, SegmentFiles, type Found } from './files.ts';
import { Room } from './room.ts';

export interface RecordingsOptions {
  dataDir: string;
  centreUrl: string;
  token: string;
  segmentSeconds: number;
  minFreeBytes: number;
  cameras: Cameras;
  streams: Pick<Streams, 'of'>;
  scheduler: SchedulerLike;
  log: Log;
}

const LOOK_EVERY_MS = 1000;
const CLEAN_EVERY_MS = 10_000;
const DAY_MS = 86_400_000;
const KEYS_AT_ONCE = 1000;
/** SQLite's word for a disk that is full. */
const SQLITE_FULL = 13;
/** What no alert has wanted is kept so much longer than an alert reaches back: alerts come late. */
const LATE_ALERT_MS = 10 * 60_000;

/**
 * Records cameras by their plans: always, in opening hours, or around alerts; and deletes what their plans do not keep.
 */
export class Recordings {
  readonly name = 'recordings';
  readonly files: SegmentFiles;
  readonly #options: RecordingsOptions;
  readonly #recorders = new Map<string, CameraRecorder>();
  readonly #closing = new Set<Promise<void>>();
  #catalogue: Catalogue | undefined;
  #room: Room | undefined;
  #link: CentreLink | undefined;
  #orders: readonly RecordingOrder[] = [];
  #timers: Subscription[] = [];
  #cleaning: Promise<void> = Promise.resolve();
  #entering: Promise<void> = Promise.resolve();
  /** What lies on the disk, and could not be entered yet. */
  #unentered: { segment: Segment; wanted: boolean }[] = [];
  #stopped = false;
  #lastProblem: string | undefined;

  constructor(options: RecordingsOptions) {
    this.#options = options;
    this.files = new SegmentFiles(path.join(options.dataDir, 'recordings'));
  }

  /** Recording begins at once; what is on the disk, what a crash cut off too, is entered meanwhile. */
  async start(): Promise<void> {
    const { centreUrl, token, minFreeBytes, scheduler, log } = this.#options;
    const { folder } = this.files;
    await mkdir(folder, { recursive: true });
    const catalogue = new Catalogue(folder);
    this.#catalogue = catalogue;
    this.#room = new Room({ folder, catalogue, minFreeBytes, remove: (segment) => this.#remove(segment) });
    const onOrders = (orders: readonly RecordingOrder[]) => {
      // What was evidence is known from the first orders on; before, nothing is deleted.
      if (this.#link?.orderedAt === -Infinity) this.#clean();
      this.#orders = orders;
    };
    const storage = () => this.storage;
    this.#link = new CentreLink({ centreUrl, token, catalogue, onOrders, storage, scheduler, log });
    this.#link.start();
    this.#entering = this.#enterDisk(catalogue).then(
      () => this.#clean(),
      (problem: unknown) =>
        log.error({ problem: messageOf(problem) }, 'what is on the disk could not be entered'),
    );
    this.#every(LOOK_EVERY_MS, () => this.#look());
    this.#every(CLEAN_EVERY_MS, () => {
      this.#enterKept();
      this.#clean();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) timer.unsubscribe();
    for (const camera of [...this.#recorders.keys()]) this.#end(camera);
    await Promise.all(this.#closing);
    await this.#link?.stop();
    await this.#entering;
    await this.#cleaning;
    this.#catalogue?.close();
  }

  get storage(): StorageState {
    return this.#room?.state ?? { state: 'ok', freeBytes: 0, reason: null };
  }

  /** The cameras that are being recorded now. */
  get recording(): string[] {
    return [...this.#recorders.keys()];
  }

  /** The segments of a camera that touch a span of time, in order. ms since the epoch. */
  between(camera: string, from: number, to: number): Segment[] {
    return this.#catalogue?.between(camera, from, to) ?? [];
  }

  /** Whether a whole segment begins then. */
  holds({ camera, startedAt }: Pick<Segment, 'camera' | 'startedAt'>): boolean {
    return this.between(camera, startedAt, startedAt + 1).some((segment) => segment.startedAt === startedAt);
  }

  async #enterDisk(catalogue: Catalogue): Promise<void> {
    let entered = 0;
    for await (const one of this.files.all()) {
      if (this.#stopped) return;
      if (one.cutOff || !catalogue.has(one)) entered += (await this.#enter(catalogue, one)) ? 1 : 0;
    }
    let last = { camera: '', startedAt: -1 };
    for (;;) {
      const keys = catalogue.keysAfter(last, KEYS_AT_ONCE);
      for (const key of keys) {
        if (this.#stopped) return;
        if (!(await this.files.holds(key))) catalogue.remove(key);
      }
      last = keys.at(-1) ?? last;
      if (keys.length < KEYS_AT_ONCE) break;
    }
    if (entered > 0)
      this.#options.log.info({ segments: entered }, 'recordings found on the disk were entered');
  }

  /** @returns whether it is worth keeping */
  async #enter(catalogue: Catalogue, found: Found): Promise<boolean> {
    try {
      const segment = await salvage(found);
      // Whether an alert wanted it is not known any more: it is kept as long as its camera keeps recordings.
      if (segment && !catalogue.has(segment)) catalogue.add(segment, true);
      return segment !== undefined;
    } catch (problem) {
      const { file } = found;
      this.#options.log.error(
        { file, problem: messageOf(problem) },
        'a recording on the disk cannot be read',
      );
      return false;
    }
  }

  #every(ms: number, act: () => void): void {
    const { scheduler } = this.#options;
    const index = this.#timers.length;
    const round = () => {
      act();
      this.#timers[index] = scheduler.schedule(round, ms);
    };
    this.#timers.push(scheduler.schedule(round, 0));
  }

  /** Begins and ends recordings as the plans say now. */
  #look(): void {
    const wanted = new Map(
      this.#options.cameras.all().flatMap((camera) => (this.#isDue(camera) ? [[camera.id, camera]] : [])),
    );
    for (const [id, recorder] of this.#recorders) {
      // A camera that was moved or changed has another stream.
      if (!wanted.has(id) || recorder.stream.closed) this.#end(id);
    }
    for (const [id, camera] of wanted) if (!this.#recorders.has(id)) this.#begin(camera);
  }

  #isDue({ id, recording }: Camera): boolean {
    if (!recording || recording.mode === 'off' || this.#room?.open === false || this.#stopped) return false;
    if (recording.mode !== 'hours') return true;
    const now = this.#options.scheduler.now();
    return this.#orders.some((order) => order.why === 'hours' && order.camera === id && covers(order, now));
  }

  #begin(camera: Camera): void {
    const { streams, segmentSeconds } = this.#options;
    const lastEnd = this.#catalogue?.lastEnd(camera.id);
    const recorder = new CameraRecorder(streams.of(camera), {
      files: this.files,
      segmentMs: segmentSeconds * 1000,
      lastEnd,
      isTaken: (startedAt) => this.#catalogue?.has({ camera: camera.id, startedAt }) ?? false,
      onSegment: (segment) => this.#keep(segment),
      onProblem: (problem) => this.#refused(camera.id, problem),
    });
    this.#recorders.set(camera.id, recorder);
  }

  #end(camera: string): void {
    const closing = this.#recorders.get(camera)?.close();
    this.#recorders.delete(camera);
    if (!closing) return;
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }

  #keep(segment: Segment): void {
    const plan = this.#plan(segment.camera);
    const ordered = this.#orders.some(
      ({ camera, from, to }) =>
        camera === segment.camera && from < segment.endedAt && (to ?? Infinity) > segment.startedAt,
    );
    this.#unentered.push({ segment, wanted: plan?.mode !== 'alert' || ordered });
    this.#enterKept();
  }

  /** A full disk may refuse the catalogue's line of a segment that it took: it is entered later. */
  #enterKept(): void {
    for (let next = this.#unentered[0]; next; next = this.#unentered[0]) {
      try {
        this.#catalogue?.add(next.segment, next.wanted);
      } catch (problem) {
        this.#refused(next.segment.camera, problem);
        return;
      }
      this.#unentered.shift();
      this.#lastProblem = undefined;
    }
  }

  #refused(camera: string, problem: unknown): void {
    const message = messageOf(problem);
    if (message !== this.#lastProblem)
      this.#options.log.error({ camera, problem: message }, 'a recording failed');
    this.#lastProblem = message;
    if (isFull(problem)) this.#clean(true);
  }

  #plan(camera: string): RecordingPlan | null | undefined {
    return this.#options.cameras.all().find(({ id }) => id === camera)?.recording;
  }

  #clean(refused = false): void {
    this.#cleaning = this.#cleaning
      .then(() => this.#room?.look(refused))
      .then(() => this.#expire())
      .catch((problem: unknown) =>
        this.#options.log.error({ problem: messageOf(problem) }, 'old recordings could not be deleted'),
      );
  }

  async #expire(): Promise<void> {
    const catalogue = this.#catalogue;
    const { cameras, scheduler } = this.#options;
    if (!catalogue || this.#stopped) return;
    const now = scheduler.now();
    catalogue.setPlans(cameras.all());
    const reaches = new Map<string, number>();
    for (const { camera, keepDays, keepBytes, beforeSeconds } of catalogue.plans()) {
      reaches.set(camera, beforeSeconds * 1000);
      for (const segment of catalogue.expired({ camera, before: now - keepDays * DAY_MS, keepBytes }))
        await this.#remove(segment);
    }
    // As long as the centre is not heard nobody knows which alerts there were.
    const heard = Math.min(now, this.#link?.orderedAt ?? -Infinity);
    for (const segment of catalogue.unwanted(heard - LATE_ALERT_MS)) {
      const reach = reaches.get(segment.camera) ?? 0;
      if (segment.endedAt < heard - LATE_ALERT_MS - reach) await this.#remove(segment);
    }
  }

  async #remove(segment: Segment): Promise<void> {
    await this.files.remove(segment);
    this.#catalogue?.remove(segment);
  }
}

function covers({ from, to }: RecordingOrder, at: number): boolean {
  return from <= at && (to === null || at < to);
}

function isFull(problem: unknown): boolean {
  if (codeOf(problem) === 'ENOSPC' || codeOf(problem) === 'EDQUOT') return true;
  return problem instanceof Error && 'errcode' in problem && problem.errcode === SQLITE_FULL;
}
