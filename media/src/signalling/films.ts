import type { Camera, FilmFragment, MediaServerEvents, Quality, TicketClaims } from '@mingjing/contracts';
import type { Fragment } from '../fragments/fragments.ts';
import type { Ingest } from '../sfu/ingest.ts';
import type { Stream } from '../stream/stream.ts';
import type { Viewings } from '../viewings/viewings.ts';
import { Refusal } from './requests.ts';

interface FilmTools {
  streamOf: (camera: Camera, quality: Quality) => Stream<Ingest>;
  /** The camera and the right of now. @throws Refusal when it is none of the viewer's */
  permitted: (camera: string) => Promise<{ camera: Camera; claims: TicketClaims }>;
  viewings: Viewings;
  emit: <E extends 'stream' | 'gone' | 'filmInit' | 'filmFragment'>(
    event: E,
    ...data: Parameters<MediaServerEvents[E]>
  ) => void;
}

const MOST_FILMS = 64;
/** So much of a film may be underway to its viewer; beyond, the way is too narrow and pieces are left out. In seconds. */
const MOST_UNDERWAY_S = 4;

/** What is underway of one film, and whether its next piece goes out. */
class Way {
  #underway = 0;
  #broken = false;

  /** @returns false: it is left out, and with it what cannot be decoded without it */
  enters({ keyframe, duration }: Pick<Fragment, 'keyframe' | 'duration'>, opening: boolean): boolean {
    if (keyframe && this.#underway <= MOST_UNDERWAY_S) this.#broken = false;
    if (!opening && this.#underway > MOST_UNDERWAY_S) this.#broken = true;
    if (this.#broken) return false;
    this.#underway += duration;
    return true;
  }

  arrived(duration: number): void {
    this.#underway -= duration;
  }
}

interface Film {
  camera: string;
  leave: () => void;
}

/** The films of one socket: what a browser is shown that WebRTC does not reach. */
export class Films {
  readonly #tools: FilmTools;
  readonly #films = new Map<string, Film>();
  #closed = false;

  constructor(tools: FilmTools) {
    this.#tools = tools;
  }

  /** Begins to send a camera's film. @throws Refusal */
  async film(request: { film: string; camera: string; quality: Quality }): Promise<{ quality: Quality }> {
    const { camera, claims } = await this.#tools.permitted(request.camera);
    if (this.#closed) throw new Refusal('the connection has ended');
    if (this.#films.size >= MOST_FILMS) throw new Refusal(`at most ${MOST_FILMS} films at a time`);
    const name = request.film;
    if (this.#films.has(name)) throw new Refusal(`there is a film ${name} already`);
    const stream = this.#tools.streamOf(camera, request.quality);
    this.#films.set(name, { camera: camera.id, leave: () => undefined });
    const unjoin = stream.join((status) => {
      this.#tools.emit('stream', status);
      // Somebody watches, and yet it sleeps: it was closed, with its camera or for a move to another region.
      if (stream.closed || status.state === 'idle') this.#gone(name);
    });
    const unsubscribe = this.#send(name, stream);
    const quality = stream.status.quality ?? 'main';
    const { user, session } = claims;
    const end = this.#tools.viewings.begin({ camera: camera.id, user, session, quality, carriedBy: 'film' });
    const leave = (): void => {
      end();
      unsubscribe();
      unjoin();
    };
    const kept = this.#films.get(name);
    if (kept) kept.leave = leave;
    else leave();
    return { quality };
  }

  /** Idempotent. */
  unfilm(name: string): null {
    const film = this.#films.get(name);
    this.#films.delete(name);
    film?.leave();
    return null;
  }

  unfilmCamera(camera: string): void {
    for (const [name, film] of [...this.#films]) if (film.camera === camera) this.unfilm(name);
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    for (const name of [...this.#films.keys()]) this.unfilm(name);
  }

  #gone(name: string): void {
    const film = this.#films.get(name);
    if (!film) return;
    this.unfilm(name);
    this.#tools.emit('gone', { consumerId: name, camera: film.camera });
  }

  #send(film: string, { fragments }: Stream<Ingest>): () => void {
    const { emit } = this.#tools;
    const way = new Way();
    let opening = true;
    const unsubscribe = fragments.subscribe({
      onInit: ({ bytes, mimeType }) => emit('filmInit', { film, mimeType, bytes }),
      onFragment: (fragment) => {
        if (!way.enters(fragment, opening)) return;
        const { bytes, keyframe, mediaTime, duration, wallTime } = fragment;
        const event: FilmFragment = { film, bytes, keyframe, mediaTime, duration, wallTime };
        emit('filmFragment', event, () => way.arrived(duration));
      },
    });
    opening = false;
    return unsubscribe;
  }
}
