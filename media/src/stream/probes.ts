import type { Probe } from '../ffmpeg/probe.ts';

/**
 * What cameras sent when they were last seen: one that comes back is pulled at once, without being probed in a session
 * of its own before. Only streams that are copied: whether a copied one has changed shows in its film.
 */
export class Probes {
  readonly #known = new Map<string, Probe>();

  /** Takes what is known out; it is put back when it has proved true again. */
  take(pull: string): Probe | undefined {
    const probe = this.#known.get(pull);
    this.#known.delete(pull);
    return probe;
  }

  keep(pull: string, probe: Probe): void {
    if (probe.mode === 'copy') this.#known.set(pull, probe);
  }
}
