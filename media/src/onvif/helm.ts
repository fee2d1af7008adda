import type { Camera, PtzPresets, TicketClaims } from '@mingjing/contracts';
import { Refusal } from '../signalling/requests.ts';
import type { Command } from './ptz.ts';
import type { Steering } from './steering.ts';

/** What a helm needs of its socket's right. */
export interface Permit {
  /** The camera and the right of now. @throws Refusal when it is none of the viewer's */
  permitted: (camera: string) => Promise<{ camera: Camera; claims: TicketClaims }>;
}

/** Steering from one socket: what it asks, by its ticket; and what it hears of who steers. */
export class Helm {
  readonly #steering: Steering;
  readonly #permit: Permit;
  readonly #asked = new Set<string>();
  readonly #unfollow: () => void;
  #closed = false;

  constructor(
    steering: Steering,
    permit: Permit,
    tell: (event: { camera: string; holder: string | null }) => void,
  ) {
    this.#steering = steering;
    this.#permit = permit;
    this.#unfollow = steering.onChange((camera, holder) => {
      if (this.#asked.has(camera)) tell({ camera, holder });
    });
  }

  /** @throws Refusal */
  async steer(id: string, command: Command): Promise<null> {
    const { camera, user } = await this.#steered(id);
    return this.#steering.steer({ user, window: this }, camera, command);
  }

  /** @throws Refusal */
  async presets(id: string): Promise<PtzPresets> {
    const { camera } = await this.#steered(id);
    return this.#steering.offer(camera);
  }

  /** Idempotent; what moves by it stops. */
  close(): void {
    this.#closed = true;
    this.#unfollow();
    this.#steering.leave(this);
  }

  async #steered(id: string): Promise<{ camera: Camera; user: string }> {
    const { camera, claims } = await this.#permit.permitted(id);
    if (claims.may?.includes('ptz') !== true)
      throw new Refusal('没有云台操作权限 (you may not steer cameras)');
    if (this.#closed) throw new Refusal('the connection has ended');
    this.#asked.add(id);
    return { camera, user: claims.user };
  }
}
