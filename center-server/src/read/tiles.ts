import type { CameraTile, ScreenTile, SourceState } from '@mingjing/contracts';
import type { Queryable } from '../store/database.ts';

const ms = (column: string, name: string) => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;

/**
 * The cameras of a subtree as the wall shows them.
 * @param pattern LIKE pattern of region codes
 * @param ids only these, when given
 */
export async function cameraTiles(
  db: Queryable,
  pattern: string,
  ids: string[] | null = null,
): Promise<CameraTile[]> {
  const found = await db.query<CameraTile>(
    `SELECT camera.id, camera.name, camera.region, region.name AS "regionName", hall.name AS hall,
            camera.counter, coalesce(held.state, 'idle') AS state, held.mode, held.attempt, held.reason,
            camera.onvif IS NOT NULL AS ptz, coalesce(camera.recording->>'mode', 'off') AS recording,
            ${ms('held.since', 'since')}, ${ms('held.retry_at', 'retryAt')}
     FROM camera JOIN region ON region.code = camera.region
     LEFT JOIN hall ON hall.id = camera.hall LEFT JOIN camera_state held ON held.camera_id = camera.id
     WHERE camera.region LIKE $1 AND camera.disabled_at IS NULL AND ($2::text[] IS NULL OR camera.id = ANY($2))
     ORDER BY camera.region, camera.id`,
    [pattern, ids],
  );
  return found.rows;
}

/** The counter screens of a subtree as the wall shows them. */
export async function screenTiles(
  db: Queryable,
  pattern: string,
  ids: string[] | null = null,
): Promise<ScreenTile[]> {
  const found = await db.query<ScreenTile>(
    `SELECT screen.id, screen.name, screen.region, region.name AS "regionName", hall.name AS hall,
            screen.counter, held.sha256, coalesce(held.masked, true) AS masked,
            ${ms('held.seen_at', 'seenAt')}, ${ms('held.unchanged_since', 'unchangedSince')},
            (SELECT jsonb_build_object('by', asked_by, 'until', extract(epoch FROM until_at) * 1000) FROM unmasking
             WHERE screen_id = screen.id AND ended_at IS NULL AND until_at > now() ORDER BY until_at DESC LIMIT 1)
              AS unmasking,
            (SELECT jsonb_build_object('by', asked_by, 'until',
                      extract(epoch FROM asked_at + interval '15 minutes') * 1000) FROM unmasking
             WHERE screen_id = screen.id AND ended_at IS NULL AND from_at IS NULL
               AND asked_at > now() - interval '15 minutes' ORDER BY asked_at DESC LIMIT 1) AS "unmaskWaiting"
     FROM screen JOIN region ON region.code = screen.region
     LEFT JOIN hall ON hall.id = screen.hall LEFT JOIN screen_state held ON held.screen_id = screen.id
     WHERE screen.region LIKE $1 AND screen.disabled_at IS NULL AND ($2::text[] IS NULL OR screen.id = ANY($2))
     ORDER BY screen.region, screen.id`,
    [pattern, ids],
  );
  return found.rows;
}

/** The sources that report on a subtree, and whether they are silent. */
export async function sourceStates(
  db: Queryable,
  pattern: string,
  ids: string[] | null = null,
): Promise<SourceState[]> {
  const found = await db.query<SourceState>(
    `SELECT source.id, source.name, source.kind, source.region, region.name AS "regionName",
            source.expect_every_seconds AS "expectEverySeconds", source.disabled_at IS NOT NULL AS disabled,
            ${ms('source.last_seen_at', 'lastSeenAt')},
            EXISTS (SELECT 1 FROM alert WHERE alert.kind = 'silent' AND alert.source_id = source.id
                    AND alert.state NOT IN ('closed', 'rescinded')) AS silent
     FROM source JOIN region ON region.code = source.region
     WHERE source.region LIKE $1 AND ($2::text[] IS NULL OR source.id = ANY($2)) ORDER BY source.region, source.id`,
    [pattern, ids],
  );
  return found.rows;
}
