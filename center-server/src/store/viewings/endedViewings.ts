import type { EndedViewing } from '../../viewings/seal.ts';
import type { Client, Queryable } from '../database.ts';

interface Row extends Omit<EndedViewing, 'startedAt' | 'endedAt'> {
  startedAt: Date;
  endedAt: Date;
  sealedBy: number | null;
}

const COLUMNS = `id, camera_id AS camera, camera_name AS "cameraName", region, username AS "user", quality,
  carried_by AS "carriedBy", started_at AS "startedAt", ended_at AS "endedAt", sealed_by AS "sealedBy"`;

function viewingOf({ sealedBy: _sealedBy, startedAt, endedAt, ...viewing }: Row): EndedViewing {
  return { ...viewing, startedAt: startedAt.getTime(), endedAt: endedAt.getTime() };
}

/** Viewings of a media host that have ended and are not sealed yet, locked until the transaction ends. */
export async function lockUnsealed(client: Client, source: string): Promise<EndedViewing[]> {
  const found = await client.query<Row>(
    `SELECT ${COLUMNS} FROM viewing
     WHERE source_id = $1 AND sealed_by IS NULL AND ended_at IS NOT NULL ORDER BY seq FOR UPDATE`,
    [source],
  );
  return found.rows.map(viewingOf);
}

/** The viewings that lines of the audit log seal, by line. */
export async function readSealed(
  db: Queryable,
  lines: readonly number[],
): Promise<Map<number, EndedViewing[]>> {
  const found = await db.query<Row>(`SELECT ${COLUMNS} FROM viewing WHERE sealed_by = ANY($1::bigint[])`, [
    lines,
  ]);
  const lineOf = new Map(found.rows.map(({ id, sealedBy }) => [id, sealedBy]));
  return Map.groupBy(found.rows.map(viewingOf), ({ id }) => lineOf.get(id) ?? 0);
}
