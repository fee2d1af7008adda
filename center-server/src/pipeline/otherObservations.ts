import {
  caseIdOf,
  parseInstant,
  type ObservationData,
  type ObservationKind,
  type StoredObservation,
} from '@mingjing/contracts';
import type { Client } from '../store/database.ts';
import { insertRatings } from '../store/ratings/insertRatings.ts';
import { insertUnmaskedFrames } from '../store/unmaskings/unmaskedFrames.ts';
import { saveCameraStates } from '../store/streams/saveCameraStates.ts';
import { saveScreenStates } from '../store/streams/saveScreenStates.ts';

type Of<K extends ObservationKind> = Omit<StoredObservation, 'data'> & { data: ObservationData[K] };

/** The observations of one kind. Ingest has checked their data against the kind's schema. */
function ofKind<K extends ObservationKind>(batch: StoredObservation[], kind: K): Of<K>[] {
  return batch.filter((observation) => observation.kind === kind) as unknown as Of<K>[];
}

const millis = (text: string | undefined) => (text === undefined ? null : parseInstant(text));

function cameraStates(batch: StoredObservation[]) {
  return ofKind(batch, 'stream.state').map(({ data, observedAt }) => ({
    camera: data.camera,
    region: data.region,
    state: data.state,
    mode: data.mode ?? null,
    attempt: data.attempt ?? null,
    retryAt: millis(data.retryAt),
    reason: data.reason ?? null,
    at: observedAt,
  }));
}

/** Unmasked pictures never become what a screen shows: everybody goes on seeing the masked ones. */
function masked(batch: StoredObservation[]) {
  return ofKind(batch, 'screen.captured').filter(({ data }) => data.masked);
}

function unmaskedFrames(batch: StoredObservation[]) {
  return ofKind(batch, 'screen.captured').flatMap(({ data, observedAt }) =>
    data.masked || !data.image ? [] : [{ screen: data.screen, at: observedAt, sha256: data.image.sha256 }],
  );
}

/** A batch may hold a new picture and then "unchanged": the picture's hash must survive both. */
function screenStates(batch: StoredObservation[]) {
  const pictures = new Map<string, { sha256: string; mediaType: string }>();
  return masked(batch).map(({ data, observedAt }) => {
    if (data.image) pictures.set(data.screen, data.image);
    const picture = pictures.get(data.screen);
    return {
      screen: data.screen,
      region: data.region,
      sha256: picture?.sha256 ?? null,
      mediaType: picture?.mediaType ?? null,
      masked: data.masked,
      at: observedAt,
      unchangedSince: data.changed ? observedAt : millis(data.unchangedSince),
    };
  });
}

function ratings(batch: StoredObservation[]) {
  return ofKind(batch, 'rating.given').map(({ seq, observedAt, data }) => ({
    seq,
    at: observedAt,
    region: data.region,
    caseId: data.caseNo === undefined ? null : caseIdOf({ region: data.region, caseNo: data.caseNo }),
    department: data.department ?? null,
    counter: data.counter ?? null,
    officer: data.officer ?? null,
    level: data.level,
    comment: data.comment ?? null,
  }));
}

/** Keeps what screens, streams and ratings say. @returns the cameras and screens that changed */
export async function saveOthers(client: Client, batch: StoredObservation[]) {
  const cameras = await saveCameraStates(client, cameraStates(batch));
  const screens = await saveScreenStates(client, screenStates(batch));
  await insertUnmaskedFrames(client, unmaskedFrames(batch));
  const given = ratings(batch);
  await insertRatings(client, given);
  return { cameras, screens, rated: given.length > 0 };
}
