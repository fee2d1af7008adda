import type { CameraCredentials } from '@mingjing/contracts';
import { media, media2, type MediaService, type Profile } from './mediaService.ts';
import { allAt, at, callSoap, OnvifError, textAt, type Xml, type XmlElement } from './soap.ts';

const ANSWER_WITHIN_MS = 5000;
const NS = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  events: 'http://www.onvif.org/ver10/events/wsdl',
} as const;
export type Service = 'device' | 'media' | 'media2' | 'ptz' | 'events';

/**
 * An address as the camera gave it, with the host at which we reach the camera: behind NAT it does not know its own,
 * and one that names another host must not lead us there.
 */
export function atHost(address: string, device: string): string {
  if (!URL.canParse(address)) throw new OnvifError('invalid data: the camera gave no address');
  const url = new URL(address);
  url.hostname = new URL(device).hostname;
  url.username = '';
  url.password = '';
  return url.href;
}

/** One ONVIF device: its services are asked for once. */
export class Device {
  readonly address: string;
  readonly #credentials: CameraCredentials | null;
  readonly #now: () => number;
  #services: Promise<Partial<Record<Service, string>>> | undefined;
  /** How far the camera's clock is ahead of ours, in ms: it refuses a sign-in that it thinks is old. */
  #ahead = 0;

  /** @param address of its device service; the caller has checked that its host is allowed */
  constructor(address: string, credentials: CameraCredentials | null, now: () => number) {
    this.address = address;
    this.#credentials = credentials;
    this.#now = now;
  }

  /** Calls an operation of a service. @throws OnvifError when the camera does not have the service, or refuses */
  async call(service: Service, body: string, signal?: AbortSignal): Promise<XmlElement> {
    const services = await this.#found();
    const address = services[service];
    if (address === undefined) throw new OnvifError(`the camera has no ${service} service`);
    return this.callAt(address, body, ANSWER_WITHIN_MS, signal);
  }

  callAt(
    address: string,
    body: string,
    withinMs: number,
    signal?: AbortSignal,
    header = '',
  ): Promise<XmlElement> {
    const now = this.#now() + this.#ahead;
    return callSoap({ address, body, credentials: this.#credentials, now, withinMs, signal, header });
  }

  async has(service: Service): Promise<boolean> {
    return (await this.#found())[service] !== undefined;
  }

  async information(): Promise<{ manufacturer: string; model: string }> {
    const answer = await this.call('device', `<GetDeviceInformation xmlns="${NS.device}"/>`);
    const inside = at(answer, 'GetDeviceInformationResponse');
    return { manufacturer: textAt(inside, 'Manufacturer'), model: textAt(inside, 'Model') };
  }

  async profiles(): Promise<Profile[]> {
    const service = await this.#media();
    return service.profilesOf(await this.#callMedia(service, service.profilesAsked));
  }

  /** Where a profile's stream is, at the host of the device. */
  async streamUri(profile: string): Promise<string> {
    const service = await this.#media();
    const answer = await this.#callMedia(service, service.uriAsked(profile));
    const address = atHost(service.uriOf(answer), this.address);
    if (!/^rtsps?:/.test(address)) throw new OnvifError('invalid data: the stream is no RTSP');
    return address;
  }

  /** Asks for a key frame now. */
  async synchronise(profile: string): Promise<void> {
    const service = await this.#media();
    await this.#callMedia(service, service.synchronisationAsked(profile));
  }

  /** The first media service where there is one: cameras with both tell the same, and it is the better tried. */
  async #media(): Promise<MediaService> {
    return (await this.has('media')) ? media : media2;
  }

  #callMedia(service: MediaService, body: string): Promise<XmlElement> {
    return this.call(service === media ? 'media' : 'media2', body);
  }

  #found(): Promise<Partial<Record<Service, string>>> {
    this.#services ??= this.#ask().catch((problem: unknown) => {
      // Asked anew next time.
      this.#services = undefined;
      throw problem;
    });
    return this.#services;
  }

  async #ask(): Promise<Partial<Record<Service, string>>> {
    // The clock first, without a sign-in, which would be by it.
    const answer = await callSoap({
      ...{ address: this.address, credentials: null, now: this.#now(), withinMs: ANSWER_WITHIN_MS },
      body: `<GetSystemDateAndTime xmlns="${NS.device}"/>`,
    });
    this.#ahead = aheadOf(
      at(answer, 'GetSystemDateAndTimeResponse', 'SystemDateAndTime', 'UTCDateTime'),
      this.#now(),
    );
    const capabilities = await this.callAt(
      this.address,
      `<GetCapabilities xmlns="${NS.device}"><Category>All</Category></GetCapabilities>`,
      ANSWER_WITHIN_MS,
    );
    const offered = at(capabilities, 'GetCapabilitiesResponse', 'Capabilities');
    const services: Partial<Record<Service, string>> = { device: this.address };
    for (const [name, service] of [
      ['Media', 'media'],
      ['PTZ', 'ptz'],
      ['Events', 'events'],
    ] as const) {
      const address = textAt(offered, name, 'XAddr');
      if (address !== '') services[service] = atHost(address, this.address);
    }
    const newer = services.media === undefined ? await this.#mediaTwo() : undefined;
    return { ...services, ...(newer === undefined ? {} : { media2: newer }) };
  }

  /** Capabilities do not tell of newer services. @returns the address of Media2, where the camera has it */
  async #mediaTwo(): Promise<string | undefined> {
    const asked = `<GetServices xmlns="${NS.device}"><IncludeCapability>false</IncludeCapability></GetServices>`;
    const answer = await this.callAt(this.address, asked, ANSWER_WITHIN_MS);
    const service = allAt(answer, 'GetServicesResponse', 'Service').find(
      (one) => textAt(one, 'Namespace') === media2.namespace,
    );
    return service && atHost(textAt(service, 'XAddr'), this.address);
  }
}

/** How far a camera's clock is ahead; none when it does not say. */
function aheadOf(utc: Xml | undefined, now: number): number {
  const number = (part: string, name: string) => Number(textAt(utc, part, name));
  const [year, month, day] = [number('Date', 'Year'), number('Date', 'Month'), number('Date', 'Day')];
  const [hour, minute, second] = [number('Time', 'Hour'), number('Time', 'Minute'), number('Time', 'Second')];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  return year > 2000 && Number.isFinite(time) ? time - now : 0;
}

/** The largest H.264 stream, and the smallest where it is another. */
export function pickStreams(profiles: readonly Profile[]): {
  main: Profile | undefined;
  sub: Profile | undefined;
} {
  const bySize = (one: Profile, other: Profile) => other.width * other.height - one.width * one.height;
  const h264 = profiles.filter(({ codec }) => /h\.?264/i.test(codec)).sort(bySize);
  const main = h264[0] ?? [...profiles].sort(bySize)[0];
  const sub = h264.at(-1);
  return { main, sub: sub === main ? undefined : sub };
}
