import { inScope } from '@mingjing/contracts';
import { maySee, type Viewer } from '../auth/viewer.ts';
import type { Queryable } from '../store/database.ts';
import { findPlace } from '../store/lookups/findPlace.ts';
import { getRegion } from '../store/lookups/getRegion.ts';
import { ProblemError } from './problems.ts';

/** A field that is well-formed and still cannot be taken. */
export function wrong(field: string, message: string): ProblemError {
  return new ProblemError('invalid', `${field}: ${message}`, { errors: [{ field, message }] });
}

/**
 * Checks that an administrator may set something up in a region, and that the region exists.
 * @throws ProblemError forbidden, or invalid naming the field
 */
export async function checkOwnRegion(db: Queryable, viewer: Viewer, region: string): Promise<void> {
  if (!maySee(viewer, region))
    throw new ProblemError('forbidden', `region ${region} lies outside ${viewer.region}`);
  if (!(await getRegion(db, region))) throw wrong('region', `there is no region ${region}`);
}

/**
 * Checks where something is to stand: region, hall and counter exist, and lie in one another.
 * @throws ProblemError forbidden, or invalid naming the field
 */
export async function checkPlace(
  db: Queryable,
  viewer: Viewer,
  place: { region: string; hall: string | null; counter: string | null },
): Promise<void> {
  await checkOwnRegion(db, viewer, place.region);
  const { hallRegion, counterHall, counterRegion } = await findPlace(db, place.hall, place.counter);
  if (place.hall !== null && (hallRegion === null || !inScope(place.region, hallRegion))) {
    throw wrong('hall', `there is no hall "${place.hall}" in region ${place.region}`);
  }
  if (place.counter === null) return;
  const inHall = place.hall === null || counterHall === place.hall;
  if (counterRegion === null || !inScope(place.region, counterRegion) || !inHall) {
    throw wrong('counter', `there is no counter "${place.counter}" there`);
  }
}
