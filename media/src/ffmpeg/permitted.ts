import { lookup } from 'node:dns/promises';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { whyNotOpen } from '@mingjing/contracts';
import type { CameraSource } from '@mingjing/contracts';
import type { OpenSource } from './args.ts';

/** What cameras may be on this machine and around it. */
export interface Permitted {
  /** Films lie in this folder. */
  filmsDir: string;
  cameraHosts: readonly string[] | undefined;
  production: boolean;
  /** Where a stream that is pushed can be read; throws when nobody pushes it. */
  addressOf: (source: Extract<CameraSource, { kind: 'push' }>) => string;
}

/** A camera that the configuration does not allow. Its message names the key and what is expected; never a password. */
export class NotPermitted extends Error {
  override name = 'NotPermitted';
}

async function filmIn(folder: string, film: string): Promise<string> {
  const refuse = (): NotPermitted =>
    new NotPermitted(`source.path: not permitted; expected a file in the folder of films (media.filmsDir)`);
  const wanted = path.resolve(folder, film);
  if (!wanted.startsWith(path.resolve(folder) + path.sep)) throw refuse();
  const [root, found] = await Promise.all([realpath(folder), realpath(wanted)]);
  // A link may lead out of the folder.
  if (!found.startsWith(root + path.sep)) throw refuse();
  return found;
}

/**
 * Checks that a source may be opened here, and finds out what is really opened: a film as an absolute path without
 * links, and what is pushed as the socket where it is read. Every use of a source by ffmpeg and ffprobe comes through here.
 * @throws NotPermitted, NotPushed, or the system's error when a film is not there
 */
export async function permittedSource(source: CameraSource, permitted: Permitted): Promise<OpenSource> {
  const { filmsDir, cameraHosts, production } = permitted;
  if (source.kind === 'file') return { kind: 'file', path: await filmIn(filmsDir, source.path) };
  if (source.kind === 'generated') return source;
  if (source.kind === 'push') return { kind: 'pushed', address: permitted.addressOf(source) };
  const rule = { key: 'media.cameraHosts', hosts: cameraHosts, production };
  const resolve = async (name: string) => (await lookup(name, { all: true })).map(({ address }) => address);
  const why = await whyNotOpen(source.url, rule, resolve);
  if (why !== undefined) throw new NotPermitted(`source.url: not permitted: ${why}`);
  return source;
}
