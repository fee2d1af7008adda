import { randomUUID } from 'node:crypto';
import type { SchedulerLike } from 'rxjs';
import type { CameraCredentials, DiscoveredCamera, Discovery, DiscoveryRequest } from '@mingjing/contracts';
import { reasonOf } from '../ffmpeg/reason.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../modules.ts';
import { pickStreams, type Device } from './device.ts';
import { openDevice, type DeviceRules } from './devices.ts';
import { probeNetwork } from './wsDiscovery.ts';

interface SearchesOptions {
  rules: DeviceRules;
  /** Where probes are sent: "host:port". */
  targets: readonly string[];
  scheduler: SchedulerLike;
  log: Log;
}

interface Search {
  user: string;
  credentials: CameraCredentials | null;
  discovery: Discovery;
  asking: number;
  listening: boolean;
  end: () => void;
}

/** A probe is answered within this. A search is kept for this after its last look. In ms. */
const LISTEN_MS = 4000;
const KEPT_MS = 300_000;
const MOST_FOUND = 256;
const MOST_SEARCHES = 8;

/** Searches for ONVIF cameras on the networks of this host: what answers is asked what it is and sends. */
export class Searches {
  readonly name = 'searches';
  readonly #options: SearchesOptions;
  readonly #searches = new Map<string, Search>();

  constructor(options: SearchesOptions) {
    this.#options = options;
  }

  start(): void {
    this.#searches.clear();
  }

  stop(): void {
    for (const { end } of this.#searches.values()) end();
    this.#searches.clear();
  }

  /** @returns undefined when too many are under way */
  begin(user: string, { credentials, addresses = [] }: DiscoveryRequest): Discovery | undefined {
    if (this.#searches.size >= MOST_SEARCHES) return undefined;
    const { scheduler, targets, log } = this.#options;
    const id = randomUUID();
    const search: Search = {
      ...{ user, credentials: credentials ?? null, asking: 0, listening: true, end: () => undefined },
      discovery: { id, state: 'running', found: [] },
    };
    this.#searches.set(id, search);
    const close = probeNetwork(targets, ({ address, name }) => this.#found(search, address, name), log);
    const listening = scheduler.schedule(() => {
      close();
      search.listening = false;
      this.#settle(search);
    }, LISTEN_MS);
    const keeping = scheduler.schedule(() => this.#searches.delete(id), KEPT_MS);
    search.end = () => {
      if (search.listening) close();
      listening.unsubscribe();
      keeping.unsubscribe();
    };
    for (const address of addresses) this.#found(search, address, null);
    return search.discovery;
  }

  /** What a user's search has found so far. */
  look(user: string, id: string): Discovery | undefined {
    const search = this.#searches.get(id);
    return search?.user === user ? search.discovery : undefined;
  }

  #found(search: Search, address: string, name: string | null): void {
    const { found } = search.discovery;
    if (found.length >= MOST_FOUND || found.some(({ onvif }) => onvif === address)) return;
    const camera: DiscoveredCamera = {
      ...{ onvif: address, host: new URL(address).hostname, name, manufacturer: null, model: null },
      ...{ profiles: [], main: null, sub: null, ptz: false, state: 'asking', reason: null, known: null },
    };
    found.push(camera);
    search.asking += 1;
    void this.#ask(camera, search.credentials).finally(() => {
      search.asking -= 1;
      this.#settle(search);
    });
  }

  /** Asks a device what it is and sends; what fails is its `reason`. */
  async #ask(camera: DiscoveredCamera, credentials: CameraCredentials | null): Promise<void> {
    try {
      const device = await openDevice(camera.onvif, credentials, this.#options.rules);
      Object.assign(camera, await device.information());
      Object.assign(camera, await streamsOf(device));
      camera.state = 'ready';
    } catch (problem) {
      camera.state = 'failed';
      camera.reason = reasonOf(explained(problem));
    }
  }

  #settle(search: Search): void {
    if (!search.listening && search.asking === 0) search.discovery.state = 'done';
  }
}

async function streamsOf(
  device: Device,
): Promise<Pick<DiscoveredCamera, 'profiles' | 'main' | 'sub' | 'ptz'>> {
  const profiles = await device.profiles();
  const uris = new Map<string, string>();
  for (const { token } of profiles.slice(0, 16)) uris.set(token, await device.streamUri(token));
  const { main, sub } = pickStreams(profiles);
  return {
    profiles: profiles.map(({ name, codec, width, height, token }) => ({
      ...{ name, codec, width, height, url: uris.get(token) ?? null },
    })),
    main: (main && uris.get(main.token)) ?? null,
    sub: (sub && uris.get(sub.token)) ?? null,
    ptz: profiles.some(({ ptz }) => ptz) && (await device.has('ptz')),
  };
}

/** fetch hides why a host cannot be reached in its cause. */
export function explained(problem: unknown): string {
  const cause = problem instanceof Error ? problem.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known: Record<string, string> = {
    ECONNREFUSED: 'Connection refused',
    EHOSTUNREACH: 'No route to host',
  };
  const timeout = problem instanceof Error && problem.name === 'TimeoutError' ? 'timed out' : '';
  return [messageOf(problem), known[code] ?? code, timeout].filter((part) => part !== '').join(': ');
}
