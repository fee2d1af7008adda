import type { Viewer } from '../auth/viewer.ts';
import type { Pool } from '../store/database.ts';
import { recordAudit } from './appendAudit.ts';

/** Whoever goes on watching the same camera's recordings within so long is told of once, in ms. */
const ONE_PLAYBACK_MS = 10 * 60_000;
/** Sittings that are remembered at most; beyond it all are told of anew. */
const MOST = 10_000;

interface Playback {
  /** Of the sign-in, for a person may sit at two places. */
  sessionId: string;
  viewer: Viewer;
  camera: string;
  region: string;
  /** The recordings that were asked for, ms since the epoch. */
  from: number;
  to: number;
}

/** Writes down who looks at the recordings of which camera: once for each sitting, not for each piece that is fetched. */
export class Playbacks {
  /** When each sitting was last seen, ms since the epoch. */
  readonly #seen = new Map<string, number>();

  /** @param now ms since the epoch */
  async note(
    pool: Pool,
    { sessionId, viewer, camera, region, from, to }: Playback,
    now: number,
  ): Promise<void> {
    const key = `${sessionId} ${camera}`;
    const last = this.#seen.get(key) ?? -Infinity;
    if (last <= now && now - last < ONE_PLAYBACK_MS) {
      this.#seen.set(key, now);
      return;
    }
    await recordAudit(pool, {
      ...{ at: now, actor: viewer.username, region, action: 'recording.played', object: camera },
      detail: { from, to },
    });
    if (this.#seen.size >= MOST) this.#seen.clear();
    this.#seen.set(key, now);
  }
}
