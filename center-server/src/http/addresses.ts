import { lookup } from 'node:dns/promises';
import path from 'node:path';
import { whyNotOpen, type Camera, type CameraSource, type HostRule } from '@mingjing/contracts';
import type { CentreConfig } from '../config.ts';
import { wrong } from './place.ts';

type Places = Pick<CentreConfig['centre'], 'filmsDir' | 'cameraHosts' | 'screenHosts' | 'production'>;

async function checkHost(field: string, url: string, rule: HostRule): Promise<void> {
  const resolve = async (name: string) => (await lookup(name, { all: true })).map(({ address }) => address);
  const why = await whyNotOpen(url, rule, resolve);
  if (why !== undefined) throw wrong(field, why);
}

/**
 * Checks that a camera is where cameras may be: a film in the folder of films, by its wording (the media host, which
 * has the folder, follows links), or a camera on an allowed host.
 * @throws ProblemError invalid naming the field, the value and what was expected; never a password
 */
export async function checkCameraSource(
  source: CameraSource,
  places: Places,
  field: 'source' | 'sub' = 'source',
): Promise<void> {
  const { filmsDir, cameraHosts, production } = places;
  if (source.kind === 'rtsp') {
    await checkHost(`${field}.url`, source.url, {
      key: 'centre.cameraHosts',
      hosts: cameraHosts,
      production,
    });
  }
  if (source.kind !== 'file') return;
  const folder = path.resolve(filmsDir);
  if (path.resolve(folder, source.path).startsWith(folder + path.sep)) return;
  const given = JSON.stringify(source.path);
  throw wrong(
    `${field}.path`,
    `${given} is not in the folder of films; expected a file in ${folder} (centre.filmsDir)`,
  );
}

/** Checks all addresses of a camera. @throws ProblemError invalid naming the field */
export async function checkCameraAddresses(
  { source, sub, onvif }: Pick<Camera, 'source' | 'sub' | 'onvif'>,
  places: Places,
): Promise<void> {
  const { cameraHosts, production } = places;
  await checkCameraSource(source, places);
  if (sub) await checkCameraSource(sub, places, 'sub');
  if (onvif) await checkHost('onvif', onvif, { key: 'centre.cameraHosts', hosts: cameraHosts, production });
}

/** Checks that a screen's page is on an allowed host. @throws ProblemError invalid naming the field */
export async function checkScreenUrl(url: string, { screenHosts, production }: Places): Promise<void> {
  await checkHost('url', url, { key: 'centre.screenHosts', hosts: screenHosts, production });
}
