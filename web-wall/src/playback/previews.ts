import { ApiError } from '../api/errors.ts';

const MOST_KEPT = 60;

/** Small pictures of what cameras recorded, as addresses for this page; the last ones are kept. */
export class PreviewPictures {
  /** By camera and instant, the oldest first; null where nothing was recorded. */
  readonly #kept = new Map<string, string | null>();

  /** The address of a picture that is there already; null where nothing was recorded, undefined where it is not known. */
  held(camera: string, at: number): string | null | undefined {
    return this.#kept.get(`${camera} ${at}`);
  }

  /** @returns null where nothing was recorded, or nobody waits any more. @throws Error when it cannot be fetched */
  async fetch(camera: string, at: number, signal: AbortSignal): Promise<string | null> {
    const query = new URLSearchParams({ camera, at: String(at) });
    const response = await fetch(`/api/recordings/preview?${query.toString()}`, { signal });
    const isThere = response.status !== 204 && response.status !== 404;
    if (isThere && !response.ok) throw new ApiError('unavailable', `${response.status} for a preview`);
    const picture = isThere ? URL.createObjectURL(await response.blob()) : null;
    this.#keep(`${camera} ${at}`, picture);
    return picture;
  }

  close(): void {
    for (const picture of this.#kept.values()) if (picture !== null) URL.revokeObjectURL(picture);
    this.#kept.clear();
  }

  #keep(key: string, picture: string | null): void {
    this.#kept.set(key, picture);
    const [oldest] = this.#kept;
    if (this.#kept.size <= MOST_KEPT || !oldest) return;
    if (oldest[1] !== null) URL.revokeObjectURL(oldest[1]);
    this.#kept.delete(oldest[0]);
  }
}
