import type { StoredObservation } from '@mingjing/contracts';
import { applyCameraTold, CAMERA_FOLD_VERSION, cameraOf, foldCamera, type CameraSeen } from '@mingjing/rules';
import type { Client } from '../store/database.ts';
import { loadWatches, type CameraWatch } from '../store/cameras/loadWatches.ts';
import { readCameraTold } from '../store/cameras/readCameraTold.ts';
import { saveWatches } from '../store/cameras/saveWatches.ts';
import { isLate, tokenSource } from './catchUp.ts';

/** A camera of which a batch tells. */
export interface ToldCamera {
  camera: string;
  /** The last of it is of the past: more of that may come. */
  late: boolean;
}

/** What a batch tells of each camera that is registered where it is told of. */
function toldOf(batch: StoredObservation[]): Map<string, StoredObservation[]> {
  const told = new Map<string, StoredObservation[]>();
  for (const observation of batch) {
    const camera = cameraOf(observation);
    if (camera === undefined) continue;
    const before = told.get(camera);
    if (before) before.push(observation);
    else told.set(camera, [observation]);
  }
  return told;
}

/** Applies observations one by one; 'refold' where nothing (that can be used) is held, or one comes late. */
function applyAll({ seen }: CameraWatch, told: StoredObservation[]): CameraSeen | 'refold' {
  if (seen?.foldVersion !== CAMERA_FOLD_VERSION) return 'refold';
  let current = seen;
  for (const one of told) {
    const next = applyCameraTold(current, one);
    if (next === 'refold') return 'refold';
    current = next;
  }
  return current;
}

/** From when on the pictures of a camera have to be read to fold it anew: what lies before is settled. */
function picturesFrom({ seen }: CameraWatch, told: StoredObservation[]): number {
  if (seen?.foldVersion !== CAMERA_FOLD_VERSION) return 0;
  return Math.min(seen.picture[0]?.from ?? 0, ...told.map(({ observedAt }) => observedAt));
}

/**
 * Folds what a batch tells of cameras into what rules know of them. Observations in order extend what is held; a late
 * one folds the camera anew from the store.
 */
export async function foldCameras(client: Client, batch: StoredObservation[]): Promise<ToldCamera[]> {
  const all = toldOf(batch);
  if (all.size === 0) return [];
  const held = await loadWatches(client, [...all.keys()]);
  const ours = [...held.values()].flatMap((watch) => {
    const told = (all.get(watch.camera) ?? []).filter(({ region }) => region === watch.region);
    return told.length === 0 ? [] : [{ watch, told, seen: applyAll(watch, told) }];
  });
  const anew = ours.filter(({ seen }) => seen === 'refold');
  const asked = anew.map(({ watch, told }) => ({
    ...{ camera: watch.camera, region: watch.region, picturesFrom: picturesFrom(watch, told) },
  }));
  // What was stored after this batch belongs to the next one.
  const whole = await readCameraTold(client, asked, batch.at(-1)?.seq ?? 0);
  const saved = ours.flatMap(({ watch, told, seen: applied }) => {
    const seen = applied === 'refold' ? foldCamera(whole.get(watch.camera) ?? []) : applied;
    const sources = [...new Set([...watch.sources, ...told.map(({ source }) => tokenSource(source))])];
    return seen ? [{ camera: watch.camera, seen, sources }] : [];
  });
  await saveWatches(client, saved);
  return ours.map(({ watch, told }) => ({ camera: watch.camera, late: told.slice(-1).some(isLate) }));
}
