const ms = (column: string) => `round(extract(epoch FROM ${column}) * 1000)::float8`;

/** A clip as contracts' `Clip`. */
export const SELECT_CLIP = `
  SELECT clip.id, camera_id AS camera, camera_name AS "cameraName", clip.region, ${ms('from_at')} AS "from",
    ${ms('to_at')} AS "to", reason, case_id AS "caseId", made_by AS "by", ${ms('made_at')} AS at, state, progress,
    problem, (manifest->'file'->>'bytes')::float8 AS bytes, manifest->'file'->>'sha256' AS sha256
  FROM clip`;
