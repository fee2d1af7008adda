import type { SchedulerLike, Subscription } from 'rxjs';
import { PTZ_DEAD_MAN_MS, PTZ_HOLD_MS } from '@mingjing/contracts';
import type { Camera, PtzAction, PtzPresets } from '@mingjing/contracts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import { redact } from '../ffmpeg/reason.ts';
import { Refusal } from '../signalling/requests.ts';
import type { Devices } from './devices.ts';
import { askPtz, sayPtz, type Command } from './ptz.ts';

interface SteeringOptions {
  devices: Devices;
  scheduler: SchedulerLike;
  report: (action: PtzAction) => void;
  log: Log;
}

/** Who steers: a user at one of their windows. */
export interface Operator {
  user: string;
  window: object;
}

interface Held extends Operator {
  camera: Camera;
  /** The move that goes on, as it was said. */
  moving: string | null;
  deadMan: Subscription | undefined;
  hold: Subscription | undefined;
  said: Promise<void>;
  waiting: number;
}

type Listener = (camera: string, holder: string | null) => void;

/**
 * Steers cameras: one operator at a time for each, and no move without somebody who goes on wanting it: it stops when
 * it is not renewed, and when the operator's connection ends.
 */
export class Steering {
  readonly name = 'steering';
  readonly #options: SteeringOptions;
  readonly #held = new Map<string, Held>();
  readonly #listeners = new Set<Listener>();

  constructor(options: SteeringOptions) {
    this.#options = options;
  }

  start(): void {
    this.#held.clear();
  }

  /** Stops whatever moves. */
  async stop(): Promise<void> {
    const all = [...this.#held.values()];
    for (const held of all) this.#release(held);
    await Promise.all(all.map(({ said }) => said));
  }

  /** Tells whenever a camera is taken or let go. @returns how to stop */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @throws Refusal when the camera does not answer, or is none that can be steered */
  async offer(camera: Camera): Promise<PtzPresets> {
    const { device, profile } = await this.#profileOf(camera).catch(refused);
    const offered = await askPtz(device, profile.token).catch(refused);
    return { ...offered, holder: this.#held.get(camera.id)?.user ?? null };
  }

  /** @throws Refusal naming who steers it now, or what the camera said */
  async steer(operator: Operator, camera: Camera, command: Command): Promise<null> {
    const held = this.#take(operator, camera, command);
    this.#watch(held, command);
    if (command.kind === 'release') {
      this.#release(held);
      return null;
    }
    // A renewal that overtakes the camera is not said again: the timer alone is wound up.
    const isRenewal = command.kind === 'move' && held.waiting > 0 && held.moving === JSON.stringify(command);
    held.moving = command.kind === 'move' ? JSON.stringify(command) : null;
    if (!isRenewal) await this.#say(held, command);
    if (command.kind === 'savePreset' || command.kind === 'removePreset') {
      const action = command.kind === 'savePreset' ? 'presetSaved' : 'presetRemoved';
      const detail = command.kind === 'savePreset' ? command.name : command.preset;
      this.#report(held, action, detail);
    }
    return null;
  }

  /** An operator's window is gone: what it moved stops, what it held is free. */
  leave(window: object): void {
    for (const held of [...this.#held.values()]) if (held.window === window) this.#release(held);
  }

  #take(operator: Operator, camera: Camera, command: Command): Held {
    const known = this.#held.get(camera.id);
    if (known && known.user !== operator.user)
      throw new Refusal(`使用中：${known.user} (in use by ${known.user})`);
    if (known) return Object.assign(known, { ...operator, camera });
    const held: Held = {
      ...{ ...operator, camera, moving: null, deadMan: undefined, hold: undefined },
      ...{ said: Promise.resolve(), waiting: 0 },
    };
    this.#held.set(camera.id, held);
    this.#tell(camera.id, operator.user);
    if (command.kind !== 'release') this.#report(held, 'steered', command.kind);
    return held;
  }

  #watch(held: Held, command: Command): void {
    const { scheduler } = this.#options;
    held.deadMan?.unsubscribe();
    held.hold?.unsubscribe();
    held.hold = scheduler.schedule(() => this.#release(held), PTZ_HOLD_MS);
    if (command.kind !== 'move') return;
    held.deadMan = scheduler.schedule(() => this.#halt(held), PTZ_DEAD_MAN_MS);
  }

  /** Stops a move, whoever wanted it. */
  #halt(held: Held): void {
    if (held.moving === null) return;
    held.moving = null;
    held.deadMan?.unsubscribe();
    const { log } = this.#options;
    this.#say(held, { kind: 'stop' }).catch((problem: unknown) =>
      log.warn({ camera: held.camera.id, problem: messageOf(problem) }, 'a camera could not be stopped'),
    );
  }

  #release(held: Held): void {
    this.#halt(held);
    held.deadMan?.unsubscribe();
    held.hold?.unsubscribe();
    if (this.#held.get(held.camera.id) !== held) return;
    this.#held.delete(held.camera.id);
    this.#tell(held.camera.id, null);
  }

  /** @throws Refusal when it is no camera that can be steered; OnvifError when it does not answer */
  async #profileOf(camera: Camera): ReturnType<Devices['profileOf']> {
    const found = await this.#options.devices.profileOf(camera);
    if (await found.device.has('ptz')) return found;
    throw new Refusal('这台摄像机没有云台 (this camera cannot be steered)');
  }

  /** One command after the other: a stop must not overtake the move that it ends. */
  #say(held: Held, command: Command): Promise<void> {
    held.waiting += 1;
    const saying = held.said
      .then(() => this.#profileOf(held.camera))
      .then(({ device, profile }) => sayPtz(device, profile.token, command))
      .catch(refused)
      .finally(() => (held.waiting -= 1));
    held.said = saying.catch(() => undefined);
    return saying;
  }

  #tell(camera: string, holder: string | null): void {
    for (const listener of this.#listeners) listener(camera, holder);
  }

  #report({ camera, user }: Held, action: PtzAction['action'], detail: string): void {
    const at = Math.trunc(this.#options.scheduler.now());
    this.#options.report({ camera: camera.id, user, action, detail: detail.slice(0, 200), at });
  }
}

/** What the camera or the way to it said, for an operator: no address, no password. */
function refused(problem: unknown): never {
  if (problem instanceof Refusal) throw problem;
  throw new Refusal(`摄像机未执行 (the camera did not do it): ${redact(messageOf(problem)).slice(0, 200)}`);
}
