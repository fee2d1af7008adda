import { lookup } from 'node:dns/promises';
import { whyNotOpen, type Camera, type CameraCredentials } from '@mingjing/contracts';
import { NotPermitted } from '../ffmpeg/permitted.ts';
import { Device, pickStreams } from './device.ts';
import type { Profile } from './mediaService.ts';
import { OnvifError } from './soap.ts';

export interface DeviceRules {
  cameraHosts: readonly string[] | undefined;
  production: boolean;
  /** ms since the epoch. */
  now: () => number;
}

/** @throws NotPermitted for an address at which no cameras may be; never with a password */
export async function permitDevice(address: string, { cameraHosts, production }: DeviceRules): Promise<void> {
  const resolve = async (name: string) => (await lookup(name, { all: true })).map((found) => found.address);
  const why = await whyNotOpen(
    address,
    { key: 'media.cameraHosts', hosts: cameraHosts, production },
    resolve,
  );
  if (why !== undefined) throw new NotPermitted(`onvif: not permitted: ${why}`);
}

/** A device that may be asked. @throws NotPermitted */
export async function openDevice(
  address: string,
  credentials: CameraCredentials | null,
  rules: DeviceRules,
): Promise<Device> {
  await permitDevice(address, rules);
  return new Device(address, credentials, rules.now);
}

interface Known {
  made: string;
  device: Device;
  profile: Promise<Profile> | undefined;
}

/** The ONVIF devices of cameras, each asked once what it offers, until its address or sign-in changes. */
export class Devices {
  readonly #rules: DeviceRules;
  readonly #known = new Map<string, Known>();

  constructor(rules: DeviceRules) {
    this.#rules = rules;
  }

  /** @throws OnvifError when the camera has no ONVIF service; NotPermitted */
  async of({ id, onvif, credentials }: Camera): Promise<Device> {
    if (!onvif) throw new OnvifError('该摄像机没有 ONVIF 服务 (the camera has no ONVIF service)');
    const made = JSON.stringify([onvif, credentials]);
    const known = this.#known.get(id);
    if (known?.made === made) {
      await permitDevice(onvif, this.#rules);
      return known.device;
    }
    const device = await openDevice(onvif, credentials ?? null, this.#rules);
    this.#known.set(id, { made, device, profile: undefined });
    return device;
  }

  /** The device and the profile that is watched: the largest H.264 one. */
  async profileOf(camera: Camera): Promise<{ device: Device; profile: Profile }> {
    const device = await this.of(camera);
    const known = this.#known.get(camera.id);
    const asked =
      known?.profile ??
      device.profiles().then((profiles) => {
        const { main } = pickStreams(profiles);
        if (!main) throw new OnvifError('invalid data: the camera has no profile');
        return main;
      });
    if (known) {
      known.profile = asked;
      // Asked anew next time.
      asked.catch(() => (known.profile = undefined));
    }
    return { device, profile: await asked };
  }

  /** Asks a camera for a key frame, for a viewer who has just come. @returns whether it was asked */
  async requestKeyFrame(camera: Camera): Promise<boolean> {
    if (!camera.onvif) return false;
    const { device, profile } = await this.profileOf(camera);
    await device.synchronise(profile.token);
    return true;
  }
}
