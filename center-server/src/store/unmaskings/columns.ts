import type { Unmasking } from '@mingjing/contracts';

/** A permission as the store holds it. */
export type UnmaskingRow = Omit<Unmasking, 'state' | 'mine'>;

const ms = (column: string, name: string) => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;

export const SELECT_UNMASKING = `SELECT unmasking.id::float8 AS id, screen_id AS screen, screen.name AS "screenName",
  unmasking.region, asked_by AS "askedBy", reason, minutes, ${ms('asked_at', 'askedAt')}, approved_by AS "approvedBy",
  ${ms('from_at', 'from')}, ${ms('until_at', 'until')}, ${ms('ended_at', 'endedAt')}, ended_by AS "endedBy"
  FROM unmasking JOIN screen ON screen.id = screen_id`;
