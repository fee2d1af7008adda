import type { Profiles } from '@mingjing/rules';
import type { Client } from '../database.ts';

/** How many versions are kept: an alert that rests on one can be understood for weeks. */
const KEPT = 100;

/**
 * Keeps what was learned as the next version, and lets go of the oldest.
 * @param now ms since the epoch
 * @returns the profiles under their version
 */
export async function putProfiles(client: Client, learned: Profiles, now: number): Promise<Profiles> {
  await client.query('LOCK TABLE profile IN EXCLUSIVE MODE');
  const last = await client.query<{ version: number }>('SELECT max(version) AS version FROM profile');
  const version = (last.rows[0]?.version ?? 0) + 1;
  const profiles: Profiles = { ...learned, version };
  await client.query(
    'INSERT INTO profile (version, learned_at, cases, body) VALUES ($1, to_timestamp($2 / 1000.0), $3, $4)',
    [version, now, profiles.cases, JSON.stringify(profiles)],
  );
  await client.query('DELETE FROM profile WHERE version <= $1', [version - KEPT]);
  return profiles;
}
