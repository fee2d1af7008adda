import type { Rating, RatingPage, RatingQuery } from '@mingjing/contracts';
import type { Viewer } from '../auth/viewer.ts';
import type { Queryable } from '../store/database.ts';
import { scopePattern } from './scope.ts';

/** Every filter is one condition that a null switches off. */
const FILTER = `
  rating.region LIKE $1
  AND ($2::int[] IS NULL OR rating.level = ANY($2))
  AND ($3::timestamptz IS NULL OR rating.at >= $3)
  AND ($4::timestamptz IS NULL OR rating.at < $4)`;

const PAGE = `
  SELECT rating.seq AS id, (extract(epoch FROM rating.at) * 1000)::float8 AS at, rating.region,
    region.name AS "regionName", case_state.case_id AS "caseId", case_state.case_no AS "caseNo",
    coalesce(department.name, rating.department) AS department,
    coalesce(department.name_en, rating.department) AS "departmentEn",
    coalesce(counter.name, rating.counter) AS counter, coalesce(officer.name, rating.officer) AS officer,
    rating.level, rating.comment
  FROM rating
  LEFT JOIN region ON region.code = rating.region
  LEFT JOIN case_state ON case_state.case_id = rating.case_id
  LEFT JOIN department ON department.id = coalesce(rating.department, case_state.department)
  LEFT JOIN counter ON counter.id = coalesce(rating.counter, case_state.counter)
  LEFT JOIN officer ON officer.id = coalesce(rating.officer, case_state.officer)
  WHERE ${FILTER} AND ($5::bigint IS NULL OR rating.seq < $5) ORDER BY rating.seq DESC LIMIT $6`;

/** The ratings a viewer may see, the one received last first, a page at a time. */
export async function listRatings(db: Queryable, viewer: Viewer, query: RatingQuery): Promise<RatingPage> {
  const filter = [
    scopePattern(viewer, query.region),
    query.level ?? null,
    query.since ?? null,
    query.until ?? null,
  ];
  const [page, count] = await Promise.all([
    db.query<Rating>(PAGE, [...filter, query.before ?? null, query.limit + 1]),
    db.query<{ total: number }>(`SELECT count(*) AS total FROM rating WHERE ${FILTER}`, filter),
  ]);
  const ratings = page.rows.slice(0, query.limit);
  const more = page.rows.length > query.limit;
  return { ratings, next: more ? (ratings.at(-1)?.id ?? null) : null, total: count.rows[0]?.total ?? 0 };
}
