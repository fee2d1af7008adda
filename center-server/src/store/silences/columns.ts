const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;

/** Whether a silence is about an alert; the same as `covers` in rules. */
export const COVERS = `
  starts_with(alert.region, silence.prefix)
  AND (silence.department IS NULL OR silence.department = alert.department)
  AND (silence.rule IS NULL OR silence.rule = alert.rule)
  AND (silence.kind IS NULL OR silence.kind = alert.kind)
  AND (silence.case_id IS NULL OR silence.case_id = alert.case_id)`;

/** A silence as contracts' `Silence`, with the number of standing alerts that it covers and `within` holds for. */
export const selectSilence = (within = 'true'): string => `
  SELECT silence.id, silence.region, region.name AS "regionName", silence.department,
    department.name AS "departmentName", silence.rule, silence.kind, silence.case_id AS "caseId", silence.reason,
    silence.author, ${ms('silence.created_at')} AS "createdAt", ${ms('silence.expires_at')} AS "expiresAt",
    ${ms('silence.ended_at')} AS "endedAt", silence.ended_by AS "endedBy",
    CASE WHEN silence.ended_at IS NULL THEN (
      SELECT count(*) FROM alert WHERE alert.state NOT IN ('closed', 'rescinded') AND ${within} AND ${COVERS}
    ) ELSE 0 END AS alerts
  FROM silence
  JOIN region ON region.code = silence.region
  LEFT JOIN department ON department.id = silence.department`;
