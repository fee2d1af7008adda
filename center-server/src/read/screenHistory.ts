import type { RecordedSpan, ScreenFrame, ScreenHistory } from '@mingjing/contracts';
import type { Queryable } from '../store/database.ts';

/** How many looks at a screen are read at most: at two a second, more than an hour of them. */
export const MOST_LOOKS = 10_000;
/** How far back the picture that stood at the beginning is looked for. In ms. */
const LOOK_BACK_MS = 12 * 3_600_000;
/** A screen that does not change is reported every 30 s; after two reports missed nobody knows what it shows. */
const KNOWN_FOR_MS = 75_000;

interface Look {
  at: number;
  changed: boolean;
  sha256: string | null;
  mediaType: string | null;
  masked: boolean;
}

const COLUMNS = `round(extract(epoch FROM observed_at) * 1000)::float8 AS at, (data->>'changed')::boolean AS changed,
  data->'image'->>'sha256' AS sha256, data->'image'->>'mediaType' AS "mediaType", (data->>'masked')::boolean AS masked`;
// What was shown unmasked to one person is no part of what everybody may see.
const OF_SCREEN = `kind = 'screen.captured' AND data->>'screen' = $1 AND region = $2 AND data->>'masked' = 'true'`;

/** From the last picture before an instant on: what was on the screen when the span began. */
async function beginning(
  db: Queryable,
  screen: { id: string; region: string },
  from: number,
): Promise<number> {
  const found = await db.query<{ at: number }>(
    `SELECT (extract(epoch FROM observed_at) * 1000)::float8 AS at FROM observation
     WHERE ${OF_SCREEN} AND observed_at <= to_timestamp($3 / 1000.0) AND observed_at >= to_timestamp($4 / 1000.0)
       AND data->>'changed' = 'true' ORDER BY observed_at DESC LIMIT 1`,
    [screen.id, screen.region, from, from - LOOK_BACK_MS],
  );
  return found.rows[0]?.at ?? from;
}

/** Looks, oldest first, as the pictures they saw and how long each is known to have stood. */
export function framesOf(looks: readonly Look[], from: number): ScreenFrame[] {
  const frames: ScreenFrame[] = [];
  for (const look of looks) {
    const last = frames.at(-1);
    // Still the same picture; or the next one, and it stood until then unless nobody looked for long.
    if (last && (!look.changed || look.at - last.until <= KNOWN_FOR_MS)) last.until = look.at;
    if (!look.changed || look.sha256 === null || look.mediaType === null) continue;
    const { at, sha256, mediaType, masked } = look;
    frames.push({ at, until: at, sha256, mediaType, masked });
  }
  return frames.filter(({ until }) => until >= from);
}

/**
 * What a screen showed in a span of time. The caller has checked who may see the screen.
 * @param span in ms since the epoch; `to` is left out of it
 */
export async function readScreenHistory(
  db: Queryable,
  screen: { id: string; region: string },
  span: { from: number; to: number },
): Promise<ScreenHistory> {
  const begin = await beginning(db, screen, span.from);
  const found = await db.query<Look>(
    `SELECT ${COLUMNS} FROM observation
     WHERE ${OF_SCREEN} AND observed_at >= to_timestamp($3 / 1000.0) AND observed_at < to_timestamp($4 / 1000.0)
     ORDER BY observed_at, seq LIMIT $5`,
    [screen.id, screen.region, begin, span.to, MOST_LOOKS + 1],
  );
  const cutAt = found.rows[MOST_LOOKS]?.at ?? null;
  return { frames: framesOf(found.rows.slice(0, MOST_LOOKS), span.from), cutAt };
}

/** When a screen was looked at, without the pauses between looks. @param span ms since the epoch */
export async function readScreenSpans(
  db: Queryable,
  screen: { id: string; region: string },
  span: { from: number; to: number },
): Promise<RecordedSpan[]> {
  const found = await db.query<RecordedSpan>(
    `WITH look AS (
       SELECT extract(epoch FROM observed_at)::float8 * 1000 AS at FROM observation
       WHERE ${OF_SCREEN} AND observed_at >= to_timestamp($3 / 1000.0) AND observed_at < to_timestamp($4 / 1000.0)
     ), apart AS (
       SELECT at, (at - lag(at) OVER (ORDER BY at) > $5)::int AS pause FROM look
     ), numbered AS (
       SELECT at, sum(coalesce(pause, 0)) OVER (ORDER BY at) AS number FROM apart
     )
     SELECT round(min(at)) AS "from", round(max(at)) AS "to" FROM numbered GROUP BY number ORDER BY 1`,
    [screen.id, screen.region, span.from - KNOWN_FOR_MS, span.to, KNOWN_FOR_MS],
  );
  return found.rows.filter(({ to }) => to > span.from);
}
